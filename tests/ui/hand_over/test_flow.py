"""The way out: the package, the confirmations, the wipe, and what cannot be removed."""

import threading
from pathlib import Path

import pytest

from dermstation.domain.consents import Answer
from dermstation.domain.records import ConsentForm
from dermstation.domain.routes import Confirmation, Route, confirmations_of
from dermstation.domain.states import EpisodeState
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.frame.busy_page import BusyPage
from dermstation.ui.hand_over.certificate_page import CertificatePage
from dermstation.ui.hand_over.moved_page import MovedFilesPage
from dermstation.ui.hand_over.page import IN_RECORD, SUMMARY_IN_RECORD, HandOverPage
from dermstation.ui.home.page import HomePage
from dermstation.ui.summary.page import SummaryPage
from dermstation.vault.store import Vault
from dermstation.vault.wiping import Wiping
from dermstation.workflow import episodes, packaging
from dermstation.workflow.package_choice import Practice
from dermstation.workflow.package_progress import PackageProgress
from dermstation.workflow.unlocking import SignedIn
from tests.ui.desk import Desk
from tests.unfinished import unfinished
from tests.unit.workflow.conftest import an_episode, files_below, pack, ready, remount


def at_the_summary(desk: Desk, package_folder: Path | str = "") -> SummaryPage:
    desk.set_up(lambda signed_in: ready(signed_in, an_episode(signed_in)))
    desk.open(package_folder=str(package_folder))
    desk.sign_in()
    desk.page(HomePage).rows[0].go_on.click()
    return desk.page(SummaryPage)


def at_the_hand_over(desk: Desk, route: Route = Route.ROUTINE) -> HandOverPage:
    desk.paths.packages.mkdir(parents=True)
    desk.set_up(
        lambda signed_in: pack(signed_in, an_episode(signed_in), desk.paths.packages, route)
    )
    desk.open()
    desk.sign_in()
    desk.page(HomePage).rows[0].go_on.click()
    return desk.page(HandOverPage)


def withdraw(page: HandOverPage) -> None:
    page.withdraw.click()
    page.ask.confirm.click()


def tick_all(page: HandOverPage) -> None:
    for tick in page.ticks.values():
        tick.click()


def names_of(files: list[Path]) -> list[str]:
    return [file.name for file in files]


def state_of(desk: Desk) -> EpisodeState:
    (line,) = desk.in_vault(unfinished)
    return line.view.episode.state


class TestPackage:
    def test_a_folder_that_is_gone_is_not_opened_and_says_so(self, desk) -> None:
        page = at_the_hand_over(desk)
        (folder,) = desk.paths.packages.iterdir()
        folder.rename(folder.with_name("moved"))
        page.open_folder.click()
        desk.said("could not be opened", "Copy its path")

    def test_a_missing_folder_is_reported_on_the_summary(self, desk, tmp_path) -> None:
        page = at_the_summary(desk, tmp_path / "unplugged")
        desk.press(page)
        desk.until(lambda: desk.shell.page is not page)
        summary = desk.page(SummaryPage)
        desk.said("folder for the package cannot be found", "safe", "Choose another folder")
        assert not (tmp_path / "unplugged").exists()
        summary.set_destination(tmp_path)
        desk.press(summary)
        desk.page(HandOverPage)

    def test_a_full_disk_is_reported_and_leaves_nothing_unencrypted(
        self, small_disk, desk, tmp_path
    ) -> None:
        stick = small_disk(tmp_path / "stick", "64k")
        page = at_the_summary(desk, stick)
        desk.press(page)
        desk.until(lambda: desk.shell.page is not page)
        summary = desk.page(SummaryPage)
        desk.said("package was not made: the disk is full", "safe", "Free some space")
        assert files_below(stick) == []
        remount(stick, "size=16m")
        desk.press(summary)
        desk.page(HandOverPage)

    def test_a_read_only_folder_is_reported(self, small_disk, desk, tmp_path) -> None:
        share = small_disk(tmp_path / "share", "16m")
        remount(share, "ro")
        page = at_the_summary(desk, share)
        desk.press(page)
        desk.until(lambda: desk.shell.page is not page)
        desk.page(SummaryPage)
        desk.said("may not write to that folder", "safe", "Choose another folder")

    def test_a_picture_that_the_route_needs_is_named(self, desk) -> None:
        def without_pictures(signed_in: SignedIn) -> None:
            opened = an_episode(signed_in)
            episodes.finish_pictures(signed_in.vault, opened.episode.id)

        desk.set_up(without_pictures)
        desk.open()
        desk.sign_in()
        desk.page(HomePage).rows[0].go_on.click()
        page = desk.page(SummaryPage)
        page.routes[Route.RADS].click()
        page.told.buttons[Answer.YES].click()
        page.question.edit.setPlainText("Suspicious?")
        page.review.tick.click()
        desk.until(lambda: "Reviewed by" in page.review.words)
        (line,) = page.missing.lines
        desk.press(page)
        desk.until(lambda: desk.window.focusWidget() is line)
        assert line.missing.words == "Pictures: L1 general, L1 close-up."
        line.click()
        desk.page(CapturePage)
        assert files_below(desk.paths.packages) == []

    def test_a_declined_episode_is_handed_over_as_a_summary_alone(self, desk) -> None:
        def declined(signed_in: SignedIn) -> None:
            opened = an_episode(signed_in)
            ready(signed_in, opened)
            episodes.record_consent(
                signed_in.vault,
                signed_in.operator,
                opened.episode.id,
                given=False,
                form=ConsentForm.VERBAL,
                secondary_use=False,
            )

        desk.set_up(declined)
        desk.open()
        desk.sign_in()
        desk.page(HomePage).rows[0].go_on.click()
        desk.press(desk.page(SummaryPage))
        page = desk.page(HandOverPage)
        assert [path.suffix for path in files_below(desk.paths.packages)] == [".pdf"]
        desk.until(lambda: SUMMARY_IN_RECORD in desk.texts())
        assert IN_RECORD not in desk.texts()
        tick_all(page)
        desk.press(page)
        desk.page(CertificatePage)
        assert files_below(desk.paths.packages) == []


