"""What a recording device is: lens, shutter, exposure, sensor, processing, overlay and encoder (configs/cameras).

A device is named by its kind and not by its maker. The two looks that are no body camera, ``game`` and ``film``, are devices too.
"""

from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from generator.scenario.model import Model, Unit
from generator.scenario.transmission import Recording

Array = NDArray[np.float64]

WIDEST_RECTILINEAR = 2.1
"""Radians across: beyond 120 degrees a rectilinear picture is mostly stretched corners, and no such lens is sold."""

_CORNER = 1.27
"""Corner of a 4:3 picture over its half width (1.25), with an off-centre principal point: how far the polynomial must grow."""

_Share = Annotated[float, Field(ge=-0.03, le=0.03)]
_Coefficient = Annotated[float, Field(ge=-0.5, le=0.5)]
_Lateral = Annotated[float, Field(ge=-0.002, le=0.002)]


class Lens(Model):
    """Where light falls (geometry, which the renderer follows), and what the glass does to it (which the sensor adds)."""

    kind: Literal["rectilinear", "fisheye"]
    field_of_view: float = Field(
        ge=0.5, le=2.65, description="Horizontal, radians, were the lens centred; rectilinear up to 2.1 (120 degrees)."
    )
    polynomial: tuple[_Coefficient, _Coefficient, _Coefficient, _Coefficient] = Field(
        default=(0.0, 0.0, 0.0, 0.0),
        description="Fisheye: k1..k4 of theta (1 + k1 theta^2 + k2 theta^4 + k3 theta^6 + k4 theta^8), the distance from the "
        "principal point in focal lengths (Kannala and Brandt 2006; OpenCV's fisheye model).",
    )
    principal_point: tuple[_Share, _Share] = Field(
        default=(0.0, 0.0),
        description="Offset right and down of the picture's centre, as shares of its width and height.",
    )
    vignetting: float = Field(default=0.0, ge=0, le=3, description="Stops that the corner is darker than the centre.")
    lateral_colour: tuple[_Lateral, _Lateral] = Field(
        default=(0.0, 0.0),
        description="How much larger the red and the blue picture are than the green one, as a share; under a pixel at the corner.",
    )
    glare: float = Field(default=0.0, ge=0, le=0.3, description="Share of the light that spreads as veiling glare.")
    flare: float = Field(default=0.0, ge=0, le=0.02, description="Share of a lamp's light that each ghost image has.")
    dirt: Unit = Field(default=0.0, description="Smears and dust on the front glass; 0 is clean.")
    drops: int = Field(default=0, ge=0, le=60, description="Water drops on the front glass.")

    def radius(self, theta: Array) -> Array:
        """Distance from the principal point, in focal lengths, of light at ``theta`` radians from the axis."""
        if self.kind == "rectilinear":
            return np.asarray(np.tan(theta))
        squared = np.asarray(theta) ** 2
        k1, k2, k3, k4 = self.polynomial
        return np.asarray(theta * (1 + squared * (k1 + squared * (k2 + squared * (k3 + squared * k4)))))

    @model_validator(mode="after")
    def _is_a_lens(self) -> Self:
        if self.kind == "rectilinear":
            if self.field_of_view > WIDEST_RECTILINEAR:
                raise ValueError(
                    f"field_of_view {self.field_of_view:g} of a rectilinear lens; allowed: up to {WIDEST_RECTILINEAR}"
                )
            if any(self.polynomial):
                raise ValueError(
                    f"polynomial {self.polynomial} of a rectilinear lens; allowed: only where kind is fisheye"
                )
            return self
        edge = 0.5 * self.field_of_view
        theta = np.linspace(0, min(1.6 * edge, np.pi), 400)
        radius = self.radius(theta)
        last = int(np.cumprod(np.diff(radius) > 0).sum())  # where it stops growing
        if theta[last] < edge or radius[last] < _CORNER * float(self.radius(np.array(edge))):
            raise ValueError(
                f"polynomial {self.polynomial} folds inside the picture; allowed: one that grows to the corners"
            )
        return self


class Shutter(Model):
    """How the rows are read; how long they see light is up to the exposure."""

    kind: Literal["rolling", "global"]
    readout: float = Field(
        default=0.0, ge=0, le=0.06, description="Seconds from the first row to the last; 0 where global."
    )

    @model_validator(mode="after")
    def _global_reads_at_once(self) -> Self:
        if (self.kind == "global") != (self.readout == 0):
            raise ValueError(
                f"readout {self.readout:g} of a {self.kind} shutter; allowed: 0 where global, more where rolling"
            )
        return self


