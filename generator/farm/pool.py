"""Runs jobs on Ray workers: a bounded number in flight, a dead worker replaced, a clip retried and then given up."""

import logging
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import ray
from ray.exceptions import RayActorError, RayError, RayTaskError

from generator.errors import UserError
from generator.farm.clip import ClipJob, ClipOutcome
from generator.farm.worker import Progress, Worker

ATTEMPTS = 3
"""How often a clip may take its worker down before it is quarantined."""

MOST_RSS_MB = 6000
"""Peak memory from which a worker is replaced by a fresh one: long-lived Blenders may grow."""

_POLL_SECONDS = 0.5


@contextmanager
def connected(address: str | None, workers: int) -> Iterator[None]:
    """Connects to a cluster, or starts a Ray of this run's own on loopback and ends it with the run.

    Raises:
        UserError: the cluster does not answer.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    logging.getLogger("ray._private.authentication").setLevel(logging.ERROR)  # it says that tokens are on: they are
    settings: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR, "configure_logging": False}
    if address is None:
        settings |= {"address": "local", "include_dashboard": False, "num_cpus": max(workers, _usable_cores())}
        settings |= {"object_store_memory": 128 * 1024**2, "_node_ip_address": "127.0.0.1"}
    else:
        _check_answers(address)
        settings["address"] = address
    try:
        ray.init(**settings)
    except (ConnectionError, RayError, ValueError) as error:
        raise UserError(f"--address {address}: no Ray cluster there ({error}); leave it out for a local Ray") from error
    try:
        yield
    finally:
        ray.shutdown()


_PATIENCE_SECONDS = 5.0


def _check_answers(address: str) -> None:
    """Somebody listens there: Ray itself would go on asking for minutes.

    Raises:
        UserError: nobody does.
    """
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if not colon:  # "auto", "local": Ray knows where
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), _PATIENCE_SECONDS).close()
    except (OSError, ValueError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UserError(
            f"--address {address}: nobody answers there ({reason}); allowed: HOST:PORT of a Ray cluster"
        ) from error


def _usable_cores() -> int:
    return len(os.sched_getaffinity(0))


def default_workers(address: str | None) -> int:
    """One worker a core: of this machine, or of the cluster once connected."""
    if address is None:
        return _usable_cores()
    return max(1, int(ray.cluster_resources().get("CPU", 1)))


def cores_a_worker(workers: int, address: str | None) -> int:
    """Cores each worker is pinned to: this machine's divided among them; one on a cluster."""
    return max(1, _usable_cores() // workers) if address is None else 1


@dataclass
class _Flight:
    job: ClipJob
    worker: Any
    attempt: int


class Pool:
    """Workers of one run; used inside ``connected``."""

    def __init__(self, workers: int, cores: int, gave_up: Callable[[ClipJob, str], ClipOutcome]) -> None:
        """``gave_up`` quarantines a job whose worker died ``ATTEMPTS`` times, and returns its outcome."""
        self._cores = cores
        self._gave_up = gave_up
        board: Any = Progress
        self._progress = board.remote()
        self._idle = [self._hire() for _ in range(workers)]

    def _hire(self) -> Any:
        maker: Any = Worker  # a class to mypy, an actor class at run time
        return maker.options(num_cpus=self._cores).remote(self._cores, self._progress)

    def outcomes(self, jobs: Iterator[ClipJob], worked: Callable[[str, float], None]) -> Iterator[ClipOutcome]:
        """Outcomes as they come. No more jobs are taken than there are workers.

        Raises:
            UserError: a worker raised one (a missing pack, say); the run cannot go on.
        """
        flying: dict[Any, _Flight] = {}
        while True:
            while self._idle and (job := next(jobs, None)) is not None:
                worker = self._idle.pop()
                flying[worker.make.remote(job)] = _Flight(job, worker, 1)
            if not flying:
                return
            landed, _ = ray.wait(list(flying), timeout=_POLL_SECONDS)
            for clip_id, frames in ray.get(self._progress.take.remote()).items():
                if any(flight.job.planned.clip_id == clip_id for flight in flying.values()):
                    worked(clip_id, frames)
            for reference in landed:
                outcome = self._land(reference, flying)
                if outcome is not None:
                    yield outcome

    def _land(self, reference: Any, flying: dict[Any, _Flight]) -> ClipOutcome | None:
        flight = flying.pop(reference)
        try:
            outcome: ClipOutcome = ray.get(reference)
        except RayActorError as error:
            flight.worker = self._hire()
            if flight.attempt < ATTEMPTS:
                flight.attempt += 1
                flying[flight.worker.make.remote(flight.job)] = flight
                return None
            outcome = self._gave_up(flight.job, f"its worker died {ATTEMPTS} times: {str(error).splitlines()[0]}")
        except RayTaskError as error:
            cause = error.as_instanceof_cause()
            if isinstance(cause, UserError):
                raise UserError(str(error.cause)) from error
            outcome = self._gave_up(flight.job, str(error))
        if outcome.peak_rss_mb > MOST_RSS_MB:
            ray.kill(flight.worker)
            flight.worker = self._hire()
        self._idle.append(flight.worker)
        return outcome