class TestHandOver:
    @pytest.mark.parametrize("route", list(Route))
    def test_each_route_asks_for_its_own_ticks_and_is_wiped_with_them(self, desk, route) -> None:
        page = at_the_hand_over(desk, route)
        assert tuple(page.ticks) == confirmations_of(route)
        if Confirmation.IN_ERS not in page.ticks:
            desk.until(lambda: "1. Open this folder" in desk.texts())
            assert "e-RS" not in desk.texts()
        assert not page.primary.isEnabled()
        tick_all(page)
        desk.press(page)
        desk.page(CertificatePage)
        assert desk.in_vault(unfinished) == ()
        (certificate,) = desk.in_vault(lambda vault: vault.certificates.all())
        assert certificate.hand_over.confirmed == confirmations_of(route)

    def test_a_changed_file_stops_the_wipe_and_is_reported(self, desk) -> None:
        page = at_the_hand_over(desk)
        files_below(desk.paths.packages)[0].write_bytes(b"something else")
        tick_all(page)
        desk.press(page)
        desk.until(lambda: desk.shell.page is not page)
        again = desk.page(HandOverPage)
        desk.said("changed or damaged", "safe", "Do not attach it")
        assert state_of(desk) is EpisodeState.PACKAGED
        assert not again.primary.isEnabled()

    @pytest.mark.expects_log("1 files stay for now")
    def test_a_file_that_stays_is_reported_until_it_is_gone_and_then_certified(self, desk) -> None:
        page = at_the_hand_over(desk)
        stubborn = files_below(desk.paths.packages)[0]
        stubborn.unlink()
        stubborn.mkdir()  # no function that removes files removes this
        page.back.click()
        listed = desk.page(HomePage)
        listed.rows[0].abandon.click()
        listed.rows[0].ask.confirm.click()
        desk.until(lambda: desk.shell.page is not listed)
        home = desk.page(HomePage)
        desk.said("could not be removed from this PC yet: 1", "unencrypted", "lock and sign in")
        assert home.rows == []
        assert "Nothing left to finish" not in desk.texts()

        desk.window.lock()
        desk.sign_in()
        desk.page(HomePage)
        desk.said("could not be removed from this PC yet: 1")

        stubborn.rmdir()
        desk.window.lock()
        desk.sign_in()
        certificate = desk.page(CertificatePage)
        desk.said("interrupted has now been finished")
        desk.press(certificate)
        desk.page(HomePage)
        desk.until(lambda: "Nothing left to finish" in desk.texts())

    def test_a_file_that_stays_keeps_the_package_from_being_withdrawn(self, desk) -> None:
        page = at_the_hand_over(desk)
        stubborn = files_below(desk.paths.packages)[0]
        stubborn.unlink()
        stubborn.mkdir()
        withdraw(page)
        desk.until(lambda: desk.shell.page is not page)
        again = desk.page(HandOverPage)
        desk.said("could not be removed", "withdraw the package once more")
        stubborn.rmdir()
        withdraw(again)
        moved = desk.page(MovedFilesPage)
        assert stubborn.name in desk.texts()
        desk.press(moved)
        desk.page(SummaryPage)
        assert files_below(desk.paths.packages) == []

    def test_files_that_were_moved_are_asked_about_before_anything_is_wiped(
        self, desk, tmp_path
    ) -> None:
        page = at_the_hand_over(desk)
        tick_all(page)
        moved = files_below(desk.paths.packages)
        for file in moved:
            file.rename(tmp_path / file.name)
        desk.press(page)
        asked = desk.page(MovedFilesPage)
        said = desk.texts()
        for words in ("are missing", "unencrypted", "Delete them wherever", *names_of(moved)):
            assert words in said
        asked.back.click()
        again = desk.page(HandOverPage)
        assert state_of(desk) is EpisodeState.PACKAGED
        tick_all(again)
        desk.press(again)
        desk.press(desk.page(MovedFilesPage))
        desk.page(CertificatePage)
        said = desk.texts()
        assert "Not everything has been wiped" in said
        assert f"{len(moved)} items were not removed by the station" in said
        assert all((tmp_path / file.name).exists() for file in moved)

    def test_a_wipe_cut_off_by_a_power_failure_is_finished_and_shown_at_the_next_sign_in(
        self, desk, monkeypatch
    ) -> None:
        def interrupted(signed_in: SignedIn) -> None:
            opened = an_episode(signed_in)
            pack(signed_in, opened, desk.paths.packages)
            with monkeypatch.context() as patch:
                patch.setattr(Wiping, "remove_episode_file", _cut)
                with pytest.raises(KeyboardInterrupt):
                    wipe(signed_in, opened.episode.id)

        desk.paths.packages.mkdir(parents=True)
        desk.set_up(interrupted, an_episode)
        desk.open()
        desk.sign_in()
        page = desk.page(CertificatePage)
        desk.said("interrupted has now been finished")
        assert desk.shell.header.banner == ""
        desk.press(page)
        assert len(desk.page(HomePage).rows) == 1

    def test_a_key_that_could_not_be_changed_is_reported_with_the_certificate(
        self, desk, monkeypatch
    ) -> None:
        page = at_the_hand_over(desk)
        tick_all(page)

        def full(_vault: Vault) -> None:
            from dermstation.domain.errors import ErrorCode, StationError

            raise StationError(ErrorCode.VAULT_DISK_FULL)

        with monkeypatch.context() as patch:
            patch.setattr(Vault, "rotate_index_key", full)
            desk.press(page)
            desk.page(CertificatePage)
        desk.said("disk is full", "last step", "lock and sign in")

    @pytest.mark.expects_log("a package was not removed")
    def test_a_package_cut_off_leaves_files_that_are_reported(self, desk, monkeypatch) -> None:
        def half_written(signed_in: SignedIn) -> None:
            opened = an_episode(signed_in)
            ready(signed_in, opened)
            with monkeypatch.context() as patch:
                patch.setattr(packaging, "removed_or_left", lambda *_: 0)
                patch.setattr(packaging, "write_package", _half)
                with pytest.raises(KeyboardInterrupt):
                    packaging.make_package(
                        signed_in.vault,
                        signed_in.operator,
                        opened.episode.id,
                        desk.paths.packages,
                        Practice(),
                    )

        desk.paths.packages.mkdir(parents=True)
        desk.set_up(half_written)
        desk.open()
        desk.sign_in()
        assert len(desk.page(HomePage).rows) == 1
        desk.said("could not be removed from this PC yet: 1")


