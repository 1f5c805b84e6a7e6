"""The pages about the station rather than a patient: own PIN, operators, audit trail, backup."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Certificate, Operator
from dermstation.security.passphrases import suggest_passphrase
from dermstation.security.pin_policy import PinRule
from dermstation.settings import Settings
from dermstation.ui.frame import places
from dermstation.ui.frame.background import Background, Running
from dermstation.ui.frame.pin_rule import show_pin_rule
from dermstation.ui.frame.places import Go
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.parts.notice import Level
from dermstation.ui.station.about_flow import AboutFlow
from dermstation.ui.station.audit_page import AuditViewPage
from dermstation.ui.station.backup_page import BackupPage
from dermstation.ui.station.certificates_page import CertificatesPage
from dermstation.ui.station.insight_page import InsightPage
from dermstation.ui.station.menu_page import Entry, StationMenuPage
from dermstation.ui.station.operator_pages import AddOperatorPage, SecretPage
from dermstation.ui.station.operators_page import OperatorRow, OperatorsPage
from dermstation.ui.station.settings_page import SettingsPage
from dermstation.vault.audit import AuditFilter
from dermstation.vault.backup import BackupProgress
from dermstation.workflow import auditing, backing_up, changing_settings, insight, operators
from dermstation.workflow.auditing import AuditPage
from dermstation.workflow.certificates import FoundCertificates, find_certificates
from dermstation.workflow.messages import Message
from dermstation.workflow.operators import OperatorLine, TypedOperator
from dermstation.workflow.station import Station

MOST_ENTRIES = 1_000
_NOT_KNOWN = "an operator who is not known"


class StationFlow(QObject):
    """The flow from the menu of the station to each of its pages and back."""

    def __init__(
        self, station: Station, shell: Shell, background: Background, session: Session, go: Go
    ) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._session = session
        self._go = go
        self._about = AboutFlow(station, shell, background, self.show_menu)

    def show_menu(self) -> None:
        """Show what this operator may do with the station."""
        page = StationMenuPage(self._session.operator)
        page.chosen.connect(self._show_entry)
        page.back_pressed.connect(lambda: self._go(places.Home()))
        self._shell.show_page(page)

    def _show_entry(self, entry: Entry) -> None:
        match entry:
            case Entry.SECRET:
                self._change_own()
            case Entry.HOW_TO:
                self._go(places.HowTo())
            case Entry.OPERATORS:
                self.show_operators()
            case Entry.AUDIT:
                self._look_at_audit(AuditFilter())
            case Entry.INSIGHT:
                self._look_at_insight()
            case Entry.BACKUP:
                self.show_backup()
            case Entry.SETTINGS:
                self.ask_settings()
            case Entry.CERTIFICATES:
                self._find_certificates()
            case Entry.ABOUT:
                self._about.enter()

    def _find_certificates(self) -> None:
        looking = self._session.on_vault(find_certificates, self._session.operator)
        looking.then(self._show_certificates)

    def _show_certificates(self, found: FoundCertificates) -> None:
        page = CertificatesPage(found)

        def search(text: str) -> None:
            def show(found: FoundCertificates) -> None:
                if page is self._shell.page and page.search.text() == text:
                    page.show_found(found)

            finding = self._session.on_vault(find_certificates, self._session.operator, text)
            finding.then(show)

        def open_one(certificate: Certificate) -> None:
            wiped_by = found.names.get(certificate.wiped_by, _NOT_KNOWN)
            self._go(places.CertificateOf(certificate, wiped_by))

        page.searched.connect(search)
        page.chosen.connect(open_one)
        page.back_pressed.connect(self.show_menu)
        self._shell.show_page(page)

    def ask_settings(self) -> None:
        """Read the settings and show them."""
        file = self._station.paths.settings
        reading = self._session.on_vault(changing_settings.present_settings, file)
        reading.then(self._show_settings)

    def _show_settings(self, found: tuple[Settings, bool]) -> None:
        settings, may_be_written = found
        page = SettingsPage(settings, locked=not may_be_written)

        def saved(changes: dict[str, object], changed: tuple[str, ...]) -> None:
            station = self._station
            station.settings = changing_settings.held_at_once(station.settings, changes)
            words = changing_settings.saved_words(changed)
            self._shell.carry(Level.GOOD, Message(words, "", ""))
            self.show_menu()

        def save(changes: dict[str, object]) -> None:
            self._session.submit(
                changing_settings.change_settings,
                self._session.operator,
                self._station.paths.settings,
                changes,
            ).then(partial(saved, changes))

        page.saved.connect(save)
        page.back_pressed.connect(self.show_menu)
        self._shell.show_page(page)

    def show_operators(self) -> None:
        """List who can sign in."""
        listing = self._session.on_vault(operators.list_operators, self._session.operator)
        listing.then(self._list)

    def _list(self, lines: tuple[OperatorLine, ...]) -> None:
        page = OperatorsPage(lines, self._session.operator.id)
        page.add.clicked.connect(self._add)
        for row in page.rows:
            self._connect_row(row)
        page.back_pressed.connect(self.show_menu)
        self._shell.show_page(page)

    def _connect_row(self, row: OperatorRow) -> None:
        row.reset.clicked.connect(lambda: self._reset(row.operator))
        row.ask.confirm.clicked.connect(lambda: self._revoke(row.operator.id))

    def _add(self) -> None:
        def submit(typed: TypedOperator, secret: str) -> None:
            self._session.submit(
                operators.add_operator,
                self._session.operator,
                typed,
                secret,
                keystore=self._station.keystore,
            ).then(lambda added: self._changed(f"{added.name} can sign in now."))

        page = AddOperatorPage(suggest_passphrase)
        page.submitted.connect(submit)
        page.back_pressed.connect(self.show_operators)
        self._shell.show_page(page)
        self._show_pin_rule(page)

    def _reset(self, operator: Operator) -> None:
        def submit(_present: str, secret: str) -> None:
            self._session.submit(
                operators.reset_secret,
                self._session.operator,
                operator.id,
                secret,
                keystore=self._station.keystore,
            ).then(lambda _: self._changed(f"{operator.name} has a new PIN or passphrase."))

        self._ask_secret(operator.name, submit, self.show_operators, is_own=False)

    def _revoke(self, operator_id: str) -> None:
        self._session.submit(
            operators.revoke_operator,
            self._session.operator,
            operator_id,
            keystore=self._station.keystore,
        ).then(
            lambda _: self._changed(
                "They can no longer sign in. The key of the store has been changed."
            )
        )

    def _changed(self, words: str) -> None:
        self._shell.carry(Level.GOOD, Message(words, "", ""))
        self.show_operators()

    def _change_own(self) -> None:
        def done(_: None) -> None:
            self._session.secret_is_new()
            self._shell.carry(
                Level.GOOD, Message("Your PIN or passphrase has been changed.", "", "")
            )
            self.show_menu()

        def submit(present: str, secret: str) -> None:
            self._session.submit(
                operators.change_own_secret,
                self._session.operator,
                present,
                secret,
                keystore=self._station.keystore,
            ).then(done)

        self._ask_secret(self._session.operator.name, submit, self.show_menu, is_own=True)

    def _ask_secret(
        self,
        name: str,
        submit: Callable[[str, str], None],
        back: Callable[[], None],
        *,
        is_own: bool,
    ) -> None:
        page = SecretPage(name, is_own=is_own, suggest=suggest_passphrase)
        page.submitted.connect(submit)
        page.back_pressed.connect(back)
        self._shell.show_page(page)
        self._show_pin_rule(page)

    def _show_pin_rule(self, page: AddOperatorPage | SecretPage) -> None:
        def start(ask: Callable[[], PinRule]) -> Running[PinRule]:
            return self._session.on_vault(lambda _: ask())

        show_pin_rule(page, self._shell, self._station, start)

    def _look_at_audit(self, wanted: AuditFilter) -> None:
        looking = self._session.on_vault(
            auditing.look_at_audit, self._session.operator, wanted, most=MOST_ENTRIES
        )
        looking.then(lambda found: self._show_audit(found, wanted))

    def _show_audit(self, found: AuditPage, wanted: AuditFilter) -> None:
        page = AuditViewPage(found, wanted)
        page.filtered.connect(self._look_at_audit)
        page.export_wanted.connect(self._export)
        page.back_pressed.connect(self.show_menu)
        self._shell.show_page(page)

    def _export(self, wanted: AuditFilter, path: Path) -> None:
        exporting = self._session.on_vault(
            auditing.export_audit, self._session.operator, wanted, path
        )
        exporting.then(
            lambda count: self._shell.show_done(f"The file has been saved with {count} entries.")
        )

    def _look_at_insight(self) -> None:
        looking = self._session.on_vault(insight.look_at_insight, self._session.operator)
        looking.then(self._show_insight)

    def _show_insight(self, found: insight.Insight) -> None:
        page = InsightPage(found)
        page.export_wanted.connect(self._export_insight)
        page.back_pressed.connect(self.show_menu)
        self._shell.show_page(page)

    def _export_insight(self, path: Path) -> None:
        exporting = self._session.on_vault(insight.export_insight, self._session.operator, path)
        exporting.then(lambda _: self._shell.show_done("The file has been saved."))

    def show_backup(self) -> None:
        """Ask where to make a backup."""
        page = BackupPage()
        page.wanted.connect(lambda folder: self._back_up(page, folder))
        page.back_pressed.connect(self.show_menu)
        self._shell.show_page(page)

    def _back_up(self, page: BackupPage, folder: Path) -> None:
        """Do one step after the other, so that other jobs get their turn in between."""

        def failed(trouble: StationError) -> None:
            if self._shell.page is page:
                page.show_ended()
            if trouble.code is not ErrorCode.VAULT_LOCKED:
                self._shell.show_trouble(trouble)

        def go_on(backup: backing_up.Backup, progress: BackupProgress) -> None:
            if progress.path is not None:
                if self._shell.page is page:
                    page.show_ended()
                self._shell.show_done(f"The backup is finished: {progress.path.name}")
                return
            if self._shell.page is not page:  # the operator left the page, so give up the backup
                self._session.on_vault(backing_up.give_up, backup).silently()
                return
            page.show_progress(progress.done, progress.total)
            further = self._session.on_vault(backing_up.go_on, backup)
            further.then(partial(go_on, backup)).otherwise(failed)

        page.show_progress(0, 1)
        beginning = self._session.on_vault(backing_up.begin, self._session.operator, folder)
        beginning.then(lambda backup: go_on(backup, BackupProgress(0, 1))).otherwise(failed)
