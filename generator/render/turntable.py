"""Contact sheets for a person to judge: every held thing and finish, every grip, a range of bodies."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from tqdm import tqdm

from generator.motion.build import BuiltTimeline, build_timeline
from generator.motion.pose import OPENCV_FROM_BODY, pose, rotation
from generator.motion.timeline import Moment, ThingMoment
from generator.origin import NOTICE
from generator.paths import project_root
from generator.render import scenes
from generator.render.cycles import read_radiance
from generator.render.profile import Profile
from generator.scenario.plan import load_sources, plan
from generator.scenario.spec import ClipSpec, Finish
from generator.scenario.things import THINGS
from generator.streams import stream
from generator.world.stage import Stage
from generator.world.studio import thing_stage, wearer_stage
from generator.world.wearer import wearer_measures

Array = NDArray[np.float64]
Subject = Literal["weapon", "hands", "body"]

WIDTH, HEIGHT = 240, 160
_PROFILE = Profile(name="turntable", samples=12, bounces=3, denoise=True)
_FIELD_OF_VIEW = 1.745
"""Horizontal, radians: that of the wide body-worn device."""

_BODIES: tuple[dict[str, Any], ...] = (
    {"sex": "male", "age": 24.0, "height": 0.5, "weight": 0.4, "muscle": 0.7, "ancestry": "african", "skin_tone": 9},
    {
        "sex": "female",
        "age": 38.0,
        "height": 0.6,
        "weight": 0.45,
        "muscle": 0.5,
        "ancestry": "caucasian",
        "skin_tone": 3,
    },
    {"sex": "male", "age": 62.0, "height": 0.4, "weight": 0.75, "muscle": 0.4, "ancestry": "caucasian", "skin_tone": 2},
    {"sex": "female", "age": 29.0, "height": 0.2, "weight": 0.35, "muscle": 0.45, "ancestry": "asian", "skin_tone": 4},
    {"sex": "male", "age": 45.0, "height": 0.9, "weight": 0.6, "muscle": 0.65, "ancestry": "asian", "skin_tone": 6},
    {"sex": "female", "age": 52.0, "height": 0.5, "weight": 0.7, "muscle": 0.4, "ancestry": "african", "skin_tone": 7},
)


@dataclass(frozen=True)
class Cell:
    """One picture of a sheet: its row and title, and (H, W, 3) uint8 sRGB."""

    row: str
    title: str
    image: NDArray[np.uint8]


def turntable(subject: Subject, out: Path, *, seed: int = 0) -> None:
    """Renders a contact sheet.

    Args:
        subject: what is judged: things and finishes, grips, or bodies.
        out: JPEG or PNG file.
        seed: of bodies, dress and wear.
    """
    cells = {"weapon": _things, "hands": _grips, "body": _bodies}[subject](seed)
    total = {"weapon": 5 * (len(THINGS) - 1), "hands": 3 * len(THINGS), "body": 4 * len(_BODIES)}[subject]
    sheet = _sheet(list(tqdm(cells, f"turntable of {subject}", total=total, unit="picture", leave=False)))
    exif = Image.Exif()
    exif[0x010E] = NOTICE  # ImageDescription
    sheet.save(out, quality=88, exif=exif)


def _things(seed: int) -> Iterator[Cell]:
    """Every thing from the side in two finishes, and as a chest camera sees it."""
    finishes: tuple[Finish, ...] = get_args(Finish)
    for kind in THINGS:
        if THINGS[kind].category is None:
            continue
        for number, view in enumerate(("side", "side", "side", "chest", "helmet")):
            finish = finishes[number % len(finishes)]
            rng = stream(seed, "turntable", number, f"stream:{kind}")
            with scenes.quiet():
                stage, prop = thing_stage(kind, finish, rng)
            moment = _still(np.eye(4))
            low, high = prop.solid[0].min(0), prop.solid[0].max(0)
            camera, angle = _thing_view(view, low, high)
            yield Cell(kind, f"{view}, {finish}", _picture(stage, moment, camera, angle))


def _thing_view(view: str, low: Array, high: Array) -> tuple[Array, float]:
    """Camera (4, 4) and its horizontal field of view."""
    middle = 0.5 * (low + high)
    if view == "side":
        away = 1.25 * max(high[1] - low[1], high[0] - low[0], (high[2] - low[2]) * WIDTH / HEIGHT)
        return _looking(middle + away * np.array([0.90, -0.42, 0.22]), middle), 1.0
    # The middle of what a wide lens sees.
    if view == "chest":
        return _looking(np.array([-0.08, -0.40, -0.20]), np.array([0.0, 0.10, 0.02])), 0.95
    return _looking(np.array([-0.06, -0.45, 0.20]), np.array([0.0, 0.15, 0.0])), 0.95


def _grips(seed: int) -> Iterator[Cell]:
    """Every grip as chest and helmet camera see it, and from close by."""
    for number, kind in enumerate(THINGS):
        for view in ("chest", "helmet", "close"):
            mount = "helmet" if view == "close" else view
            spec = _spec(seed, number % 3, {"weapon.kind": kind, "camera.mount": mount, "wearer.dress.gloves": "none"})
            timeline = build_timeline(spec, wearer_measures(spec.wearer))
            moment = _aimed(timeline)
            hands = moment.T_world_thing[:3, 3]
            with scenes.quiet():
                stage = wearer_stage(spec, hands)
            camera, angle = moment.T_world_camera, _FIELD_OF_VIEW
            if view == "close":
                camera, angle = (
                    _looking(hands + np.array([-0.34, -0.10, 0.12]), hands + np.array([0.0, 0.05, -0.03])),
                    0.75,
                )
            yield Cell(kind, view, _picture(stage, moment, camera, angle))


def _bodies(seed: int) -> Iterator[Cell]:
    """Bodies and dress: from chest and helmet, looking down, and from outside."""
    for number, body in enumerate(_BODIES):
        for view in ("chest", "helmet", "down", "outside"):
            overrides = {"weapon.kind": "training_pistol", "camera.mount": "chest" if view == "chest" else "helmet"}
            spec = _spec(seed, number, {**overrides, **{f"wearer.body.{key}": value for key, value in body.items()}})
            timeline = build_timeline(spec, wearer_measures(spec.wearer))
            moment = _aimed(timeline) if view in ("chest", "helmet") else timeline.at(0.1)
            trunk = moment.T_world_torso[:3, 3]
            with scenes.quiet():
                stage = wearer_stage(spec, trunk)
            camera, angle = moment.T_world_camera, _FIELD_OF_VIEW
            if view == "down":
                camera = camera @ pose(OPENCV_FROM_BODY.T @ rotation(pitch=-0.85) @ OPENCV_FROM_BODY, np.zeros(3))
            elif view == "outside":
                camera, angle = _looking(trunk + np.array([1.3, 2.2, 0.1]), trunk - np.array([0, 0, 0.42])), 0.95
            dress = spec.wearer.dress
            yield Cell(f"{body['sex']}, {body['age']:.0f}, tone {body['skin_tone']}",
                       f"{view}: {dress.top}, {dress.gloves}", _picture(stage, moment, camera, angle))  # fmt: skip


def _spec(seed: int, variant: int, overrides: dict[str, Any]) -> ClipSpec:
    """A clip of the shipped scene with what is said; nobody else in it, no clutter to build."""
    scene = project_root() / "scenes" / "land" / "shoothouse_corridor.yaml"
    behaviour = [{"do": "low_ready", "for": 0.5}, {"do": "aim", "for": 1.0}]
    still = {"people": [], "weapon.behaviour": behaviour, "camera.path": {"kind": "static"}, "twins": []}
    sources = load_sources([scene], overrides={**still, **overrides}, variants=variant + 1)
    return list(plan(sources, seed))[variant].spec


def _aimed(timeline: BuiltTimeline) -> Moment:
    return timeline.at(timeline.duration - 0.2)


def _still(thing: Array) -> Moment:
    """A moment in which only the thing is anywhere."""
    return Moment(
        t=0.0, T_world_camera=np.eye(4), T_world_torso=np.eye(4), T_world_head=np.eye(4), things=(ThingMoment(thing),), held=0,
        raised=1.0, state=None, flash=0.0, shot=0, feet=np.zeros((2, 3)), people=(),
    )  # fmt: skip


def _looking(place: Array, at: Array) -> Array:
    """(4, 4) camera in OpenCV axes at a place, looking at a point, upright."""
    forward = (at - place) / np.linalg.norm(at - place)
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right = right / np.linalg.norm(right)
    return pose(np.stack([right, np.cross(forward, right), forward], -1), place)


def _picture(stage: Stage, moment: Moment, camera: Array, angle: float) -> NDArray[np.uint8]:
    scene = scenes.picture_scene(stage, WIDTH, HEIGHT)
    scenes.set_quality(scene, _PROFILE)
    stage.camera.data.angle = angle
    stage.apply(stage.placements(moment), camera)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.exr"
        scenes.render_to(scene, path)
        linear = np.clip(1.1 * read_radiance(path), 0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 1e-9) ** (1 / 2.4) - 0.055)
    return np.asarray(np.round(255 * encoded), np.uint8)


def _sheet(cells: Sequence[Cell]) -> Image.Image:
    """Rows of pictures with their titles."""
    rows: dict[str, list[Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    # Short rows stand side by side, so that the sheet is about as wide as a screen.
    across = max(1, round(2000 / (max(map(len, rows.values())) * (WIDTH + 4))))
    longest = max(map(len, rows.values()))
    sheet = Image.new("RGB", (across * longest * (WIDTH + 4), -(-len(rows) // across) * (HEIGHT + 20)), (24, 24, 24))
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(11)
    for number, (name, row) in enumerate(rows.items()):
        for column, cell in enumerate(row):
            x = (number % across * longest + column) * (WIDTH + 4)
            y = number // across * (HEIGHT + 20)
            sheet.paste(Image.fromarray(cell.image), (x, y + 16))
            draw.text((x + 3, y + 2), f"{name}: {cell.title}" if column == 0 else cell.title, (210, 210, 210), font)
    return sheet
