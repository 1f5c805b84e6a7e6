"""A distinctive patient goes through the whole window; then every byte written is searched."""

import io
from dataclasses import replace

import pypdf
import pytest
from PySide6.QtGui import QGuiApplication

from dermstation.domain.identity import NhsNumber
from dermstation.domain.records import ConsentForm, Role
from dermstation.domain.routes import Route
from dermstation.domain.sites import Side
from dermstation.logs import start_logging
from dermstation.settings_file import save_settings
from dermstation.ui.entry.sign_in_page import SignInPage
from dermstation.ui.frame.crash_page import CrashPage
from dermstation.ui.hand_over.certificate_page import CertificatePage
from dermstation.ui.hand_over.page import HandOverPage
from dermstation.ui.hand_over.retain_page import RetainPage
from dermstation.ui.home.page import HomePage
from dermstation.ui.station.audit_page import AuditViewPage
from dermstation.ui.station.backup_page import BackupPage
from dermstation.ui.station.menu_page import StationMenuPage
from dermstation.ui.summary.page import SummaryPage
from dermstation.vault.audit import AuditFilter
from dermstation.workflow import episodes, reviewing
from tests.e2e.traces import Planted, files_below, traces
from tests.unit.workflow.conftest import SETTLED, ready

PLANTED = Planted()


def plant(signed_in) -> str:
    """Open the planted patient's episode, with pictures and texts, and return its id."""
    typed = episodes.TypedPatient(
        NhsNumber.parse(PLANTED.nhs_number),
        PLANTED.family_name,
        PLANTED.given_name,
        PLANTED.born_on,
    )
    vault, operator = signed_in.vault, signed_in.operator
    episode_id = episodes.open_episode(vault, operator, typed).episode.id
    episodes.record_consent(
        vault, operator, episode_id, given=True, form=ConsentForm.VERBAL, secondary_use=False
    )
    view = episodes.save_lesion(
        vault,
        episode_id,
        lesion_id=None,
        site_code="41550009",
        side=Side.LEFT,
        history=PLANTED.history,
        safeguards=SETTLED,
    )
    ready(signed_in, view, Route.RADS)
    episodes.save_summary(
        vault, episode_id, histories={}, question=PLANTED.question, route=Route.RADS
    )
    reviewing.review(vault, signed_in.operator, episode_id)
    return episode_id


def found(*folders, but_not=None) -> list[str]:
    places = files_below(*folders)
    if but_not is not None:
        places = {name: data for name, data in places.items() if str(but_not) not in name}
    for name, data in list(places.items()):
        if name.endswith(".pdf"):  # its text is compressed
            pages = pypdf.PdfReader(io.BytesIO(data)).pages
            places[f"{name} as text"] = "".join(page.extract_text() for page in pages).encode()
    return traces(PLANTED, places)


@pytest.mark.expects_log("crash")
def test_only_the_ids_in_the_audit_are_left_of_a_patient(desk, tmp_path, monkeypatch) -> None:
    share = tmp_path / "share"
    for folder in (share, tmp_path / "tmp", desk.paths.packages):
        folder.mkdir(parents=True)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    QGuiApplication.clipboard().clear()  # of another test
    start_logging(desk.paths.logs)
    desk.operator = replace(desk.operator, role=Role.ADMINISTRATOR)
    (episode_id,) = desk.set_up(plant)
    window = desk.open(package_folder=str(desk.paths.packages))
    save_settings(desk.station.settings, desk.paths.settings)
    desk.sign_in("not the right words")
    desk.said("not right")
    desk.until(lambda: not desk.page(SignInPage).waiting)
    desk.until(lambda: _signed_in(desk))
    assert found(tmp_path) == []

    # kept, continued, packaged: only the package is unencrypted
    desk.page(HomePage).rows[0].retain.click()
    page = desk.page(RetainPage)
    page.reason.set_text(f"{PLANTED.family_name} comes back in May")
    desk.press(page)
    desk.until(lambda: isinstance(desk.shell.page, HomePage) and desk.shell.page.rows)
    assert found(tmp_path) == []
    desk.page(HomePage).rows[0].go_on.click()
    summary = desk.page(SummaryPage)
    summary.review.tick.click()
    desk.until(lambda: "Reviewed by" in summary.review.words)
    desk.press(summary)
    desk.page(HandOverPage)
    assert found(tmp_path, but_not=desk.paths.packages) == []
    assert found(desk.paths.packages)  # the search works
    assert PLANTED.family_name not in window.windowTitle()

    # exported, backed up, wiped
    menu_backup(desk, share)
    desk.page(HomePage).rows[0].go_on.click()
    page = desk.page(HandOverPage)
    page.in_record.click()
    page.in_ers.click()
    desk.press(page)
    desk.page(CertificatePage).save_requested.emit(share / "certificate.pdf")
    desk.said("The certificate has been saved.")
    desk.press(desk.page(CertificatePage))
    export_audit(desk, share)
    desk.window.lock()
    desk.page(SignInPage)
    assert QGuiApplication.clipboard().text() == ""
    desk.window.show_crash(ValueError(f"{PLANTED.family_name} {PLANTED.nhs_number}"))
    desk.page(CrashPage)
    desk.close()

    assert found(tmp_path) == []
    log = (desk.paths.logs / "station.log").read_text()
    assert "ValueError" in log  # and nothing of its message
    assert episode_id in (share / "audit.csv").read_text(encoding="utf-8-sig")
    assert list(desk.paths.packages.iterdir()) == []


def _signed_in(desk) -> bool:
    if isinstance(desk.shell.page, HomePage):
        return True
    page = desk.shell.page
    if isinstance(page, SignInPage) and page.primary.isEnabled() and not page.waiting:
        desk.sign_in()
    return False


def menu_backup(desk, share) -> None:
    desk.page(HandOverPage).back.click()
    desk.page(HomePage).station.click()
    desk.page(StationMenuPage).administration[2].click()
    page = desk.page(BackupPage)
    page.show_folder(share)
    desk.press(page)
    desk.said("The backup is finished")
    page.back.click()
    desk.page(StationMenuPage).back.click()
    desk.page(HomePage)


def export_audit(desk, share) -> None:
    desk.page(HomePage).station.click()
    desk.page(StationMenuPage).administration[1].click()
    desk.page(AuditViewPage).export_wanted.emit(AuditFilter(), share / "audit.csv")
    desk.said("The file has been saved")
