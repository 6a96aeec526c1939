"""The training carbine: outside shapes of the ``modellab`` pack, baked once into the cache, in our own materials."""

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.assets import digests, pack_path
from generator.motion.ports import PORTS
from generator.paths import cache_root
from generator.scenario.spec import Finish
from generator.world.beam import ahead, beam
from generator.world.gun_parts import rest_for_palm
from generator.world.props import Marks, Moving, Piece, Prop, Travel, assemble, looks, shifted, unit, vector
from generator.world.surface import SLOTS, Shape, Slot, joined, material, mesh_object, wear_image

Array = NDArray[np.float64]
Variant = Literal["dot", "irons", "holo", "rifle", "short", "prism", "magnifier"]

BAKE_FORMAT = 3
"""Raised when the bake changes, so that older cache files are left alone."""

BOLT_TRAVEL = 0.084
CHARGING_TRAVEL = 0.075
TRIGGER_TRAVEL = 0.007

_WEB = (0.0, -15.2, -5.0)
"""The web of the hand in the pack's frame (cm, x left, y forward, z up, bore at 0): top of the grip's back."""

_HINGE = (0.0, -6.95, -4.2)
_PALM = 12.5
"""Where the support hand lies along the handguard; cm, pack's frame."""

_FORE_GRIP = {"item": "vertical_grip", "slot": "front"}  # the palm lies behind it
_HELD = (0.0, -1.3, -14.2)
"""Middle of the part of the magazine below its well, where a hand takes it; cm, pack's frame."""

_BUILDS: dict[Variant, dict[str, Any]] = {
    "dot": {"handguard": "quad_rail", "attachments": ["red_dot", "weapon_light"]},
    "irons": {"handguard": "round", "attachments": ["flip_rear"]},
    "holo": {
        "handguard": "mlok", "gas": "mid", "front_sight": "flip", "stock": "side_tubes", "grip": "flared",
        "magazine_type": "polymer", "attachments": ["holo", "flip_front", _FORE_GRIP],
    },
    "rifle": {"handguard": "round", "upper": "carry_handle", "stock": "a2", "barrel_in": 16.0, "magazine": 20, "attachments": []},
    "short": {
        "handguard": "mlok", "handguard_in": 7.6, "barrel_in": 10.5, "front_sight": "flip", "stock_pos": 1, "grip": "flared",
        "magazine_type": "polymer", "attachments": ["red_dot", "flip_rear", "flip_front", "weapon_light"],
    },
    "prism": {"handguard": "quad_rail", "stock": "side_tubes", "attachments": ["prism_4x", "weapon_light", _FORE_GRIP]},
    "magnifier": {
        "handguard": "mlok", "gas": "mid", "front_sight": "flip", "barrel_in": 16.0, "magazine_type": "polymer",
        "attachments": ["holo", "magnifier", "weapon_light"],
    },
}  # fmt: skip
_COMMON: dict[str, Any] = {
    "barrel_in": 14.5, "gas": "carbine", "front_sight": "a2", "upper": "flattop", "stock": "carbine", "stock_pos": 3,
    "magazine": 30, "muzzle": "a2_birdcage", "grip_texture": "none", "rear_sight": "flip",
}  # fmt: skip
_SHARES: dict[Variant, float] = {
    "dot": 0.24, "irons": 0.20, "holo": 0.14, "rifle": 0.10, "short": 0.12, "prism": 0.10, "magnifier": 0.10,
}  # fmt: skip
"""How often each is drawn; chosen."""

_LINES: dict[Variant, tuple[float, float]] = {
    "dot": (-6.0, 6.35), "irons": (-14.0, 6.35), "holo": (-6.0, 6.35), "rifle": (-14.6, 6.35), "short": (-6.0, 6.35),
    "prism": (-16.0, 5.78), "magnifier": (-16.0, 6.35),
}  # fmt: skip
"""(y, z) of the line of sight behind the rear sight or optic; cm, pack's frame."""

