"""What a self-check found."""

from collections import Counter
from dataclasses import dataclass, field

_MOST_FAULTS = 12
"""Faults of one check that are kept of single frames; a clip that is wrong throughout needs no thousand lines."""


@dataclass(frozen=True)
class Fault:
    """Something that does not agree.

    Attributes:
        check: which check found it: ``files, frames, tracks, events, sound, exposure, masks, boxes, occluders, keypoints, subjects,
            flow, depth, normal, outline, picture, inertial``.
        what: what is wrong, in words and numbers.
        frame: in which frame, where it is one.
        track: of which track, where it is one.
    """

    check: str
    what: str
    frame: int | None = None
    track: int | None = None

    def __str__(self) -> str:
        """One line that names frame and track."""
        places = [
            f"{name} {number}" for name, number in (("frame", self.frame), ("track", self.track)) if number is not None
        ]
        return f"{', '.join(places)}: {self.what}" if places else self.what


@dataclass
class Report:
    """Faults, and figures of quality by name."""

    faults: list[Fault] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)
    found: Counter[str] = field(default_factory=Counter)
    """How many faults each check found, those left off included."""

    def expect(self, good: bool, check: str, what: str, *, frame: int | None = None, track: int | None = None) -> None:
        """Notes a fault unless all is well."""
        if good:
            return
        self.found[check] += 1
        if frame is None or sum(f.check == check and f.frame is not None for f in self.faults) < _MOST_FAULTS:
            self.faults.append(Fault(check, what, frame, track))

    def lines(self) -> list[str]:
        """One line a fault, and one for each check that found more than is kept."""
        kept = Counter(fault.check for fault in self.faults)
        more = [f"{check}: {n - kept[check]} more" for check, n in self.found.items() if n > kept[check]]
        return [*map(str, self.faults), *more]
