"""The self-check again, on the clips of any data set, copy or export."""

import hashlib
import json
import os
import posixpath
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tqdm import tqdm

from generator.dataset.store import Store
from generator.errors import UserError
from generator.labels.selfcheck import Fault, Report, check_clip

EXIT_FAULTS = 1


@dataclass(frozen=True)
class Place:
    """Where a clip directory is; picklable.

    Attributes:
        clip_id: its name.
        url: of the data set, a folder or an fsspec URL.
        path: of the clip directory on that file system.
        digests: SHA-256 of its files by name, where they were committed.
    """

    clip_id: str
    url: str
    path: str
    digests: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckedClip:
    """What was found in one clip.

    Attributes:
        clip_id: of the clip.
        faults: those that are kept.
        left_off: how many more each check found.
        figures: of quality, by name.
    """

    clip_id: str
    faults: tuple[Fault, ...]
    left_off: Mapping[str, int]
    figures: Mapping[str, float]


def clip_places(url: str) -> tuple[Place, ...]:
    """The clips at ``url``: those that are committed where there are commits, else every clip directory in it, or itself.

    Raises:
        UserError: there is none, or the place cannot be read.
    """
    try:
        store = Store(url)
    except UserError as error:
        raise UserError(str(error).removeprefix("--out ")) from error
    try:
        places = _committed(store) or _directories(store, "clips") or _directories(store)
        if not places and store.fs.exists(store.path("clip.json")):
            path = store.path().rstrip("/")
            places = (Place(posixpath.basename(path), url, path),)
    except (OSError, ValueError) as error:
        raise UserError(f"{url}: {error}; allowed: a data set that can be read") from error
    if not places:
        raise UserError(f"{url}: holds no clips; allowed: a data set, a copy of one, or a clip's folder")
    return places


def _committed(store: Store) -> tuple[Place, ...]:
    places = []
    for row in store.rows():
        clip_id = str(row["clip_id"])
        record = json.loads(store.fs.cat_file(store.path("commits", f"{clip_id}.json")))
        places.append(Place(clip_id, store.url, store.path("clips", clip_id), record.get("files") or {}))
    return tuple(places)


def _directories(store: Store, *parts: str) -> tuple[Place, ...]:
    """Clip directories in a folder."""
    folder = store.path(*parts).rstrip("/")
    if not store.fs.isdir(folder):
        return ()
    found = sorted(path.rstrip("/") for path in store.fs.ls(folder, detail=False))
    return tuple(
        Place(posixpath.basename(path), store.url, path)
        for path in found
        if not posixpath.basename(path).startswith(".") and store.fs.exists(posixpath.join(path, "clip.json"))
    )


def chosen(places: Sequence[Place], wanted: Sequence[str]) -> tuple[Place, ...]:
    """The clips whose ids begin as is wanted; all where nothing is.

    Args:
        places: of the data set.
        wanted: ids or beginnings of ids, several in a text separated by commas.

    Raises:
        UserError: a wanted clip is not there.
    """
    words = [word.strip() for text in wanted for word in text.split(",") if word.strip()]
    if wanted and not words:
        raise UserError("--clips: is empty; allowed: ids of clips, separated by commas")
    for word in words:
        if not any(place.clip_id.startswith(word) for place in places):
            known = ", ".join(place.clip_id for place in places[:3]) + (", …" if len(places) > 3 else "")
            raise UserError(f"--clips {word}: no such clip; allowed: {known}")
    return tuple(place for place in places if not words or place.clip_id.startswith(tuple(words)))


def check_place(place: Place) -> CheckedClip:
    """Checks one clip; one that is elsewhere is fetched for it."""
    store = Store(place.url)
    if store.local is not None:
        return _check_folder(Path(place.path), place)
    with tempfile.TemporaryDirectory(prefix="bodyworn-check-") as scratch:
        for path in store.fs.ls(place.path, detail=False) if store.fs.exists(place.path) else ():
            store.fs.get_file(path, str(Path(scratch) / posixpath.basename(path)))
        return _check_folder(Path(scratch), place)


