"""The chart has every route with source and date; a practice's own is used whole or not at all."""

from pathlib import Path

import pytest

from dermstation.domain.consents import Answer
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.lesion_facts import History, Point
from dermstation.domain.routes import Route
from dermstation.domain.shots import STANDARD_SHOTS
from dermstation.resources import resource_text
from dermstation.workflow import episodes, routing
from dermstation.workflow.pathway import MAX_BYTES, load_pathway, read_pathway
from dermstation.workflow.route_checks import missing_for
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView
from tests.unit.workflow.conftest import take
from tests.unit.workflow.packing import missing

OWN = resource_text("pathways", "skin_lesions.toml")


def test_our_chart_has_every_route_once_with_source_and_date() -> None:
    pathway = read_pathway(OWN)
    assert {box.route for box in pathway.boxes if box.route} == set(Route)
    for box in pathway.boxes:
        assert box.source
        assert box.date
        assert box.route is None or (box.criteria and box.needs)
    assert all(box.after for box in pathway.boxes if box.id not in ("start", "pictures"))


def test_rads_states_the_requirements_of_the_local_pathway() -> None:
    needs = " ".join(read_pathway(OWN).of_route(Route.RADS).needs).lower()
    for words in ("general and a close-up", "clear history", "dermoscopic", "told"):
        assert words in needs


# What each box must say, from its source: NICE NG12 1.7 and CSG8 (2010), the local pathway.
SAID = {
    "start": ("recognised in general practice",),
    "pictures": (
        "surer",
        "reassurance",
        "in the practice",
        "clinic",
        "surgery",
        "without pictures",
    ),
    "assess": ("history", "naked eye"),
    "dermoscopy": ("aid", "never used in isolation", "trained hands", "needless operations"),
    "usc": (
        *("scores 3 or more", "pigmented lesion", "dermoscopy suggests melanoma"),
        *("nodular melanoma", "squamous cell carcinoma", "basal cell carcinoma", "site or size"),
        *("low score does not rule out cancer", "not scored", "told that it may be cancer"),
    ),
    "unsure": ("do not ask first", "urgent suspected cancer"),
    "colleague": ("your practice", "nearby", "still unsure"),
    "rads": (
        *("set its priority to Urgent", "cannot be RADS", "choose urgent suspected cancer"),
        *("general and a close-up", "clear history", "may become a suspected cancer"),
    ),
    "routine": ("suspicion of basal cell carcinoma", "not urgently"),
    "advice": (
        *("manage the lesion in primary care", "suspected cancer referral, is appropriate"),
        *("Not for a strong suspicion", "local promise", "one clinician to another"),
        *("cannot remind you", "Local rules differ", "general and a close-up", "uncertain"),
    ),
    "benign": ("Primary Care Dermatology Society",),
    "minor_surgery": (
        *("Never for a lesion suspected of melanoma", "benign lesion with symptoms"),
        *("below the collarbone", "under 1 cm", "clear margins", "over 24", "immunosuppressed"),
        *("Gorlin", "recurrent", "morphoeic", "accredited", "histology"),
    ),
    "primary_care": ("record",),
}


def test_each_box_says_what_its_source_asks_for() -> None:
    boxes = {box.id: box for box in read_pathway(OWN).boxes}
    for name, parts in SAID.items():
        words = " ".join((boxes[name].text, *boxes[name].criteria, *boxes[name].needs))
        assert [part for part in parts if part not in words] == [], name


def test_the_answer_within_48_hours_is_promised_for_gloucestershire_alone() -> None:
    assert OWN.count("48 hours") == OWN.count("(Gloucestershire: 48 hours)") == 1


def test_a_colleague_is_asked_before_advice_but_never_before_suspected_cancer() -> None:
    boxes = {box.id: box for box in read_pathway(OWN).boxes}
    assert boxes["advice"].after == ("colleague",)
    assert "colleague" not in boxes["usc"].after


def test_a_page_that_has_no_date_is_given_none() -> None:
    for box in read_pathway(OWN).boxes:
        assert ("G-care" in box.source) <= ("ndated" in box.date), box.id


