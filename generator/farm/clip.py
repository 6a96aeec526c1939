"""One clip, from its plan to a published directory."""

import hashlib
import importlib
import json
import platform
import resource
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import numpy as np

from generator import assets
from generator.audio.heard import heard_track
from generator.audio.soundtrack import SoundTrack, soundtrack
from generator.dataset.clip_writer import ClipWriter
from generator.dataset.inertial import write_inertial
from generator.dataset.store import DatasetMeta, Store
from generator.dataset.version import CONTENT_VERSION, SCHEMA
from generator.errors import UserError
from generator.frame import Frame, Renderer, Rendering
from generator.labels.annotate import frame_row, object_rows
from generator.labels.events import event_records, tags
from generator.labels.preview import ContactSheet
from generator.labels.selfcheck import check_clip
from generator.labels.shown import shown_frame, shown_row
from generator.motion.build import BuiltTimeline, build_timeline
from generator.origin import origin
from generator.scenario.plan import PlannedClip, packs_of
from generator.scenario.report import draw_record
from generator.sensor.delivery import Delivery, as_record, delivery_of
from generator.sensor.develop import Developer
from generator.sensor.exposure import decide_exposures
from generator.sensor.inertial import inertial_record
from generator.sensor.overlay import BurntIn
from generator.sensor.relay import Relay
from generator.sensor.video import VideoWriter

Status = Literal["rendered", "quarantined", "already there"]
Report = Callable[[float], None]
"""Called with the frames of the clip done so far; a frame counts in parts."""


@dataclass(frozen=True)
class ClipJob:
    """What a worker is asked for; picklable.

    Attributes:
        planned: the clip.
        out: URL of the data set, which exists already.
        meta: of the data set; its quality names a profile of ``configs/quality``.
        renderer: ``module:Class`` of a Renderer.
    """

    planned: PlannedClip
    out: str
    meta: DatasetMeta
    renderer: str


@dataclass(frozen=True)
class ClipOutcome:
    """How a clip ended, and what it cost (seconds; ``render_s`` is the engine's own share of ``wall_s``)."""

    clip_id: str
    status: Status
    n_frames: int
    render_s: float
    wall_s: float
    cpu_s: float
    peak_rss_mb: float
    reason: str = ""


@cache
def load_renderer(name: str) -> Renderer:
    """The renderer named ``module:Class``, one a process.

    Raises:
        UserError: there is no such module or class.
    """
    module, _, cls = name.partition(":")
    try:
        renderer: Renderer = getattr(importlib.import_module(module), cls)()
    except (ImportError, AttributeError) as error:
        raise UserError(f"renderer {name!r}: {error}; allowed: module:Class") from error
    return renderer


def _cpu_seconds() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def make_clip(job: ClipJob, report: Report) -> ClipOutcome:
    """Renders, labels, checks and publishes one clip; one that fails is quarantined.

    Raises:
        UserError: something the whole run lacks (a pack, a renderer, room on the disk).
    """
    store = Store(job.out, job.meta)
    planned = job.planned
    if store.is_committed(planned.clip_id):
        return _outcome(planned, "already there")
    wall, cpu = time.monotonic(), _cpu_seconds()
    render_s = 0.0
    renderer = load_renderer(job.renderer)
    try:
        with store.staging(planned.clip_id) as folder:
            render_s, row = _make(planned, job.meta, renderer, folder, report)
            checked = check_clip(folder)
            _finish_info(folder, checked.figures, len(checked.faults), render_s, wall, cpu)
            if checked.faults:
                raise _FailedCheck(checked.lines())
            fresh = store.publish(planned.clip_id, folder, row)
    except UserError:
        raise
    except OSError as error:
        raise UserError(
            f"{job.out}: {error.strerror or error}; make room or rights, then run the same again"
        ) from error
    except _FailedCheck as error:
        store.quarantine(
            planned.clip_id, _spec(planned), _row(planned, job.meta, "quarantined"), str(error), str(error)
        )
        return _outcome(planned, "quarantined", render_s, wall, cpu, str(error).splitlines()[0])
    except Exception as error:  # a clip that cannot be made must not end the run
        reason = f"{type(error).__name__}: {error}"
        log = traceback.format_exc()
        store.quarantine(planned.clip_id, _spec(planned), _row(planned, job.meta, "quarantined"), reason, log)
        return _outcome(planned, "quarantined", render_s, wall, cpu, reason.splitlines()[0])
    return _outcome(planned, "rendered" if fresh else "already there", render_s, wall, cpu)


