"""A window gives way to another one: what it leaves, and how its successor goes on with it.

Both windows are in the test's own process; the test is the launcher, at the other end of the pipe.
"""

import multiprocessing
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection

import pytest
from PySide6.QtTest import QTest

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.shots import ShotKind
from dermstation.domain.states import LoopState
from dermstation.process_messages import LineKind, LineMessage
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.entry.sign_in_page import SignInPage
from dermstation.ui.frame.busy_page import BusyPage
from dermstation.ui.hand_over.certificate_page import CertificatePage
from dermstation.ui.hand_over.page import HandOverPage
from dermstation.ui.home.page import HomePage
from dermstation.ui.patient.page import PatientPage
from dermstation.ui.system.launcher_line import LauncherLine
from dermstation.vault.audit import AuditFilter
from dermstation.workflow.capture_keys import Tool
from dermstation.workflow.station import Station
from dermstation.workflow.succession import Inheritance, SessionKey, continue_session
from tests.ui.at_the_pictures import FAMILY_NAME, captures, go_on, nothing_of_the_patient
from tests.ui.desk import OTHER_PASSPHRASE, PASSPHRASE, Desk
from tests.unit.workflow.conftest import PATIENT, an_episode, pack


class Launched:
    """The launcher's end of the pipe of one window at a time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._pipe: Connection | None = None
        self._line: LauncherLine | None = None
        self.key = SessionKey()
        self.has_wiped = False

    def open(self, heir: tuple[Inheritance, SessionKey] | None = None) -> None:
        self.close()
        self._pipe, theirs = multiprocessing.Pipe()
        self._line = LauncherLine(theirs)
        self._line.start()
        self._desk.open(line=self._line, heir=heir)

    def tell(self, kind: LineKind, **facts: object) -> None:
        self._pipe.send_bytes(LineMessage(kind, facts).to_bytes())

    def announce(self) -> None:
        """Say that a process waits."""
        self.tell(LineKind.SUCCESSOR, public=self.key.public.hex())
        self._desk.until(lambda: self._line.successor == self.key.public)

    def left(self) -> LineMessage:
        """Wait until the window gives way; return what it leaves, as the launcher sees it.

        It is read by a thread: on Windows, who sends much waits until it is read.
        """
        received: list[LineMessage] = []
        pipe = self._pipe

        def read() -> None:
            while not received or received[-1].kind is LineKind.WIPED:
                received.append(LineMessage.from_bytes(pipe.recv_bytes()))

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        self._desk.until(lambda: not reader.is_alive())
        self.has_wiped = received[0].kind is LineKind.WIPED
        assert received[-1].kind is LineKind.GIVE_WAY
        return received[-1]

    def succeed(self) -> LineMessage:
        """Let another window take over what the present one leaves."""
        message = self.left()
        nothing_of_the_patient(self._desk)
        self._desk.close()
        self.open((Inheritance.from_message(message), self.key))
        return message

    def has_left(self) -> bool:
        """Return whether the window has given way."""
        return bool(self._pipe.poll())

    def lose(self) -> None:
        """Be gone."""
        self._pipe.close()

    def close(self) -> None:
        self._desk.close()
        if self._pipe is not None:
            self._pipe.close()
            self._line._thread.join()


@pytest.fixture
def launched(desk: Desk) -> Iterator[Launched]:
    made = Launched(desk)
    yield made
    made.close()


def test_a_held_picture_goes_along_sealed_and_is_reviewed_by_whoever_signs_in(
    desk, launched
) -> None:
    desk.set_up(an_episode, desk.add_other)
    launched.open()
    page = go_on(desk)
    page.tools.restore(frozenset({Tool.GRID}))
    desk.take()
    held = desk.window.walk.capture.held
    desk.window.lock()
    assert isinstance(desk.shell.page, BusyPage)
    message = launched.succeed()
    assert len(message.body) > len(held.data)
    assert held.data[100:200] not in message.body
    assert PATIENT.family_name not in str(message)
    assert not desk.window.close()  # it is not saved yet, and nobody is signed in
    desk.said("not saved yet", "still held")
    desk.sign_in(OTHER_PASSPHRASE, desk.other)
    page = desk.page(CapturePage)
    desk.said("before the station was locked", f"taken by {desk.operator.name}")
    assert desk.loop is LoopState.REVIEWING
    desk.save(page)
    (saved,) = captures(desk)
    assert (saved.id, saved.sha256, saved.shot) == (held.capture_id, held.sha256, ShotKind.GENERAL)
    assert saved.captured_by == desk.operator.id
    assert saved.details == held.details
    assert saved.report.to_json() == held.report.to_json()
    assert desk.page(CapturePage).tools.is_on(Tool.GRID)


def test_a_picture_that_nobody_took_up_goes_on_to_the_next_process(desk, launched) -> None:
    desk.set_up(an_episode)
    launched.open()
    page = go_on(desk)
    desk.until(page.shutter.isEnabled)
    page.shutter.click()
    desk.window.lock()  # while the frame is being held
    launched.succeed()
    desk.sign_in()
    desk.page(CapturePage)
    desk.said("before the station was locked")
    desk.window.lock()
    launched.succeed()
    desk.sign_in()
    desk.save(desk.page(CapturePage))
    assert [one.shot for one in captures(desk)] == [ShotKind.GENERAL]


def test_a_save_that_failed_during_the_lock_is_reported_by_the_successor(
    desk, launched, monkeypatch
) -> None:
    from dermstation.ui.capture import scene

    def full(*_args: object) -> None:
        raise StationError(ErrorCode.VAULT_DISK_FULL)

    desk.set_up(an_episode)
    launched.open()
    go_on(desk)
    page = desk.take()
    with monkeypatch.context() as patch:
        patch.setattr(scene, "save", full)
        desk.accept(page)
        desk.window.lock()
        launched.succeed()
    desk.sign_in()
    page = desk.page(CapturePage)
    desk.said("disk is full", "still held")
    desk.save(page)
    assert len(captures(desk)) == 1


def test_a_picture_of_another_store_is_not_shown(desk, launched, tmp_path, qtbot) -> None:
    desk.set_up(an_episode)
    launched.open()
    go_on(desk)
    desk.take()
    desk.window.lock()
    message = launched.left()
    desk.close()
    desk.paths = type(desk.paths)(tmp_path / "other")
    desk.set_up(an_episode)
    launched.open((Inheritance.from_message(message), launched.key))
    desk.sign_in()
    desk.said("could not be taken up again")
    assert desk.window.walk.capture.held is None


def test_a_half_typed_patient_and_the_reminder_go_along(desk, launched) -> None:
    desk.set_up(an_episode)
    launched.open()
    desk.sign_in()
    desk.press(desk.page(HomePage))
    QTest.keyClicks(desk.page(PatientPage).fields["nhs_number"].edit, "999 00")
    desk.window.lock()
    message = launched.succeed()
    assert "999" not in str(message.facts)
    desk.page(SignInPage)
    desk.said("not handed over")
    desk.sign_in()
    page = desk.page(PatientPage)
    page.unfinished.use.click()
    assert page.fields["nhs_number"].text() == "999 00"


def test_after_a_wipe_a_fresh_process_shows_the_list_to_the_same_operator(
    desk, launched, monkeypatch
) -> None:
    desk.paths.packages.mkdir(parents=True)
    desk.set_up(lambda one: pack(one, an_episode(one), desk.paths.packages))
    launched.open()
    launched.announce()
    wipe(desk)
    message = launched.left()
    assert launched.has_wiped  # so that the successor was loaded while the certificate was read
    assert isinstance(desk.shell.page, BusyPage)
    inheritance = Inheritance.from_message(message)
    desk.close()
    looked: list[Station] = []

    def look(station: Station) -> None:
        looked.append(station)

    monkeypatch.setattr(Station, "find_camera_password", look)
    launched.open((inheritance, launched.key))
    desk.page(HomePage)
    assert looked == [desk.station]  # as at a sign-in
    assert desk.shell.header._operator.text() == desk.operator.name
    assert desk.window._idle.isActive()
    (entry,) = desk.in_vault(
        lambda vault: vault.audit.entries(AuditFilter(events=(AuditEvent.CONTINUED,)))
    )
    assert entry.operator_id == desk.operator.id
    # what opened it is of no more use
    with pytest.raises(StationError) as refused:
        continue_session(
            desk.paths.vault, desk.operator.id, inheritance.session, launched.key, keystore=None
        )
    assert refused.value.code is ErrorCode.VAULT_LOCKED


def test_a_session_that_the_successor_cannot_open_ends_at_the_sign_in(desk, launched) -> None:
    desk.paths.packages.mkdir(parents=True)
    desk.set_up(lambda one: pack(one, an_episode(one), desk.paths.packages))
    launched.open()
    launched.announce()
    wipe(desk)
    inheritance = Inheritance.from_message(launched.left())
    desk.close()
    launched.open((inheritance, SessionKey()))
    desk.page(SignInPage)
    desk.sign_in()
    desk.page(HomePage)


def test_without_a_process_that_waits_the_list_is_shown_here_after_a_wipe(desk, launched) -> None:
    desk.paths.packages.mkdir(parents=True)
    desk.set_up(lambda one: pack(one, an_episode(one), desk.paths.packages))
    launched.open()
    wipe(desk)
    assert desk.page(HomePage).rows == []
    launched.announce()  # once one does, it shows the list
    assert Inheritance.from_message(launched.left()).session


def test_a_list_of_before_any_wipe_stays_where_it_is(desk, launched) -> None:
    desk.set_up(an_episode)
    launched.open()
    desk.sign_in()
    page = desk.page(HomePage)
    launched.announce()
    desk.in_vault(lambda vault: vault.id)
    assert desk.shell.page is page
    assert not launched.has_left()


@pytest.mark.expects_log("no successor")
def test_if_nobody_can_take_over_the_sign_in_is_shown_here(desk, launched) -> None:
    desk.set_up(an_episode)
    launched.open()
    go_on(desk)
    desk.take()
    desk.window.lock()
    launched.left()
    launched.tell(LineKind.REFUSED)
    desk.page(SignInPage)
    assert FAMILY_NAME not in desk.texts()
    desk.sign_in()
    desk.save(desk.page(CapturePage))
    assert len(captures(desk)) == 1


@pytest.mark.expects_log("the launcher is gone")
def test_the_window_closes_and_locks_if_the_launcher_is_gone(desk, launched) -> None:
    desk.set_up(an_episode)
    launched.open()
    go_on(desk)
    desk.take()
    launched.lose()
    desk.until(lambda: not desk.window.isVisible())
    desk.close()
    desk.open()
    desk.sign_in()
    desk.save(desk.page(CapturePage))  # the picture that was held
    locked = AuditFilter(events=(AuditEvent.LOCKED,))
    assert len(desk.in_vault(lambda vault: vault.audit.entries(locked))) == 1


def wipe(desk: Desk) -> None:
    desk.sign_in(PASSPHRASE)
    desk.page(HomePage).rows[0].go_on.click()
    page = desk.page(HandOverPage)
    page.in_record.click()
    page.in_ers.click()
    desk.press(page)
    desk.press(desk.page(CertificatePage))