def wipe(signed_in: SignedIn, episode_id: str) -> None:
    from dermstation.workflow import wiping

    wiping.hand_over(signed_in.vault, signed_in.operator, episode_id, in_record=True, in_ers=True)


def _cut(*_args: object) -> None:
    raise KeyboardInterrupt


def _half(_contents: object, destination: Path, *, before_file, planned, passphrase="") -> None:
    """Write one file that cannot be removed, then fail."""
    folder = destination / "referral-test.part"
    before_file(folder / "1-L1-General.jpg")
    (folder / "1-L1-General.jpg").mkdir(parents=True)
    raise KeyboardInterrupt


class TestCancelled:
    def test_a_package_is_cancelled_between_two_files_and_nothing_of_it_is_left(
        self, desk, monkeypatch
    ) -> None:
        page = at_the_summary(desk)
        begun, go_on = threading.Event(), threading.Event()
        note_path = PackageProgress.note_path

        def wait_at_the_second(progress: PackageProgress) -> None:
            if progress.noted == 1:
                begun.set()
                go_on.wait()
            note_path(progress)

        monkeypatch.setattr(PackageProgress, "note_path", wait_at_the_second)
        page.routes[Route.ROUTINE].click()
        desk.press(page)
        desk.until(begun.is_set)
        waiting = desk.page(BusyPage)
        desk.until(lambda: "File 1 of" in desk.texts())
        waiting.cancel.click()
        go_on.set()
        desk.page(SummaryPage)
        desk.said("you cancelled it", "Nothing of it is left")
        assert files_below(desk.paths.packages) == []
        monkeypatch.undo()
        desk.press(desk.shell.page)
        desk.page(HandOverPage)
