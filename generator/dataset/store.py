"""A data set on a file system: clips appear complete or not at all."""

import hashlib
import io
import json
import os
import posixpath
import shutil
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
from fsspec.implementations.local import LocalFileSystem

from generator.dataset.columns import INDEX
from generator.dataset.version import CONTENT_VERSION, SCHEMA
from generator.errors import UserError
from generator.origin import origin

CLIP_FILES = (
    "video.mp4", "clip.json", "frames.parquet", "objects.parquet", "imu.parquet", "labels.h5", "preview.jpg",
)  # fmt: skip


@dataclass(frozen=True)
class DatasetMeta:
    """What all clips of a data set share.

    Attributes:
        seed: of the data set.
        quality: of its pictures.
        scenarios: digest of each scenario, by name.
        licence: of the rendered data set, where the user stated one.
        assets: licences and attribution of the asset packs.
        content_version: of the code that renders.
    """

    seed: int
    quality: str
    scenarios: Mapping[str, str]
    licence: str | None
    assets: tuple[Mapping[str, str], ...]
    content_version: int = CONTENT_VERSION


@dataclass
class Store:
    """One destination, a folder or an fsspec URL."""

    url: str
    meta: DatasetMeta | None = None
    fs: Any = field(init=False, repr=False)
    _root: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Finds the file system of the URL."""
        if not self.url.strip():
            raise UserError(f"--out {self.url!r}: is empty; allowed: a folder, or a URL that fsspec knows")
        try:
            self.fs, self._root = fsspec.core.url_to_fs(self.url)
        except (ImportError, ValueError) as error:
            raise UserError(f"--out {self.url}: {error}; allowed: a folder, or a URL that fsspec knows") from error

    @property
    def local(self) -> Path | None:
        """The folder, where the destination is on this machine's file system."""
        return Path(self._root) if isinstance(self.fs, LocalFileSystem) else None

    def path(self, *parts: str) -> str:
        """A path inside the data set."""
        return posixpath.join(self._root, *parts)

    @classmethod
    def open_or_create(cls, url: str, meta: DatasetMeta, *, rerender: bool = False) -> "Store":
        """The data set at ``url``, made if there is none; see ``checked`` for what is refused."""
        store = cls.checked(url, meta, rerender=rerender)
        store.create()
        return store

    @classmethod
    def checked(cls, url: str, meta: DatasetMeta, *, rerender: bool = False) -> "Store":
        """The data set at ``url``, or the place for a new one; nothing is written.

        Raises:
            UserError: the place is a file or holds something else, or a data set of another seed, quality or content
                version (the last two only without ``rerender``).
        """
        store = cls(url, meta)
        with _reachable(url):
            store._check_place()
            record = store._read_json("dataset.json")
            if record is not None:
                store._check_same(record, meta, rerender)
        return store

    def create(self) -> None:
        """Writes dataset.json, or brings it up to date.

        Raises:
            UserError: the place cannot be written to.
        """
        assert self.meta is not None
        with _reachable(self.url):
            record = self._read_json("dataset.json")
            merged = _merge(record, self.meta)
            if record != merged:
                self._write_json("dataset.json", value=merged)

    def _check_place(self) -> None:
        local = self.local
        if local is not None and local.exists() and not local.is_dir():
            raise UserError(f"--out {self.url}: is a file; allowed: a folder")
        if self.fs.exists(self._root) and not self.fs.exists(self.path("dataset.json")):
            others = [posixpath.basename(p.rstrip("/")) for p in self.fs.ls(self._root, detail=False)]
            if others:
                raise UserError(
                    f"--out {self.url}: holds {sorted(others)[0]!r} but no dataset.json; "
                    "allowed: an empty or new folder, or a data set"
                )
        if local is not None:
            parent = next(p for p in (local, *local.resolve().parents) if p.exists())
            if not parent.is_dir():
                raise UserError(f"--out {self.url}: {parent} is no folder; allowed: a folder of yours")
            if not os.access(parent, os.W_OK | os.X_OK):
                raise UserError(f"--out {self.url}: {parent} cannot be written to; allowed: a folder of yours")

    def _check_same(self, record: Mapping[str, Any], meta: DatasetMeta, rerender: bool) -> None:
        faults = [key for key, types in _RECORD.items() if not isinstance(record.get(key), types)]
        if faults:
            raise UserError(f"{self.path('dataset.json')}: {faults[0]} is damaged; remove it, or choose another folder")
        where = f"--out {self.url}: this data set was made with"
        if record.get("seed") != meta.seed:
            raise UserError(
                f"{where} seed {record.get('seed')}, not {meta.seed}; allowed: that seed, or another folder"
            )
        for key, value in (("quality", meta.quality), ("content_version", meta.content_version)):
            if record.get(key) != value and not rerender:
                raise UserError(f"{where} {key} {record.get(key)}, not {value}; allowed: another folder, or --rerender")

    # Reading

    def committed(self) -> set[str]:
        """Ids of the clips that are whole and of this quality and content version."""
        there = set(self._names("clips"))
        return {row["clip_id"] for row in self.rows() if self._current(row) and row["clip_id"] in there}

    def rows(self) -> Iterator[dict[str, Any]]:
        """The index row of every committed clip, from the commit files, by id."""
        for name in self._names("commits"):
            if name.endswith(".json"):
                row = self._commit(name.removesuffix(".json"))
                if row is not None:
                    yield row

    def quarantined(self) -> Iterator[dict[str, Any]]:
        """The index row of every quarantined clip."""
        for name in self._names("quarantine"):
            record = self._read_json("quarantine", name, "spec.json")
            if record is not None:
                yield self._row(record, "quarantine", name, "spec.json")

    def is_committed(self, clip_id: str) -> bool:
        """Whether this clip is whole and of this quality and content version."""
        row = self._commit(clip_id)
        return row is not None and self._current(row) and bool(self.fs.exists(self.path("clips", clip_id)))

    def _commit(self, clip_id: str) -> dict[str, Any] | None:
        record = self._read_json("commits", f"{clip_id}.json")
        return None if record is None else self._row(record, "commits", f"{clip_id}.json")

    def _row(self, record: Mapping[str, Any], *parts: str) -> dict[str, Any]:
        """The index row that a commit or quarantine file holds.

        Raises:
            UserError: it is no row of the index.
        """
        row = record.get("row")
        try:
            pa.Table.from_pylist([row], schema=INDEX)
            if not isinstance(row, dict) or row["clip_id"] is None or row["n_frames"] is None:
                raise TypeError("clip_id or n_frames is missing")
        except (pa.ArrowException, TypeError, AttributeError, KeyError) as error:
            raise UserError(f"{self.path(*parts)}: is damaged ({error}); remove it, then run the same again") from error
        return row

    def _current(self, row: Mapping[str, Any]) -> bool:
        """Whether a committed clip is of this data set's quality and content version."""
        if self.meta is None:
            return True
        return (row["quality"], row["content_version"]) == (self.meta.quality, self.meta.content_version)

    # Writing

    @contextmanager
    def staging(self, clip_id: str) -> Iterator[Path]:
        """A scratch folder for a clip; removed afterwards unless it was published."""
        local = self.local
        if local is not None:
            (local / ".staging").mkdir(parents=True, exist_ok=True)
        prefix = f"{clip_id}-{socket.gethostname()}-{os.getpid()}-"
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=local / ".staging" if local is not None else None))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def publish(self, clip_id: str, folder: Path, row: Mapping[str, Any]) -> bool:
        """Moves a finished clip into place and commits it.

        Returns:
            False when somebody else had committed it meanwhile; what is there stays.
        """
        hashes = {name: _sha256(folder / name) for name in CLIP_FILES}
        record = {"schema": SCHEMA, "clip_id": clip_id, "row": dict(row), "files": hashes, "origin": origin()}
        if self.is_committed(clip_id):
            return False
        if self._commit(clip_id) is not None:  # of another quality or version (--rerender), or its clip is gone
            self.fs.rm(self.path("commits", f"{clip_id}.json"))
        if not self._move_in(clip_id, folder):
            return False
        text = json.dumps(record, indent=1, sort_keys=True) + "\n"
        self.fs.makedirs(self.path("commits"), exist_ok=True)
        try:
            self.fs.pipe_file(self.path("commits", f"{clip_id}.json"), text.encode(), mode="create")
        except FileExistsError:
            return False
        if self.fs.exists(self.path("quarantine", clip_id)):
            self.fs.rm(self.path("quarantine", clip_id), recursive=True)
        return True

    def _move_in(self, clip_id: str, folder: Path) -> bool:
        """Puts the files in place; False when somebody else's are committed there by now."""
        place = self.path("clips", clip_id)
        if self.fs.exists(place):
            if self.is_committed(clip_id):
                return False
            self.fs.rm(place, recursive=True)  # moved but never committed
        self.fs.makedirs(self.path("clips"), exist_ok=True)
        if self.local is not None:
            folder.chmod(0o755)  # mkdtemp's is private
            folder.rename(place)
        else:
            for name in CLIP_FILES:
                self.fs.put_file(str(folder / name), posixpath.join(place, name))
        return True

    def quarantine(self, clip_id: str, spec: Mapping[str, Any], row: Mapping[str, Any], reason: str, log: str) -> None:
        """Keeps spec, reason and log of a clip that failed."""
        self._write_json("quarantine", clip_id, "spec.json", value={"clip_id": clip_id, "spec": spec, "row": dict(row)})
        for name, text in (("reason.txt", reason), ("log.txt", log)):
            self.fs.pipe_file(self.path("quarantine", clip_id, name), (text.rstrip("\n") + "\n").encode())

    def clean_staging(self) -> None:
        """Removes what dead processes of this machine left in staging."""
        local = self.local
        if local is None or not (local / ".staging").is_dir():
            return
        for folder in (local / ".staging").iterdir():
            _, _, owner = folder.name.partition("-")
            host, _, rest = owner.rpartition("-")[0].rpartition("-")
            if host == socket.gethostname() and rest.isdigit() and not Path(f"/proc/{rest}").exists():
                shutil.rmtree(folder, ignore_errors=True)
        if not any((local / ".staging").iterdir()):
            (local / ".staging").rmdir()

    def compact_index(self) -> None:
        """Rebuilds index.parquet from commits and quarantine, and the counts of dataset.json."""
        known = {row["clip_id"]: row for row in self.quarantined()}
        known |= {row["clip_id"]: row for row in self.rows()}  # a clip that is there stays, whatever failed later
        rows = [known[clip_id] for clip_id in sorted(known)]
        table = pa.Table.from_pylist(rows, schema=INDEX)
        buffer = io.BytesIO()
        pq.write_table(table, buffer, compression="zstd")
        self._replace("index.parquet", buffer.getvalue())
        record = self._read_json("dataset.json")
        if record is not None:
            ok = [row for row in rows if row["status"] == "ok"]
            record["counts"] = {
                "clips": len(ok),
                "quarantined": len(rows) - len(ok),
                "frames": sum(row["n_frames"] for row in ok),
                "positive": sum(row["positive"] for row in ok),
            }
            self._write_json("dataset.json", value=record)

    # Small things

    def _names(self, folder: str) -> list[str]:
        try:
            return sorted(posixpath.basename(p.rstrip("/")) for p in self.fs.ls(self.path(folder), detail=False))
        except FileNotFoundError:
            return []
        except NotADirectoryError as error:
            raise UserError(f"{self.path(folder)}: is no folder; remove it, or choose another folder") from error

    def _read_json(self, *parts: str) -> dict[str, Any] | None:
        try:
            record = json.loads(self.fs.cat_file(self.path(*parts)))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (ValueError, RecursionError, IsADirectoryError) as error:
            raise UserError(
                f"{self.path(*parts)}: is damaged ({error}); remove it, or choose another folder"
            ) from error
        if not isinstance(record, dict):
            raise UserError(f"{self.path(*parts)}: is damaged (no mapping); remove it, or choose another folder")
        return record

    def _write_json(self, *parts: str, value: Mapping[str, Any]) -> None:
        self._replace(posixpath.join(*parts), (json.dumps(value, indent=1, sort_keys=True) + "\n").encode())

    def _replace(self, name: str, content: bytes) -> None:
        path = self.path(name)
        self.fs.makedirs(posixpath.dirname(path), exist_ok=True)
        if self.local is not None:  # readers see the old file or the new one
            scratch = Path(f"{path}.{os.getpid()}.partial")
            try:
                scratch.write_bytes(content)
                scratch.replace(path)
            except OSError:
                scratch.unlink(missing_ok=True)
                raise
        else:
            self.fs.pipe_file(path, content)


