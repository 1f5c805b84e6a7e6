"""The pathway chart in the real window: from the summary and back, with the chosen route."""

from pathlib import Path

import pytest

from dermstation.domain.consents import Answer
from dermstation.domain.routes import Route
from dermstation.ui.home.page import HomePage
from dermstation.ui.summary.page import SummaryPage
from dermstation.ui.summary.pathway_page import PathwayPage
from tests.ui.desk import Desk
from tests.unfinished import unfinished
from tests.unit.workflow.conftest import an_episode, ready


def at_the_chart(desk: Desk, **over: str) -> PathwayPage:
    desk.set_up(lambda signed_in: ready(signed_in, an_episode(signed_in)))
    desk.open(**over)
    desk.sign_in()
    desk.page(HomePage).rows[0].go_on.click()
    page = desk.page(SummaryPage)
    page.question.edit.setPlainText("Typed a moment ago?")
    next(one for one in page.findChildren(type(page.primary)) if one.text() == "Chart").click()
    return desk.page(PathwayPage)


def test_a_route_chosen_on_the_chart_reaches_the_summary_and_no_text_is_lost(desk) -> None:
    page = at_the_chart(desk)
    assert page._view.episode.question == "Typed a moment ago?"
    page.chart.boxes["rads"].click()
    page.told.buttons[Answer.YES].click()
    desk.press(page)
    summary = desk.page(SummaryPage)
    assert summary.route is Route.RADS
    assert summary.question.text() == "Typed a moment ago?"
    (line,) = desk.in_vault(unfinished)
    assert (line.view.episode.route, line.view.told) == (Route.RADS, Answer.YES)


def test_going_back_from_the_chart_changes_nothing(desk) -> None:
    page = at_the_chart(desk)
    page.chart.boxes["usc"].click()
    page.back.click()
    assert desk.page(SummaryPage).route is Route.ROUTINE


@pytest.mark.parametrize("content", ["", "title = 3"])
def test_a_wrong_chart_of_the_practice_is_reported_and_ours_is_shown(
    desk, tmp_path: Path, content: str
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(content, encoding="utf-8")
    desk.paths.settings.parent.mkdir(parents=True, exist_ok=True)
    page = at_the_chart(desk, pathway_file=str(own))
    assert desk.said("own pathway chart", "Tell IT")
    assert set(page.chart.boxes) >= {"rads", "usc", "routine"}


def test_a_wrong_link_of_the_practice_is_reported_and_the_chart_is_whole(desk) -> None:
    page = at_the_chart(desk, pathway_links="usc|Ours|setup.exe")
    assert desk.said("links on the chart cannot be used", "number 1")
    assert set(page.chart.boxes) >= {"rads", "usc", "routine", "colleague"}


def test_a_file_of_the_practice_that_is_gone_is_reported(desk) -> None:
    page = at_the_chart(desk, pathway_links="minor_surgery|Form|/srv/forms/not-there.pdf")
    page.open_box("minor_surgery")
    next(one for one in page.link_buttons if one.text().startswith("Form")).click()
    assert desk.said("is not where the settings say")
