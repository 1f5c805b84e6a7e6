"""States of the review of a lesion's pictures, and of the pages that draw on copies."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np

from dermstation.domain.copies import CopyKind, Derivation, PictureChoices, Shape, ShapeKind
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.lesion_facts import Identifiable, LesionFacts, Safeguards
from dermstation.domain.quality import Verdict
from dermstation.domain.records import Polarisation
from dermstation.domain.shots import ShotKind
from dermstation.ui.parts.notice import Level
from dermstation.ui.parts.page import Page
from dermstation.ui.review.drawing_page import DrawingPage
from dermstation.ui.review.page import LesionReviewPage
from dermstation.workflow.messages import message_for
from dermstation.workflow.notices import copy_not_saved
from dermstation.workflow.picture_review import Earlier
from dermstation.workflow.walk import EpisodeView
from tests.ui.framing import LONG, named

HISTORY = "Grew over three months; itches at night; no bleeding. " * 6
ARROW = Shape(ShapeKind.ARROW, 0.12, 0.2, 0.36, 0.42)
RING = Shape(ShapeKind.RING, 0.3, 0.28, 0.7, 0.74)
BOX = Shape(ShapeKind.RECTANGLE, 0.05, 0.06, 0.42, 0.4)
OVAL = Shape(ShapeKind.ELLIPSE, 0.6, 0.5, 0.9, 0.85)


def _episode(made: Any, shots: tuple[ShotKind, ...], identifiable=Identifiable.NOT_ASKED, **over):
    view = made.episode(history=HISTORY, **over)
    facts = LesionFacts(safeguards=Safeguards(identifiable=identifiable))
    lesion = replace(view.lesions[0], facts=facts)
    verdicts = (Verdict.GOOD, Verdict.POOR, Verdict.FAIR, Verdict.GOOD)
    captures = tuple(
        replace(
            view.captures[0],
            id=f"c-{shot.value}",
            shot=shot,
            report=made.report(verdict, shot=shot),
            override_reason="The patient cannot keep still" if verdict is Verdict.POOR else None,
        )
        for shot, verdict in zip(shots, verdicts, strict=False)
    )
    return replace(view, lesions=(lesion,), captures=captures)


def _copy(capture, kind: CopyKind, base: str = ""):
    shapes = (RING,) if kind is CopyKind.MARKED else (BOX,)
    made = Derivation(kind, capture.id, base or capture.id, shapes, capture.captured_at, "1")
    return replace(capture, id=f"{capture.id}-{kind.value}", derivation=made)


def _page(made: Any, view: EpisodeView, *, portrait: bool = False) -> LesionReviewPage:
    page = LesionReviewPage(view, view.lesions[0])
    skin = np.ascontiguousarray(np.rot90(made.skin)) if portrait else made.skin
    shown = {one.id: skin[::2, ::2] for one in (*view.captures, *view.copies)}
    page.show_pixels(shown)
    page.show_earlier(())
    return page


def review_one(made: Any) -> Page:
    return _page(made, _episode(made, (ShotKind.DERMOSCOPIC,)))


def review_three(made: Any) -> Page:
    view = _episode(made, (ShotKind.GENERAL, ShotKind.CLOSEUP, ShotKind.DERMOSCOPIC))
    page = _page(made, view)
    page.choose(ShotKind.CLOSEUP)
    return page


def review_pair(made: Any) -> Page:
    """Show both lights of the dermatoscope, the second marked: long titles over small pictures."""
    shots = (ShotKind.GENERAL, ShotKind.CLOSEUP, ShotKind.DERMOSCOPIC)
    view = _episode(made, shots)
    *rest, first = view.captures
    other = replace(
        first,
        id="c-other",
        details=replace(first.details, polarisation=Polarisation.NON_POLARISED),
    )
    last = replace(first, details=replace(first.details, polarisation=Polarisation.POLARISED))
    view = replace(view, captures=(*rest, other, last), copies=(_copy(other, CopyKind.MARKED),))
    page = _page(made, view)
    page.choose(ShotKind.DERMOSCOPIC)
    return page


def review_six(made: Any) -> Page:
    view = _episode(made, tuple(ShotKind))
    copies = tuple(_copy(one, CopyKind.MARKED) for one in view.captures[:2])
    return _page(made, replace(view, copies=copies))


def review_portrait_long(made: Any) -> Page:
    shots = (ShotKind.GENERAL, ShotKind.CLOSEUP, ShotKind.DERMOSCOPIC)
    view = _episode(made, shots, Identifiable.FACE)
    choices = PictureChoices(MappingProxyType({"c-closeup": LONG}))
    covered = _copy(view.captures[0], CopyKind.COVERED)
    view = replace(view, copies=(covered,), choices=choices)
    page = _page(made, view, portrait=True)
    page.choose(ShotKind.DERMOSCOPIC)
    return page


def review_why_left_out(made: Any) -> Page:
    page = review_three(made)
    page.tools.leave.click()
    page.tools.confirm.click()
    return page


def review_zoomed(made: Any) -> Page:
    page = review_three(made)
    page.zoom.zoom_by(3.4)
    return page


def review_compared(made: Any) -> Page:
    view = _episode(made, (ShotKind.GENERAL, ShotKind.CLOSEUP))
    page = _page(made, view)
    lesion = view.lesions[0]
    before = replace(view.captures[0], id="before")
    listed = (Earlier(before, lesion, False, True), Earlier(before, lesion, True, True))
    page.show_earlier(listed)
    page.tools.compare.setCurrentIndex(1)
    page.show_pixels({"before": made.skin[::2, ::-2]})
    page.show_earlier(listed)
    return page


def review_lost_long(made: Any) -> Page:
    page = LesionReviewPage(view := _episode(made, tuple(ShotKind)), view.lesions[0])
    page.show_pixels({"c-general": made.skin[::2, ::2]})
    words = message_for(StationError(ErrorCode.CAPTURE_CHANGED))
    page.show_failed("c-closeup", words.what)
    page.show_notice(Level.ERROR, words.what, words.safe, words.todo)
    page.show_earlier(())
    return page


def review_packaged(made: Any) -> Page:
    from dermstation.domain.states import EpisodeState

    view = _episode(made, (ShotKind.GENERAL, ShotKind.CLOSEUP), state=EpisodeState.PACKAGED)
    return _page(made, view)


def review_none(made: Any) -> Page:
    return _page(made, _episode(made, ()))


def mark_arrow_and_ring(made: Any) -> Page:
    page = DrawingPage("L1 close-up", CopyKind.MARKED, has_copy=True)
    page.show_picture(made.skin, (RING, ARROW))
    return page


def cover_first(made: Any) -> Page:
    page = DrawingPage("L1 general", CopyKind.COVERED)
    page.show_picture(np.ascontiguousarray(np.rot90(made.skin)))
    return page


def cover_wiped_at_once(made: Any) -> Page:
    page = DrawingPage("L12 dermoscopic", CopyKind.COVERED, original_is_kept=False)
    page.show_picture(made.skin, (BOX, OVAL))
    return page


def cover_disk_full_long(made: Any) -> Page:
    page = DrawingPage("L1 general", CopyKind.COVERED, has_copy=True)
    page.show_picture(made.skin, (BOX, OVAL))
    words = copy_not_saved(StationError(ErrorCode.VAULT_DISK_FULL))
    page.show_notice(Level.ERROR, words.what, words.safe, words.todo)
    return page


def cover_saving(made: Any) -> Page:
    page = cover_wiped_at_once(made)
    page.show_busy("Saving\u2026")
    return page


STATES = named(
    "Summary",
    review_one,
    review_three,
    review_pair,
    review_six,
    review_portrait_long,
    review_why_left_out,
    review_zoomed,
    review_compared,
    review_lost_long,
    review_packaged,
    review_none,
    mark_arrow_and_ring,
    cover_first,
    cover_wiped_at_once,
    cover_disk_full_long,
    cover_saving,
)
