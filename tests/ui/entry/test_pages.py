"""The home, sign-in, welcome, recovery, busy and crash pages: keyboard, errors and signals."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, Role
from dermstation.domain.states import EpisodeState
from dermstation.security.pin_policy import PinRule
from dermstation.security.recovery import likely_word, word_list
from dermstation.ui.entry.recover_page import RecoverPage
from dermstation.ui.entry.recovery_key_page import RecoveryKeyPage
from dermstation.ui.entry.sign_in_page import SignInPage
from dermstation.ui.entry.welcome_page import WelcomePage
from dermstation.ui.frame.busy_page import BusyPage
from dermstation.ui.frame.crash_page import CrashPage
from dermstation.ui.home.page import HomePage
from dermstation.ui.home.work_row import age_words
from dermstation.vault.work_list import Group
from dermstation.workflow.work_list import WorkPage
from tests.ui.seen import texts

NURSE = Operator("n", "Test Nurse-One", Role.NURSE)
CLINICIAN = Operator("c", "Test Clinician-Two", Role.CLINICIAN)
WORDS = word_list()[:12]
PHRASE = "copper lantern river seventeen"


def type_on(text: str) -> None:
    QTest.keyClicks(QApplication.focusWidget(), text)


def key(code: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget(), code)


class TestHome:
    def test_enter_starts_a_new_patient(self, shown, qtbot) -> None:
        page = shown(HomePage(WorkPage()))
        assert "Nothing left to finish" in texts(page)
        with qtbot.waitSignal(page.new_patient.clicked):
            key(Qt.Key.Key_Return)

    @pytest.fixture
    def listed(self, shown, made) -> HomePage:
        lines = (
            made.line("pictures"),
            made.line("hand_over", Group.PACKAGED, state=EpisodeState.PACKAGED),
        )
        work = WorkPage(lines, len(lines))
        return shown(HomePage(work, clock=lambda: made.opened_at + timedelta(hours=3)))

    def test_each_episode_shows_its_patient_age_and_place(self, listed, made) -> None:
        said = texts(listed)
        assert "PATIENT-ONE, Test" in said
        assert "Opened 3 hours ago by Test Nurse-One. Stopped at the pictures of L1." in said
        assert "Stopped at the hand-over." in said

    def test_an_unencrypted_package_is_flagged_with_its_folder(self, listed, made) -> None:
        assert texts(listed).count("is unencrypted on this PC") == 1
        assert made.package(1).folder in texts(listed)

    def test_an_episode_is_continued(self, listed, qtbot) -> None:
        with qtbot.waitSignal(listed.continued) as told:
            listed.rows[0].go_on.click()
        assert told.args == ["e"]

    def test_abandoning_asks_first_and_leads_to_keeping(self, listed, qtbot) -> None:
        row = listed.rows[0]
        with qtbot.assertNotEmitted(listed.abandoned):
            row.abandon.click()
            assert row.ask.keep.hasFocus()
            key(Qt.Key.Key_Return)
        assert not row.ask.confirm.isVisible()
        row.abandon.click()
        with qtbot.waitSignal(listed.abandoned) as told:
            row.ask.confirm.click()
        assert told.args == ["e"]

    @pytest.mark.parametrize(
        ("ago", "words"),
        [
            (timedelta(seconds=-5), "1 minute ago"),
            (timedelta(minutes=59), "59 minutes ago"),
            (timedelta(hours=1), "1 hour ago"),
            (timedelta(days=2, hours=5), "2 days ago"),
        ],
    )
    def test_ages_are_shown_in_words(self, made, ago, words) -> None:
        assert age_words(made.opened_at, made.opened_at + ago) == words


class TestSignIn:
    def test_one_operator_only_types_and_presses_enter(self, shown, qtbot) -> None:
        page = shown(SignInPage((NURSE,)))
        type_on("271828")
        with qtbot.waitSignal(page.submitted) as told:
            key(Qt.Key.Key_Return)
        assert told.args == ["n", "271828"]

    def test_several_operators_choose_themselves(self, shown, qtbot) -> None:
        page = shown(SignInPage((NURSE, CLINICIAN)))
        page.who.setFocus()
        key(Qt.Key.Key_Down)
        key(Qt.Key.Key_Tab)
        type_on("271828")
        with qtbot.waitSignal(page.submitted) as told:
            key(Qt.Key.Key_Return)
        assert told.args == ["c", "271828"]

    def test_choosing_another_operator_empties_the_field(self, shown) -> None:
        page = shown(SignInPage((NURSE, CLINICIAN)))
        type_on("271828")
        page.who.setCurrentIndex(1)
        assert page.secret.text() == ""

    def test_an_empty_field_is_asked_for(self, shown, qtbot) -> None:
        page = shown(SignInPage((NURSE,)))
        with qtbot.assertNotEmitted(page.submitted):
            key(Qt.Key.Key_Return)
        assert page.secret.error == "Type your PIN or passphrase."

    def test_a_refused_secret_is_emptied(self, shown) -> None:
        page = shown(SignInPage((NURSE,)))
        type_on("271828")
        page.set_busy(busy=True)
        assert not page.primary.isEnabled()
        page.set_busy(busy=False)
        page.show_refused(StationError(ErrorCode.SECRET_WRONG))
        assert page.secret.text() == ""
        assert page.primary.isEnabled()
        assert not page.waiting

    def test_nobody_waits_for_the_attempts_of_another(self, shown) -> None:
        page = shown(SignInPage((NURSE, replace(NURSE, id="other"))))
        page.show_refused(StationError(ErrorCode.SECRET_WAIT, seconds=900))
        assert "15 minutes" in page.secret.error
        assert not page.primary.isEnabled()
        page.who.setCurrentIndex(1)
        assert page.secret.error == ""
        assert page.primary.isEnabled()
        page.who.setCurrentIndex(0)
        assert page.waiting
        assert not page.primary.isEnabled()

    def test_a_wait_is_counted_down_and_ends_by_itself(self, shown, qtbot) -> None:
        page = shown(SignInPage((NURSE,)))
        page.set_busy(busy=True)
        page.set_busy(busy=False)
        page.show_refused(StationError(ErrorCode.SECRET_WAIT, seconds=1))
        assert page.waiting
        assert "You can try again in" in page.secret.error
        with qtbot.assertNotEmitted(page.submitted):
            type_on("271828")
            key(Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not page.waiting)
        assert page.primary.isEnabled()
        assert page.primary.text() == "&Sign in"

    def test_the_recovery_key_is_for_the_operator_chosen(self, shown) -> None:
        page = shown(SignInPage((NURSE, CLINICIAN)))
        page.who.setCurrentIndex(1)
        assert page.operator_id == "c"

    def test_without_operators_nothing_can_be_pressed(self, shown) -> None:
        page = shown(SignInPage(()))
        assert page.title.text() == "Nobody can sign in on this PC at the moment"
        assert not page.primary.isVisible()
        assert not page.secret.isVisible()


class TestWelcome:
    def test_the_keyboard_alone_sets_the_station_up(self, shown, qtbot) -> None:
        page = shown(WelcomePage())
        type_on("Test Clinician-Two")
        page.secret.first.setFocus()
        type_on(PHRASE)
        page.secret.second.setFocus()
        type_on(PHRASE)
        with qtbot.waitSignal(page.submitted) as told:
            key(Qt.Key.Key_Return)
        assert told.args == ["Test Clinician-Two", "", PHRASE]

    def test_what_is_missing_is_shown_below_its_field(self, shown, qtbot) -> None:
        page = shown(WelcomePage())
        with qtbot.assertNotEmitted(page.submitted):
            key(Qt.Key.Key_Return)
        assert page.name.error == "Type your name."
        assert page.secret.first.error == "Type a PIN or passphrase."
        assert page.name.edit.hasFocus()

    def test_two_different_secrets_are_refused(self, shown, qtbot) -> None:
        page = shown(WelcomePage())
        page.name.set_text("Test Nurse-One")
        page.secret.first.set_text(PHRASE)
        page.secret.second.set_text(f"{PHRASE} ")
        with qtbot.assertNotEmitted(page.submitted):
            page.primary.click()
        assert page.secret.second.error == "This is not the same as the first one."

    def test_the_rule_says_whether_a_pin_will_do(self, shown) -> None:
        page = shown(WelcomePage())
        assert "A PIN of at least 6 digits" in texts(page)
        page.set_pin_rule(PinRule.NO_KEYSTORE)
        assert "A PIN is not safe enough on this PC." in texts(page)
        assert "PIN or passphrase" not in texts(page)
        page.primary.click()
        assert page.secret.first.error == "Type a passphrase."

    def test_a_suggestion_is_shown_and_must_be_typed_again(self, shown) -> None:
        page = shown(WelcomePage(lambda _: PHRASE))
        page.secret.suggestion.click()
        assert page.secret.first.text() == PHRASE
        assert page.secret.first.edit.echoMode() is QLineEdit.EchoMode.Normal
        assert page.secret.second.text() == ""
        assert page.secret.second.edit.hasFocus()

    def test_a_suggestion_is_made_for_the_name_that_is_typed(self, shown) -> None:
        asked: list[str] = []
        page = shown(WelcomePage(lambda name: asked.append(name) or PHRASE))
        page.name.set_text("Test Nurse-One")
        page.secret.suggestion.click()
        assert asked == ["Test Nurse-One"]

    def test_nothing_is_suggested_without_a_source(self, shown) -> None:
        assert not shown(WelcomePage()).secret.suggestion.isVisible()

    def test_a_professional_number_is_checked_and_written_as_registered(self, shown, qtbot) -> None:
        page = shown(WelcomePage())
        page.name.set_text("Test Nurse-One")
        page.secret.first.set_text(PHRASE)
        page.secret.second.set_text(PHRASE)
        page.number.set_text("12A345")
        with qtbot.assertNotEmitted(page.submitted):
            page.primary.click()
        assert "7 digits (GMC)" in page.number.error
        page.number.set_text("12a 3456b")
        with qtbot.waitSignal(page.submitted) as told:
            page.primary.click()
        assert told.args[1] == "12A3456B"


class TestRecoveryKey:
    def test_the_words_are_shown_numbered_then_typed_back(self, shown, qtbot) -> None:
        page = shown(RecoveryKeyPage(WORDS))
        said = texts(page)
        assert all(word in said for word in WORDS)
        assert "12." in said
        key(Qt.Key.Key_Return)
        assert page.typing
        type_on(" ".join(WORDS))
        with qtbot.waitSignal(page.confirmed) as told:
            key(Qt.Key.Key_Return)
        assert told.args == [" ".join(WORDS)]

    def test_too_few_words_are_counted(self, shown, qtbot) -> None:
        page = shown(RecoveryKeyPage(WORDS))
        page.primary.click()
        with qtbot.assertNotEmitted(page.confirmed):
            page.primary.click()
            assert page.typed.error == "Type all 12 words."
            type_on("one")
            page.primary.click()
        assert page.typed.error == "1 word is typed; the key has 12."

    def test_a_wrong_word_is_named_with_the_one_that_was_meant(self, shown) -> None:
        page = shown(RecoverPage())
        type_on("abandon abili")
        assert page.words.error == ""  # it may still become "ability"
        type_on("x ")
        assert page.words.error == "Word 2 is not a word of a recovery key."
        assert page.words.places[1].text() == "2. abilix"
        page.words.mend.click()
        assert page.words.text() == "abandon ability"
        assert page.words.error == ""
        assert page.words.mend.isHidden()

    @pytest.mark.parametrize(
        ("typed", "meant"), [("abel", "able"), ("abandin", "abandon"), ("zzz", ""), ("q", "")]
    )
    def test_the_likely_word_begins_alike(self, typed: str, meant: str) -> None:
        assert likely_word(typed) == meant

    def test_words_that_are_not_those_shown_are_numbered(self, shown) -> None:
        page = shown(RecoveryKeyPage(WORDS))
        page.primary.click()
        page.typed.set_text(" ".join((WORDS[0], "zoo", *WORDS[2:])))
        page.typed.show_differing(WORDS)
        assert page.typed.error == "Not as it was shown: word 2."

    def test_the_words_can_be_shown_again(self, shown) -> None:
        page = shown(RecoveryKeyPage(WORDS))
        page.primary.click()
        page.back.click()
        assert not page.typing


class TestRecover:
    def test_the_keyboard_alone_recovers(self, shown, qtbot) -> None:
        page = shown(RecoverPage())
        type_on(" ".join(WORDS))
        page.secret.first.setFocus()
        type_on(PHRASE)
        page.secret.second.setFocus()
        type_on(PHRASE)
        with qtbot.waitSignal(page.submitted) as told:
            key(Qt.Key.Key_Return)
        assert told.args == [" ".join(WORDS), PHRASE]

    def test_a_wrong_count_of_words_is_reported(self, shown, qtbot) -> None:
        page = shown(RecoverPage())
        type_on("one two")
        with qtbot.assertNotEmitted(page.submitted):
            key(Qt.Key.Key_Return)
        assert page.words.error == "2 words are typed; the key has 12."

    def test_back_cancels(self, shown, qtbot) -> None:
        page = shown(RecoverPage())
        with qtbot.waitSignal(page.back_pressed):
            page.back.click()


def test_a_busy_page_shows_what_is_being_done(shown) -> None:
    page = shown(BusyPage("Making the package", "Writing."))
    assert "Making the package" in texts(page)
    assert "Writing." in texts(page)


def test_the_crash_page_gives_the_reference_and_closes(shown, qtbot) -> None:
    page = shown(CrashPage("3F9A1C"))
    assert "Reference 3F9A1C" in texts(page)
    with qtbot.waitSignal(page.close_station.clicked):
        key(Qt.Key.Key_Return)
