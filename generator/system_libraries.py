"""System libraries that bpy loads and a bare machine lacks. Runs on the standard library, before packages are there."""

import ctypes
import os
import shutil
import subprocess
import sys

NEEDED = {
    "libX11.so.6": ("libx11-6", "libX11"),
    "libXext.so.6": ("libxext6", "libXext"),
    "libXrender.so.1": ("libxrender1", "libXrender"),
    "libXi.so.6": ("libxi6", "libXi"),
    "libXfixes.so.3": ("libxfixes3", "libXfixes"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon"),
    "libSM.so.6": ("libsm6", "libSM"),
    "libICE.so.6": ("libice6", "libICE"),
    "libGL.so.1": ("libgl1", "libglvnd-glx"),
    "libEGL.so.1": ("libegl1", "libglvnd-egl"),
}
"""Shared object name to (Debian package, Fedora package)."""


def missing() -> list[str]:
    """Names of the shared objects that the loader cannot find."""
    lost = []
    for name in NEEDED:
        try:
            ctypes.CDLL(name)
        except OSError:
            lost.append(name)
    return lost


def install_commands(names: list[str], *, root: bool) -> list[list[str]]:
    """The commands that install what is missing with this machine's package manager, or [] where it has neither."""
    sudo = [] if root else ["sudo"]
    if shutil.which("apt-get"):
        packages = [NEEDED[name][0] for name in names]
        return [[*sudo, "apt-get", "update"], [*sudo, "apt-get", "install", "-y", "--no-install-recommends", *packages]]
    if shutil.which("dnf"):
        return [[*sudo, "dnf", "install", "-y", *(NEEDED[name][1] for name in names)]]
    return []


def install_line(names: list[str]) -> str:
    """What a person types to install what is missing."""
    commands = install_commands(names, root=os.geteuid() == 0)
    return " && ".join(" ".join(c) for c in commands) or f"install the packages that provide {' '.join(names)}"


def main() -> int:
    """Installs what is missing when root, else names the exact line. Exit code 2 when something is still missing."""
    lost = missing()
    if lost and os.geteuid() == 0:
        for command in install_commands(lost, root=True):
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL)  # noqa: S603  fixed words
        lost = missing()
    if lost:
        sys.stderr.write(f"error: Blender needs system libraries that are missing; run:\n  {install_line(lost)}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
