"""States of the station pages: operators, audit trail, backup, kept episodes."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from dermstation.domain.audit import AuditEntry, AuditEvent, AuditFault, AuditFinding
from dermstation.domain.chart_check import ChartCheck
from dermstation.domain.records import Operator, Role
from dermstation.domain.set_score import CountedSet, SetPoint
from dermstation.domain.shots import ShotKind
from dermstation.settings import Settings
from dermstation.ui.entry.restore_page import RestorePage
from dermstation.ui.hand_over.retain_page import RetainPage
from dermstation.ui.parts.page import Page
from dermstation.ui.station.about_page import AboutPage
from dermstation.ui.station.audit_page import AuditViewPage
from dermstation.ui.station.backup_page import BackupPage
from dermstation.ui.station.certificates_page import CertificatesPage
from dermstation.ui.station.insight_page import InsightPage
from dermstation.ui.station.menu_page import StationMenuPage
from dermstation.ui.station.operator_pages import AddOperatorPage, SecretPage
from dermstation.ui.station.operators_page import OperatorsPage
from dermstation.ui.station.settings_page import SettingsPage
from dermstation.vault.audit import AuditFilter
from dermstation.workflow.about import About
from dermstation.workflow.auditing import AuditPage
from dermstation.workflow.certificates import FoundCertificates
from dermstation.workflow.doctor import Check
from dermstation.workflow.insight import insight_of
from dermstation.workflow.operators import OperatorLine
from tests.ui.framing import named


def station_menu(made: Any) -> Page:
    return StationMenuPage(Operator("1", "Test Clinician-Two", Role.ADMINISTRATOR))


def station_menu_nurse(made: Any) -> Page:
    return StationMenuPage(Operator("1", "Test Nurse-One", Role.NURSE))


def about_findings_long(made: Any) -> Page:
    checks = {
        "cipher": Check("4.6.1 community"),
        "keystore": Check(None, "No keystore of the operating system."),
        "free_space": Check(1_500_000_000, "Less than 2 GB is free on the station's disk."),
        "policy": Check({"from": "none"}),
        "swap": Check("off"),
    }
    home = Path("/home/test/.local/share/" + "x" * 60 + "/dermstation")
    return AboutPage(About("0.1", "Windows 11", home, home / "logs", home, None, checks))


def certificates_found(made: Any) -> Page:
    ones = tuple(made.certificate(left=left) for left in (0, 0, 2))
    return CertificatesPage(FoundCertificates(ones, 61, {}))


def certificates_none(made: Any) -> Page:
    return CertificatesPage(FoundCertificates((), 0, {}))


def insight_empty(made: Any) -> Page:
    return InsightPage(insight_of([]))


def insight_year(made: Any) -> Page:
    """Show fourteen months: two that had too few sets for themselves, and one that waits."""
    lacks = ((), (SetPoint.RULER,), (SetPoint.DERMOSCOPIC, SetPoint.FOCUS), (), ())
    counts = (6, 9, 3, 4, 7, 12, 5, 8, 11, 6, 9, 10, 14, 2)
    sets = [
        CountedSet(
            date(2025 + (7 + month) // 12, (7 + month) % 12 + 1, 3),
            lacks[number % len(lacks)] if number >= month // 4 else (SetPoint.RULER,),
            (ShotKind.GENERAL, ShotKind.CLOSEUP),
            ("HD Dermatoscope (USB)", "DSC-RX100"[: 3 + 6 * (number % 2)]),
        )
        for month, count in enumerate(counts)
        for number in range(count)
    ]
    checks = tuple(
        ChartCheck("HD Dermatoscope (USB)", date(2026, month, 4), 3 + month / 3, 9, 0.2, 9.4, 0.3)
        for month in range(1, 9)
    )
    return InsightPage(replace(insight_of(sets), checks=checks))


def operators_listed(made: Any) -> Page:
    lines = (
        OperatorLine(Operator("1", "Test Administrator", Role.ADMINISTRATOR, "1234567"), False),
        OperatorLine(Operator("2", "Test Clinician-Two " * 4, Role.CLINICIAN), False),
        OperatorLine(Operator("3", "Test Nurse-One", Role.NURSE, "12A3456B"), True),
    )
    page = OperatorsPage(lines, "1")
    page.rows[2].revoke.click()
    return page


def operator_form(made: Any) -> Page:
    page = AddOperatorPage(lambda _: "copper lantern river seventeen")
    page.secret.suggestion.click()
    return page


def operator_form_errors(made: Any) -> Page:
    page = AddOperatorPage()
    page.number.set_text("12")
    page.primary.click()
    return page


def secret_own_errors(made: Any) -> Page:
    page = SecretPage("Test Nurse-One", is_own=True)
    page.primary.click()
    return page


def secret_reset(made: Any) -> Page:
    return SecretPage("Test Nurse-One " * 4, is_own=False, suggest=lambda _: "a b c d")


def audit_page(made: Any, *, findings: bool = False) -> Page:
    one = Operator("1", "Test Clinician-Two", Role.CLINICIAN)
    events = list(AuditEvent) * 3
    entries = tuple(
        AuditEntry(
            len(events) - n,
            made.opened_at + timedelta(minutes=n),
            event,
            "1",
            f"{n:032x}",
            f"{n:032x}",
            {"shot": "dermoscopic", "verdict": "good"},
        )
        for n, event in enumerate(events)
    )
    found = tuple(AuditFinding(fault, 12, 19) for fault in AuditFault) if findings else ()
    return AuditViewPage(AuditPage(entries, (one,), 2_345, found), AuditFilter())


def audit_findings(made: Any) -> Page:
    return audit_page(made, findings=True)


def audit_empty(made: Any) -> Page:
    return AuditViewPage(AuditPage((), (), 0), AuditFilter(events=(AuditEvent.RESTORED,)))


def backup_first(made: Any) -> Page:
    return BackupPage()


def backup_running(made: Any) -> Page:
    page = BackupPage()
    page.show_folder(Path("/mnt/practice-share/backups/dermatology/station-in-room-two"))
    page.show_progress(3, 7)
    return page


def restore_first(made: Any) -> Page:
    return RestorePage()


def restore_errors(made: Any) -> Page:
    page = RestorePage()
    page.words.set_text("only five of them here")
    page.primary.click()
    return page


def retain(made: Any) -> Page:
    one = Operator("1", "Test Clinician-Two", Role.CLINICIAN)
    return RetainPage((one,), "1", date(2026, 9, 4))


def retain_errors(made: Any) -> Page:
    page = retain(made)
    page.review.set_text("99/99/2026")
    page.primary.click()
    return page


def settings_first(made: Any) -> Page:
    del made
    return SettingsPage(Settings(practice_name="Test Practice"))


def settings_wrong(made: Any) -> Page:
    page = settings_first(made)
    page.texts["lock_after_minutes"].set_text("90")
    page.primary.click()
    return page


def settings_fixed(made: Any) -> Page:
    del made
    fixed = frozenset({"lock_after_minutes", "review_routes", "package_preset", "sounds"})
    return SettingsPage(Settings(practice_name="Test Practice", fixed=fixed))


def settings_locked(made: Any) -> Page:
    del made
    return SettingsPage(Settings(practice_name="Test Practice"), locked=True)


STATES = named(
    "",
    station_menu,
    station_menu_nurse,
    about_findings_long,
    certificates_found,
    certificates_none,
    insight_empty,
    insight_year,
    operators_listed,
    operator_form,
    operator_form_errors,
    secret_own_errors,
    secret_reset,
    audit_page,
    audit_findings,
    audit_empty,
    backup_first,
    backup_running,
    restore_first,
    restore_errors,
    retain,
    retain_errors,
    settings_first,
    settings_wrong,
    settings_fixed,
    settings_locked,
)