_RECORD: dict[str, Any] = {
    "schema": int, "seed": int, "quality": str, "content_version": int, "scenarios": dict, "counts": dict,
}  # fmt: skip
"""What dataset.json must hold for a run to go on with it."""


@contextmanager
def _reachable(url: str) -> Iterator[None]:
    """Whatever a file system says of a place that it cannot read or write becomes one line.

    Raises:
        UserError: the place cannot be reached.
    """
    try:
        yield
    except UserError:
        raise
    except Exception as error:  # each fsspec file system has errors of its own
        reason = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
        raise UserError(f"--out {url}: {reason}; allowed: a folder or URL that can be written to") from error


def _merge(record: Mapping[str, Any] | None, meta: DatasetMeta) -> dict[str, Any]:
    digests = {name: list(known) for name, known in (record or {}).get("scenarios", {}).items()}
    for name, digest in meta.scenarios.items():
        known = digests.setdefault(name, [])
        if digest not in known:
            known.append(digest)
    return {
        "schema": SCHEMA,
        "content_version": meta.content_version,
        "quality": meta.quality,
        "seed": meta.seed,
        "scenarios": digests,
        "counts": (record or {}).get("counts", {"clips": 0, "quarantined": 0, "frames": 0, "positive": 0}),
        "licence": meta.licence if meta.licence is not None else (record or {}).get("licence"),
        "assets": [dict(asset) for asset in meta.assets],
        "origin": origin(),
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