_BONES: dict[str, Moving] = {
    "Bolt": "action",
    "Trigger": "trigger",
    "Magazine": "magazine",
    "ChargingHandle": "charging",
}
_UNSEEN = ("MagRound", "Cap_Front", "Cap_Rear")
"""Bones that are left out: a training magazine is empty, and the lens caps are off."""

_SURFACES: dict[str, Slot] = {
    "Furniture": "polymer", "Rubber": "rubber", "Magazine": "accent", "Handguard": "steel", "Glass": "lens",
    "Lens": "lens",
}  # fmt: skip


def _metres(point: tuple[float, float, float]) -> Array:
    """A point of the pack's frame (cm, x left) in the thing frame."""
    return np.array([-(point[0] - _WEB[0]), point[1] - _WEB[1], point[2] - _WEB[2]]) / 100


@contextmanager
def _pack_modules() -> Iterator[tuple[Any, Any, Any]]:
    """The pack's modules, importable only inside."""
    folder = str(pack_path("modellab") / "modellab_mcp" / "blender")
    before = set(sys.modules)
    sys.path.insert(0, folder)
    try:
        parts, gun, attach = (import_module(f"modellab_{name}") for name in ("parts", "ar15", "attach"))
        yield parts, gun, attach
    finally:
        sys.path.remove(folder)
        for name in set(sys.modules) - before:
            if name.startswith("modellab_"):
                del sys.modules[name]


@contextmanager
def _scratch_scene() -> Iterator[None]:
    """A scene of its own for the pack's operators; everything made in it goes with it."""
    kinds = (bpy.data.objects, bpy.data.meshes, bpy.data.materials)
    before = [set(kind) for kind in kinds]
    window = bpy.context.window_manager.windows[0]
    shown, scene = window.scene, bpy.data.scenes.new("bake")
    window.scene = scene  # operators look at the window's scene, whatever the context is overridden with
    try:
        yield
    finally:
        window.scene = shown
        for kind, kept in zip(kinds, before, strict=True):
            for block in set(kind) - kept:
                kind.remove(block)
        bpy.data.scenes.remove(scene)


_SHARP = (
    "HG_Tooth",
    "Rail_Tooth",
    "Magazine_Rib",
    "Clamp",
    "Pin",
    "FSB_Wing",
    "FSB_Lug",
    "Buffer_Tube_Key",
    "BoltCatch_Pin",
)
"""Small and many: their chamfers would take a quarter of all triangles and show in no picture."""

_COARSE = ("Stock_Tube", "Charging_Hub")
"""Lofts that are round enough as they are drawn."""


def _lean_kit(parts: Any) -> Any:
    """The pack's kit with one chamfer to an edge instead of two, and none where none is seen."""

    def keep(self: Any, ob: Any, name: str, mat: str, bone: str, bevel: float) -> Any:
        made = parts.Kit._keep(self, ob, name, mat, bone, 0.0)
        if bevel > 0 and not name.startswith(_SHARP):
            edge = made.modifiers.new("bevel", "BEVEL")
            edge.width, edge.segments, edge.limit_method = bevel / 100, 1, "ANGLE"
            edge.angle_limit = np.radians(35)
            parts.apply_mods(made)
        return made

    def loft(self: Any, name: str, rings: Any, *args: Any, subdiv: int = 0, **how: Any) -> Any:
        # The fore-grip and the pistol grip share a name; the fore-grip has fewer rings and is round.
        coarse = name.startswith(_COARSE) or (name == "Grip" and len(rings) < 8)
        return parts.Kit.loft(self, name, rings, *args, subdiv=0 if coarse else subdiv, **how)

    def texture(self: Any, name: str, on: Any, *args: Any, **how: Any) -> None:
        """Stipple is in our own materials."""

    return type("LeanKit", (parts.Kit,), {"_keep": keep, "loft": loft, "texture": texture})


