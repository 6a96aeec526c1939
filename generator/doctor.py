"""`bodyworn doctor`: is this machine fit to render, and what to do about each fault."""

import importlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from packaging.requirements import Requirement

from generator import assets, system_libraries
from generator.errors import UserError
from generator.paths import cache_root

State = Literal["ok", "warn", "fault"]

_IMPORT_NAMES = {"pillow": "PIL", "pyyaml": "yaml", "ruamel-yaml": "ruamel.yaml", "openexr": "OpenEXR"}
_TIGHT_MEMORY = 2 * 1024**3
_TIGHT_DISK = 5 * 1024**3


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; ``advice`` says what to do where ``state`` is not ok."""

    what: str
    state: State
    value: str
    advice: str = ""


def examine(*, measure: bool = True) -> Iterator[Finding]:
    """Looks at the machine, one finding after another.

    Args:
        measure: also render a small frame to measure seconds per frame (about ten seconds).
    """
    yield _python()
    yield from _packages()
    yield _libraries()
    yield _threads()
    yield _memory()
    yield from _disk()
    yield from _packs()
    if measure:
        yield from _blender()


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    fit = sys.version_info[:2] == (3, 11)
    return Finding("Python", "ok" if fit else "fault", version, "" if fit else "bpy 4.5 needs Python 3.11")


def _packages() -> Iterator[Finding]:
    """Every dependency of the distribution: installed, in range, importable (each import in a process of its own)."""
    for text in importlib.metadata.requires("bodyworn") or []:
        requirement = Requirement(text)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        name = requirement.name
        mend = f'run: {sys.executable} -m pip install "{name}{requirement.specifier}"'
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield Finding(name, "fault", "not installed", mend)
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            yield Finding(name, "fault", f"{version}, wanted {requirement.specifier}", mend)
            continue
        module = _IMPORT_NAMES.get(name.lower().replace(".", "-"), name.lower())
        fault = _import_fault(module)
        yield Finding(name, "fault" if fault else "ok", fault or version, mend if fault else "")


def _import_fault(module: str) -> str:
    """Empty when the module imports in a fresh process, else the last line of what it said."""
    command = [sys.executable, "-c", f"import {module}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)  # noqa: S603
    if done.returncode == 0:
        return ""
    lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
    return f"import fails: {lines[-1]}"


def _libraries() -> Finding:
    lost = system_libraries.missing()
    if lost:
        return Finding("system libraries", "fault", " ".join(lost), f"run: {system_libraries.install_line(lost)}")
    return Finding("system libraries", "ok", f"all {len(system_libraries.NEEDED)} that Blender loads")


def _threads() -> Finding:
    usable = len(os.sched_getaffinity(0))
    return Finding("cores", "ok", f"{usable} usable of {os.cpu_count()}; one worker a core is fastest")


def _memory() -> Finding:
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    for line in Path("/proc/meminfo").read_text("ascii").splitlines():
        if line.startswith("MemAvailable:"):
            free = int(line.split()[1]) * 1024
    tight = free < _TIGHT_MEMORY
    advice = "a worker needs about 1 GiB: close programs or use fewer workers" if tight else ""
    return Finding("free memory", "warn" if tight else "ok", f"{free / 1024**3:.1f} GiB", advice)


def _disk() -> Iterator[Finding]:
    for what, wanted in (("scratch space", Path(tempfile.gettempdir())), ("cache space", cache_root())):
        folder = next(place for place in (wanted, *wanted.parents) if place.exists())
        free = shutil.disk_usage(folder).free
        tight = free < _TIGHT_DISK
        advice = f"free some space at {folder}, or set TMPDIR / BODYWORN_CACHE" if tight else ""
        yield Finding(what, "warn" if tight else "ok", f"{free / 1024**3:.0f} GiB at {folder}", advice)


def _packs() -> Iterator[Finding]:
    for name in assets.packs():
        try:
            faults = assets.verify(name)
        except UserError as error:
            faults = [str(error)]
        if faults:
            yield Finding(f"pack {name}", "fault", faults[0], "run: bodyworn assets sync")
        else:
            yield Finding(f"pack {name}", "ok", f"{assets.pack(name).version}, {assets.pack(name).licence}")


def _blender() -> Iterator[Finding]:
    """Devices that Cycles can use and the measured cost of a frame, in a process of their own: Blender may crash."""
    command = [sys.executable, "-m", "generator.render.probe"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)  # noqa: S603
    except subprocess.TimeoutExpired:
        yield Finding("Blender", "fault", "no frame within 300 s", "look for other programs that keep the cores busy")
        return
    figures = [line.split("\t") for line in done.stdout.splitlines() if line.count("\t") == 1]
    if done.returncode != 0 or not figures:
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        yield Finding("Blender", "fault", last, "mend the faults above first; then reinstall bpy")
        return
    for what, value in figures:
        yield Finding(what, "ok", value)
