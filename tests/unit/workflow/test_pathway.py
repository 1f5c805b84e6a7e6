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
from dermstation.workflow.route_checks import still_missing
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView
from tests.unit.workflow.conftest import take

OWN = resource_text("pathways", "skin_lesions.toml")


def test_our_chart_has_every_route_once_with_source_and_date() -> None:
    pathway = read_pathway(OWN)
    assert {box.route for box in pathway.boxes if box.route} == set(Route)
    for box in pathway.boxes:
        assert box.source
        assert box.date
        assert box.route is None or (box.criteria and box.needs)
    assert all(box.after for box in pathway.boxes if box.id != "start")


def test_rads_states_the_requirements_of_the_local_pathway() -> None:
    needs = " ".join(read_pathway(OWN).of_route(Route.RADS).needs).lower()
    for words in ("general and a close-up", "clear history", "dermoscopic", "told"):
        assert words in needs


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
        (("row = 3", "row = -1"), "box"),
        (('source = "G-care: RADS"', 'source = " "'), "box"),
        (('needs = ["A question."', "needs = [3"), "box"),
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
    words = " ".join(still_missing(view, Route.RADS, told=Answer.NOT_ASKED))
    for part in ("L1: general, close-up picture", "question", "told"):
        assert part in words
    take(signed_in, view, *STANDARD_SHOTS)
    episodes.save_summary(
        vault, episode_id, histories={}, question="Please advise.", route=Route.RADS
    )
    whole = episodes.view_of(vault, episode_id)
    assert still_missing(whole, Route.RADS, told=Answer.YES) == ()
    assert "told" in " ".join(still_missing(whole, Route.RADS, told=Answer.NOT_ASKED))
    assert "must be told" in " ".join(still_missing(whole, Route.RADS, told=Answer.NO))
    assert "told" not in " ".join(still_missing(whole, Route.USC, told=Answer.NO))
    lesion_id = view.lesions[0].id
    episodes.save_history(
        vault, episode_id, lesion_id, history=History(points=frozenset(Point)), text=""
    )
    ticked = episodes.view_of(vault, episode_id)
    assert "7-point" in " ".join(still_missing(ticked, Route.RADS, told=Answer.YES))
    assert "history" in " ".join(still_missing(ticked, Route.USC, told=Answer.YES))
    assert still_missing(ticked, Route.RECORD_ONLY, told=Answer.NOT_ASKED) == (
        "L1: confirmation that urgent suspected cancer was considered (7-point list).",
    )