def _kits(variant: Variant) -> Iterator[tuple[Any, Array]]:
    """The pack's kits, each with the matrix from its Blender frame (metres, y back) to that of the whole gun."""
    from mathutils import Matrix

    with _pack_modules() as (parts, gun, attach):
        parameters = {**_COMMON, **_BUILDS[variant]}
        lean = _lean_kit(parts)
        kit = lean(gun.materials(parameters))
        _, _, _, measures, _ = gun.build(kit, parameters)
        yield kit, np.eye(4)
        mounts, problems = attach.resolve(attach.entries(parameters["attachments"], parameters), measures["rails"])
        assert not problems, problems
        for mount in mounts:
            extra = lean.like(kit)
            attach.build(extra, mount, measures["sight_z"] - mount["surface"] - 0.01)
            at, turn = attach.socket(mount)
            yield extra, np.array(Matrix.Translation(parts.g(*at)) @ Matrix.Rotation(np.radians(turn), 4, "Y"))


def _slot(material_name: str, name: str) -> Slot:
    if name.startswith(("Muzzle", "Magazine")):
        return "accent"
    if name.startswith("Bolt_"):
        return "bright"
    if name.startswith("Buffer_Tube_Hole"):
        return "hole"
    if name == "Grip":
        return "grip"
    return _SURFACES.get(material_name.split(".", maxsplit=1)[0], "steel")


def _shape(ob: bpy.types.Object, frame: Array, slot: Slot) -> Shape:
    """An object of the pack in the thing frame, which is the pack's Blender frame turned half about z."""
    mesh = ob.data
    vertices = np.empty((len(mesh.vertices), 3))
    mesh.vertices.foreach_get("co", vertices.ravel())
    world = frame @ np.array(ob.matrix_basis)
    vertices = vertices @ world[:3, :3].T + world[:3, 3]
    if ob.name.startswith("DustCover_"):
        # The cover hangs open below its hinge, as it does from the first shot on.
        vertices = np.array([-2 * 0.0141, 0, -2 * 0.006]) + vertices * (-1, 1, -1)
    vertices = vertices * (-1, -1, 1) - np.array([-_WEB[0], _WEB[1], _WEB[2]]) / 100
    corners = np.empty(len(mesh.loops), np.int32)
    mesh.loops.foreach_get("vertex_index", corners)
    sizes = np.array([len(face.vertices) for face in mesh.polygons], np.int32)
    starts = np.cumsum(sizes) - sizes
    # Cuts leave faces shrunk to a point; they have no normal and no edges to wear.
    spread = np.maximum.reduceat(vertices[corners], starts) - np.minimum.reduceat(vertices[corners], starts)
    real = spread.max(1) > 1e-7
    corners, sizes = corners[np.repeat(real, sizes)], sizes[real]
    return Shape(vertices, corners, sizes, np.full(len(sizes), SLOTS.index(slot), np.int32))


def _bake(variant: Variant) -> dict[Moving, Shape]:
    """Shapes of the moving parts in the thing frame."""
    found: dict[Moving, list[Shape]] = {}
    with _scratch_scene():
        for kit, frame in _kits(variant):
            for bone, objects in kit.parts.items():
                for ob in objects:
                    slot = _slot(ob.data.materials[0].name, ob.name)
                    # Glass that one looks through is left out; a weapon light's lens, of all kits with a switch, is not.
                    see_through = ob.name.startswith(("Lens", "Window")) and "Switch" not in kit.named
                    if bone in _UNSEEN or see_through or ob.name.startswith(("DustCover_Rod", "DustCover_Clip")):
                        continue
                    found.setdefault(_BONES.get(bone, "body"), []).append(_shape(ob, frame, slot))
    return {moving: joined(shapes) for moving, shapes in found.items()}


def _cached(variant: Variant) -> Mapping[Moving, Shape]:
    """The bake, from the cache where it is there."""
    key = digests(["modellab"])["modellab"][:12]
    path = cache_root() / "baked" / f"carbine-{variant}-{key}-{BAKE_FORMAT}.npz"
    if not path.is_file():
        _store(path, _bake(variant))
    with np.load(path) as arrays:
        names: list[Moving] = ["body", "action", "trigger", "charging", "magazine"]
        return {
            name: Shape(*(arrays[f"{name}_{part}"] for part in ("vertices", "corners", "sizes", "slots")))
            for name in names
        }


