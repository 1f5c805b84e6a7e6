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
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial

from dermstation.camera.frames import Encoding, Frame
from dermstation.camera.link import CameraLink
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import Aspect, Judgement, QualityReport, Verdict
from dermstation.domain.shots import ShotKind
from dermstation.imaging.sight import Thumbnail
from dermstation.workflow.burst_ranking import Pixels, Ranked, likely_sharper, ranked_frame
from dermstation.workflow.capturing import Held, hold

BEFORE_NS = 400_000_000
AFTER_NS = 200_000_000
_LOOK_EVERY_S = 0.005
_RANKERS = 2
_LEAST_SCORED = 2  # by the live view, to call a hand steady


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


def _show(show: Show | None, one: Ranked) -> None:
    if show is not None:
        show(Chosen(one.seen, (one.frame.width, one.frame.height)))


def _before(link: CameraLink, press: Press) -> tuple[list[Ranked | None], Ranked | None]:
    """Rank frames until the press, its own first; and return one known to be in focus, or None.

    A live score says so of that one. Of packets only the one is looked at that may be much sharper
    by its size, unless sizes say nothing.
    """
    earliest_ns = max(press.pressed_at_ns - BEFORE_NS, press.not_before_ns)
    asked = press.frame
    lengths = link.lengths_between(earliest_ns, press.pressed_at_ns)
    lengths[asked.sequence] = asked.payload.size
    in_focus = {
        sequence: press.focus[sequence].score
        for sequence in lengths.keys() & press.focus.keys()
        if press.focus[sequence].verdict is Verdict.GOOD
    }
    likely = likely_sharper(link, asked, lengths)
    found = _by_size(link, press, likely, in_focus) if likely is not None else None
    return found or _by_looking(link, press, lengths.keys() - {asked.sequence}, in_focus)


def _by_size(
    link: CameraLink, press: Press, likely: int, in_focus: Mapping[int, float]
) -> tuple[list[Ranked | None], Ranked | None] | None:
    """Rank the frame of the press and the `likely` one; None if they cannot be compared."""
    asked = press.frame.sequence
    # whatever is as sharp as the least sharp of those in focus is in focus
    least = min(in_focus, key=in_focus.__getitem__, default=asked)
    witness = next((one for one in (asked, likely) if one in in_focus), least)
    with ThreadPoolExecutor(_RANKERS, "burst") as rankers:
        others = rankers.map(partial(_look, link, press), {likely, witness} - {asked})
        own = _own(press)
        seen = {one.frame.sequence: one for one in (own, *others) if one is not None}
    best, sharp = seen.get(likely), seen.get(witness)
    if own is None or best is None or not best.is_fit(own):
        return None
    is_sharp = sharp is not None and sharp.fault is None and witness in in_focus
    return [own, best], sharp if is_sharp else None


def _by_looking(
    link: CameraLink, press: Press, before: AbstractSet[int], in_focus: Mapping[int, float]
) -> tuple[list[Ranked | None], Ranked | None]:
    """Rank the frames until the press, unless its own is as sharp as any that was found in focus.

    If all live scores say "in focus", the hand is steady: then only as many frames are looked at,
    from the press backwards, as it takes to find one that is as sharp as the sharpest of those.
    """
    asked = press.frame.sequence
    sharpest = max(in_focus, key=in_focus.__getitem__, default=asked)
    look = partial(_look, link, press)
    with ThreadPoolExecutor(_RANKERS, "burst") as rankers:
        best = rankers.map(look, {sharpest} - {asked})
        own = _own(press)
        ranked = [own, *best]
        fit = (one for one in ranked if one is not None and one.fault is None)
        sharp = next((one for one in fit if one.frame.sequence in in_focus), None)
        if own is not None and sharp is not None and own.is_as_sharp_as(sharp):
            return ranked, sharp

        def add(sequences: list[int]) -> list[Ranked]:
            looked_at = [one for one in rankers.map(look, sequences) if one is not None]
            for one in looked_at:
                _add(one, ranked, own, press)
            return looked_at

        others = sorted(before - {sharpest}, reverse=True)
        if own is None or sharp is None or not _seems_steady(press):
            add(others)
        else:
            nearer = [one for one in others if one > sharpest]
            while nearer and not any(one.is_as_sharp_as(sharp) for one in add(nearer[:_RANKERS])):
                del nearer[:_RANKERS]
    return ranked, sharp


def _own(press: Press) -> Ranked | None:
    """Rank the frame of the press. Raises StationError FRAME_WRONG."""
    own = ranked_frame(press.frame, press.reference)
    if own is not None and own.fault is not None:
        raise StationError(ErrorCode.FRAME_WRONG, fault=own.fault.value)
    return own


def _seems_steady(press: Press) -> bool:
    """Return whether all scores of the live view say that it was in focus, and there are enough."""
    verdicts = [one.verdict for one in press.focus.values()]
    return len(verdicts) >= _LEAST_SCORED and set(verdicts) == {Verdict.GOOD}


def _after(link: CameraLink, press: Press, reference: Ranked) -> list[Ranked | None]:
    """Rank the frames that arrive until 200 ms after the press, if any do."""
    begins_ns, ends_ns = press.pressed_at_ns + 1, press.pressed_at_ns + AFTER_NS
    ranked: list[Ranked | None] = []
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


def _look(link: CameraLink, press: Press, sequence: int) -> Ranked | None:
    """Rank a frame; None if it is gone, not whole, or of another opening or mode of the source."""
    frame, asked = link.frame(sequence), press.frame
    if (
        frame is None
        or frame.generation != asked.generation
        or (frame.width, frame.height) != (asked.width, asked.height)
        or frame.captured_at_ns < press.not_before_ns
    ):
        return None
    return ranked_frame(frame, press.reference)


def _add(
    one: Ranked | None, ranked: list[Ranked | None], reference: Ranked | None, press: Press
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


def _sharpest(ranked: Iterable[Ranked | None], reference: Ranked, press: Press) -> Ranked:
    """Return the frame nearest to the press among those as good as the sharpest."""
    fit = [one for one in ranked if one is not None and one.may_replace(reference)]
    best = max((one.detail for one in fit), default=reference.detail)
    near = [one for one in fit if one.has_detail_of(best)] or [reference]
    return min(near, key=lambda one: press.distance_ns(one.frame))


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
