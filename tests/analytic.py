"""A renderer without Blender: a room of planes with spheres in it, every label known by arithmetic."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from generator.camera import Pinhole, to_camera
from generator.frame import NEAR_VIEW, Exposures, Frame, Meter, ObjectTruth, Track
from generator.motion.flash import exposed_flash
from generator.motion.timeline import BodyMeasures, Moment, Timeline
from generator.scenario.spec import ClipSpec
from generator.scenario.things import THINGS
from generator.tracks import TRACK_FLASH, TRACK_HAND_LEFT, TRACK_HAND_RIGHT, TRACK_THING, TRACKS_PEOPLE

FAR = 1e6


@dataclass(frozen=True)
class Ball:
    """A sphere that turns with its matrix."""

    track: Track
    radius: float
    colour: tuple[float, float, float]


class AnalyticRendering:
    """One clip."""

    def __init__(self, spec: ClipSpec, timeline: Timeline) -> None:
        self.spec, self.timeline = spec, timeline
        width, height = spec.clip.size
        self.camera = Pinhole.from_field_of_view(width, height, spec.device.lens.field_of_view)
        self.render_s = 0.0
        kind = THINGS[spec.weapon.kind].category if spec.weapon else "torch"
        self._balls = [
            Ball(Track(TRACK_THING, kind), 0.07, (0.1, 0.1, 0.1)),
            Ball(Track(TRACK_HAND_LEFT, "hand_left", keypoints=("wrist",)), 0.05, (0.5, 0.3, 0.2)),
            Ball(Track(TRACK_HAND_RIGHT, "hand_right", keypoints=("wrist",)), 0.05, (0.5, 0.3, 0.2)),
            Ball(Track(TRACK_FLASH, "muzzle_flash"), 0.06, (40.0, 30.0, 10.0)),
        ]
        for index, person in enumerate(spec.people):
            track = Track(TRACKS_PEOPLE + index, "role_player", person.role, ("head",))
            self._balls.append(Ball(track, 0.35, (0.2, 0.3, 0.6)))
        self.tracks = tuple(ball.track for ball in self._balls)

    readout_s = 0.0

    def __enter__(self) -> "AnalyticRendering":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def provenance(self) -> dict[str, str]:
        return {"renderer": "analytic"}

    def meter(self) -> Meter:
        times = np.arange(0, self.timeline.duration + 0.5, 0.5)
        small = Pinhole.from_field_of_view(16, 10, self.spec.device.lens.field_of_view)
        return Meter(times, np.stack([self._look(float(t), 0.0, small)[0] for t in times]).astype(np.float32))

    def frames(
        self, exposures: Exposures, report: Callable[[float], None], wanted: Sequence[int] | None = None
    ) -> Iterator[Frame]:
        for index in range(self.spec.n_frames) if wanted is None else wanted:
            t = (index + 0.5) / self.spec.clip.fps
            flash = exposed_flash(self.timeline, t, float(exposures.exposure_s[index]))[0]
            radiance, instance, depth = self._look(t, flash, self.camera)
            normal = self._normal(t, instance, depth)
            forward = self._flow(t, t + 1 / self.spec.clip.fps, instance, depth)
            backward = self._flow(t, t - 1 / self.spec.clip.fps, instance, depth)
            report(index + 1.0)
            yield Frame(
                index=index, t=t, T_world_camera=self.timeline.at(t).T_world_camera, radiance=radiance, instance=instance,
                depth=depth, flow_forward=forward, flow_backward=backward, normal=normal,
                objects=tuple(self._truths(t, flash, instance)),
            )  # fmt: skip

    def _matrix(self, track: int, moment: Moment) -> Any:
        matrix = np.eye(4)
        thing = moment.T_world_thing
        if track >= TRACKS_PEOPLE:
            matrix = moment.people[track - TRACKS_PEOPLE].T_world_root.copy()
            matrix[2, 3] = 1.3
            return matrix
        offset = {
            TRACK_THING: (0, 0.12, 0), TRACK_HAND_LEFT: (-0.02, 0.2, -0.06), TRACK_HAND_RIGHT: (0, 0, -0.05),
            TRACK_FLASH: (0, 0.35, 0.02),
        }[track]  # fmt: skip
        matrix = thing.copy()
        matrix[:3, 3] += thing[:3, :3] @ np.array(offset, float)
        return matrix

    def _look(self, t: float, flash: float, camera: Pinhole) -> tuple[Any, Any, Any]:
        """Radiance, instance and depth by intersecting rays with planes and spheres."""
        moment = self.timeline.at(t)
        origin = moment.T_world_camera[:3, 3]
        rays = camera.rays() @ moment.T_world_camera[:3, :3].T
        depth = self._room(origin, rays)
        point = origin + rays * depth[..., None]
        check = (np.floor(point * 2.0).sum(-1) % 2)[..., None]
        radiance = np.where(check > 0, 0.9, 0.5) * np.ones(3)
        instance = np.zeros(depth.shape, np.uint16)
        for ball in self._balls:
            if ball.track.track_id == TRACK_FLASH and flash == 0:
                continue
            hit = self._sphere(origin, rays, self._matrix(ball.track.track_id, moment)[:3, 3], ball.radius)
            nearer = hit < depth
            depth = np.where(nearer, hit, depth)
            instance[nearer] = ball.track.track_id
            radiance[nearer] = ball.colour
        return radiance.astype(np.float32), instance, depth.astype(np.float32)

    def _room(self, origin: Any, rays: Any) -> Any:
        room = self.spec.environment
        low, high = np.array([0, -3.0, 0]), np.array([room.width, room.length, room.height])
        with np.errstate(divide="ignore"):
            far = np.where(rays > 0, (high - origin) / rays, (low - origin) / rays)
        return np.where(np.isfinite(far), far, FAR).min(-1)

    @staticmethod
    def _sphere(origin: Any, rays: Any, centre: Any, radius: float) -> Any:
        to = centre - origin
        along = rays @ to
        inside = radius**2 - (to @ to - along**2)
        near = along - np.sqrt(np.maximum(inside, 0))
        return np.where((inside > 0) & (near > 0), near, FAR)

    def _normal(self, t: float, instance: Any, depth: Any) -> Any:
        """Of the room's nearest plane or the sphere, in camera axes."""
        moment, room = self.timeline.at(t), self.spec.environment
        points = self.camera.unproject(depth) @ moment.T_world_camera[:3, :3].T + moment.T_world_camera[:3, 3]
        sides = np.stack(
            [points - np.array([0, -3.0, 0]), np.array([room.width, room.length, room.height]) - points], -2
        )
        nearest = np.abs(sides.reshape(*depth.shape, 6)).argmin(-1)
        normal = np.concatenate([np.eye(3), -np.eye(3)])[nearest]
        for ball in self._balls:
            mask = instance == ball.track.track_id
            normal[mask] = (points[mask] - self._matrix(ball.track.track_id, moment)[:3, 3]) / ball.radius
        normal[instance == TRACK_FLASH] = 0.0
        return (normal @ moment.T_world_camera[:3, :3]).astype(np.float32)

    def _flow(self, t: float, other: float, instance: Any, depth: Any) -> Any:
        now, then = self.timeline.at(t), self.timeline.at(other)
        points = self.camera.unproject(depth) @ now.T_world_camera[:3, :3].T + now.T_world_camera[:3, 3]
        for ball in self._balls:
            number = ball.track.track_id
            mask = instance == number
            before, after = self._matrix(number, now), self._matrix(number, then)
            local = (points[mask] - before[:3, 3]) @ before[:3, :3]
            points[mask] = local @ after[:3, :3].T + after[:3, 3]
        ahead = to_camera(points, then.T_world_camera)
        height, width = depth.shape
        y, x = np.mgrid[0:height, 0:width] + 0.5
        flow = self.camera.project(ahead) - np.stack([x, y], -1)
        flow[(ahead[..., 2] <= 0) | (instance == TRACK_FLASH)] = np.nan
        return flow.astype(np.float32)

    @staticmethod
    def _facing(matrix: Any, radius: float, moment: Moment) -> Any:
        """The point a centimetre under the surface, where a sphere faces the camera."""
        to = moment.T_world_camera[:3, 3] - matrix[:3, 3]
        return matrix[:3, 3] + to / np.linalg.norm(to) * (radius - 0.01)

    def _truths(self, t: float, flash: float, instance: Any) -> Iterator[ObjectTruth]:
        moment = self.timeline.at(t)
        camera = self.camera
        pad_x, pad_y = round(NEAR_VIEW * camera.width), round(NEAR_VIEW * camera.height)
        wide = Pinhole(
            camera.width + 2 * pad_x,
            camera.height + 2 * pad_y,
            camera.fx,
            camera.fy,
            camera.cx + pad_x,
            camera.cy + pad_y,
        )
        rays = wide.rays() @ moment.T_world_camera[:3, :3].T
        for ball in self._balls:
            if ball.track.track_id == TRACK_FLASH and flash == 0:
                continue
            matrix = self._matrix(ball.track.track_id, moment)
            mask = self._sphere(moment.T_world_camera[:3, 3], rays, matrix[:3, 3], ball.radius) < FAR
            rows, columns = np.nonzero(mask)
            if not len(rows):
                continue
            within = mask[pad_y : pad_y + camera.height, pad_x : pad_x + camera.width]
            inside, over = int(within.sum()), instance[within & (instance != ball.track.track_id)]
            x, y = columns.min() - pad_x, rows.min() - pad_y
            box = (float(x), float(y), float(columns.max() - pad_x + 1 - x), float(rows.max() - pad_y + 1 - y))
            yield ObjectTruth(
                track_id=ball.track.track_id,
                T_world_object=matrix,
                amodal_box=box if inside else None,
                amodal_px=inside,
                percent_in_frame=inside / len(rows),
                occluder=int(np.bincount(over).argmax()) if len(over) else None,
                keypoints=self._facing(matrix, ball.radius, moment)[None] if ball.track.keypoints else None,
            )


class AnalyticRenderer:
    """Makes analytic renderings."""

    def measures(self, spec: ClipSpec) -> BodyMeasures:
        return BodyMeasures.nominal()

    def open(self, spec: ClipSpec, timeline: Timeline, quality: str) -> AnalyticRendering:
        return AnalyticRendering(spec, timeline)
