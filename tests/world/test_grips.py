"""Hands on things: distances to surfaces, limits of joints, and grips that neither float nor sink in."""

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from generator.scenario.spec import Body  # noqa: E402
from generator.world.contact import DistanceField, Measured  # noqa: E402
from generator.world.figure import Posed, about, solve  # noqa: E402
from generator.world.gripcheck import BODIES, DRIFT, check  # noqa: E402
from generator.world.hands import rest, set_hand  # noqa: E402
from generator.world.joints import beyond, hand_angles, posed_arm_angles  # noqa: E402
from generator.world.surface import lathe  # noqa: E402
from tests.specs import BODY  # noqa: E402

pytestmark = pytest.mark.blender

RADIUS, HALF = 0.02, 0.05


def _cylinder():
    shape = lathe([(-HALF, RADIUS), (HALF, RADIUS)], "steel", 96)
    return shape.vertices, shape.triangles()


def _to_cylinder(points):
    across, along = np.hypot(points[:, 0], points[:, 2]) - RADIUS, np.abs(points[:, 1]) - HALF
    return np.minimum(np.maximum(across, along), 0) + np.hypot(np.maximum(across, 0), np.maximum(along, 0))


def test_measured_distances_to_a_cylinder_are_exact_and_signed():
    points = np.random.default_rng(0).uniform(-0.07, 0.07, (3000, 3))
    assert np.abs(Measured(_cylinder()).at(points) - _to_cylinder(points)).max() < 0.05e-3


def test_the_field_is_within_half_a_millimetre_near_the_surface():
    points = np.random.default_rng(1).uniform(-0.07, 0.07, (20000, 3))
    true = _to_cylinder(points)
    near = np.abs(true) < 0.004
    assert np.abs(DistanceField(_cylinder(), np.zeros(3)).at(points[near]) - true[near]).max() < 0.8e-3
    assert np.abs(DistanceField(_cylinder(), np.zeros(3)).at(points[near]) - true[near]).mean() < 0.1e-3


def test_bending_a_finger_past_its_limit_is_noticed_by_as_much():
    figure = solve(Body.model_validate(BODY))
    hand, posed = rest(figure, "R"), Posed(figure)
    still = (np.eye(3),) * 3
    at_rest = hand_angles(posed, hand)
    assert not beyond(at_rest), "a hand at rest is within all limits"
    set_hand(posed, hand, np.eye(3), {3: (0.0, np.radians(100), 0.0)}, still)
    bent = hand_angles(posed, hand)
    assert bent["pip_3"] - at_rest["pip_3"] == pytest.approx(100, abs=8)
    set_hand(posed, hand, np.eye(3), {3: (0.0, np.radians(130), 0.0)}, still)
    assert "pip_3" in beyond(hand_angles(posed, hand))


def test_bending_the_wrist_towards_the_palm_counts_as_flexion():
    figure = solve(Body.model_validate(BODY))
    for side in ("L", "R"):
        hand = rest(figure, side)
        axes, found = hand.axes, []
        for degrees in (0, 40):
            posed = Posed(figure)
            turn = about(np.cross(axes[:, 0], axes[:, 2]), np.radians(degrees))
            posed.turn(f"wrist.{side}", turn)
            found.append(posed_arm_angles(posed, hand, np.eye(3))["wrist_flexion"])
        assert found[1] - found[0] == pytest.approx(40, abs=4)


@pytest.mark.parametrize("kind", ["phone", "training_carbine"])
def test_hands_touch_what_they_hold_and_stay_on_it(kind):
    worst = check(kind, BODIES[:2])
    assert worst.gap < 3.0, worst.where
    assert worst.depth < 4.0, worst.where
    assert worst.drift < DRIFT, worst.where
    assert not worst.beyond, worst.where
