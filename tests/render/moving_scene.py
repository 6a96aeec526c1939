"""A tiny scene in Blender whose every surface is known by arithmetic: a wall, a cube that tumbles, a ball, an arm that bends."""

from dataclasses import dataclass

import bpy
import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from generator.camera import Lens
from generator.frame import Track
from generator.motion.pose import OPENCV_FROM_BODY
from generator.render import scenes
from generator.render.labels import Instant, Mesh, Scan
from generator.render.motion import Motion
from generator.render.profile import Profile
from generator.world.actor import Part, Placement, StaticActor
from generator.world.stage import Stage, set_lens

Array = NDArray[np.float64]

FPS = 15.0
CUBE, BALL, ARM = 1, 2, 3
HALF, RADIUS = 0.35, 0.3
WALL_Y = 5.0
_RINGS, _ROUND, _LONG, _THICK = 60, 24, 0.9, 0.07


def pose(turn: Rotation, place: Array) -> Array:
    found = np.eye(4)
    found[:3, :3], found[:3, 3] = turn.as_matrix(), place
    return found


def camera_at(t: float, moves: bool, pitch: float = 0.0) -> Array:
    """A head that walks, turns and shakes; ``pitch`` radians further down."""
    if pitch:
        return camera_at(t, moves) @ pose(Rotation.from_euler("x", -pitch), np.zeros(3))
    if not moves:
        return pose(Rotation.from_matrix(OPENCV_FROM_BODY), np.array([0.0, 0.0, 1.5]))
    shake = 0.012 * np.sin(2 * np.pi * 6 * t)
    turn = Rotation.from_euler("zxy", [0.9 * t, 0.25 * np.sin(5 * t) + shake, 0.3 * t])
    place = np.array([0.25 * np.sin(3 * t), 1.3 * t, 1.5 + 0.03 * np.sin(2 * np.pi * 2 * t)])
    return pose(turn * Rotation.from_matrix(OPENCV_FROM_BODY), place)


def cube_at(t: float) -> Array:
    return pose(Rotation.from_rotvec(np.array([0.9, 1.6, 0.8]) * t), np.array([-0.8 + 2.0 * t, 3.0, 1.2 + 0.8 * t]))


def ball_at(t: float) -> Array:
    return pose(Rotation.identity(), np.array([0.9 - 1.2 * t, 2.6, 1.9 - 4.9 * t * t]))


def arm_at(t: float) -> Array:
    """(n, 3) a tube that bends in an arc, as skin over a joint does."""
    along, around = np.meshgrid(np.linspace(0, 1, _RINGS), np.arange(_ROUND) * 2 * np.pi / _ROUND, indexing="ij")
    bend = 0.6 + 0.5 * np.sin(6 * t)
    angle = bend * along
    middle = _LONG / bend * np.stack([np.sin(angle), np.zeros_like(angle), 1 - np.cos(angle)], -1)
    out = np.stack([-np.sin(angle), np.zeros_like(angle), np.cos(angle)], -1)
    side = np.array([0.0, 1.0, 0.0])
    ring = _THICK * (np.cos(around)[..., None] * out + np.sin(around)[..., None] * side)
    return np.asarray((middle + ring).reshape(-1, 3) + np.array([-0.6, 1.7, 0.95]))


def _mesh(name: str, vertices: Array, faces: list[tuple[int, ...]]) -> bpy.types.Object:
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(vertices.tolist(), [], faces)
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    mesh.materials.append(material)
    return bpy.data.objects.new(name, mesh)


def _cube() -> tuple[Array, list[tuple[int, ...]]]:
    corners = HALF * np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], float)
    return corners, [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]


def _ball() -> tuple[Array, list[tuple[int, ...]]]:
    n, m = 48, 64
    theta, phi = np.meshgrid(np.linspace(0, np.pi, n), np.arange(m) * 2 * np.pi / m, indexing="ij")
    points = RADIUS * np.stack([np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), np.cos(theta)], -1)
    return points.reshape(-1, 3), _quads(n, m)