def test_the_practices_links_stand_in_their_boxes() -> None:
    setting = (
        "minor_surgery|List of practices|https://icb.example/list;;"
        "minor_surgery | Form | /srv/forms/form.pdf;; advice|Local rules|https://icb.example/a"
    )
    boxes = {box.id: box for box in read_pathway(OWN).with_links(setting).boxes}
    titles = {name: [one.title for one in boxes[name].own_links] for name in boxes}
    assert titles["minor_surgery"] == ["List of practices", "Form"]
    assert titles["advice"] == ["Local rules"]
    assert titles["usc"] == []
    assert [one.title for one in boxes["benign"].links] == ["PCDS, benign skin lesions"]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("nowhere|Ours|https://icb.example", "box"),
        ("usc|Ours|http://icb.example", "address"),
        ("usc|Ours|setup.exe", "path"),
        ("usc", "form"),
    ],
)
def test_a_wrong_link_is_named_by_its_place(entry: str, fault: str) -> None:
    with pytest.raises(StationError) as trouble:
        read_pathway(OWN).with_links(f"usc|Good|https://icb.example;;{entry}")
    assert trouble.value.code is ErrorCode.PATHWAY_LINK_INVALID
    assert trouble.value.facts == {"place": 2, "fault": fault}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("[[box]]", "[[box"), "toml"),
        (('title = "Where', 'name = "Where'), "title or boxes"),
        (('id = "advice"', 'id = "rads"'), "a name twice"),
        (('route = "advice"', 'route = "routine"'), "not every route once"),
        (('route = "advice"\n', ""), "not every route once"),
        (('route = "advice"', 'route = "tomorrow"'), "box"),
        (('after = ["unsure"]', 'after = ["nowhere"]'), "a box that is not there"),
        (("row = 3\ncolumn = 2", "row = 3\ncolumn = 1"), "a place twice"),
        (("|https://www.pcds", "|http://www.pcds"), "link"),
        (("row = 3", "row = -1"), "box"),
        (('source = "G-care: RADS"', 'source = " "'), "box"),
        (('needs = ["The question', 'needs = [3, "The question'), "box"),
        (('title = "', f'deep = {"[" * 9_000}\ntitle = "'), "toml"),
    ],
)
def test_a_chart_that_is_wrong_is_refused_whole(change: tuple[str, str], fault: str) -> None:
    assert change[0] in OWN
    with pytest.raises(StationError) as trouble:
        read_pathway(OWN.replace(*change, 1))
    assert trouble.value.code is ErrorCode.PATHWAY_NOT_USABLE
    assert trouble.value.facts["fault"] == fault


def test_a_file_of_the_practice_is_read(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(OWN.replace("Where should", "In our town, where should"), encoding="utf-8")
    assert load_pathway(file).title.startswith("In our town")


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"#" * (MAX_BYTES + 1)])
def test_an_unreadable_file_is_reported(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "own.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(StationError) as trouble:
        load_pathway(file)
    assert trouble.value.code is ErrorCode.PATHWAY_NOT_USABLE


def test_a_chosen_route_is_kept_with_what_was_said(signed_in: SignedIn, view: EpisodeView) -> None:
    assert view.told is Answer.NOT_ASKED
    seen = routing.choose_route(signed_in.vault, view.episode.id, Route.RADS, told=Answer.YES)
    assert (seen.episode.route, seen.told) == (Route.RADS, Answer.YES)
    again = routing.choose_route(
        signed_in.vault, view.episode.id, Route.ROUTINE, told=Answer.NOT_ASKED
    )
    assert (again.episode.route, again.told) == (Route.ROUTINE, Answer.NOT_ASKED)


def test_the_missing_parts_of_a_route_are_listed(signed_in: SignedIn, view: EpisodeView) -> None:
    vault, episode_id = signed_in.vault, view.episode.id
    words = " ".join(one.words for one in missing_for(view, Route.RADS))
    for part in ("L1 general, L1 close-up", "question", "told"):
        assert part in words
    take(signed_in, view, *STANDARD_SHOTS)
    episodes.save_summary(
        vault, episode_id, histories={}, question="Please advise.", route=Route.RADS
    )
    whole = episodes.view_of(vault, episode_id)
    assert missing(whole, Route.RADS) == []
    assert missing(whole, Route.RADS, Answer.NOT_ASKED) == [ErrorCode.TOLD_MISSING]
    assert missing(whole, Route.RADS, Answer.NO) == [ErrorCode.RADS_NOT_TOLD]
    assert missing(whole, Route.USC, Answer.NO) == []
    lesion_id = view.lesions[0].id
    episodes.save_history(
        vault, episode_id, lesion_id, history=History(points=frozenset(Point)), text=""
    )
    ticked = episodes.view_of(vault, episode_id)
    assert ErrorCode.SCORE_NOT_ACKNOWLEDGED in missing(ticked, Route.RADS)
    assert missing(ticked, Route.USC) == [ErrorCode.HISTORY_MISSING]
    assert missing(ticked, Route.RECORD_ONLY) == [ErrorCode.SCORE_NOT_ACKNOWLEDGED]