class Exposure(Model):
    """Auto-exposure of a device."""

    target: float = Field(gt=0, lt=1, description="Linear level the metered mean is brought to.")
    lag: float = Field(gt=0, le=5, description="Time constant of the control, seconds.")
    longest: float = Field(
        gt=0, le=0.1, description="Longest shutter time, seconds; at most a frame's, whatever stands here."
    )
    shortest: float = Field(gt=0, le=0.1)
    max_gain: float = Field(ge=2, le=1024)
    white_radiance: float = Field(
        gt=0, description="Radiance (W/m2/sr as rendered) that is white at 1/100 s and gain 1."
    )
    centre_weight: float = Field(ge=0, le=1, description="0 average metering, 1 centre-weighted.")
    iris: bool = Field(
        default=False, description="An iris or a filter takes the light that is too much for the shortest shutter."
    )
    banding_filter: Literal[0, 50, 60] = Field(
        default=0,
        description="Mains whose flicker the shutter time is kept a multiple of while it is long enough; 0 is off.",
    )

    @model_validator(mode="after")
    def _short_is_short(self) -> Self:
        if self.shortest > self.longest:
            raise ValueError(f"shortest {self.shortest:g} is above longest {self.longest:g}; allowed: at most longest")
        return self


class SensorNoise(Model):
    """Poisson-Gaussian noise in electrons that a pixel of the picture gathers."""

    full_well: float = Field(gt=0, description="Electrons at white, gain 1.")
    read_noise: float = Field(ge=0, description="Electrons rms, made before the amplifier: the same at every gain.")
    amplifier_noise: float = Field(
        default=0.0, ge=0, description="Electrons rms at gain 1, made behind the amplifier: divided by the gain."
    )
    row_noise: float = Field(default=0.0, ge=0, description="Electrons rms that all pixels of a row share.")


class WhiteBalance(Model):
    """Automatic white balance."""

    strength: Unit = Field(default=0.7, description="Share of the light's colour that is taken away.")
    lag: float = Field(default=1.5, gt=0, le=30, description="Time constant with which it follows the light, seconds.")
    wander: float = Field(
        default=0.0, ge=0, le=0.5, description="Most that red and blue drift slowly to either side, log2 of their gain."
    )


class Processing(Model):
    """What the device's image processor does to a picture. Lengths are pixels of a picture of 360 rows."""

    demosaic: float = Field(default=0.0, ge=0, le=2, description="Softness (sigma) of lens, demosaicing and scaling.")
    denoising: Unit = Field(default=0.0, description="How much of what could be noise is smeared at gain 1.")
    denoising_growth: float = Field(default=0.0, ge=0, le=0.5, description="What each doubling of the gain adds to it.")
    sharpening: float = Field(default=0.0, ge=0, le=3, description="Detail that is added once more.")
    halo: float = Field(default=0.9, ge=0.3, le=3, description="Width (sigma) of the halo that sharpening leaves.")
    black_level: float = Field(default=0.0, ge=0, le=0.05, description="Linear level that is cut off as black.")
    crush: float = Field(default=0.0, ge=0, le=0.05, description="How much black_level rises up to the highest gain.")
    knee: float = Field(default=0.75, ge=0.3, le=1, description="Linear level above which highlights roll off.")
    contrast: float = Field(default=0.22, ge=0, le=0.8, description="Bend of the tone curve; 0 is plain sRGB.")
    saturation: float = Field(default=1.0, ge=0, le=2)
    fading: Unit = Field(default=0.0, description="Share of the colour that is lost at the highest gain.")
    white_balance: WhiteBalance = WhiteBalance()


class Overlay(Model):
    """Date, time and the device's number, burnt into the picture. All of it is invented from the clip's stream of draws."""

    layout: Literal["top_left", "top_right", "bottom_left", "bottom_right", "bottom_bar"]
    clock: Literal["iso", "iso_zulu", "day_first", "month_first", "twelve_hours"]
    device_id: bool = Field(default=True, description="Whether a device number stands beside the time.")
    height: float = Field(default=0.045, ge=0.02, le=0.12, description="Height of a line as a share of the picture's.")
    drift: float = Field(default=0.0, ge=-30, le=30, description="Seconds an hour by which its clock gains.")


class Encoder(Model):
    """H.264 and AAC settings of a device."""

    bits_per_pixel: float = Field(
        gt=0, le=2, description="Bit rate over pixels a second, at 1280x720 and 25 frames a second."
    )
    keyframe_seconds: float = Field(gt=0, le=20)
    audio_rate: Literal[16000, 32000, 44100, 48000]
    audio_kbps: int = Field(ge=16, le=320)

    def bit_rate(self, width: int, height: int, fps: float) -> int:
        """Bits a second that give a picture of this size and rate the quality of the device's own 1280x720 at 25 a second.

        What fewer pixels or frames show differs more from one to the next: the rate goes with their number to the power of 0.75
        (Waggoner 2009, Compression for Great Video and Audio).
        """
        device = 1280 * 720 * 25.0
        return max(int(self.bits_per_pixel * device * (width * height * fps / device) ** 0.75), 60_000)


