# Two commands do everything on a fresh machine: `make demo` and `make test`.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export RAY_USAGE_STATS_ENABLED = 0

.PHONY: paths places soak demo test constraints setup packs bench realism devices centroids schema clean help

help:            ## Lists the targets.
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/\t/'

demo: packs      ## Sets everything up and renders a small data set into outputs/demo.
	$(BIN)/bodyworn render scenes/land/shoothouse_corridor.yaml --variants 1 --seed 7 \
		--set clip.duration=2.4 --set clip.fps=10 --set clip.size='[320, 180]' --out outputs/demo
	@echo "Look at outputs/demo/clips/*/preview.jpg and play outputs/demo/clips/*/video.mp4"

test: packs      ## Sets everything up and runs linter, type checker and tests.
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

bench: packs     ## Measures one clip at standard quality; the last line is JSON.
	$(BIN)/python -m generator.farm.bench

realism: packs   ## Renders fixed scenes and asks a hand detector and optical flow what they see; the last line is JSON.
	$(BIN)/bodyworn render configs/datasets/realism.yaml --out outputs/realism
	test -x .venv-realism/bin/python || "$(PYTHON)" -m venv .venv-realism
	.venv-realism/bin/python -m pip install --quiet --requirement tests/realism/requirements.txt
	.venv-realism/bin/python tests/realism/measure.py outputs/realism

devices: packs   ## Films with every device profile, lit well and badly; prints spectra and noise, the last line is JSON.
	$(BIN)/python -m generator.farm.devices outputs/devices

centroids: packs ## Compares masks with what exposures gather of each object; the last line is JSON.
	$(BIN)/python -m generator.render.centroids

paths: packs     ## Plans twenty variants of every scene: nobody goes through anything, what is aimed is seen.
	BODYWORN_VARIANTS=20 $(BIN)/python -m pytest -q tests/site/test_scenes.py

places: packs    ## Measures every environment by day and night: building, triangles, a frame against the corridor's; the last line is JSON.
	$(BIN)/python -m generator.render.placecost

soak: packs      ## Renders three variants of every environment by day and night, with new seeds each round; goes on where it stopped.
	@mkdir -p outputs; test -s outputs/soak.seed || date +%s > outputs/soak.seed
	$(BIN)/bodyworn render configs/datasets/soak.yaml --seed $$(cat outputs/soak.seed) --out outputs/soak-$$(cat outputs/soak.seed)
	@rm outputs/soak.seed

schema: setup    ## Rewrites scenes/scenario.schema.json from the models.
	$(BIN)/python -c "from pathlib import Path; from generator.scenario.schema import write_schema; write_schema(Path('scenes/scenario.schema.json'))"

constraints:     ## Rewrites constraints.txt from a fresh environment without constraints.
	rm -rf build/fresh && "$(PYTHON)" -m venv build/fresh
	build/fresh/bin/python -m pip install --quiet --editable '.[dev]'
	{ echo "# Versions that are known to work together (pip --constraint), remade by: make constraints"; \
		build/fresh/bin/python -m pip freeze --exclude-editable | grep -v ' @ '; } > constraints.txt
	rm -rf build/fresh

setup: .venv/.ready

packs: .venv/.ready
	@$(BIN)/bodyworn assets sync

.venv/.ready: pyproject.toml constraints.txt Makefile
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
		|| { echo "error: Python 3.11 is needed (bpy 4.5); set PYTHON=/path/to/python3.11" >&2; exit 2; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null \
		|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq python3-venv; } \
		|| { echo "error: the venv module is missing; run: sudo apt-get install -y python3-venv" >&2; exit 2; }
	@"$(PYTHON)" generator/system_libraries.py
	"$(PYTHON)" -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

clean:           ## Removes the environment and caches, not outputs.
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
