"""One bar for a run, fed from any number of workers."""

from types import TracebackType
from typing import Any

from tqdm import tqdm


class RunBar:
    """A tqdm bar that counts frames, with the clips done beside it.

    A frame counts in parts (its picture, its labels), so the bar moves while a clip is still being made, and what a
    failed clip had counted is taken back.
    """

    def __init__(self, frames: int, clips: int, *, disable: bool = False) -> None:
        self._bar: Any = tqdm(total=frames, unit="frame", smoothing=0.05, dynamic_ncols=True, disable=disable or None)
        self._clips = clips
        self._finished = 0
        self._quarantined = 0
        self._counted: dict[str, float] = {}
        self._show()

    def __enter__(self) -> "RunBar":
        """The bar itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leaves the bar as it stands."""
        self._bar.close()

    def worked(self, clip_id: str, frames: float) -> None:
        """Frames of this clip that are done, in all so far."""
        before = self._counted.get(clip_id, 0.0)
        self._counted[clip_id] = frames
        self._bar.n = max(0.0, round(self._bar.n + frames - before, 3))
        self._bar.refresh()

    def finished(self, clip_id: str, n_frames: int, *, quarantined: bool = False) -> None:
        """The clip is over: published, or quarantined."""
        self.worked(clip_id, float(n_frames))
        del self._counted[clip_id]
        self._finished += 1
        self._quarantined += quarantined
        self._show()

    def _show(self) -> None:
        text = f"{self._finished}/{self._clips} clips"
        if self._quarantined:
            text += f", {self._quarantined} quarantined"
        self._bar.set_description_str(text)
