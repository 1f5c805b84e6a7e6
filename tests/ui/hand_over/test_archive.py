"""The archive on the hand-over page: what is sent waits for the proof, and the wipe for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.shots import STANDARD_SHOTS
from dermstation.ui.hand_over.certificate_page import CertificatePage
from dermstation.ui.hand_over.page import HandOverPage
from dermstation.ui.home.page import HomePage
from dermstation.ui.parts.page import Page
from dermstation.workflow.archive_standing import Standing, standings
from tests.archive.lying_server import LyingServer
from tests.ui.seen import texts
from tests.unit.workflow.conftest import an_episode, pack

OBJECTS = len(STANDARD_SHOTS)
DEVICE = {
    "dermatoscope_manufacturer": "Test Maker",
    "dermatoscope_model": "Test Scope",
    "dermatoscope_serial": "TS-1",
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LyingServer]:
    made = LyingServer(tmp_path / "server")
    yield made
    made.close()


def at_the_hand_over(desk, server: LyingServer | None) -> HandOverPage:
    if not desk.paths.packages.exists():
        desk.paths.packages.mkdir(parents=True)
        desk.set_up(lambda signed_in: pack(signed_in, an_episode(signed_in), desk.paths.packages))
    settings = {} if server is None else of_archive(server)
    desk.open(demo_mode=False, **settings)  # made-up patients never reach an archive
    desk.sign_in()
    desk.page(HomePage).rows[0].go_on.click()
    return desk.page(HandOverPage)


def of_archive(server: LyingServer) -> dict[str, str]:
    access = server.access()
    return {"archive_address": access.address, "archive_ca_file": access.ca_file, **DEVICE}


def tick_all(page: HandOverPage) -> None:
    for tick in page.ticks.values():
        tick.setChecked(True)


def test_without_an_archive_nothing_is_offered(desk) -> None:
    page = at_the_hand_over(desk, None)
    assert page.archive is None
    assert "Image archive" not in texts(page)


def test_pictures_are_sent_proven_and_wiped(desk, server) -> None:
    page = at_the_hand_over(desk, server)
    tick_all(page)
    assert page.primary.isEnabled()  # nothing was sent, so nothing waits
    page.archive.send.click()
    desk.until(lambda: f"{OBJECTS} of {OBJECTS}" in page.archive.words.text())
    assert len(server.files) == OBJECTS
    desk.press(page)
    certificate = desk.page(CertificatePage)
    assert "localhost" in texts(certificate)


def test_the_wipe_waits_while_the_archive_is_away(desk, server) -> None:
    server.status = 503
    page = at_the_hand_over(desk, server)
    tick_all(page)
    page.archive.send.click()
    desk.until(lambda: f"0 of {OBJECTS}" in page.archive.words.text())
    assert not page.primary.isEnabled()
    assert "The wipe waits: the archive failed (status 503)." in texts(page)
    server.status = 0
    desk.until(page.archive.send.isEnabled)
    page.archive.send.click()
    desk.until(page.primary.isEnabled)


def test_what_was_queued_is_sent_after_the_next_sign_in(desk, server) -> None:
    server.stored_as = lambda data: None
    page = at_the_hand_over(desk, server)
    page.archive.send.click()
    desk.until(lambda: f"0 of {OBJECTS}" in page.archive.words.text())
    desk.close()
    server.stored_as = lambda data: data

    def due(vault) -> None:
        from dataclasses import replace

        vault.outgoing.put(replace(one, next_try_at=None) for one in vault.outgoing.all())

    desk.open(**of_archive(server))
    desk.sign_in()
    desk.page(HomePage)
    desk.in_vault(due)
    desk.window.walk._hand_over.archive._look()
    desk.until(lambda: all(one.is_proven for one in desk.in_vault(standings)))


def test_what_is_known_of_a_page_that_was_left_is_dropped(desk, server) -> None:
    at_the_hand_over(desk, server)
    desk.window.walk._hand_over.archive._show()
    desk.shell.show_page(Page("Another page"))
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    desk.in_vault(standings)  # what was asked before it is answered too
    QCoreApplication.processEvents()


def test_the_page_says_what_is_wrong(shown, made) -> None:
    page = shown(HandOverPage(made.package(4), has_archive=True))
    tick_all(page)
    trouble = StationError(ErrorCode.ARCHIVE_DIFFERS, part="pixels")
    page.show_standing(Standing("e" * 32, 4, 3, 1, trouble))
    assert "3 of 4" in texts(page)
    assert "not the one that was sent" in texts(page)
    assert not page.primary.isEnabled()
    page.show_standing(Standing("e" * 32, 4, 4, 0))
    assert page.primary.isEnabled()
