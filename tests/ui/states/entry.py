"""States of the entry pages, and of the pages that can appear at any time: busy and crash."""

from dataclasses import astuple
from pathlib import Path
from typing import Any

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, Role
from dermstation.security.pin_policy import PinRule
from dermstation.ui.entry.recover_page import RecoverPage
from dermstation.ui.entry.recovery_key_page import RecoveryKeyPage
from dermstation.ui.entry.sign_in_page import SignInPage
from dermstation.ui.entry.take_over_page import TakeOverPage
from dermstation.ui.entry.welcome_page import WelcomePage
from dermstation.ui.frame.busy_page import BusyPage
from dermstation.ui.frame.crash_page import CrashPage
from dermstation.ui.parts.notice import Level
from dermstation.ui.parts.page import Page
from dermstation.workflow.messages import message_for
from dermstation.workflow.notices import own_store_words
from dermstation.workflow.package_progress import PackageProgress
from tests.ui.framing import named


def sign_in_one(made: Any) -> Page:
    return SignInPage((Operator("1", "Test Nurse-One", Role.NURSE),))


def sign_in_waiting(made: Any) -> Page:
    page = SignInPage(
        (
            Operator("1", "Test Nurse-One", Role.NURSE),
            Operator("2", "Test Clinician-Two " * 4, Role.CLINICIAN),
        )
    )
    page.show_refused(StationError(ErrorCode.SECRET_WAIT, seconds=30))
    return page


def sign_in_nobody(made: Any) -> Page:
    page = SignInPage(())
    page.show_notice(
        Level.ERROR,
        "The station's key files are damaged.",
        "The pictures are still stored, but locked.",
        "Do not set the station up again; call IT to restore the key files.",
    )
    return page


def take_over(made: Any) -> Page:
    return TakeOverPage((Operator("1", "Test Administrator-One", Role.ADMINISTRATOR),))


def sign_in_beside_own_store(made: Any) -> Page:
    page = SignInPage((Operator("1", "Test Nurse-One", Role.NURSE),))
    page.show_notice(
        Level.INFO, *astuple(own_store_words(Path("C:/Users/test/AppData/Local/dermstation")))
    )
    return page


def sign_in_open_elsewhere(made: Any) -> Page:
    page = SignInPage((Operator("1", "Test Nurse-One", Role.NURSE),))
    trouble = StationError(ErrorCode.VAULT_IN_USE, account=r"SURGERY\test.nurse")
    page.show_notice(Level.ERROR, *astuple(message_for(trouble)))
    return page


def welcome(made: Any) -> Page:
    page = WelcomePage(lambda _: "copper lantern river seventeen")
    page.secret.suggestion.click()
    return page


def welcome_errors(made: Any) -> Page:
    page = WelcomePage()
    page.set_pin_rule(PinRule.DISK_OPEN)
    page.secret.first.set_text("one two three four")
    page.primary.click()
    return page


def recovery_key_shown(made: Any) -> Page:
    return RecoveryKeyPage(KEY_WORDS)


def recovery_key_typed(made: Any) -> Page:
    page = RecoveryKeyPage(KEY_WORDS)
    page.primary.click()
    page.primary.click()
    return page


def recover_word_wrong(made: Any) -> Page:
    page = RecoverPage()
    page.words.edit.setText("abandon ability abel about ")
    return page


def recover_errors(made: Any) -> Page:
    page = RecoverPage(suggest=lambda _: "copper lantern river seventeen")
    page.primary.click()
    return page


def busy(made: Any) -> Page:
    return BusyPage(
        "Making the package", "The pictures are being written, then read back and checked."
    )


def package_under_way(made: Any) -> Page:
    progress = PackageProgress()
    progress.files, progress.noted = 7, 3
    page = BusyPage("Making the package", progress.words)
    page.follow(progress)
    return page


def crash(made: Any) -> Page:
    return CrashPage("3F9A1C")


KEY_WORDS = (
    *("apple", "bridge", "candle", "dolphin", "engine", "forest"),
    *("garden", "harbour", "island", "journey", "kitchen", "lantern"),
)


STATES = {
    **named(
        "",
        sign_in_one,
        sign_in_waiting,
        sign_in_nobody,
        take_over,
        sign_in_beside_own_store,
        sign_in_open_elsewhere,
        welcome,
        welcome_errors,
        recovery_key_shown,
        recovery_key_typed,
        recover_word_wrong,
        recover_errors,
        crash,
    ),
    **named("Package", busy, package_under_way),
}
