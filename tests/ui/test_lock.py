"""After a lock, a while idle or a closed window, place, picture and patient are still right."""

import pytest
from PySide6.QtTest import QTest

from dermstation.domain.consents import Answer
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.lesion_facts import Question
from dermstation.domain.shots import STANDARD_SHOTS, ShotKind
from dermstation.domain.sites import Side
from dermstation.domain.states import LoopState
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.entry.sign_in_page import SignInPage
from dermstation.ui.hand_over.certificate_page import CertificatePage
from dermstation.ui.hand_over.page import HandOverPage
from dermstation.ui.home.page import HomePage
from dermstation.ui.lesion.history_page import HistoryPage
from dermstation.ui.lesion.page import LesionPage
from dermstation.ui.patient.page import PatientPage
from dermstation.ui.summary.page import SummaryPage
from dermstation.workflow import episodes
from tests.ui.at_the_pictures import (
    FAMILY_NAME,
    at_the_pictures,
    captures,
    go_on,
    jobs_over,
    nothing_of_the_patient,
)
from tests.ui.desk import OTHER_PASSPHRASE, PASSPHRASE, Desk
from tests.unfinished import unfinished
from tests.unit.workflow.conftest import an_episode, pack, ready, take


class TestLock:
    def test_a_lock_while_holding_keeps_the_picture_for_the_review(self, desk) -> None:
        page = at_the_pictures(desk)
        desk.until(page.shutter.isEnabled)
        page.shutter.click()
        desk.window.lock()
        desk.page(SignInPage)
        jobs_over(desk)
        assert desk.loop is LoopState.REVIEWING
        assert isinstance(desk.shell.page, SignInPage)
        nothing_of_the_patient(desk)
        desk.sign_in()
        page = desk.page(CapturePage)
        desk.said("before the station was locked", "held", "use it or take it again")
        desk.save(page)
        assert [one.shot for one in captures(desk)] == [ShotKind.GENERAL]

    def test_a_lock_while_saving_still_saves_and_the_next_shot_follows(self, desk) -> None:
        page = at_the_pictures(desk)
        desk.accept(desk.take())
        desk.window.lock()
        jobs_over(desk)
        assert isinstance(desk.shell.page, SignInPage)
        nothing_of_the_patient(desk)
        assert desk.window.walk.capture.waiting is None
        desk.sign_in()
        page = desk.page(CapturePage)
        assert page.notice.words == ""
        assert [one.shot for one in captures(desk)] == [ShotKind.GENERAL]
        assert page.aim.shot is ShotKind.CLOSEUP

    def test_a_save_that_failed_during_the_lock_is_reported_after_it(
        self, desk, monkeypatch
    ) -> None:
        from dermstation.ui.capture import scene

        page = at_the_pictures(desk)
        desk.take()

        def full(*_args: object) -> None:
            raise StationError(ErrorCode.VAULT_DISK_FULL)

        with monkeypatch.context() as patch:
            patch.setattr(scene, "save", full)
            desk.accept(page)
            desk.window.lock()
            jobs_over(desk)
        assert desk.window.walk.capture.held is not None
        desk.sign_in()
        page = desk.page(CapturePage)
        desk.said("disk is full", "still held")
        desk.save(page)
        assert len(captures(desk)) == 1

    def test_another_operator_continues_but_the_picture_stays_the_first_one_s(self, desk) -> None:
        at_the_pictures(desk, an_episode, desk.add_other)
        desk.take()
        desk.window.lock()
        desk.sign_in(OTHER_PASSPHRASE, desk.other)
        page = desk.page(CapturePage)
        assert desk.shell.header._operator.text() == desk.other.name
        desk.said("before the station was locked", f"taken by {desk.operator.name}")
        desk.save(page)
        desk.save(desk.take())
        first, second = captures(desk)
        assert first.captured_by == desk.operator.id
        assert second.captured_by == desk.other.id

    def test_a_retake_held_at_the_lock_stays_with_its_lesion(self, desk) -> None:
        def two_lesions(signed_in) -> None:
            opened = an_episode(signed_in)
            take(signed_in, opened, *STANDARD_SHOTS)
            episodes.save_lesion(
                signed_in.vault,
                opened.episode.id,
                lesion_id=None,
                site_code="43067004",
                side=None,
                history="",
            )
            episodes.finish_pictures(signed_in.vault, opened.episode.id)

        desk.set_up(two_lesions)
        desk.open()
        desk.sign_in()
        desk.page(HomePage).rows[0].go_on.click()
        summary = desk.page(SummaryPage)
        first = summary.cards[0].lesion_id
        summary.cards[0].retakes[ShotKind.DERMOSCOPIC].trigger()
        desk.take()
        held = desk.window.walk.capture.held
        desk.window.lock()
        desk.sign_in()
        page = desk.page(CapturePage)
        assert page.title.text().startswith("L1")
        assert desk.window.walk.capture.held is held
        desk.save(page)
        retaken = captures(desk)[-1]
        assert (retaken.lesion_id, retaken.shot) == (first, ShotKind.DERMOSCOPIC)

    def test_while_packaging_the_hand_over_comes_after_the_lock(self, desk) -> None:
        desk.set_up(lambda signed_in: ready(signed_in, an_episode(signed_in)))
        desk.open()
        desk.sign_in()
        desk.page(HomePage).rows[0].go_on.click()
        desk.press(desk.page(SummaryPage))
        desk.window.lock()
        jobs_over(desk)
        assert isinstance(desk.shell.page, SignInPage)
        nothing_of_the_patient(desk)
        desk.sign_in()
        desk.page(HandOverPage)
        assert FAMILY_NAME in desk.shell.header.banner

    @pytest.mark.parametrize("seen_before", [False, True])
    def test_while_wiping_the_certificate_comes_after_the_lock(self, desk, seen_before) -> None:
        desk.paths.packages.mkdir(parents=True)
        desk.set_up(lambda one: pack(one, an_episode(one), desk.paths.packages))
        desk.open()
        desk.sign_in()
        desk.page(HomePage).rows[0].go_on.click()
        page = desk.page(HandOverPage)
        page.in_record.click()
        page.in_ers.click()
        desk.press(page)
        if seen_before:
            desk.page(CertificatePage)
        desk.window.lock()
        jobs_over(desk)
        assert isinstance(desk.shell.page, SignInPage)
        nothing_of_the_patient(desk)
        desk.sign_in()
        desk.press(desk.page(CertificatePage))
        assert desk.page(HomePage).rows == []

    def test_text_typed_into_the_summary_survives_the_lock(self, desk) -> None:
        desk.set_up(lambda signed_in: ready(signed_in, an_episode(signed_in)))
        desk.open()
        desk.sign_in()
        desk.page(HomePage).rows[0].go_on.click()
        page = desk.page(SummaryPage)
        page.question.edit.setPlainText("Typed in the last moment")
        desk.window.lock()
        desk.sign_in()
        assert desk.page(SummaryPage).question.text() == "Typed in the last moment"

    def test_a_half_typed_patient_survives_the_lock(self, desk) -> None:
        desk.set_up()
        desk.open()
        desk.sign_in()
        desk.press(desk.page(HomePage))
        QTest.keyClicks(desk.page(PatientPage).fields["nhs_number"].edit, "999 00")
        desk.window.lock()
        nothing_of_the_patient(desk)
        assert "999 00" not in desk.texts()
        desk.sign_in()
        page = desk.page(PatientPage)
        assert page.is_empty
        page.unfinished.use.click()
        assert page.fields["nhs_number"].text() == "999 00"

    def test_a_correction_of_a_lesion_survives_the_lock_and_going_back_drops_it(self, desk) -> None:
        desk.set_up(lambda signed_in: ready(signed_in, an_episode(signed_in)))
        desk.open()
        desk.sign_in()
        desk.page(HomePage).rows[0].go_on.click()
        edit(desk).side_buttons[Side.RIGHT].click()
        desk.window.lock()
        desk.sign_in()
        page = edit(desk)
        assert page._side() is Side.RIGHT
        page.back_pressed.emit()
        assert edit(desk)._side() is Side.LEFT

    def test_a_history_survives_the_lock_and_going_back_keeps_it(self, desk) -> None:
        desk.set_up(lambda signed_in: ready(signed_in, an_episode(signed_in)))
        desk.open()
        desk.sign_in()
        desk.page(HomePage).rows[0].go_on.click()
        for _ in range(2):
            summary = desk.page(SummaryPage)
            summary.cards[0].ask.click()
            page = desk.page(HistoryPage)
            page.questions[Question.BLEEDS].buttons[Answer.YES].click()
            assert page.questions[Question.BLEEDS].answer is Answer.YES
            desk.window.lock()
            desk.sign_in()
            summary = desk.page(SummaryPage)
            summary.cards[0].ask.click()
            page = desk.page(HistoryPage)
            assert page.questions[Question.BLEEDS].answer is Answer.YES
            page.questions[Question.BLEEDS].buttons[Answer.YES].click()  # withdraws the answer
            page.back_pressed.emit()
        summary = desk.page(SummaryPage)
        summary.cards[0].ask.click()
        page = desk.page(HistoryPage)
        page.questions[Question.BLEEDS].buttons[Answer.NO].click()
        desk.press(page)
        desk.page(SummaryPage)
        (line,) = desk.in_vault(unfinished)
        assert line.view.lesions[0].facts.history.answer(Question.BLEEDS) is Answer.NO

    def test_signals_of_a_page_after_the_lock_are_ignored(self, desk) -> None:
        desk.set_up()
        desk.open()
        desk.sign_in()
        desk.press(desk.page(HomePage))
        page = desk.page(PatientPage)
        desk.window.lock()
        page.edited.emit({"nhs_number": "999 000 0018"})
        page.confirmed.emit(None, "", "", None, None)
        jobs_over(desk)
        assert isinstance(desk.shell.page, SignInPage)

    def test_a_job_after_the_lock_finds_the_vault_closed_and_does_no_harm(self, desk) -> None:
        desk.set_up()
        desk.open()
        desk.sign_in()
        desk.page(HomePage)
        vault = desk.window.signed_in.vault
        desk.window.lock()
        desk.window.background.on_vault(unfinished, vault).then(pytest.fail)
        desk.said("station is locked", "Sign in again")
        assert isinstance(desk.shell.page, SignInPage)

    def test_locking_twice_or_with_nobody_signed_in_does_nothing(self, desk) -> None:
        desk.set_up()
        desk.open()
        desk.window.lock()
        desk.sign_in()
        desk.page(HomePage)
        desk.window.lock()
        page = desk.shell.page
        desk.window.lock()
        assert desk.shell.page is page