class GameLook(Model):
    """Footage of a computer game: drawn instruments, and a camera that has no body."""

    kind: Literal["game"]
    crosshair: Literal["none", "dot", "cross", "circle"]
    display: bool = Field(description="Ammunition and health are shown.")
    magazine: int = Field(default=30, ge=1, le=200, description="Rounds that the ammunition display counts from.")
    glide: bool = Field(description="The camera glides: no steps, no breathing, no shake.")
    weapon_glued: bool = Field(description="What is held keeps its place in the picture.")


class FilmLook(Model):
    """A feature film: 24 frames a second, graded, shallow focus, a steady camera."""

    kind: Literal["film"]
    aspect: float = Field(ge=1.3, le=3, description="Width over height between the letterbox bars.")
    grade: Literal["teal_orange", "bleach", "warm"]
    focus: float = Field(gt=0.2, le=50, description="Metres to what is sharp.")
    f_number: float = Field(ge=0.7, le=32, description="Of a lens before a full-frame sensor; small is shallow.")
    steady: bool = Field(description="The camera is carried by a rig: hardly any shake.")


Capture = Literal["body_worn", "phone", "action_camera", "game", "film"]

ONLY_NEGATIVE: tuple[Capture, ...] = ("game", "film")
"""Looks that only scenarios of the family ``negative`` may have."""

FILM_FPS = 24.0


class Device(Model):
    """A recording device, named by kind and not by maker (configs/cameras)."""

    name: str
    capture: Capture
    lens: Lens
    shutter: Shutter
    exposure: Exposure
    noise: SensorNoise | None = Field(description="Of the sensor; null where there is none.")
    processing: Processing
    overlay: Overlay | None = None
    encoder: Encoder
    recording: Recording = Recording()
    look: Annotated[GameLook | FilmLook, Field(discriminator="kind")] | None = None

    @model_validator(mode="after")
    def _looks_like_what_it_is(self) -> Self:
        kind = self.look.kind if self.look else None
        wanted = self.capture if self.capture in ONLY_NEGATIVE else None
        if kind != wanted:
            raise ValueError(f"look {kind} of a device with capture {self.capture}; allowed: {wanted or 'no look'}")
        return self


DEVICE_MODELS: tuple[type[Model], ...] = (
    Lens, Shutter, Exposure, SensorNoise, WhiteBalance, Processing, Overlay, Encoder, GameLook, FilmLook, Device,
)  # fmt: skip
"""Every model above, for the schema."""


def check_use(device: Device, family: str, fps: float) -> None:
    """Refuses a look outside of negatives, a film that is not shot at its 24 frames a second, and frames faster than the device.

    A rolling shutter may gather the first rows of a picture while it still reads the last ones of the picture before, so each
    row's exposure and the read-out have the whole of a frame's time, not its sum. The longest shutter time need not be refused:
    auto-exposure ends it at a frame's time (``generator.sensor.exposure``).

    Raises:
        ValueError: it is refused; the message says what is allowed.
    """
    if device.capture in ONLY_NEGATIVE and family != "negative":
        raise ValueError(
            f"camera.device {device.name} (capture {device.capture}) in family {family}; allowed: only in family negative"
        )
    if device.capture == "film" and abs(fps - FILM_FPS) > 0.03:
        raise ValueError(f"clip.fps {fps:g} with camera.device {device.name}; allowed: {FILM_FPS:g}, as films have")
    for what, seconds in (("shutter.readout", device.shutter.readout), ("exposure.shortest", device.exposure.shortest)):
        if seconds * fps > 1:
            raise ValueError(
                f"device.{what} {seconds:g} of camera.device {device.name} with clip.fps {fps:g}: a frame would begin before "
                f"the one before it is done; allowed: up to 1 / clip.fps = {1 / fps:.4g} s"
            )


def letterbox(device: Device, width: int, height: int) -> NDArray[np.bool_]:
    """(height, width) True where the picture is a letterbox bar: black, and in the labels instance 0, depth inf, flow NaN."""
    bars = np.zeros((height, width), bool)
    if isinstance(device.look, FilmLook):
        thick = max(round(0.5 * (height - width / device.look.aspect)), 0)
        bars[:thick], bars[height - thick :] = True, True
    return bars
