"""The command ``bodyworn``."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import click

from generator import __version__
from generator.errors import UserError

Command = Callable[..., Any]


def _say(text: str) -> None:
    sys.stdout.write(text.rstrip("\n") + "\n")


def _options(*decorators: Callable[[Command], Command]) -> Callable[[Command], Command]:
    def decorate(command: Command) -> Command:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


_scenes = click.argument(
    "scenes", nargs=-1, required=True, metavar="SCENE...", type=click.Path(path_type=Path), callback=lambda _c, _p, v: v
)
_choosing = _options(
    _scenes,
    click.option("--seed", type=int, default=None, help="Seed of the data set (default: the recipe's, else 0)."),
    click.option("--variants", type=int, default=None, help="Variants a scenario, instead of what its file says."),
    click.option("--set", "sets", multiple=True, metavar="PATH=VALUE", help="Override a value, written as YAML."),
    click.option(
        "--quality",
        type=click.Choice(["preview", "standard", "high"]),
        default=None,
        help="Samples, bounces and denoiser only (default: the recipe's, else standard).",
    ),
)


def _overrides(sets: Sequence[str]) -> dict[str, Any]:
    from generator.scenario.yaml_text import parse_yaml

    overrides = {}
    for text in sets:
        path, equals, value = text.partition("=")
        if not equals or not path:
            raise UserError(f"--set {text}: not understood; allowed: PATH=VALUE, as in --set clip.duration=2.4")
        overrides[path] = parse_yaml(value, f"--set {text}")
    return overrides


@click.group()
@click.version_option(__version__, prog_name="bodyworn", message="%(prog)s %(version)s")
def app() -> None:
    """Labelled synthetic first-person footage of firearms training exercises."""


@app.group("assets")
def assets_group() -> None:
    """Asset packs: bring, list, verify."""


@assets_group.command("sync")
@click.option("--from", "source", metavar="DIR", type=click.Path(path_type=Path), help="Folder with the archives.")
def assets_sync(source: Path | None) -> None:
    """Brings the asset packs that are missing and mends damaged ones."""
    from generator import assets

    for name, done in assets.sync(source=source):
        _say(f"{name}: {done}")


@assets_group.command("list")
def assets_list() -> None:
    """Lists the packs with licence and attribution."""
    from generator import assets

    for name, pack in assets.packs().items():
        there = "present" if assets.is_present(name) else "not in the cache"
        _say(f"{name} {pack.version} ({there}): {pack.what}\n  {pack.licence}; {pack.attribution}\n  {pack.homepage}")


@assets_group.command("verify")
def assets_verify() -> None:
    """Checks every unpacked file against its hash."""
    from generator import assets

    faults = [fault for name in assets.packs() for fault in assets.verify(name)]
    if faults:
        raise UserError("; ".join(faults[:3]) + (f" (and {len(faults) - 3} more)" if len(faults) > 3 else ""))
    _say("all packs are whole")


@app.command()
@click.option("--quick", is_flag=True, help="Skip the measured render.")
def doctor(quick: bool) -> None:
    """Says whether this machine is fit to render, and what to do about each fault."""
    from generator.doctor import examine

    faults = 0
    for finding in examine(measure=not quick):
        faults += finding.state == "fault"
        _say(f"{finding.state:5}  {finding.what:18} {finding.value}")
        if finding.advice:
            _say(f"       -> {finding.advice}")
    if faults:
        raise UserError(f"{faults} fault(s); what to do is said above")
    _say("this machine is fit to render")


@app.command()
@_scenes
def validate(scenes: tuple[Path, ...]) -> None:
    """Checks scenario files and recipes without drawing anything."""
    from generator.scenario.report import validate_text

    _say(validate_text(scenes))


@app.command("plan")
@_choosing
def plan_command(
    scenes: tuple[Path, ...], seed: int | None, variants: int | None, sets: tuple[str, ...], quality: str | None
) -> None:
    """Counts clips and labels and estimates the cost, before anything is rendered."""
    from generator.farm.forecast import plan_text

    _say(plan_text(scenes, seed=seed, variants=variants, overrides=_overrides(sets), quality=quality))


@app.command("explain")
@click.argument("clip", type=click.Path(path_type=Path))
@click.option("--seed", type=int, default=0, help="For a scenario: seed of the data set.")
@click.option("--variant", type=int, default=0, help="For a scenario: which variant.")
def explain_command(clip: Path, seed: int, variant: int) -> None:
    """Lists every draw of a clip: of a clip's folder, or of one variant of a scenario file."""
    from generator.scenario.plan import load_sources
    from generator.scenario.report import explain_clip, explain_scenario

    if clip.is_dir():
        _say(explain_clip(clip))
    else:
        _say("\n\n".join(explain_scenario(source, seed, variant) for source in load_sources([clip])))


