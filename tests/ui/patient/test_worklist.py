"""Who is expected today, in the real window: asked of a real server, confirmed, completed."""

import pytest

from dermstation.ui.home.page import HomePage
from dermstation.ui.patient.consent_page import ConsentPage
from dermstation.ui.patient.page import PatientPage
from dermstation.ui.patient.worklist_page import WorklistPage
from tests.archive.conftest import orthanc, started_orthanc
from tests.archive.orthanc import Orthanc
from tests.archive.worklists import write_entry
from tests.ui.desk import Desk

__all__ = ["orthanc", "started_orthanc"]


@pytest.fixture
def expecting(desk: Desk, orthanc: Orthanc) -> Desk:
    """A station at its work list, with a worklist server."""
    access = orthanc.access()
    desk.set_up()
    desk.open(
        worklist_node=f"DERMARCHIVE@localhost:{orthanc.dimse}",
        archive_ca_file=access.ca_file,
        archive_certificate_file=access.certificate_file,
    )
    desk.sign_in()
    return desk


def ask(desk: Desk) -> WorklistPage:
    desk.page(HomePage).expected.click()
    page = desk.page(WorklistPage)
    desk.until(page.again.isEnabled)
    return page


def test_whoever_is_chosen_is_confirmed_and_their_episode_opens(
    expecting: Desk, orthanc: Orthanc
) -> None:
    write_entry(orthanc.worklists, "Wolfe^Ada", time="0930")
    page = ask(expecting)
    assert "WOLFE, Ada" in expecting.texts()
    assert "03-Sep-1958" in expecting.texts()
    page.buttons[0].click()
    asked = expecting.page(PatientPage)
    assert asked.confirming
    expecting.until(lambda: asked.primary is not None and asked.primary.isEnabled())
    expecting.press(asked)
    expecting.page(ConsentPage)
    assert expecting.shell.episode_id is not None


def test_somebody_else_in_the_room_leads_back_to_the_list(
    expecting: Desk, orthanc: Orthanc
) -> None:
    write_entry(orthanc.worklists)
    ask(expecting).buttons[0].click()
    asked = expecting.page(PatientPage)
    expecting.until(asked._change.isEnabled)
    asked._change.click()
    expecting.page(WorklistPage)
    assert expecting.shell.episode_id is None


def test_what_the_server_does_not_say_is_completed_in_the_form(
    expecting: Desk, orthanc: Orthanc
) -> None:
    write_entry(orthanc.worklists, "Okafor^Bo", "hospital 7")
    ask(expecting).buttons[0].click()
    form = expecting.page(PatientPage)
    assert not form.confirming
    assert form.fields["family_name"].text() == "Okafor"
    assert form.fields["born_on"].text() == "03/09/1958"


def test_nobody_expected_and_nobody_there_are_told_apart(expecting: Desk, orthanc: Orthanc) -> None:
    page = ask(expecting)
    assert "Nobody is expected" in expecting.texts()
    orthanc.stop()
    try:
        page.again.click()
        expecting.until(lambda: "cannot be reached" in expecting.texts())
        assert "Nobody is expected" not in expecting.texts()
    finally:
        orthanc.start()


def test_without_a_worklist_server_there_is_no_way_to_it(desk: Desk) -> None:
    desk.set_up()
    desk.open()
    desk.sign_in()
    assert not desk.page(HomePage).expected.isVisibleTo(desk.window)