def _quads(n: int, m: int) -> list[tuple[int, ...]]:
    return [
        (i * m + j, i * m + (j + 1) % m, (i + 1) * m + (j + 1) % m, (i + 1) * m + j)
        for i in range(n - 1)
        for j in range(m)
    ]


@dataclass(frozen=True)
class _Actor:
    parts: tuple[Part, ...]
    tracks: tuple[Track, ...]


@dataclass
class MovingScene:
    """The scene with a camera; times are seconds."""

    lens: Lens
    readout_s: float
    moves: bool
    pitch: float = 0.0

    def __post_init__(self) -> None:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        collection, pictured = bpy.data.collections.new("seen"), bpy.data.collections.new("pictured")
        things = [_mesh("cube", *_cube()), _mesh("ball", *_ball()), _mesh("arm", arm_at(0.0), _quads(_RINGS, _ROUND))]
        far = 60.0
        corners = np.array([[-far, WALL_Y, -far], [far, WALL_Y, -far], [far, WALL_Y, far], [-far, WALL_Y, far]])
        wall = _mesh("wall", corners, [(0, 1, 2, 3)])
        things[BALL - 1].data.polygons.foreach_set("use_smooth", np.ones(len(things[BALL - 1].data.polygons), bool))
        for thing in (*things, wall):
            collection.objects.link(thing)
        parts = tuple(Part(thing, track, deforming=track == ARM) for track, thing in enumerate(things, 1))
        tracks = tuple(Track(track, "clutter") for track in (CUBE, BALL, ARM))
        data = bpy.data.cameras.new("camera")
        set_lens(data, self.lens)
        camera = bpy.data.objects.new("camera", data)
        pictured.objects.link(camera)
        still = StaticActor((Part(wall, 0),), (), (Placement(np.eye(4)),))
        self.stage = Stage(collection, pictured, camera, bpy.data.worlds.new("w"), (_Actor(parts, tracks),), (still,))
        self.motion = Motion(self.stage)
        self.labels = scenes.label_scene(self.stage, self.lens.width, self.lens.height)
        self.meshes: list[Mesh | None] = []
        for part in self.stage.parts:
            mesh = part.object.data
            mesh.calc_loop_triangles()
            triangles = np.array([triangle.vertices[:] for triangle in mesh.loop_triangles], np.int32)
            self.meshes.append(Mesh(np.array([v.co[:] for v in mesh.vertices], float), triangles))

    def placements(self, t: float) -> tuple[Placement, ...]:
        return (Placement(cube_at(t)), Placement(ball_at(t)), Placement(np.eye(4), vertices=arm_at(t)))

    def instant(self, t: float) -> Instant:
        return Instant(t, camera_at(t, self.moves, self.pitch), self.placements(t))

    def scan(self, t: float, exposure: float = 0.0) -> Scan:
        half = 0.5 * (self.readout_s + exposure)
        return Scan((self.instant(t - half), self.instant(t), self.instant(t + half)))

    def glow(self, track: int) -> bpy.types.Scene:
        """A picture scene in which one thing glows and nothing else."""
        for number, part in enumerate(self.stage.parts, 1):
            nodes, links = part.object.data.materials[0].node_tree.nodes, part.object.data.materials[0].node_tree.links
            light = nodes.new("ShaderNodeEmission")
            light.inputs["Strength"].default_value = float(number == track)
            links.new(
                light.outputs[0], next(node for node in nodes if node.type == "OUTPUT_MATERIAL").inputs["Surface"]
            )
        self.stage.world.use_nodes = True
        self.stage.world.node_tree.nodes["Background"].inputs["Strength"].default_value = 0.0
        scene = scenes.picture_scene(self.stage, self.lens.width, self.lens.height)
        scenes.set_quality(scene, Profile(name="fine", samples=64, bounces=0, denoise=False))
        return scene

    def time_of(self, row: Array, t: float) -> Array:
        """When heights in the picture are read, as Cycles has it."""
        return np.asarray(t + 0.5 * self.readout_s * (2 * (row + 0.5) / self.lens.height - 1))