def _store(path: Path, shapes: Mapping[Moving, Shape]) -> None:
    """Writes beside the file, then renames: readers see all or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = {
        f"{name}_{part}": getattr(shape, part)
        for name, shape in shapes.items()
        for part in ("vertices", "corners", "sizes", "slots")
    }
    descriptor, temporary = tempfile.mkstemp(suffix=".npz", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            np.savez(handle, **arrays)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _marks(variant: Variant, body: Shape) -> Marks:
    """Marks of a variant; ends and the palm's place are taken from its shape."""
    rake = np.radians(27.0)
    y = body.vertices[:, 1]
    pad = body.vertices[y < y.min() + 0.004]
    return Marks(
        muzzle=vector(0.0, float(y.max()), float(_metres((0.0, 0.0, 0.0))[2])),
        grip=_metres((0.0, -14.65, -8.6)),
        grip_axis=unit(0.0, -np.sin(rake), -np.cos(rake)),
        trigger=_metres((0.0, -6.95, -6.2)),
        support=rest_for_palm(body, float(_metres((0.0, _PALM, 0.0))[1])),
        support_normal=vector(0.0, 0.0, -1.0),
        sights=_metres((0.0, *_LINES[variant])),
        rack=_metres((1.55, -16.2, 2.0)),
        butt=vector(0.0, float(y.min()), float(pad[:, 2].min() + pad[:, 2].max()) / 2),
        port=PORTS["training_carbine"].marks,
    )


_SWITCHED_ON = 0.4
"""Share of carbines with a weapon light whose wearer uses it; chosen."""


def _light(body: Shape, rng: np.random.Generator, collection: bpy.types.Collection) -> list[Piece]:
    """The weapon light's beam from its lens, on while the carbine is raised: a thumb on its switch; 500 to 1000 lumens."""
    glass = body.slots == SLOTS.index("lens")
    if not glass.any() or rng.random() > _SWITCHED_ON:
        return []
    lens = body.vertices[body.corners[np.repeat(glass, body.sizes)]]
    middle = 0.5 * (lens.min(0) + lens.max(0)) + np.array([0.0, 0.004, 0.0])
    lamp = beam("weapon_light", float(rng.uniform(500, 1000)), (0.97, 1.0, 1.05), collection)
    return [Piece("raised", lamp, ahead(middle))]


def draw_variant(rng: np.random.Generator) -> Variant:
    """Which carbine it is."""
    names = list(_SHARES)
    return names[int(rng.choice(len(names), p=list(_SHARES.values())))]


def build_carbine(finish: Finish, rng: np.random.Generator, collection: bpy.types.Collection) -> Prop:
    """The training carbine in one of its variants: body, bolt, trigger, charging handle, magazine.

    Raises:
        UserError: the asset pack ``modellab`` is not in the cache.
    """
    variant = draw_variant(rng)
    picture = wear_image(rng)
    coats = {slot: material(f"carbine_{slot}", look, picture) for slot, look in looks(finish, rng).items()}
    rests = {"trigger": shifted(_metres(_HINGE)), "magazine": shifted(_metres(_HELD))}
    shapes = _cached(variant)
    pieces = []
    for moving, shape in shapes.items():
        rest = rests.get(moving, np.eye(4))
        local = shape.moved(-rest[:3, 3])
        pieces.append(Piece(moving, mesh_object(f"carbine_{moving}", local, coats, collection), rest, local))
    pieces += _light(shapes["body"], rng, collection)
    travel = Travel(BOLT_TRAVEL, TRIGGER_TRAVEL, charging=CHARGING_TRAVEL)
    return assemble("training_carbine", pieces, _marks(variant, shapes["body"]), travel, 0.021)