def give_up(store: Store, job: ClipJob, why: str) -> ClipOutcome:
    """Quarantines a clip whose worker died again and again."""
    planned = job.planned
    store.quarantine(planned.clip_id, _spec(planned), _row(planned, job.meta, "quarantined"), why, why)
    return _outcome(planned, "quarantined", reason=why.splitlines()[0])


class _FailedCheck(Exception):  # noqa: N818  not an error of the program
    def __init__(self, faults: list[str]) -> None:
        super().__init__("self-check: " + "\n".join(faults))


def _make(
    planned: PlannedClip, meta: DatasetMeta, renderer: Renderer, folder: Path, report: Report
) -> tuple[float, dict[str, Any]]:
    spec = planned.spec
    timeline = build_timeline(spec, renderer.measures(spec))
    delivery = delivery_of(spec)
    stream = spec.camera.stream
    sound = heard_track(
        soundtrack(spec, timeline), delivery, repeats=stream is not None and stream.lost_sound == "repeat"
    )
    write_inertial(folder / "imu.parquet", inertial_record(spec, timeline))
    with renderer.open(spec, timeline, meta.quality) as rendering:
        firearm_seen = _write_frames(planned, timeline, delivery, rendering, sound, folder, report)
        render_s = rendering.render_s
        info = _info(planned, meta, timeline, delivery, rendering, sound, firearm_seen)
    (folder / "clip.json").write_text(json.dumps(info, indent=1, sort_keys=True) + "\n", "utf-8")
    row = _row(planned, meta, "ok", info["tags"], render_s, _sha256(folder / "video.mp4"))
    return render_s, row


def _write_frames(
    planned: PlannedClip,
    timeline: BuiltTimeline,
    delivery: Delivery,
    rendering: Rendering,
    sound: SoundTrack,
    folder: Path,
    report: Report,
) -> bool:
    """Video, tables, dense labels and contact sheet in one pass over the captured frames that anything comes of."""
    spec, (width, height) = planned.spec, planned.spec.clip.size
    meter = rendering.meter()
    times = (np.arange(spec.n_frames) + 0.5) / spec.clip.fps
    exposures = decide_exposures(meter, spec.device, times, period=1 / spec.clip.fps)
    developer = Developer.of(spec, meter, exposures, timeline)
    tracks = {track.track_id: track for track in rendering.tracks}
    relay = Relay(delivery.carried, width, height, spec.clip.fps) if delivery.carried is not None else None
    shots = [
        slot
        for e in timeline.events
        if e.type == "discharge"
        for slot in delivery.slots(int(e.start * spec.clip.fps))[:1]
    ]
    sheet = ContactSheet.of(spec.n_frames, shots)
    with (
        ClipWriter(folder, spec.n_frames, width, height) as writer,
        VideoWriter(folder / "video.mp4", width, height, spec.clip.fps, spec.device.encoder) as video,
    ):
        video.add_sound(sound.samples)  # first: the muxer holds one stream back until it has the other

        def finish(frame: Frame) -> bool:
            objects = object_rows(frame, tracks, rendering.camera)
            row = frame_row(frame, spec, timeline, exposures, objects)
            image = developer.develop(frame.radiance, frame.depth, frame.index)
            if relay is not None:
                image = relay.receive(frame.index, image)
            slots = delivery.slots(frame.index)
            for slot in slots:
                shown = shown_frame(frame, delivery, slot)
                here = [{**record, "frame": slot} for record in objects]
                video.add(image)
                writer.add(shown, shown_row(row, delivery, slot), here)
                sheet.add(shown, image, here)
            return bool(slots) and bool(row["weapon_visible"]) and row["weapon_state"] != "holstered"

        wanted = [index for index in range(spec.n_frames) if delivery.needed(index)]
        seen = any(list(_alongside(finish, rendering.frames(exposures, report, wanted))))
    sheet.save(folder / "preview.jpg")
    return seen


