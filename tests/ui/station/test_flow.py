"""The station pages in the real window: operators, audit trail, backup, kept episodes."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dermstation.domain.audit import AuditEvent
from dermstation.domain.records import Operator, Role
from dermstation.security.keyfile import read_key_file
from dermstation.security.recovery import new_recovery_key
from dermstation.ui.entry.restore_page import RestorePage
from dermstation.ui.entry.sign_in_page import SignInPage
from dermstation.ui.entry.welcome_page import WelcomePage
from dermstation.ui.hand_over.retain_page import RetainPage
from dermstation.ui.home.page import HomePage
from dermstation.ui.station.audit_page import AuditViewPage
from dermstation.ui.station.backup_page import BackupPage
from dermstation.ui.station.menu_page import StationMenuPage
from dermstation.ui.station.operator_pages import AddOperatorPage, SecretPage
from dermstation.ui.station.operators_page import OperatorsPage
from dermstation.ui.summary.page import SummaryPage
from dermstation.vault.restore import restore
from dermstation.vault.work_list import Group
from tests.ui.desk import OTHER_PASSPHRASE, PASSPHRASE, Desk
from tests.unit.workflow.conftest import an_episode, pack, ready

THEIRS = "their own plain words"


@pytest.fixture
def admin(desk) -> Desk:
    """Start a station with an administrator, and a clinician as the second operator."""
    desk.operator = replace(desk.operator, role=Role.ADMINISTRATOR)
    return desk


@pytest.fixture
def desk_of(qtbot):
    """Return a function that starts further stations; they are always cleaned up."""
    made = []

    def make(home):
        made.append(Desk(qtbot, home))
        return made[-1]

    yield make
    for desk in made:
        desk.close()


def menu(desk) -> StationMenuPage:
    desk.page(HomePage).station.click()
    return desk.page(StationMenuPage)


def enter(desk, *fill) -> None:
    desk.set_up(desk.add_other, *fill)
    desk.open()
    desk.sign_in(operator=desk.operator)
    desk.page(HomePage)


def test_the_administrator_adds_resets_and_revokes(admin) -> None:
    enter(admin)
    menu(admin).administration[0].click()
    page = admin.page(OperatorsPage)
    assert [row.operator.name for row in page.rows] == ["Test Doctor", "Test Nurse"]
    admin.press(page)
    form = admin.page(AddOperatorPage)
    form.name.set_text("Test Nurse-Two")
    form.number.set_text("12a3456b")
    form.secret.first.set_text(THEIRS)
    form.secret.second.set_text(THEIRS)
    admin.press(form)
    admin.said("Test Nurse-Two can sign in now.")
    page = admin.page(OperatorsPage)
    added = next(row for row in page.rows if row.operator.name == "Test Nurse-Two")
    assert added.operator.role is Role.NURSE
    assert added.operator.professional_number == "12A3456B"
    added.reset.click()
    form = admin.page(SecretPage)
    form.secret.first.set_text(PASSPHRASE)
    form.secret.second.set_text(PASSPHRASE)
    admin.press(form)
    admin.said("has a new PIN or passphrase")
    key_before = read_key_file(admin.paths.vault).current_id
    page = admin.page(OperatorsPage)
    added = next(row for row in page.rows if row.operator.name == "Test Nurse-Two")
    added.revoke.click()
    added.ask.confirm.click()
    admin.said("They can no longer sign in")
    assert len(admin.page(OperatorsPage).rows) == 2
    assert read_key_file(admin.paths.vault).current_id != key_before
    admin.window.lock()
    assert admin.page(SignInPage).who.findText("Test Nurse-Two") == -1


def test_other_operators_change_only_their_own_secret(admin) -> None:
    enter(admin)
    admin.window.lock()
    admin.sign_in(OTHER_PASSPHRASE, admin.other)
    page = menu(admin)
    assert page.administration == []
    page.secret.click()
    form = admin.page(SecretPage)
    form.present.set_text("not the right words")
    form.secret.first.set_text(THEIRS)
    form.secret.second.set_text(THEIRS)
    admin.press(form)
    admin.said("not right")
    admin.until(form.primary.isEnabled)
    form.present.set_text(OTHER_PASSPHRASE)
    QTest.qWait(1100)  # the wait after a wrong attempt uses the real clock
    admin.press(form)
    admin.said("Your PIN or passphrase has been changed.")
    admin.window.lock()
    admin.sign_in(THEIRS, admin.other)
    admin.page(HomePage)


def test_the_audit_is_shown_filtered_and_saved(admin, tmp_path) -> None:
    enter(admin, an_episode)
    menu(admin).administration[1].click()
    page = admin.page(AuditViewPage)
    everything = page.table.rowCount()
    assert everything >= 4
    page.what.setCurrentIndex(page.what.findData(AuditEvent.EPISODE_OPENED.value))
    admin.until(lambda: admin.shell.page is not page)
    page = admin.page(AuditViewPage)
    assert page.table.rowCount() == 1
    assert page.table.item(0, 2).text() == "Episode opened"
    page.export_wanted.emit(page.wanted, tmp_path / "audit.csv")
    admin.said("The file has been saved with 1 entries.")
    assert "episode_opened" in (tmp_path / "audit.csv").read_text(encoding="utf-8-sig")


def test_a_backup_is_made_from_inside_and_restores(admin, tmp_path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    enter(admin, lambda signed_in: ready(signed_in, an_episode(signed_in)))
    menu(admin).administration[2].click()
    page = admin.page(BackupPage)
    assert not page.primary.isEnabled()
    page.show_folder(share)
    admin.press(page)
    admin.said("The backup is finished")
    assert page.primary.isEnabled()
    (made,) = share.iterdir()
    with restore(made, tmp_path / "new", admin.recovery) as vault:
        (episode,) = vault.episodes.unfinished()
        assert len(vault.captures.of_episode(episode.id)) == 3


def test_a_new_pc_is_restored_from_the_backup_in_its_set_up(admin, desk_of, tmp_path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    enter(admin, lambda signed_in: ready(signed_in, an_episode(signed_in)))
    menu(admin).administration[2].click()
    page = admin.page(BackupPage)
    page.show_folder(share)
    admin.press(page)
    admin.said("The backup is finished")
    (made,) = share.iterdir()
    other = desk_of(tmp_path / "other")
    other.open()
    page = other.page(WelcomePage)
    page.restore.click()
    page = other.page(RestorePage)
    page.primary.click()
    assert page.problem.words
    page.show_file(made)
    page.words.set_text(" ".join(new_recovery_key().words))
    other.press(page)
    other.said("belongs to another station")
    page.words.set_text(" ".join(admin.recovery.words))
    other.press(page)
    other.page(SignInPage)
    other.said("The backup is restored.", "3")
    other.sign_in(operator=admin.operator)
    assert len(other.page(HomePage).rows) == 1


def test_a_lock_during_a_backup_leaves_no_partial_file(admin, tmp_path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    enter(admin, lambda signed_in: ready(signed_in, an_episode(signed_in)))
    menu(admin).administration[2].click()
    page = admin.page(BackupPage)
    page.show_folder(share)
    page.primary.click()
    admin.window.lock()
    admin.page(SignInPage)
    admin.station.jobs.on_vault(lambda: None).result()
    assert not list(share.glob("*.part"))
    assert not (admin.paths.vault / "backup.tmp").exists()


def test_a_backup_into_a_missing_folder_is_reported(admin, tmp_path) -> None:
    enter(admin)
    menu(admin).administration[2].click()
    page = admin.page(BackupPage)
    page.show_folder(tmp_path / "absent")
    admin.press(page)
    admin.said("The backup was not made")
    assert page.primary.isEnabled()


def test_an_episode_is_kept_shown_and_reopened(desk, tmp_path) -> None:
    packages = tmp_path / "packages"
    packages.mkdir()

    def fill(signed_in) -> None:
        pack(signed_in, an_episode(signed_in), packages)

    desk.set_up(fill)
    desk.open()
    desk.sign_in()
    desk.page(HomePage).rows[0].retain.click()
    page = desk.page(RetainPage)
    desk.press(page)
    assert page.reason.problem.words
    page.reason.set_text("Agreed follow-up")
    desk.press(page)
    desk.until(lambda: isinstance(desk.shell.page, HomePage) and desk.shell.page.rows)
    assert "Agreed follow-up" in desk.texts()
    assert "Kept on this PC until" in desk.texts()
    assert list(packages.iterdir()) == []  # none of it is unencrypted
    desk.page(HomePage).rows[0].go_on.click()
    desk.page(SummaryPage)


def test_a_nurse_leaves_the_episode_to_a_clinician_where_it_stands(desk, tmp_path) -> None:
    nurse = Operator("e" * 32, "Test Nurse-Two", Role.NURSE)
    desk.operator, doctor = nurse, desk.other
    desk.set_up(desk.add_other, lambda signed_in: ready(signed_in, an_episode(signed_in)))
    desk.open(package_folder=str(tmp_path))
    desk.sign_in(operator=nurse)
    desk.page(HomePage).rows[0].go_on.click()
    summary = desk.page(SummaryPage)
    assert not summary.review.tick.isVisible()
    desk.press(summary)
    listed = desk.page(HomePage)
    desk.said("sent for review")
    assert [row.group for row in listed.rows] == [Group.FOR_REVIEW]
    desk.window.lock()
    desk.said("Episodes not handed over yet: 1.")
    desk.sign_in(OTHER_PASSPHRASE, doctor)
    waiting = desk.page(HomePage)
    assert desk.window.focusWidget() is waiting.rows[0].go_on  # one key opens the episode
    waiting.rows[0].go_on.click()
    desk.page(SummaryPage)  # the episode opens at its place


def test_the_keyboard_alone_leads_to_the_menu_and_back(admin) -> None:
    enter(admin)
    admin.window.activateWindow()
    home = admin.page(HomePage)
    home.station.setFocus()
    QTest.keyClick(home.station, Qt.Key.Key_Return)
    page = admin.page(StationMenuPage)
    assert page.secret.hasFocus() or not admin.window.isActiveWindow()
    page.back.setFocus()
    QTest.keyClick(page.back, Qt.Key.Key_Return)
    admin.page(HomePage)
