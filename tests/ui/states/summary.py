"""States of the summary, with the predicted size of the package."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from dermstation.domain.consents import Answer
from dermstation.domain.copies import (
    NO_CHOICES,
    CopyKind,
    Derivation,
    PictureChoices,
    Shape,
    ShapeKind,
)
from dermstation.domain.dermoscopy_gap import NoDermoscopy
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.lesion_facts import Identifiable, LesionFacts, Safeguards
from dermstation.domain.presets import PRESETS, Preset
from dermstation.domain.quality import Aspect, Judgement, Verdict
from dermstation.domain.records import PackageFile, Polarisation
from dermstation.domain.routes import Route
from dermstation.domain.set_score import RULER_SEEN
from dermstation.domain.shots import STANDARD_SHOTS, ShotKind
from dermstation.ui.parts.page import Page
from dermstation.ui.summary.page import SummaryPage
from dermstation.workflow.messages import message_for
from dermstation.workflow.prediction import Prediction
from dermstation.workflow.review_policy import REVIEWED_ROUTES
from dermstation.workflow.reviewing import ReviewStatus
from tests.ui.framing import named

PREDICTED = Prediction(
    tuple(PackageFile(f"L1-{n}.jpg", "image/jpeg", 470_000, "0" * 64) for n in range(4)),
    PRESETS[Preset.GP_SYSTEM].limits,
)


def _summary(made: Any, **over: Any) -> SummaryPage:
    view = made.episode(**over)
    pictures = {capture.id: made.skin[::4, ::4] for capture in view.captures}
    return SummaryPage(view, pictures, Path("/home/test/Documents/dermstation/packages"))


def summary_one_lesion(made: Any) -> Page:
    return _summary(made)


def summary_long(made: Any) -> Page:
    page = _summary(made, lesions=3, route=Route.RADS, history="Growing, itchy. " * 40)
    page.set_destination(Path("/home/test/" + "x" * 80 + "/packages"))
    return page


def summary_no_route(made: Any) -> Page:
    page = _summary(made)
    page.primary.click()
    return page


def summary_rads_predicted(made: Any) -> Page:
    page = _summary(made)
    page.routes[Route.RADS].setChecked(True)
    page.package.show_prediction(PREDICTED)
    return page


def summary_package_worse(made: Any) -> Page:
    page = _summary(made)
    page.package.destination.setCurrentIndex(2)
    worse = ("L1 dermoscopic is then fair: not in focus",)
    shrunk = ("L1 general", "L1 close-up", "L1 dermoscopic")
    page.package.show_prediction(replace(PREDICTED, shrunk=shrunk, worse=worse))
    return page


def summary_package_refused_long(made: Any) -> Page:
    page = _summary(made, lesions=2)
    page.package.unfold.click()
    words = message_for(StationError(ErrorCode.PACKAGE_TOO_MANY_FILES, files=7, limit=4))
    page.package.show_problem(f"{words.what} {words.todo}")
    return page


def _reviewing(made: Any, **over: Any) -> SummaryPage:
    view = made.episode(route=Route.RADS, lesions=1)
    pictures = {capture.id: made.skin[::4, ::4] for capture in view.captures}
    folder = Path("/home/test/Documents/dermstation/packages")
    return SummaryPage(view, pictures, folder, review_routes=REVIEWED_ROUTES, **over)


def summary_review_missing(made: Any) -> Page:
    page = _reviewing(made)
    asked = "Sent for review by Test Nurse-One, 4 Sep 2026, 10:32 BST."
    page.review.show_status(ReviewStatus(words=asked))
    page.told.buttons[Answer.YES].click()
    page.primary.click()
    return page


def summary_told_missing(made: Any) -> Page:
    page = _reviewing(made)
    page.primary.click()
    return page


def summary_reviewed_long(made: Any) -> Page:
    page = _reviewing(made)
    by = "Test Clinician-Two Featherstonehaugh-Cholmondeley-Majoribanks"
    page.review.show_status(ReviewStatus(True, f"Reviewed by {by}, 4 Sep 2026, 10:32 BST."))
    return page


def summary_nurse(made: Any) -> Page:
    return _reviewing(made, may_complete=False)


def summary_to_cover_long(made: Any) -> Page:
    return SummaryPage(*_noted(made))


def _noted(made: Any) -> tuple[Any, ...]:
    """Return an episode with a face to cover: one picture covered and marked, one left out."""
    view = made.episode(lesions=1)
    facts = LesionFacts(safeguards=Safeguards(False, identifiable=Identifiable.FACE))
    first, second = view.captures
    copies = []
    for kind, base in ((CopyKind.COVERED, first.id), (CopyKind.MARKED, "c-covered")):
        shape = Shape(ShapeKind.RING, 0.2, 0.2, 0.5, 0.5)
        how = Derivation(kind, first.id, base, (shape,), first.captured_at, "1")
        copies.append(replace(first, id=f"c-{kind.value}", derivation=how))
    third = replace(first, id="c-lateral", shot=ShotKind.LATERAL)
    view = replace(
        view,
        lesions=(replace(view.lesions[0], facts=facts),),
        captures=(first, second, third),
        copies=tuple(copies),
        choices=PictureChoices({second.id: "Not needed for the question"}),
    )
    pictures = {capture.id: made.skin[::4, ::4] for capture in view.captures}
    return view, pictures, Path("/home/test/Documents/dermstation/packages")


def summary_empty_lesion_long(made: Any) -> Page:
    """Show what is missing: nothing is asked, and the second lesion is empty."""
    view = made.episode(lesions=3, route=Route.ADVICE)
    bare = tuple(replace(one, facts=LesionFacts()) for one in view.lesions)
    captures = tuple(one for one in view.captures if one.lesion_id == bare[0].id)
    view = replace(view, lesions=bare[:2], removed=bare[2:], captures=captures)
    pictures = {capture.id: made.skin[::4, ::4] for capture in view.captures}
    return SummaryPage(view, pictures, Path("/home/test/Documents/dermstation/packages"))


def summary_declined(made: Any) -> Page:
    return _summary(made, given=False)


def summary_asks_why(made: Any) -> Page:
    page = _summary(made)
    page.routes[Route.ADVICE].setChecked(True)
    page.primary.click()
    return page


def summary_said_why(made: Any) -> Page:
    page = _summary(made)
    row = page.cards[0].gap
    row.reason.setCurrentIndex(row.reason.findData(NoDermoscopy.OTHER))
    row.note.setText("ulcerated, bleeds at a touch")
    return page


def summary_pair(made: Any) -> Page:
    return _pair(made, NO_CHOICES)


def summary_pair_left_out(made: Any) -> Page:
    """The picture taken last is left out, so the other one goes along and is shown."""
    return _pair(made, PictureChoices({Polarisation.POLARISED.value: "Hair over it"}))


def _pair(made: Any, choices: PictureChoices) -> Page:
    view = made.episode()
    general = view.captures[0]
    both = tuple(
        replace(
            general,
            id=light.value,
            shot=ShotKind.DERMOSCOPIC,
            details=replace(general.details, polarisation=light),
        )
        for light in (Polarisation.NON_POLARISED, Polarisation.POLARISED)
    )
    view = replace(view, captures=(*view.captures, *both), choices=choices)
    pictures = {capture.id: made.skin[::4, ::4] for capture in view.captures}
    return SummaryPage(view, pictures, Path("/home/test/Documents/dermstation/packages"))


def summary_five_of_five(made: Any) -> Page:
    """Show the normal case: everything was taken, the ruler is seen, and all is in focus."""
    view = made.episode()
    captures = tuple(
        replace(
            view.captures[0],
            id=shot.value,
            shot=shot,
            report=replace(
                made.report(shot=shot),
                judgements=(*made.report(shot=shot).judgements, _RULER_SEEN_THERE),
            ),
        )
        for shot in STANDARD_SHOTS
    )
    view = replace(view, captures=captures)
    pictures = {capture.id: made.skin[::4, ::4] for capture in view.captures}
    return SummaryPage(view, pictures, Path("/home/test/Documents/dermstation/packages"))


_RULER_SEEN_THERE = Judgement(Aspect.FRAMING, 90, Verdict.GOOD, None, {RULER_SEEN: 1.0})
STATES = named(
    "Summary",
    summary_five_of_five,
    summary_one_lesion,
    summary_long,
    summary_no_route,
    summary_asks_why,
    summary_said_why,
    summary_pair,
    summary_pair_left_out,
    summary_rads_predicted,
    summary_package_worse,
    summary_package_refused_long,
    summary_to_cover_long,
    summary_declined,
    summary_empty_lesion_long,
    summary_review_missing,
    summary_told_missing,
    summary_reviewed_long,
    summary_nurse,
)