def edit(desk: Desk) -> LesionPage:
    summary = desk.page(SummaryPage)
    summary.cards[0].edit.trigger()
    return desk.page(LesionPage)


class TestIdle:
    def test_an_idle_station_locks_itself_and_closes_the_camera(self, desk) -> None:
        page = at_the_pictures(desk)
        desk.until(page.shutter.isEnabled)
        assert desk.window._idle.isActive()
        assert desk.window._idle.interval() == 4 * 60_000
        link = desk.link
        desk.window._idle.start(1)
        desk.page(SignInPage)
        desk.window._idle.setInterval(4 * 60_000)
        nothing_of_the_patient(desk)
        desk.station.viewfinder.wait_closed()
        assert link.process_id is None
        assert not desk.window._idle.isActive()
        desk.sign_in()
        page = desk.page(CapturePage)
        desk.until(page.shutter.isEnabled)

    def test_a_key_press_delays_the_idle_lock(self, desk) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        desk.set_up()
        desk.open()
        desk.sign_in()
        desk.page(HomePage)
        idle = desk.window._idle
        idle.setTimerType(Qt.TimerType.PreciseTimer)  # other types round to the second
        idle.start()
        desk.until(lambda: idle.remainingTime() < idle.interval() - 100)
        before = idle.remainingTime()
        QTest.keyClick(desk.window.windowHandle(), Qt.Key.Key_Shift)
        assert idle.remainingTime() > before


