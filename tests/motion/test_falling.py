"""What falls obeys energy, floor and walls, and is a pure function of time."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from generator.motion.build import build_timeline
from generator.motion.casings import drops, ejections, landings, magazine_landings
from generator.motion.falling import FLOORS, GRAVITY, Body, Flight, Room, fall, turned
from generator.motion.handling import PUMP_DELAY, PUMP_SECONDS
from generator.motion.ports import PORTS, SEATS
from tests.specs import corridor_spec

Array = NDArray[np.float64]
BODIES = {
    "short case": Body((0.0049, 0.0095, 0.0049), True),
    "long case": Body((0.0048, 0.0220, 0.0048), True),
    "hull": Body((0.0100, 0.0300, 0.0100), True),
    "magazine": Body((0.0156, 0.0300, 0.0659)),
}
WIDTH = 1.7


def _flight(name: str, seed: int, width: float = WIDTH) -> tuple[Flight, Body, Array, Array]:
    rng = np.random.default_rng(seed)
    frame = np.eye(4)
    frame[:3, :3] = turned(rng.normal(0, 1, 3))
    frame[:3, 3] = rng.uniform((0.15, 0, 0.8), (WIDTH - 0.15, 1, 1.5))
    velocity = rng.normal(0, 1.3, 3)
    spin = rng.normal(0, 120.0 if BODIES[name].round else 4.0, 3)
    floor = list(FLOORS.values())[seed % len(FLOORS)]
    return fall(BODIES[name], Room(width, floor), 0.25, frame, velocity, spin), BODIES[name], velocity, frame


def _energy(flight: Flight, body: Body, t: float) -> float:
    """J/kg, from poses alone."""
    h = 1e-5
    before, here, after = (flight.at(t + d) for d in (-h, 0.0, h))
    velocity = (after - before)[:3, 3] / (2 * h)
    turn = after[:3, :3] @ before[:3, :3].T
    sine = 0.5 * np.array([turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]]) / (2 * h)
    kinetic = 0.5 * float(velocity @ velocity) + 0.5 * body.inertia * float(sine @ sine)
    return kinetic + GRAVITY * float(here[2, 3])


def _corners(body: Body) -> Array:
    """(n, 3) points of the surface that reach furthest."""
    if not body.round:
        return np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) * body.half
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    ring = np.column_stack([np.cos(turn), np.zeros(48), np.sin(turn)]) * body.half[0]
    return np.concatenate([ring + (0, y, 0) for y in (-body.half[1], body.half[1])])


def _times(flight: Flight, step: float) -> Iterator[float]:
    return (float(t) for t in np.arange(flight.start, flight.end + 0.1, step))


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("seed", range(6))
def test_energy_never_grows(name: str, seed: int) -> None:
    flight, body, *_ = _flight(name, seed)
    clear = [
        t
        for t in _times(flight, 0.0043)
        if min(abs(t - i.t) for i in flight.impacts) > 5e-5 and t > flight.start + 5e-5
    ]
    energy = np.array([_energy(flight, body, t) for t in clear])
    assert np.diff(energy).max() < 6e-3, "J/kg: what half a millimetre of height is worth"
    assert energy[-1] < 0.2 * energy[0]


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("seed", range(6))
def test_it_stays_above_the_floor_and_between_the_walls(name: str, seed: int) -> None:
    flight, body, *_ = _flight(name, seed)
    corners = _corners(body)
    for t in _times(flight, 0.0021):
        frame = flight.at(t)
        points = corners @ frame[:3, :3].T + frame[:3, 3]
        assert points[:, 2].min() > -1e-4
        assert points[:, 0].min() > -1e-4 and points[:, 0].max() < WIDTH + 1e-4
        assert np.allclose(frame[:3, :3] @ frame[:3, :3].T, np.eye(3), atol=1e-9)


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("seed", range(6))
def test_in_the_end_it_lies_flat_and_still(name: str, seed: int) -> None:
    flight, body, *_ = _flight(name, seed)
    last = flight.at(flight.end)
    assert np.allclose(last, flight.at(flight.end + 60), atol=1e-9)
    assert last[2, 3] == pytest.approx(body.flat, abs=1e-6)
    flat = abs(last[2, 1]) if body.round else 1 - abs(last[2, int(np.argmin(body.half))])
    assert flat < 1e-5, "a case lies along the floor, a box on its largest side"
    assert flight.end < flight.start + 6


@given(seed=st.integers(0, 40), name=st.sampled_from(sorted(BODIES)))
@settings(max_examples=12, deadline=None, derandomize=True)
def test_it_is_a_pure_function_of_time_without_jumps(seed: int, name: str) -> None:
    flight, _, velocity, frame = _flight(name, seed)
    again, *_ = _flight(name, seed)
    times = np.array(list(_times(flight, 0.001)))
    forward = np.array([flight.at(float(t)) for t in times])
    shuffled = np.random.default_rng(seed).permutation(len(times))
    for k in shuffled[:200]:
        assert np.array_equal(again.at(float(times[k])), forward[k])
    fastest = np.sqrt(2 * (_energy(flight, BODIES[name], flight.start + 1e-4) + 0.1))
    assert np.linalg.norm(np.diff(forward[:, :3, 3], axis=0), axis=1).max() < fastest * 0.001
    assert np.allclose(flight.at(flight.start), frame) and np.allclose(flight.at(-1.0), frame)
    assert np.isfinite(velocity).all()


def test_without_walls_it_follows_the_parabola_until_its_first_bounce() -> None:
    flight, _, velocity, frame = _flight("long case", 3, np.inf)
    first = flight.impacts[0].t
    assert first > flight.start + 0.2
    for t in np.linspace(flight.start, first, 50):
        s = float(t) - flight.start
        expected = frame[:3, 3] + velocity * s - (0, 0, 0.5 * GRAVITY * s * s)
        assert np.allclose(flight.at(float(t))[:3, 3], expected, atol=1e-12)


def test_rubber_stops_a_case_sooner_than_concrete() -> None:
    def lasting(floor: str) -> float:
        frame = np.eye(4)
        frame[2, 3] = 1.2
        return fall(BODIES["short case"], Room(np.inf, FLOORS[floor]), 0.0, frame, (1.0, 0, 0), (0, 5, 90)).end

    assert lasting("rubber") < lasting("concrete")


FIRE = [
    {"do": "aim", "at": "ahead", "for": 0.2, "raise_time": 0.3},
    {"do": "fire", "shots": 3, "interval": 0.6, "pause": 0.7},
    {"do": "reload", "for": 2.0},
]


@pytest.mark.parametrize("kind", PORTS)
def test_every_live_shot_throws_a_case_to_the_right_of_the_port(kind: str) -> None:
    spec = corridor_spec(weapon__kind=kind, weapon__behaviour=FIRE, clip__duration=5.0)
    timeline = build_timeline(spec)
    flights = ejections(spec, timeline)
    shots = [shot.t for _, shot in timeline.handling.shots if shot.live]
    assert len(flights) == len(shots) == 3
    late = PUMP_DELAY + 0.4 * PUMP_SECONDS if kind == "training_shotgun" else 0.012
    for shot, flight in zip(shots, flights, strict=True):
        assert flight.start == pytest.approx(shot + late)
        thing = timeline.at(flight.start).T_world_thing
        left = (thing @ np.append(PORTS[kind].place, 1.0))[:3]
        assert np.allclose(flight.at(flight.start)[:3, 3], left)
        away = flight.at(flight.start + 0.05)[:3, 3] - left
        assert away[0] > 0.04, "to the right"
    heard = landings(spec, timeline)
    assert heard == landings(spec, build_timeline(spec))
    assert heard == tuple(sorted(heard)) and len({round(t, 1) for t, _ in heard}) >= 3
    assert all(0.25 <= speed < 8 for _, speed in heard)


def test_dry_practice_and_phones_throw_nothing() -> None:
    dry = [FIRE[0], {**FIRE[1], "dry": True}]
    spec = corridor_spec(weapon__kind="training_pistol", weapon__behaviour=dry)
    assert ejections(spec, build_timeline(spec)) == ()
    phone = corridor_spec(weapon__kind="phone", weapon__behaviour=FIRE)
    assert ejections(phone, build_timeline(phone)) == drops(phone, build_timeline(phone)) == ()


@pytest.mark.parametrize("kind", SEATS)
def test_a_reload_drops_the_magazine_from_its_seat_to_the_floor(kind: str) -> None:
    spec = corridor_spec(weapon__kind=kind, weapon__behaviour=FIRE, clip__duration=5.0)
    timeline = build_timeline(spec)
    (drop,) = drops(spec, timeline)
    assert timeline.at(drop.start - 1e-6).magazine == "seated" and timeline.at(drop.start + 1e-6).magazine != "seated"
    thing = timeline.at(drop.start).T_world_thing
    assert np.allclose(drop.at(drop.start, thing), thing @ SEATS[kind].frame)
    times = np.arange(drop.start, drop.flight.end, 0.001)
    places = np.array([drop.at(t, timeline.at(t).T_world_thing) for t in times])[:, :3, 3]
    assert np.linalg.norm(np.diff(places, axis=0), axis=1).max() < 0.012
    assert places[-1, 2] < 0.12
    first = magazine_landings(spec, timeline)[0]
    assert 0.25 < first[0] - drop.start < 0.8 and first[1] > 1.0
