"""What becomes of a clip between the sensor and who watches it: a busy recorder, or a live stream over a phone's link."""

from typing import Annotated, Literal

from pydantic import Field

from generator.scenario.model import DrawnFrom, Model, Unit


class Recording(Model):
    """How a device writes what it captures. As it is left out, every frame is kept and there is sound from the start."""

    silence: float = Field(
        default=0.0,
        ge=0,
        le=120,
        description="Seconds from the clip's beginning without sound: pre-event video has none (Axon Body 2 manual: 30 s by "
        "default); less is what is left of it where the clip was cut from within it.",
    )
    load: Unit = Field(
        default=0.0, description="Share of the time in which processor or card are busy, in spells of a second."
    )
    dropped: Unit = Field(
        default=0.0, description="Probability that a frame is dropped while busy; the one before is shown again."
    )
    freezes: float = Field(default=0.0, ge=0, le=60, description="Freezes a minute while busy.")
    freeze_seconds: float = Field(default=0.4, gt=0, le=10, description="Mean length of a freeze.")


class Stream(Model):
    """What arrives when the camera is streamed live: a link that fades, a ladder of pictures, a player with a buffer.

    The link is a Gilbert-Elliott process (Gilbert 1960; Elliott 1963): good, or in a fade with less of its bit rate and with
    losses. Hohlfeld 2008 (Stochastic packet loss model to evaluate QoE impairments) finds that it fits measured losses.
    """

    headroom: Annotated[float, DrawnFrom({"loguniform": [0.5, 3.0]})] = Field(
        ge=0.05,
        le=20,
        description="What the link carries outside fades, over what the full picture needs (3 Mbit/s at 720p30).",
    )
    fades: Annotated[float, DrawnFrom({"loguniform": [3.0, 20.0]})] = Field(ge=0, le=120, description="Fades a minute.")
    fade_seconds: Annotated[float, DrawnFrom({"loguniform": [0.4, 4.0]})] = Field(
        ge=0.05, le=60, description="Mean length of a fade."
    )
    fade_rate: Annotated[float, DrawnFrom({"uniform": [0.03, 0.5]})] = Field(
        ge=0.001, le=1, description="Share of its bit rate that the link keeps in a fade."
    )
    loss: Annotated[float, DrawnFrom({"choice": {0.0: 2, 0.05: 1, 0.2: 1}})] = Field(
        ge=0,
        le=1,
        description="Share of the frames, and of the sound, that lose packets in a fade; 0 where what is lost is sent again.",
    )
    buffer: Annotated[float, DrawnFrom({"loguniform": [0.2, 3.0]})] = Field(
        ge=0.05, le=30, description="Seconds that the player holds back; when they are used up, the picture freezes."
    )
    after_stall: Annotated[Literal["jump", "catch_up"], DrawnFrom({"choice": ["jump", "catch_up"]})] = Field(
        description="Whether the player then skips to what is live, or plays faster until it is there."
    )
    keyframe_seconds: Annotated[float, DrawnFrom({"choice": {1.0: 1, 2.0: 3, 4.0: 1}})] = Field(
        ge=0.2,
        le=20,
        description="Between key frames; smear lasts until the next. Platforms ask for 2, at most 4 (YouTube Help).",
    )
    lost_sound: Annotated[Literal["silence", "repeat"], DrawnFrom({"choice": ["silence", "repeat"]})] = Field(
        description="What is put in the place of lost sound: nothing, or what was heard just before."
    )
