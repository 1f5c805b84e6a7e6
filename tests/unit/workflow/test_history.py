"""A lesion's history is durable, and a reached threshold is acknowledged before another route."""

from pathlib import Path

import pypdf
import pytest

from dermstation.domain.consents import Answer
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.lesion_facts import (
    Chaperone,
    History,
    Identifiable,
    Note,
    Point,
    Question,
    Safeguards,
    Spot,
    made_history,
)
from dermstation.domain.routes import Route
from dermstation.domain.sites import Side
from dermstation.domain.states import EpisodeState
from dermstation.workflow import episodes, packaging, reviewing, routing
from dermstation.workflow.package_choice import Practice
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView, Step, lacking, place_of
from tests.unit.workflow.conftest import ready
from tests.unit.workflow.packing import missing

REACHED = frozenset({Point.SIZE, Point.OOZING})


def keep(
    signed_in: SignedIn, view: EpisodeView, history: History, text: str = "Grew."
) -> EpisodeView:
    return episodes.save_history(
        signed_in.vault, view.episode.id, view.lesions[0].id, history=history, text=text
    )


def make(signed_in: SignedIn, view: EpisodeView, packages: Path) -> EpisodeView:
    reviewing.review(signed_in.vault, signed_in.operator, view.episode.id)
    return packaging.make_package(
        signed_in.vault, signed_in.operator, view.episode.id, packages, Practice("Test Practice")
    )


def test_a_history_is_kept_whole_and_its_draft_goes(signed_in: SignedIn, view: EpisodeView) -> None:
    vault, lesion = signed_in.vault, view.lesions[0]
    key = episodes.history_draft(view.episode.id, lesion.id)
    episodes.keep_draft(vault, key, {"text": "half"}, view.episode.id)
    history = made_history(
        {Question.BLEEDS: Answer.NO, Question.ITCHES: Answer.NOT_ASKED},
        {Note.DURATION: " four   months "},
        REACHED,
    )
    (seen,) = keep(signed_in, view, history, " Grew. ").lesions
    assert seen.facts.history == history
    assert seen.facts.history.notes[Note.DURATION] == "four months"
    assert seen.facts.history.answer(Question.ITCHES) is Answer.NOT_ASKED
    assert seen.history == "Grew."
    assert episodes.draft(vault, key) == {}


def test_a_history_is_never_filed_under_another_episode(
    signed_in: SignedIn, view: EpisodeView
) -> None:
    with pytest.raises(LookupError):
        episodes.save_history(
            signed_in.vault, "0" * 32, view.lesions[0].id, history=History(), text=""
        )


def test_a_corrected_site_keeps_the_history(signed_in: SignedIn, view: EpisodeView) -> None:
    keep(signed_in, view, History(points=REACHED), "Grew.")
    spot, safeguards = Spot("front", 0.2, 0.4), Safeguards(True, Chaperone.DECLINED)
    (seen,) = episodes.save_lesion(
        signed_in.vault,
        view.episode.id,
        lesion_id=view.lesions[0].id,
        site_code="70559009",
        side=Side.RIGHT,
        spot=spot,
        safeguards=safeguards,
    ).lesions
    assert (seen.site_code, seen.facts.spot) == ("70559009", spot)
    assert seen.facts.safeguards == safeguards
    assert (seen.facts.history.points, seen.history) == (REACHED, "Grew.")


def test_the_list_says_nothing_of_a_lesion_that_is_not_pigmented(
    signed_in: SignedIn, view: EpisodeView, packages: Path
) -> None:
    ready(signed_in, view, Route.ROUTINE)
    not_pigmented = History({Question.PIGMENTED: Answer.NO}, points=REACHED)
    seen = keep(signed_in, view, not_pigmented)
    assert "7-point" not in seen.lesions[0].history_words
    assert missing(seen, Route.ROUTINE) == []
    assert make(signed_in, view, packages).episode.state is EpisodeState.PACKAGED


@pytest.mark.parametrize("route", [one for one in Route if one is not Route.USC])
def test_a_reached_threshold_is_acknowledged_before_any_other_route(
    signed_in: SignedIn, view: EpisodeView, packages: Path, route: Route
) -> None:
    ready(signed_in, view, route)
    keep(signed_in, view, History(points=REACHED))
    with pytest.raises(StationError) as trouble:
        make(signed_in, view, packages)
    assert trouble.value.code is ErrorCode.SCORE_NOT_ACKNOWLEDGED
    assert trouble.value.facts["label"] == "L1"
    assert list(packages.iterdir()) == []
    keep(signed_in, view, History(points=REACHED, acknowledged=True))
    packed = make(signed_in, view, packages)
    assert packed.episode.state is EpisodeState.PACKAGED
    assert packed.episode.route is route  # nothing but the clinician changes it


def test_the_suspected_cancer_route_needs_no_acknowledgement(
    signed_in: SignedIn, view: EpisodeView, packages: Path
) -> None:
    ready(signed_in, view, Route.USC)
    keep(signed_in, view, History(points=REACHED))
    assert make(signed_in, view, packages).episode.state is EpisodeState.PACKAGED


def test_a_lesion_that_could_identify_goes_without_pictures_or_delay(
    signed_in: SignedIn, view: EpisodeView, packages: Path
) -> None:
    seen = episodes.save_lesion(
        signed_in.vault,
        view.episode.id,
        lesion_id=view.lesions[0].id,
        site_code="36141000",
        side=Side.LEFT,
        safeguards=Safeguards(identifiable=Identifiable.FACE, without_pictures=True),
    )
    assert not seen.pictures_wanted
    assert seen.missing(seen.lesions[0]) == ()
    assert lacking(seen, Route.USC) == {}
    assert place_of(seen).step is Step.SUMMARY
    episodes.finish_pictures(signed_in.vault, view.episode.id)
    episodes.save_summary(
        signed_in.vault, view.episode.id, histories={}, question="", route=Route.USC
    )
    routing.save_told(signed_in.vault, view.episode.id, Answer.NO)
    packed = make(signed_in, view, packages)
    assert packed.package is not None
    assert [file.media_type for file in packed.package.files] == ["application/pdf"]


def test_the_specialist_sees_which_questions_were_asked(
    signed_in: SignedIn, view: EpisodeView, packages: Path
) -> None:
    ready(signed_in, view, Route.USC)
    episodes.save_lesion(
        signed_in.vault,
        view.episode.id,
        lesion_id=view.lesions[0].id,
        site_code="22180002",
        side=Side.LEFT,
        safeguards=Safeguards(True, Chaperone.PRESENT, "Test Chaperone", Identifiable.NOTHING),
    )
    history = made_history(
        {Question.BLEEDS: Answer.YES, Question.ITCHES: Answer.NO},
        {Note.DURATION: "four months"},
        REACHED,
    )
    keep(signed_in, view, history, "Grew.")
    package = make(signed_in, view, packages).package
    assert package is not None
    (pdf,) = Path(package.folder).glob("*.pdf")
    pages = pypdf.PdfReader(pdf).pages
    text = " ".join("".join(page.extract_text() for page in pages).split())
    for words in (
        "Grew.",
        "four months",
        "YES: bleeding",
        "No: itch, pain or other symptom",
        "Not asked: 15.",
        "NICE 7-point list 3 of 10 (size changed, oozing; suspected cancer from 3)",
        "chaperone was offered and present (Test Chaperone)",
        "Capacity: not recorded.",
    ):
        assert words in text, words


def test_a_lesion_without_a_form_is_handed_over_as_it_was_written(view: EpisodeView) -> None:
    (lesion,) = view.lesions
    assert lesion.history_words == lesion.history
