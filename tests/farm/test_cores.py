"""Workers of one machine do not share a core while there are enough."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.farm.cores import claimed_cores

HOLD = """
import sys, pathlib
from generator.farm.cores import claimed_cores
with claimed_cores(1, pathlib.Path(sys.argv[1])) as cores:
    print(*cores, flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one core cannot be divided")
def test_two_processes_claim_different_cores_and_a_killed_one_frees_its_own(tmp_path: Path) -> None:
    before = os.sched_getaffinity(0)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        theirs = {int(other.stdout.readline())}
        with claimed_cores(1, tmp_path) as mine:
            assert mine.isdisjoint(theirs)
            assert os.sched_getaffinity(0) == mine
        other.kill()
    assert os.sched_getaffinity(0) == before
    with claimed_cores(len(before), tmp_path) as mine:
        assert mine == before


def test_more_cores_than_there_are_gives_all_of_them(tmp_path: Path) -> None:
    with claimed_cores(4096, tmp_path) as mine:
        assert mine == os.sched_getaffinity(0)