@app.command("render")
@_choosing
@click.option("--out", required=True, metavar="URL", help="Folder or fsspec URL of the data set.")
@click.option("--workers", type=click.IntRange(1, 4096), default=None, help="Default: one a core.")
@click.option("--address", default=None, help="Of a Ray cluster; a local Ray is started without it.")
@click.option("--in-process", is_flag=True, help="Without Ray, one clip after another; for debugging.")
@click.option("--rerender", is_flag=True, help="Replace clips of another quality or content version.")
@click.option("--renderer", default=None, hidden=True)
def render_command(
    scenes: tuple[Path, ...], seed: int | None, variants: int | None, sets: tuple[str, ...], quality: str | None,
    out: str, workers: int | None, address: str | None, in_process: bool, rerender: bool, renderer: str | None,
) -> int:  # fmt: skip
    """Renders what the data set at --out lacks; Ctrl-C and run again to continue."""
    from generator.farm.run import Run, render_run

    if in_process and (address or (workers or 1) > 1):
        raise UserError("--in-process: with --address or --workers; allowed: alone")
    wanted = Run(
        scenes=scenes, out=out, seed=seed, variants=variants, overrides=_overrides(sets), quality=quality,
        workers=workers, address=address, in_process=in_process, rerender=rerender,
        **({"renderer": renderer} if renderer else {}),
    )  # fmt: skip
    return render_run(wanted)


@app.command("check")
@click.argument("dataset", metavar="DATASET")
@click.option("--clips", multiple=True, metavar="ID,...", help="Only these clips; beginnings of ids do.")
@click.option("--workers", type=click.IntRange(1, 4096), default=None, help="Processes. Default: one a core.")
@click.option("--json", "as_json", is_flag=True, help="Faults and figures as JSON on standard output.")
def check_command(dataset: str, clips: tuple[str, ...], workers: int | None, as_json: bool) -> int:
    """Repeats the self-check on a data set, a copy or one clip's folder; exit code 1 when there are faults."""
    from generator.dataset.check import run_check

    return run_check(dataset, clips, workers, as_json=as_json)


@app.command("preview")
@click.argument("scenes", nargs=-1, metavar="[SCENE...]", type=click.Path(path_type=Path))
@click.option(
    "--turntable", "subject", type=click.Choice(["weapon", "hands", "body"]),
    help="Instead of scenes: things in their finishes, grips, or bodies and dress.",
)  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Default: preview.jpg, or turntable-SUBJECT.jpg, here.")
@click.option("--seed", type=int, default=None, help="Of the data set, or of bodies, dress and wear.")
@click.option("--variants", type=int, default=None, help="Variants a scenario, instead of what its file says.")
@click.option("--set", "sets", multiple=True, metavar="PATH=VALUE", help="Override a value, written as YAML.")
def preview_command(
    scenes: tuple[Path, ...], subject: Literal["weapon", "hands", "body"] | None, out: Path | None, seed: int | None,
    variants: int | None, sets: tuple[str, ...],
) -> None:  # fmt: skip
    """Renders a sheet for a person to judge: a picture a second of every variant, or a turntable."""
    if bool(scenes) == (subject is not None):
        raise UserError("preview: allowed: scenario files or recipes, or --turntable")
    target = out or Path("preview.jpg" if subject is None else f"turntable-{subject}.jpg")
    if target.suffix.lower() not in (".jpg", ".jpeg", *([".png"] if subject else [])) or not target.absolute().parent.is_dir():
        raise UserError(f"--out {target}: allowed: a .jpg{' or .png' if subject else ''} file in a folder that exists")
    if subject is None:
        from generator.render.look import look  # bpy: only where it renders

        look(scenes, target, seed=seed, variants=variants, overrides=_overrides(sets))
    else:
        from generator.render.turntable import turntable

        turntable(subject, target, seed=seed or 0)
    _say(f"look at {target}")


def _one_line(text: str) -> str:
    """The text with what is no printable character written out, so that nothing in a file reaches the terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def run(command: Callable[[], Any]) -> int:
    """Runs a command and turns what it raises into an exit code: 2 for bad input, 130 for an interruption."""
    try:
        code = command()
    except UserError as error:
        sys.stderr.write(f"error: {_one_line(str(error))}\n")
        return 2
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        _say(error.format_message())
        return 0
    except click.ClickException as error:
        sys.stderr.write(f"error: {error.format_message()}\n")
        return 2
    except (KeyboardInterrupt, click.exceptions.Abort):
        sys.stderr.write("interrupted; run the same command again to continue\n")
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return code if isinstance(code, int) else 0


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point: bad input is one line on standard error and exit code 2; an interruption is 130."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    sys.exit(run(lambda: app.main(args=arguments and list(arguments), prog_name="bodyworn", standalone_mode=False)))


if __name__ == "__main__":
    main()