class TestClose:
    def test_closing_with_an_unsaved_picture_asks_once(self, desk) -> None:
        page = at_the_pictures(desk)
        desk.take()
        assert not desk.window.close()
        desk.said("not saved yet", "still held", "close once more")
        desk.save(page)
        desk.take()
        assert not desk.window.close()  # another picture asks again
        assert not desk.window.close()
        desk.said("not handed over yet: 1")
        assert desk.window.close()
        jobs_over(desk)

    def test_closing_with_open_episodes_or_unencrypted_packages_says_so_once(self, desk, tmp_path):
        packages = tmp_path / "packages"
        packages.mkdir()
        desk.set_up(lambda signed_in: pack(signed_in, an_episode(signed_in), packages))
        desk.open()
        desk.sign_in(operator=desk.operator)
        desk.page(HomePage)
        assert not desk.window.close()
        said = desk.said("not handed over yet: 1", "left unencrypted: 1", "close once more")
        assert FAMILY_NAME not in said
        assert desk.window.isVisible()
        assert desk.window.close()
        jobs_over(desk)

    def test_the_window_closes_at_once_if_nothing_is_outstanding(self, desk) -> None:
        desk.set_up()
        desk.open()
        desk.sign_in(operator=desk.operator)
        desk.page(HomePage)
        desk.window.close()
        desk.until(lambda: not desk.window.isVisible())
        jobs_over(desk)

    def test_another_page_asks_again(self, desk) -> None:
        at_the_pictures(desk)
        assert not desk.window.close()
        desk.said("close once more")
        desk.window.lock()
        desk.sign_in()
        desk.page(CapturePage)
        assert not desk.window.close()
        desk.said("close once more")

    def test_a_picture_being_saved_is_saved(self, desk) -> None:
        page = at_the_pictures(desk)
        desk.accept(desk.take())
        if not desk.window.close():
            desk.window.close_unasked()
        desk.close()
        desk.open()
        page = go_on(desk)
        assert len(captures(desk)) == 1
        assert page.isVisible()


def test_no_page_holds_the_passphrase_after_the_sign_in(desk: Desk) -> None:
    desk.set_up()
    desk.open()
    desk.sign_in()
    desk.page(HomePage)
    assert PASSPHRASE not in desk.texts()
