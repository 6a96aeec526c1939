"""Cores of one machine, claimed by processes: a worker pinned to its own cores before bpy is imported.

Two Blenders with one thread each do not share two cores well, because a second thread spins all the same; two processes
pinned to a core each reach 1.78 times the throughput (docs/BENCHMARKS.md).
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path


@contextmanager
def claimed_cores(count: int, folder: Path | None = None) -> Iterator[frozenset[int]]:
    """Pins this process to ``count`` cores that no other worker on this machine has claimed.

    Claims are file locks, so they end with the process however it ends. Where fewer cores are free than asked for, the
    rest is shared with others.

    Args:
        count: cores wanted, at least 1.
        folder: where the lock files lie; a folder of this user's in the temporary directory when None.
    """
    folder = folder or Path(tempfile.gettempdir()) / f"bodyworn-cores-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    before = os.sched_getaffinity(0)
    with ExitStack() as held:
        mine: list[int] = []
        for core in sorted(before):
            if len(mine) == count:
                break
            handle = held.enter_context((folder / f"core-{core}").open("w"))
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            mine.append(core)
        mine += [core for core in sorted(before) if core not in mine][: count - len(mine)]
        os.sched_setaffinity(0, mine)
        try:
            yield frozenset(mine)
        finally:
            os.sched_setaffinity(0, before)