def _alongside(work: Callable[[Frame], bool], frames: Iterator[Frame]) -> Iterator[bool]:
    """Results of ``work`` on frames, in order, made in a thread while the next frame is rendered.

    The engine keeps to the main thread and lets Python run while it renders. Two frames at most wait.
    """
    with ThreadPoolExecutor(1) as pool:
        waiting: deque[Future[bool]] = deque()
        for frame in frames:
            waiting.append(pool.submit(work, frame))
            if len(waiting) > 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _info(
    planned: PlannedClip,
    meta: DatasetMeta,
    timeline: BuiltTimeline,
    delivery: Delivery,
    rendering: Rendering,
    sound: SoundTrack,
    firearm_seen: bool,
) -> dict[str, Any]:
    """clip.json, but for what the self-check adds."""
    spec, camera = planned.spec, rendering.camera
    packs = packs_of(spec)
    return {
        "schema": SCHEMA,
        "content_version": CONTENT_VERSION,
        "clip_id": planned.clip_id,
        "twin_of": planned.twin_of,
        "twin": dict(planned.twin) if planned.twin is not None else None,
        "parent_clip_id": None,
        "split": planned.split,
        "quality": meta.quality,
        "scenario": spec.scenario,
        "variant": spec.variant,
        "seed": spec.seed,
        "n_frames": spec.n_frames,
        "fps": spec.clip.fps,
        "duration": timeline.duration,
        "width": camera.width,
        "height": camera.height,
        "spec": _spec(planned),
        "draws": [draw_record(draw) for draw in planned.draws],
        "intrinsics": {**camera.record(), "readout_s": rendering.readout_s},
        "tracks": [
            {"track_id": t.track_id, "category": t.category, "role": t.role, "keypoints": list(t.keypoints)}
            for t in rendering.tracks
        ],
        "keypoint_names": {t.category: list(t.keypoints) for t in rendering.tracks if t.keypoints},
        "tags": tags(spec, timeline, firearm_visible=firearm_seen, delivery=delivery),
        "events": event_records(spec, timeline, delivery),
        "delivery": as_record(delivery),
        "overlay": overlay.facts() if (overlay := BurntIn.of(spec)) else None,
        "audio": {"rate": sound.rate, "ranges": [dict(part) for part in sound.ranges]},
        "origin": origin(),
        "provenance": {
            **rendering.provenance(),
            **{name: version(name) for name in ("numpy", "av", "h5py", "pyarrow")},
            "python": platform.python_version(),
            "packs": assets.digests(packs),
        },
    }


def _finish_info(
    folder: Path, figures: dict[str, float], faults: int, render_s: float, wall: float, cpu: float
) -> None:
    """Adds the self-check's figures and the timings to clip.json."""
    path = folder / "clip.json"
    info = json.loads(path.read_text("utf-8"))
    info["quality_figures"] = {**figures, "faults": faults}
    info["timings"] = {
        "render_s": render_s,
        "wall_s": time.monotonic() - wall,
        "cpu_s": _cpu_seconds() - cpu,
        "peak_rss_mb": _peak_rss_mb(),
    }
    path.write_text(json.dumps(info, indent=1, sort_keys=True) + "\n", "utf-8")


def _spec(planned: PlannedClip) -> dict[str, Any]:
    spec: dict[str, Any] = json.loads(planned.spec.canonical())
    return spec


def _row(
    planned: PlannedClip,
    meta: DatasetMeta,
    status: str,
    measured: dict[str, Any] | None = None,
    render_s: float = 0.0,
    video_sha256: str | None = None,
) -> dict[str, Any]:
    """The clip's row in the index."""
    spec = planned.spec
    kind = spec.weapon.kind if spec.weapon else None
    words = measured or {"first_person_firearm": False, "discharge": False, "positive": False}
    return {
        "clip_id": planned.clip_id,
        "scenario": spec.scenario,
        "family": spec.family,
        "setting": spec.setting,
        "environment": spec.environment.kind,
        "twin_of": planned.twin_of,
        "parent_clip_id": None,
        "split": planned.split,
        "weapon_kind": kind,
        "mount": spec.camera.mount,
        "device": spec.camera.device,
        "capture": spec.device.capture,
        "quality": meta.quality,
        "video_sha256": video_sha256,
        "status": status,
        "body_id": spec.body_id,
        "layout_id": spec.layout_id,
        "positive": words["positive"],
        "first_person_firearm": words["first_person_firearm"],
        "discharge": words["discharge"],
        "variant": spec.variant,
        "n_frames": spec.n_frames,
        "width": spec.clip.size[0],
        "height": spec.clip.size[1],
        "content_version": CONTENT_VERSION,
        "fps": spec.clip.fps,
        "duration": spec.n_frames / spec.clip.fps,
        "render_s": render_s,
    }


def _outcome(
    planned: PlannedClip,
    status: Status,
    render_s: float = 0.0,
    wall: float | None = None,
    cpu: float | None = None,
    reason: str = "",
) -> ClipOutcome:
    return ClipOutcome(
        clip_id=planned.clip_id,
        status=status,
        n_frames=planned.spec.n_frames,
        render_s=render_s,
        wall_s=time.monotonic() - wall if wall is not None else 0.0,
        cpu_s=_cpu_seconds() - cpu if cpu is not None else 0.0,
        peak_rss_mb=_peak_rss_mb(),
        reason=reason,
    )


def _peak_rss_mb() -> float:
    """Of this process alone; ``ru_maxrss`` would carry over from the process that started it."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