def _check_folder(folder: Path, place: Place) -> CheckedClip:
    report = check_clip(folder) if folder.is_dir() else Report()
    report.expect(folder.is_dir(), "files", "the clip was committed, but its folder is missing")
    for name, digest in sorted(place.digests.items()):
        path = folder / name
        if path.is_file():
            with path.open("rb") as handle:
                same = hashlib.file_digest(handle, "sha256").hexdigest() == digest
            report.expect(same, "files", f"{name} is not what was committed (SHA-256)")
    kept = Counter(fault.check for fault in report.faults)
    left_off = {check: n - kept[check] for check, n in report.found.items() if n > kept[check]}
    return CheckedClip(place.clip_id, tuple(report.faults), left_off, dict(report.figures))


def check_all(places: Sequence[Place], workers: int) -> Iterator[CheckedClip]:
    """Checks clips in any order, in ``workers`` processes.

    Raises:
        UserError: a process died.
    """
    workers = min(workers, len(places))
    if workers <= 1:
        yield from map(check_place, places)
        return
    # A fresh interpreter each: threads of a file system do not survive a fork.
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_let_go)
    try:
        for done in as_completed([pool.submit(check_place, place) for place in places]):
            yield done.result()
    except BrokenProcessPool as error:
        raise UserError(
            "a process of the check died, perhaps of too little memory; allowed: fewer --workers"
        ) from error
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _let_go() -> None:
    """Ctrl-C ends a worker at once and without a word; the command says what is to be said."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def run_check(
    url: str,
    wanted: Sequence[str],
    workers: int | None,
    *,
    as_json: bool,
    write: Callable[[str], None] = lambda line: tqdm.write(line, file=sys.stdout),
) -> int:
    """Checks the clips of a data set and says what is wrong, one line a fault, or all as JSON at the end.

    Returns:
        0, or 1 when there are faults.

    Raises:
        UserError: bad input.
    """
    places = chosen(clip_places(url), wanted)
    results: list[CheckedClip] = []
    cores = len(os.sched_getaffinity(0))
    # None: a bar where standard error is a terminal.
    with tqdm(total=len(places), desc="checking", unit="clip", dynamic_ncols=True, disable=None) as bar:
        for result in check_all(places, workers or cores):
            results.append(result)
            if not as_json:
                for line in _lines(result):
                    write(line)
            bar.update()
    results.sort(key=lambda result: result.clip_id)
    write(_json_text(url, results) if as_json else _summary(url, results))
    return EXIT_FAULTS if any(result.faults for result in results) else 0


def _lines(result: CheckedClip) -> Iterator[str]:
    for fault in result.faults:
        yield _printable(f"{result.clip_id}: {fault.check}: {fault}")
    for check, more in result.left_off.items():
        yield f"{result.clip_id}: {check}: {more} more"


def _summary(url: str, results: Sequence[CheckedClip]) -> str:
    faulty = [result for result in results if result.faults]
    count = sum(len(result.faults) + sum(result.left_off.values()) for result in results)
    clips = f"{len(results)} clip{'s' if len(results) != 1 else ''} checked"
    if not faulty:
        return f"{url}: {clips}, no faults"
    kinds = sorted({fault.check for result in faulty for fault in result.faults})
    return f"{url}: {clips}, {count} fault{'s' if count != 1 else ''} in {len(faulty)} ({', '.join(kinds)})"


def _json_text(url: str, results: Sequence[CheckedClip]) -> str:
    record: dict[str, Any] = {
        "dataset": url,
        "clips": len(results),
        "faulty": sum(bool(result.faults) for result in results),
        "faults": [{"clip": result.clip_id, **asdict(fault)} for result in results for fault in result.faults],
        "left_off": {result.clip_id: dict(result.left_off) for result in results if result.left_off},
        "figures": {result.clip_id: dict(result.figures) for result in results},
    }
    return json.dumps(record, indent=1)


def _printable(text: str) -> str:
    """What a damaged or foreign file says must not reach the terminal as control characters."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
