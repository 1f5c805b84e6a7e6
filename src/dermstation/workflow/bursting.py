"""Choose the sharpest frame around the press of the shutter.

The press itself shakes the camera. The ring still holds the frames before it, so the picture is
chosen from 400 ms before the press to 200 ms after. Runs on the thread for slow work; no Qt.

The frames before the press are ranked at once. The wait for those after it ends early if the best
so far has a good verdict for focus: a steady hand never waits
(docs/adr/0010-sharpest-frame-around-the-press.md). What the live view has scored already need not
be ranked or judged again to know that.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.camera.frames import Encoding, Frame
from dermstation.camera.link import CameraLink
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import Aspect, Judgement, QualityReport, Verdict
from dermstation.domain.shots import ShotKind
from dermstation.imaging.sight import PictureFault, Thumbnail, difference, fault_of, thumbnail
from dermstation.imaging.wholeness import whole_picture
from dermstation.workflow.capturing import Held, hold

BEFORE_NS = 400_000_000
AFTER_NS = 200_000_000
_LOOK_EVERY_S = 0.005
_RANKERS = 2
_LEAST_SCORED = 2  # by the live view, to call a hand steady
# A frame shows the scene of the press if its thumbnail differs by no more than this: no blur
# changes a thumbnail that much, but another place or light, a black picture or swapped colours do.
_CHANGE_DN = 16.0
_AS_SHARP_SHARE = 0.985  # a smaller difference cannot be seen, and noise alone can cause it
_DETAIL_FLOOR = 2.0  # grey levels squared: what sensor noise leaves at a quarter of the size

Pixels = NDArray[np.uint8]  # height x width x 3, BGR


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """The frame that will be held, as it can be shown at once: a packet at half its size."""

    pixels: Pixels = field(repr=False)
    full: tuple[int, int]  # width and height of the frame


Show = Callable[[Chosen], object]


@dataclass(frozen=True, slots=True)
class Press:
    """One press of the shutter: its instant, the newest frame then, and the shot it is for.

    Instants are of perf_counter_ns. Frames from before `not_before_ns` belong to another shot or
    lesion and are never taken. `reference` shows how the scene looked last, `focus` holds the live
    judgements of the frames that have one, by sequence.
    """

    frame: Frame
    pressed_at_ns: int
    shot: ShotKind
    camera: str
    not_before_ns: int = 0
    lesion_id: str = ""
    pressed_by: str = ""
    reference: Thumbnail | None = field(default=None, repr=False)
    focus: Mapping[int, Judgement] = field(default_factory=dict, repr=False)

    def distance_ns(self, frame: Frame) -> int:
        """Return how far from the press a frame was captured."""
        return abs(frame.captured_at_ns - self.pressed_at_ns)


@dataclass(frozen=True, slots=True, eq=False)
class _Ranked:
    frame: Frame
    seen: Pixels  # a packet's at half its size
    detail: float  # share of the scene's detail that is fine; more is sharper
    thumbnail: Thumbnail
    fault: PictureFault | None

    def is_fit(self, reference: "_Ranked") -> bool:
        return self.fault is None and self.shows_the_scene_of(reference)

    def is_as_sharp_as(self, other: "_Ranked") -> bool:
        is_sharp = self.detail >= other.detail * _AS_SHARP_SHARE
        return is_sharp and self.shows_the_scene_of(other)

    def shows_the_scene_of(self, other: "_Ranked") -> bool:
        return difference(self.thumbnail, other.thumbnail) <= _CHANGE_DN


def hold_sharpest(link: CameraLink, press: Press, show: Show | None = None) -> Held:
    """Hold the sharpest frame around the press, and note its time from the press in the details.

    `show` is given the frame once it is chosen, before it is decoded in full, encoded, hashed and
    judged.

    Takes at most about 0.2 s longer than the press's own frame would. Raises StationError
    IMAGE_UNREADABLE if neither the press's frame nor any other is a whole picture, FRAME_WRONG
    if the camera shows no scene (black, white, colours swapped).
    """
    ranked, sharp = _before(link, press)
    # if the frame of the press is torn, any whole one is better
    reference = next((one for one in ranked if one is not None and one.fault is None), None)
    if reference is None:
        return _held(link, press, press.frame)
    best = _sharpest(ranked, reference, press)
    if sharp is not None and best.is_as_sharp_as(sharp):
        _show(show, best)
        return _held(link, press, best.frame)
    held = _held(link, press, best.frame)
    later = best
    if not _in_focus(held.report):
        later = _sharpest([best, *_after(link, press, reference)], reference, press)
    _show(show, later)
    return held if later is best else _held(link, press, later.frame)


def _show(show: Show | None, one: _Ranked) -> None:
    if show is not None:
        show(Chosen(one.seen, (one.frame.width, one.frame.height)))


def _before(link: CameraLink, press: Press) -> tuple[list[_Ranked | None], _Ranked | None]:
    """Rank the frames until the press, its own first; and return one known to be in focus, or None.

    That is the best of those whose live score says so. If all live scores say so, the hand is
    steady: then only as many frames are looked at, from the press backwards, as it takes to find
    one that is as sharp as that.
    """
    earliest_ns = max(press.pressed_at_ns - BEFORE_NS, press.not_before_ns)
    asked = press.frame.sequence
    before = set(link.sequences_between(earliest_ns, press.pressed_at_ns)) - {asked}
    in_focus = {
        sequence: press.focus[sequence].score
        for sequence in {*before, asked} & press.focus.keys()
        if press.focus[sequence].verdict is Verdict.GOOD
    }
    sharpest = max(in_focus, key=in_focus.__getitem__, default=asked)
    look = partial(_look, link, press)
    with ThreadPoolExecutor(_RANKERS, "burst") as rankers:
        best = rankers.map(look, {sharpest} - {asked})
        own = _ranked(press, press.frame)
        if own is not None and own.fault is not None:
            raise StationError(ErrorCode.FRAME_WRONG, fault=own.fault.value)
        ranked = [own, *best]
        fit = (one for one in ranked if one is not None and one.fault is None)
        sharp = next((one for one in fit if one.frame.sequence in in_focus), None)

        def add(sequences: list[int]) -> list[_Ranked]:
            looked_at = [one for one in rankers.map(look, sequences) if one is not None]
            for one in looked_at:
                _add(one, ranked, own, press)
            return looked_at

        others = sorted(before - {sharpest}, reverse=True)
        if own is None or sharp is None or not _seems_steady(press):
            add(others)
        elif not own.is_as_sharp_as(sharp):
            nearer = [one for one in others if one > sharpest]
            while nearer and not any(one.is_as_sharp_as(sharp) for one in add(nearer[:_RANKERS])):
                del nearer[:_RANKERS]
    return ranked, sharp


def _seems_steady(press: Press) -> bool:
    """Return whether all scores of the live view say that it was in focus, and there are enough."""
    verdicts = [one.verdict for one in press.focus.values()]
    return len(verdicts) >= _LEAST_SCORED and set(verdicts) == {Verdict.GOOD}


def _after(link: CameraLink, press: Press, reference: _Ranked) -> list[_Ranked | None]:
    """Rank the frames that arrive until 200 ms after the press, if any do."""
    begins_ns, ends_ns = press.pressed_at_ns + 1, press.pressed_at_ns + AFTER_NS
    ranked: list[_Ranked | None] = []
    seen = -1
    while True:
        is_over = time.perf_counter_ns() > ends_ns  # checked first, so that no frame is missed
        coming = [one for one in link.sequences_between(begins_ns, ends_ns) if one > seen]
        for sequence in coming:
            _add(_look(link, press, sequence), ranked, reference, press)
        seen = max([seen, *coming])
        if is_over:
            return ranked
        if not coming:
            time.sleep(_LOOK_EVERY_S)


def _look(link: CameraLink, press: Press, sequence: int) -> _Ranked | None:
    """Rank a frame; None if it is gone, not whole, or of another opening or mode of the source."""
    frame, asked = link.frame(sequence), press.frame
    if (
        frame is None
        or frame.generation != asked.generation
        or (frame.width, frame.height) != (asked.width, asked.height)
        or frame.captured_at_ns < press.not_before_ns
    ):
        return None
    return _ranked(press, frame)


def _add(
    one: _Ranked | None, ranked: list[_Ranked | None], reference: _Ranked | None, press: Press
) -> None:
    """Add a frame, unless one nearer to the press is as sharp: raw ones take 6 MB each."""
    if one is None:
        return
    nearer = (
        other
        for other in ranked
        if other is not None and press.distance_ns(other.frame) <= press.distance_ns(one.frame)
    )
    if reference is None or not any(
        other.detail >= one.detail and other.is_fit(reference) for other in nearer
    ):
        ranked.append(one)


def _sharpest(ranked: Iterable[_Ranked | None], reference: _Ranked, press: Press) -> _Ranked:
    """Return the frame nearest to the press among those as good as the sharpest."""
    fit = [one for one in ranked if one is not None and one.is_fit(reference)]
    best = max((one.detail for one in fit), default=reference.detail)
    near = [one for one in fit if one.detail >= best * _AS_SHARP_SHARE] or [reference]
    return min(near, key=lambda one: press.distance_ns(one.frame))


def _ranked(press: Press, frame: Frame) -> _Ranked | None:
    """Measure the middle of a frame at half its size; return None if it is not a whole picture.

    The measure is fine detail as a share of coarse detail, both as mean squared gradient: blur
    takes the fine detail of a scene first, whatever the light. Sensor noise is the same in all
    frames of a burst; the smoothing dampens it, so that it does not decide between them.
    """
    whole = _whole(frame)
    if whole is None:
        return None
    half = _middle(whole)
    if whole is frame.payload:
        half = np.asarray(cv2.resize(half, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    green = cv2.GaussianBlur(cv2.extractChannel(half, 1), (3, 3), 0)
    quarter = cv2.resize(green, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    coarse = _gradient_energy(np.asarray(quarter, np.uint8))
    fine = _gradient_energy(np.asarray(green, np.uint8))
    fault = fault_of(whole, press.reference)
    return _Ranked(frame, whole, fine / (coarse + _DETAIL_FLOOR), thumbnail(whole), fault)


def _gradient_energy(grey: NDArray[np.uint8]) -> float:
    across = cv2.Sobel(grey, cv2.CV_16S, 1, 0, ksize=1)
    down = cv2.Sobel(grey, cv2.CV_16S, 0, 1, ksize=1)
    total = cv2.norm(across, cv2.NORM_L2SQR) + cv2.norm(down, cv2.NORM_L2SQR)
    return float(total) / grey.size


def _whole(frame: Frame) -> Pixels | None:
    """Return raw pixels as they are, a packet decoded at half its size, None for a torn one."""
    if frame.encoding is not Encoding.JPEG:
        return frame.payload
    width, height = (-(-side // 2) for side in (frame.width, frame.height))
    return whole_picture(frame.payload.tobytes(), width, height)


def _middle(image: Pixels) -> Pixels:
    """Leave out an eighth at each side: this drops the scope's surround and saves work."""
    height, width = image.shape[:2]
    return image[height // 8 : height - height // 8, width // 8 : width - width // 8]


def _held(link: CameraLink, press: Press, frame: Frame) -> Held:
    held = hold(
        frame, press.shot, press.camera, lesion_id=press.lesion_id, pressed_by=press.pressed_by
    )
    offset_ms = round((frame.captured_at_ns - press.pressed_at_ns) / 1e6)
    adds_tables = frame.encoding is Encoding.JPEG and link.status().mode.adds_tables
    details = replace(
        held.details, press_offset_ms=offset_ms, tables_added=True if adds_tables else None
    )
    return replace(held, details=details)


def _in_focus(report: QualityReport) -> bool:
    return report.judgement(Aspect.FOCUS).verdict is Verdict.GOOD
