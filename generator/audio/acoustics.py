"""What the place answers: impulse responses from where a sound is made to the microphone."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from generator.audio.elements import Array, noise, times
from generator.site.model import Acoustics

SPEED_OF_SOUND = 343.0

BANDS = (125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0)
"""Octave bands, hertz."""

ABSORPTION: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        "plywood": (0.28, 0.22, 0.17, 0.09, 0.10, 0.11),
        "painted_board": (0.29, 0.10, 0.05, 0.04, 0.07, 0.09),
        "concrete_block": (0.10, 0.05, 0.06, 0.07, 0.09, 0.08),
        "plaster": (0.14, 0.10, 0.06, 0.05, 0.04, 0.03),
        "concrete": (0.01, 0.01, 0.015, 0.02, 0.02, 0.02),
        "vinyl": (0.02, 0.03, 0.03, 0.03, 0.03, 0.02),
        "rubber": (0.04, 0.04, 0.08, 0.12, 0.10, 0.10),
        "ceiling": (0.29, 0.10, 0.05, 0.04, 0.07, 0.09),
        "tile": (0.01, 0.01, 0.01, 0.02, 0.02, 0.02),
        "carpet": (0.02, 0.06, 0.14, 0.37, 0.60, 0.65),
        "glass": (0.18, 0.06, 0.04, 0.03, 0.02, 0.02),
        "steel": (0.05, 0.05, 0.04, 0.04, 0.04, 0.04),
        "aluminium": (0.08, 0.06, 0.05, 0.04, 0.04, 0.04),
        "planks": (0.15, 0.11, 0.10, 0.07, 0.06, 0.07),
        "asphalt": (0.02, 0.03, 0.03, 0.03, 0.03, 0.02),
        "paving": (0.01, 0.02, 0.02, 0.02, 0.03, 0.03),
        "gravel": (0.25, 0.60, 0.65, 0.70, 0.75, 0.80),
        "grass": (0.11, 0.26, 0.60, 0.69, 0.92, 0.94),
        "water": (0.008, 0.008, 0.013, 0.015, 0.020, 0.025),
        "panel_lined": (0.20, 0.18, 0.14, 0.12, 0.10, 0.10),
        "upholstered": (0.25, 0.30, 0.38, 0.45, 0.50, 0.50),
        "open": (0.985, 0.985, 0.985, 0.985, 0.985, 0.985),
    }
)
"""Random-incidence absorption by octave band as tables for building materials print it (Everest, The Master Handbook
of Acoustics, appendix: plywood panelling, gypsum board, painted block, plaster on lath, concrete, resilient tile);
rubber matting by ear between tile and thin carpet. The ceiling is of board. Ground, water and glass: the same tables; what lines
vehicles by ear between panelling and seats. ``open`` is the air beside or above: nearly nothing comes back."""

_AIR = (0.0001, 0.0003, 0.0006, 0.0010, 0.0017, 0.0041)  # 1/m at 20 C, 50-70 % (as pyroomacoustics tabulates it)
_FITTINGS = 0.08  # of the walls, chosen: joints, doors, targets and people, which no bare surface's table counts
_MIXING = 0.03  # seconds from the direct sound to where single echoes begin to give way to a dense tail
_MARGIN = 0.12  # metres that source and microphone keep from every wall


def absorption(room: Acoustics, surface: str) -> Array:
    """(bands,) of one surface: its material, what stands about, and doors that swallow sound."""
    material = {"wall": room.walls, "floor": room.floor, "ceiling": room.ceiling}[surface]
    extra = (_FITTINGS + 2 * room.about + room.openings) if surface == "wall" else room.about
    return np.clip(np.array(ABSORPTION[material]) + extra, 0.0, 0.985)


def reverberation(room: Acoustics) -> Array:
    """(bands,) seconds to decay by 60 dB, after Eyring."""
    width, length, height = np.subtract(room.high, room.low)
    areas = {"wall": 2 * height * (width + length), "floor": width * length, "ceiling": width * length}
    surface = sum(areas.values())
    mean = sum(area * absorption(room, name) for name, area in areas.items()) / surface
    volume = width * length * height
    return np.asarray(0.161 * volume / (-surface * np.log1p(-mean) + 4 * np.array(_AIR) * volume))


def response(
    room: Acoustics, source: Array, microphone: Array, rate: int, rng: np.random.Generator, *, longest: float,
    order: int,
) -> Array:  # fmt: skip
    """Impulse response of the place, beginning with the direct sound, which peaks at 1.

    Image sources for the first echoes (pyroomacoustics), then noise that decays in every band as Eyring has it.

    Args:
        room: the box of surfaces around.
        source: (3,) metres; brought inside where it is not.
        microphone: the same.
        rate: hertz.
        rng: draws the tail.
        longest: seconds; a longer tail is faded out.
        order: of reflections that are followed one by one.

    Returns:
        (n,) samples.
    """
    early = _image_sources(room, source, microphone, rate, order)
    n = round(min(longest, max(1.1 * float(reverberation(room).max()), 0.1)) * rate)
    early = np.pad(early, (0, max(0, n - len(early))))[:n]
    t = np.arange(n) / rate
    # Where the followed reflections are still complete, the tail is as loud as they are.
    both = (t > 0.6 * _MIXING) & (t < 1.2 * _MIXING)
    tail = _tail(room, n, rate, rng)
    level = float(np.sqrt(np.sum(early[both] ** 2) / max(float(np.sum(tail[both] ** 2)), 1e-12)))
    mixed = np.clip((t - _MIXING) / (0.7 * _MIXING), 0, 1)
    whole = early * np.sqrt(1 - mixed) + level * tail * np.sqrt(mixed)
    return np.asarray(whole * np.clip((t[-1] - t) / (0.3 * t[-1]), 0, 1))


def _image_sources(room: Acoustics, source: Array, microphone: Array, rate: int, order: int) -> Array:
    import pyroomacoustics

    low, size = np.array(room.low), np.subtract(room.high, room.low)
    surfaces = dict.fromkeys(("east", "west", "north", "south"), "wall") | {"floor": "floor", "ceiling": "ceiling"}
    materials = {
        side: pyroomacoustics.Material(
            {"description": name, "coeffs": absorption(room, name).tolist(), "center_freqs": list(BANDS)}
        )
        for side, name in surfaces.items()
    }
    box = pyroomacoustics.ShoeBox(size, fs=rate, materials=materials, max_order=order, air_absorption=True)
    box.add_source(np.clip(source - low, _MARGIN, size - _MARGIN))
    box.add_microphone(np.clip(microphone - low, _MARGIN, size - _MARGIN))
    box.compute_rir()
    early = np.asarray(box.rir[0][0], float)
    direct = int(np.argmax(np.abs(early) > 0.3 * np.abs(early).max()))
    early = early[max(direct - 2, 0) :]
    return np.asarray(early / np.abs(early[: max(5, round(0.0004 * rate))]).max())


def _tail(room: Acoustics, n: int, rate: int, rng: np.random.Generator) -> Array:
    """(n,) noise that decays in every octave band at its own rate, level 1 at its beginning."""
    t = times(rate, n / rate)[:n]
    tail = np.zeros(n)
    for centre, seconds in zip(BANDS, reverberation(room), strict=True):
        if centre < 0.4 * rate:
            # As strong in every band as white noise: its power is in proportion to the bandwidth.
            part = noise(rng, rate, n / rate, centre / np.sqrt(2), centre * np.sqrt(2))[:n]
            tail += np.sqrt(centre / BANDS[-1]) * part * np.exp(-6.91 * t / seconds)
    return tail
