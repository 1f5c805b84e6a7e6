"""Sign-in with a broken vault or wrong secrets, and the form of the patient after it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtTest import QTest

import dermstation
from dermstation.domain.records import ConsentForm
from dermstation.security.attempts import Counter
from dermstation.security.keyfile import KEY_FILES
from dermstation.security.tries import LONGEST_LAST_WAIT_S, MOST_TRIES, Wrong
from dermstation.ui.entry.recover_page import RecoverPage
from dermstation.ui.entry.recovery_key_page import RecoveryKeyPage
from dermstation.ui.entry.sign_in_page import SignInPage
from dermstation.ui.entry.welcome_page import WelcomePage
from dermstation.ui.home.page import HomePage
from dermstation.ui.patient.consent_page import ConsentPage
from dermstation.ui.patient.page import PatientPage
from dermstation.vault.store import INDEX_FILE
from dermstation.workflow.unlocking import SignedIn
from tests.ui.desk import PASSPHRASE, Desk
from tests.unfinished import unfinished
from tests.unit.workflow.conftest import PATIENT, an_episode, remount

NEW_PASSPHRASE = "another set of plain words"


def garbage(file: Path) -> None:
    file.write_bytes(b"this is no vault at all. " * 400)


def newer(signed_in: SignedIn) -> None:
    signed_in.vault._database.change("PRAGMA user_version = 9999")


class TestVaultThatIsNotOne:
    @pytest.mark.parametrize("spoil", [garbage, Path.unlink])
    def test_a_damaged_or_missing_index_is_reported_and_left_alone(self, desk, spoil) -> None:
        desk.set_up()
        index = desk.paths.vault / INDEX_FILE
        spoil(index)
        before = index.read_bytes() if index.exists() else None
        desk.open()
        desk.sign_in()
        desk.said("cannot be read", "Nothing was changed", "Do not delete anything")
        assert (index.read_bytes() if index.exists() else None) == before

    @pytest.mark.parametrize("spoil", [garbage, Path.unlink])
    def test_without_its_key_files_the_station_offers_no_new_set_up(self, desk, spoil) -> None:
        desk.set_up()
        for name in KEY_FILES:
            spoil(desk.paths.vault / name)
        desk.open()
        desk.page(SignInPage)
        desk.said("key files are damaged or missing", "still stored", "Do not set the station up")
        assert desk.shell.page.primary.isHidden()

    def test_one_damaged_key_file_keeps_nobody_out(self, desk) -> None:
        desk.set_up()
        garbage(desk.paths.vault / KEY_FILES[1])
        desk.open()
        desk.sign_in()
        desk.page(HomePage)

    def test_a_newer_format_asks_for_the_newer_version(self, desk) -> None:
        desk.set_up(newer)
        desk.open()
        desk.sign_in()
        desk.said("newer version", "safe", "Ask IT to install")

    def test_a_read_only_folder_is_reported_and_can_be_tried_again(self, small_disk, desk) -> None:
        disk = small_disk(desk.paths.home, "16m")
        desk.set_up()
        remount(disk, "ro")
        desk.open()
        desk.sign_in()
        desk.said("may not write to its folder", "safe", "Call IT")
        assert "picture on the screen" not in desk.shell.page.notice.words
        remount(disk, "rw")
        desk.sign_in()
        desk.page(HomePage)

    def test_a_second_instance_is_told_to_use_the_first(self, desk) -> None:
        desk.set_up()
        with second_instance(desk) as first:
            desk.open()
            desk.sign_in()
            desk.said("already open on this PC", "Use the open window")
            first.stdin.close()
            first.wait()
        desk.sign_in()
        desk.page(HomePage)


HOLD_THE_VAULT = """
import sys
from pathlib import Path
from dermstation.workflow.unlocking import sign_in
opened = sign_in(Path(sys.argv[1]), sys.argv[2], sys.stdin.readline().strip(), keystore=None)
print("open", flush=True)
sys.stdin.read()
opened.vault.close()
"""


def second_instance(desk: Desk) -> subprocess.Popen[str]:
    source = str(Path(dermstation.__file__).parents[1])
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_VAULT, str(desk.paths.vault), desk.operator.id],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": source},
    )
    process.stdin.write(f"{PASSPHRASE}\n")
    process.stdin.flush()
    assert process.stdout.readline() == "open\n"
    return process


class TestWrongSecret:
    def test_a_wrong_passphrase_is_reported_and_the_next_attempt_has_to_wait(self, desk) -> None:
        desk.set_up()
        desk.open()
        desk.sign_in("not the right words")
        desk.said("not right", "Nothing is lost", "Check Caps Lock")
        assert desk.shell.page.secret.text() == ""
        desk.sign_in()
        page = desk.page(SignInPage)
        desk.until(lambda: page.waiting)
        assert "Too many wrong attempts" in page.secret.error
        assert page.notice.words == ""  # one message that counts down, not two
        desk.until(lambda: not page.waiting)
        desk.sign_in()
        desk.page(HomePage)

    def test_a_stranger_only_makes_the_last_administrator_wait_and_the_recovery_key_opens(
        self, desk
    ) -> None:
        desk.set_up(an_episode)
        many_wrong(desk)
        desk.open()
        desk.sign_in("not the right words")
        desk.said("not right")
        desk.shell.clear_notice()
        desk.sign_in()
        page = desk.page(SignInPage)
        desk.until(lambda: page.waiting)
        assert "15 minutes" in page.secret.error
        desk.shell.page.forgotten.click()
        page = desk.page(RecoverPage)
        page.words.set_text(" ".join(desk.recovery.words))
        page.secret.first.set_text(NEW_PASSPHRASE)
        page.secret.second.set_text(NEW_PASSPHRASE)
        desk.press(page)
        assert len(desk.page(HomePage).rows) == 1
        desk.window.lock()
        desk.sign_in(NEW_PASSPHRASE)
        desk.page(HomePage)

    def test_a_wrong_recovery_key_and_a_weak_secret_are_told_apart(self, desk) -> None:
        desk.set_up()
        desk.open()
        desk.page(SignInPage).forgotten.click()
        page = desk.page(RecoverPage)
        page.secret.first.set_text(NEW_PASSPHRASE)
        page.secret.second.set_text(NEW_PASSPHRASE)
        page.words.set_text("abandon " * 12)  # its checksum does not fit
        desk.press(page)
        desk.said("typing mistake", "Compare each of the 12 words")
        page.words.set_text("abandon " * 11 + "about")
        desk.press(page)
        desk.said("belongs to another station")
        page.words.set_text(" ".join(desk.recovery.words))
        for field in (page.secret.first, page.secret.second):
            field.set_text("123456")
        desk.press(page)
        desk.said("too easy to guess")
        assert page.primary.isEnabled()

    def test_leaving_the_page_while_the_vault_opens_is_harmless(self, desk) -> None:
        desk.set_up()
        desk.open()
        desk.sign_in("not the right words")
        desk.shell.page.forgotten.click()
        page = desk.page(RecoverPage)
        desk.until(lambda: not desk.window._entry._openings)
        assert page.notice.words == ""

    def test_closing_the_window_while_the_vault_opens_closes_the_vault(self, desk) -> None:
        desk.set_up()
        desk.open()
        desk.sign_in()
        desk.close()
        desk.open()  # otherwise it would be in use
        desk.sign_in()
        desk.page(HomePage)


def many_wrong(desk: Desk) -> None:
    """Count more failed attempts than lock others, the last of them longer ago than any wait."""
    wrong = Wrong(MOST_TRIES + 5, time.monotonic() - LONGEST_LAST_WAIT_S - 1)
    Counter(desk.paths.vault, desk.operator.id).set_to(wrong)


class TestSetUp:
    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("Test\u0000Nurse", "letters, spaces, hyphens"),
            ("12345", "letters, spaces, hyphens"),
            ("N" * 101, "longer than 100 characters"),
            ("<b>Nurse</b>", "letters, spaces, hyphens"),
        ],
    )
    def test_an_absurd_name_is_refused_before_anything_is_made(self, desk, name, words) -> None:
        desk.open()
        fill_welcome(desk, name, NEW_PASSPHRASE)
        desk.said(words)
        assert not desk.paths.vault.exists()

    @pytest.mark.parametrize("secret", ["123456", "password", "one two"])
    def test_a_weak_secret_is_refused_with_the_rule(self, desk, secret) -> None:
        desk.open()
        fill_welcome(desk, "Test Nurse", secret)
        desk.said("too easy to guess", "Use ")
        assert not desk.paths.vault.exists()

    def test_a_mistyped_recovery_key_makes_no_vault(self, desk) -> None:
        desk.open()
        fill_welcome(desk, "Test Nurse", NEW_PASSPHRASE)
        page = desk.page(RecoveryKeyPage)
        desk.press(page)
        page.typed.set_text("abandon " * 11 + "about")  # a valid key, but not the one of this vault
        desk.press(page)
        desk.said("typing mistake")
        assert not desk.paths.vault.exists()
        page.typed.set_text(" ".join(page.words))
        desk.press(page)
        desk.page(HomePage)

    def test_a_full_disk_makes_no_half_vault(self, small_disk, desk) -> None:
        disk = small_disk(desk.paths.home, "64k")
        desk.open()
        fill_welcome(desk, "Test Nurse", NEW_PASSPHRASE)
        page = desk.page(RecoveryKeyPage)
        desk.press(page)
        page.typed.set_text(" ".join(page.words))
        desk.press(page)
        desk.said("disk is full", "Free some space")
        assert not desk.paths.vault.exists()
        remount(disk, "size=16m")
        desk.press(page)
        desk.page(HomePage)


def fill_welcome(desk: Desk, name: str, secret: str) -> None:
    page = desk.page(WelcomePage)
    page.name.set_text(name)
    page.secret.first.set_text(secret)
    page.secret.second.set_text(secret)
    desk.press(page)


WRONG = [
    ("nhs_number", "", "empty"),
    ("nhs_number", "999 000 001", "has 9 digits"),
    ("nhs_number", "999 000 0019", "last digit does not match"),
    ("nhs_number", "4444444444", "Ten identical digits"),
    ("nhs_number", "999O000018", "digits only"),
    ("nhs_number", "\u0669\u0669\u0669\u0660\u0660\u0660\u0660\u0660\u0661\u0668", "digits only"),
    ("family_name", "   ", "empty"),
    ("family_name", "x" * 101, "longer than 100"),
    ("family_name", "Patient1", "letters, spaces"),
    ("given_name", "<script>", "letters, spaces"),
    ("given_name", "'", "letters, spaces"),
    ("born_on", "31/02/1958", "not a date"),
    ("born_on", "1958-09", "not a date"),
    ("born_on", "03/09/15", "four digits"),
    ("born_on", "03/09/2958", "in the future"),
    ("born_on", "03/09/1858", "more than 125 years ago"),
    ("born_on", "yesterday", "not a date"),
]


@pytest.fixture
def form(desk: Desk) -> PatientPage:
    desk.set_up()
    desk.open()
    desk.sign_in()
    return new_patient(desk)


def new_patient(desk: Desk) -> PatientPage:
    desk.press(desk.page(HomePage))
    return desk.page(PatientPage)


def fill(page: PatientPage, **over: str) -> None:
    right = {
        "nhs_number": "999 000 0018",
        "family_name": "Patient-One",
        "given_name": "Test",
        "born_on": "03/09/1958",
    }
    for name, text in (right | over).items():
        page.fields[name].set_text(text)


class TestPatient:
    def test_an_error_is_shown_below_its_field_and_nothing_is_opened(self, desk, form) -> None:
        for name, text, words in WRONG:
            fill(form, **{name: text})
            desk.press(form)
            assert words in form.fields[name].error, (name, text)
            assert not form.confirming
        assert desk.in_vault(unfinished) == ()

    def test_a_crash_loses_no_keystroke_of_the_form(self, desk, form) -> None:
        for name, typed in (("nhs_number", "999 00"), ("born_on", "3")):
            QTest.keyClicks(form.fields[name].edit, typed)
        form.back_pressed.emit()
        desk.page(HomePage)
        desk.close()
        desk.open()
        desk.sign_in()
        again = new_patient(desk)
        again.unfinished.use.click()
        assert again.fields["nhs_number"].text() == "999 00"
        assert again.fields["born_on"].text() == "3"

    def test_a_second_press_opens_no_second_episode(self, desk, form) -> None:
        fill(form)
        desk.press(form)
        form.primary.click()
        form.primary.click()
        desk.page(ConsentPage)
        assert len(desk.in_vault(unfinished)) == 1

    def test_a_number_with_another_identity_is_a_wrong_patient(self, desk) -> None:
        desk.set_up(an_episode)
        desk.open()
        desk.sign_in()
        page = new_patient(desk)
        fill(page, given_name="Tess")
        for _ in range(2):
            desk.press(page)
        desk.said("already stored with another name", "Nothing is lost", "Check the patient")
        page.show_form()
        page.fields["given_name"].set_text(PATIENT.given_name)
        for _ in range(2):
            desk.press(page)
        desk.page(ConsentPage)

    def test_a_full_disk_keeps_what_was_typed(self, small_disk, desk) -> None:
        disk = small_disk(desk.paths.home, "8m")
        desk.set_up()
        desk.open()
        desk.sign_in()
        page = new_patient(desk)
        fill(page)
        desk.press(page)
        ballast = fill_disk(disk)
        desk.press(page)
        desk.said("disk is full", "Free some space")
        ballast.unlink()
        desk.press(page)
        answered = desk.page(ConsentPage)
        answered.verbal.click()
        desk.until(lambda: not isinstance(desk.shell.page, ConsentPage))
        (line,) = desk.in_vault(unfinished)
        assert line.view.episode.consent.form is ConsentForm.VERBAL


def fill_disk(disk: Path) -> Path:
    """Write until not a byte is free."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return ballast


@pytest.mark.expects_log("is not valid; its default is used")
def test_a_fault_in_the_settings_is_told_at_the_start(desk) -> None:
    desk.set_up()
    desk.paths.settings.write_text("\n\nhide_from_capture = Yes\n", encoding="utf-8")
    desk.open()
    desk.page(SignInPage)
    desk.said("Some settings have no effect", "3", "Tell IT.")
