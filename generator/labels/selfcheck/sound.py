"""The sound against the shots."""

import numpy as np

from generator.audio.onsets import onsets
from generator.labels.selfcheck.steps import ClipRecord
from generator.sensor.video import read_audio

TOLERANCE = 0.02
"""Seconds between a shot and its sound: a recorder and the codec take up to 10 ms of it (tests/audio), a stream that is
40 ms late does not pass."""

_TOO_LATE = 0.03
"""Seconds before the end of what is recorded in which too little of a shot is left to be found."""

_SILENCE = 2e-3
"""Root of the mean square, of full scale, that may be left where a device records nothing (codec noise)."""

_CODEC_SPREAD = 0.05
"""Seconds beside a silent range into which the codec's windows carry sound."""


def check_sound(clip: ClipRecord) -> None:
    """Length, a sound for every shot where sound is recorded, no sound of a shot otherwise, and silence where it is said."""
    samples, rate = read_audio(clip.folder / "video.mp4")
    duration, report = clip.info["duration"], clip.report
    good = abs(len(samples) / rate - duration) < 0.1
    report.expect(good, "sound", f"the sound lasts {len(samples) / rate:.2f} s, not {duration:.2f}")
    ranges = clip.info["audio"]["ranges"]
    # What begins where a recording begins may be the rest of something louder before it.
    resumed = [part["start"] for part in ranges[1:]]
    heard = [at for at in onsets(samples, rate) if _state(ranges, at) == "ok"]
    heard = [at for at in heard if all(abs(at - start) > _CODEC_SPREAD for start in resumed)]
    shots = [event["start"] for event in clip.info["events"] if event["type"] == "discharge"]
    late = []
    for shot in shots:
        if _state(ranges, shot) == "ok" == _state(ranges, shot + _TOO_LATE) and shot < duration - _TOO_LATE:
            off = min((at - shot for at in heard), key=abs, default=np.inf)
            said = f"no sound of the shot at {shot:.3f} s" + (
                f"; the nearest is {1000 * off:+.0f} ms off" if heard else ""
            )
            report.expect(abs(off) < TOLERANCE, "sound", said, frame=int(shot * clip.info["fps"]))
            late.append(abs(off))
    for at in heard:
        near = any(abs(at - shot) < TOLERANCE for shot in shots)
        report.expect(
            near, "sound", f"a shot is heard at {at:.3f} s, but none is fired", frame=int(at * clip.info["fps"])
        )
    if late and np.isfinite(late).all():
        report.figures["sound_offset_s"] = float(max(late))
    for part in ranges:
        inside = samples[round((part["start"] + _CODEC_SPREAD) * rate) : round((part["end"] - _CODEC_SPREAD) * rate)]
        if part["state"] == "silent" and len(inside):
            level = float(np.sqrt(np.mean(inside.astype(float) ** 2)))
            said = (
                f"sound of {level:.4f} of full scale from {part['start']:.2f} to {part['end']:.2f} s, said to be silent"
            )
            report.expect(level < _SILENCE, "sound", said)


def _state(ranges: list[dict[str, object]], at: float) -> str:
    """What is said of the sound at a time; that of the last range after the end."""
    inside = [part for part in ranges if float(str(part["start"])) <= at]
    return str(inside[-1]["state"]) if inside else "ok"
