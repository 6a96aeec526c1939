"""Light of the sky by time of day and weather: how much, from where, of what colour. Numbers only.

Illuminances of day by the formulas of the IESNA Lighting Handbook (9th ed., ch. 8): direct normal ``127.5 exp(-0.21 / sin h)`` klx,
clear sky ``0.8 + 15.5 sqrt(sin h)`` klx, overcast ``0.3 + 21 sin h`` klx on the ground, for the sun at height h.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.scenario.environments import TimeOfDay, Weather
from generator.world.materials import blackbody_rgb

Array = NDArray[np.float64]

_LOWEST, _HIGHEST = np.radians(20.0), np.radians(58.0)
"""Height of the sun by day: between mid-morning in winter and noon in summer at 50 degrees of latitude."""

LN20 = float(np.log(20.0))
"""Extinction times meteorological optical range: 5 % of the contrast is left there (WMO No. 8, ch. 9)."""


@dataclass(frozen=True)
class SkyLight:
    """What comes from above.

    Attributes:
        time, weather: of the scenario.
        bearing: radians of the sun's (or moon's) azimuth from +x to +y.
        height: radians of the sun above the horizon; below it at dusk.
        diffuse: lux on the ground from the sky.
        direct: lux across the beam of sun or moon; 0 where there is none.
        colour: (3,) linear Rec.709 of the beam, luminance 1.
        cover: share of the sky that single clouds cover.
        visibility: metres, meteorological optical range.
    """

    time: TimeOfDay
    weather: Weather
    bearing: float
    height: float
    diffuse: float
    direct: float
    colour: Array
    cover: float
    visibility: float

    @property
    def closed(self) -> bool:
        """Whether cloud or fog covers the whole sky."""
        return self.weather != "clear"


def sky_light(time: TimeOfDay, weather: Weather, rng: np.random.Generator) -> SkyLight:
    """The light of a time and weather; all draws are made whichever they are, so that twins share them."""
    bearing, steep, dim, cover, far = rng.uniform(0, 2 * np.pi), *rng.uniform(0, 1, 4)
    height = float(_LOWEST + steep * (_HIGHEST - _LOWEST))
    visibility = {
        "clear": 25000.0,
        "overcast": 12000.0,
        "rain": float(1500 * 3.0**far),
        "fog": float(60 * 4.0**far),
    }[weather]
    direct, colour = 0.0, blackbody_rgb(5600)
    thick = {"clear": 1.0, "overcast": 1.0, "rain": 0.45, "fog": 0.6}[weather]
    if time == "day":
        sine = np.sin(height)
        diffuse = 800 + 15500 * np.sqrt(sine) if weather == "clear" else thick * (300 + 21000 * sine)
        if weather == "clear":
            direct, colour = float(127500 * np.exp(-0.21 / sine)), blackbody_rgb(4300 + 1500 * float(sine))
    elif (
        time == "dusk"
    ):  # civil twilight: 3.4 lx at its end, some 400 at sunset (Seidelmann 1992, table of illuminance)
        height = -float(np.radians(2 + 3 * steep))
        diffuse = thick * 12 * 8.0**dim
    else:  # the glow of a town: more under cloud, which throws it back (Kyba et al. 2011: up to ten times)
        diffuse = 0.08 * 4.0**dim * (1.0 if weather == "clear" else 4.0)
        if weather == "clear":
            direct, colour = float(0.02 * 10.0**steep), blackbody_rgb(4200)
    return SkyLight(
        time, weather, float(bearing), height, float(diffuse), direct, colour, float(0.1 + 0.5 * cover), visibility
    )


def directions(height: int, width: int) -> Array:
    """(h, w, 3) unit vectors of an equirectangular picture as Cycles maps it; row 0 looks straight down."""
    up = ((np.arange(height) + 0.5) / height - 0.5)[:, None] * np.pi
    around = -((np.arange(width) + 0.5) / width - 0.5)[None, :] * 2 * np.pi
    return np.stack(
        [np.cos(up) * np.cos(around), np.cos(up) * np.sin(around), np.broadcast_to(np.sin(up), (height, width))], -1
    )


def sky_radiance(light: SkyLight, clouds: Array, size: tuple[int, int] = (512, 1024)) -> Array:
    """Radiance of the sky without its sun, in cd/m2.

    Luminance by the CIE general sky (CIE S 011:2003): type 12, clear, and type 1, overcast; twilight and night by eye. Scaled so
    that the ground gets ``light.diffuse``.

    Args:
        light: what it is scaled to.
        clouds: (n, n) tileable noise of mean 0 and deviation 1 that clouds are made of.
        size: rows and columns, equirectangular; row 0 looks down.

    Returns:
        (h, w, 3) linear Rec.709.
    """
    way = directions(*size)
    sine = np.maximum(way[..., 2], 0.012)
    level = light.height if light.time != "night" else np.radians(35)
    sun = np.array([np.cos(level) * np.cos(light.bearing), np.cos(level) * np.sin(light.bearing), np.sin(level)])
    apart = np.arccos(np.clip(way @ sun, -1, 1))
    rgb = _closed(light, sine, way) if light.closed else _open(light, sine, apart, way, sun)
    rgb = _clouded(light, rgb, clouds, way, sine, apart)
    area = np.pi / size[0] * 2 * np.pi / size[1] * np.sqrt(1 - way[..., 2] ** 2) * np.maximum(way[..., 2], 0)
    lux = float((_luminance(rgb) * area).sum())
    rgb *= light.diffuse / lux
    below = way[..., 2] < -0.004
    rgb[below] *= 0.25  # never seen but past the edge of the ground
    return np.asarray(rgb)


def _luminance(rgb: Array) -> Array:
    return np.asarray(rgb @ np.array([0.2126, 0.7152, 0.0722]))


def _toned(luminance: Array, colour: Array) -> Array:
    """Colour scaled to a luminance."""
    return np.asarray(colour * (luminance / np.maximum(_luminance(colour), 1e-9))[..., None])


def _between(low: tuple[float, ...], high: tuple[float, ...], share: Array) -> Array:
    return np.asarray(np.array(low) + share[..., None] * (np.array(high) - np.array(low)))


def _closed(light: SkyLight, sine: Array, way: Array) -> Array:
    if light.weather == "fog":
        luminance = 0.9 + 0.2 * sine
    else:
        luminance = 1 + 4 * np.exp(-0.7 / sine)
    if light.time == "night" and light.weather != "fog":  # lit from below: brightest over the town
        luminance = 1 + 2.5 * np.exp(-5 * sine) * (
            1 + 0.7 * (way[..., 0] * np.cos(light.bearing) + way[..., 1] * np.sin(light.bearing))
        )
        return _toned(luminance, _between((1.0, 0.74, 0.52), (0.9, 0.82, 0.78), np.sqrt(sine)))
    grey = {"day": (0.93, 0.98, 1.06), "dusk": (0.62, 0.78, 1.15), "night": (1.0, 0.78, 0.60)}[light.time]
    return _toned(luminance, np.broadcast_to(np.array(grey), way.shape))


def _open(light: SkyLight, sine: Array, apart: Array, way: Array, sun: Array) -> Array:
    if light.time == "day":
        gradation = 1 - np.exp(-0.32 / sine)
        indicatrix = 1 + 10 * (np.exp(-3 * apart) - np.exp(-1.5 * np.pi)) + 0.45 * np.cos(apart) ** 2
        low = np.exp(-4.5 * sine)
        colour = _between((0.22, 0.45, 1.0), (0.72, 0.87, 1.0), low)
        colour = colour + (np.exp(-4 * apart) * 0.8)[..., None] * (np.array([1.0, 0.96, 0.88]) - colour)
        return _toned(gradation * indicatrix, colour)
    toward = 0.5 + 0.5 * (way[..., :2] @ sun[:2]) / np.maximum(np.linalg.norm(way[..., :2], axis=-1), 1e-6)
    if light.time == "dusk":
        glow = np.exp(-7 * sine) * toward**2.5
        rim = np.exp(-3 * sine)
        luminance = 0.35 + 0.8 * rim + 5 * glow
        colour = _between((0.17, 0.32, 0.72), (0.58, 0.62, 0.74), rim)
        colour = colour + np.clip(1.3 * glow, 0, 1)[..., None] * (np.array([1.0, 0.52, 0.24]) - colour)
        return _toned(luminance, colour)
    town = np.exp(-6 * sine) * (0.5 + 0.8 * toward)
    colour = _between((0.30, 0.42, 0.85), (1.0, 0.76, 0.55), np.clip(1.2 * town, 0, 1))
    return _toned(0.35 + 2.5 * town, colour)


def _clouded(light: SkyLight, rgb: Array, clouds: Array, way: Array, sine: Array, apart: Array) -> Array:
    """Clouds on a layer overhead: single ones in a clear sky, mottles under a closed one."""
    if light.weather == "fog":
        return rgb
    n = len(clouds)
    flat = way[..., :2] / (sine + 0.10)[..., None] * 0.34 * n
    density = _sampled(clouds, flat)
    far = np.clip(sine / 0.10, 0, 1)
    if light.closed:
        return np.asarray(rgb * (1 + 0.16 * far * density)[..., None])
    edge = np.interp(light.cover, [0.05, 0.6], [1.3, 0.0])
    thick = np.clip((density - edge) / 1.3, 0, 1)
    opacity = (1 - np.exp(-3.5 * thick)) * np.clip(sine / 0.05, 0, 1)
    bright = {"day": 4.6 - 1.9 * thick + 2.5 * np.exp(-4 * apart), "dusk": 0.9 - 0.5 * thick, "night": 1.3 + 0 * thick}[
        light.time
    ]
    mean = float(np.median(_luminance(rgb)[way[..., 2] > 0.3]))
    tone = {"day": (1.0, 1.0, 1.01), "dusk": (0.75, 0.62, 0.72), "night": (1.0, 0.8, 0.62)}[light.time]
    white = _toned(mean * bright, np.broadcast_to(np.array(tone), way.shape))
    if light.time == "dusk":
        white = 0.5 * white + 0.5 * rgb * 0.8
    return np.asarray(rgb + opacity[..., None] * (white - rgb))


def _sampled(picture: Array, at: Array) -> Array:
    """Bilinear, tiled."""
    n = len(picture)
    base = np.floor(at).astype(int)
    u, v = (at - base)[..., 0], (at - base)[..., 1]
    x0, y0 = base[..., 0] % n, base[..., 1] % n
    x1, y1 = (x0 + 1) % n, (y0 + 1) % n
    low = picture[y0, x0] * (1 - u) + picture[y0, x1] * u
    high = picture[y1, x0] * (1 - u) + picture[y1, x1] * u
    return np.asarray(low * (1 - v) + high * v)
