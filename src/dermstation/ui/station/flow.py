"""What is about the station and not a patient: one's own PIN, operators, audit, backup."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator
from dermstation.security.passphrases import suggest_passphrase
from dermstation.settings import Settings
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.parts.notice import Level
from dermstation.ui.station.audit_page import AuditViewPage
from dermstation.ui.station.backup_page import BackupPage
from dermstation.ui.station.menu_page import StationMenuPage
from dermstation.ui.station.operator_pages import AddOperatorPage, SecretPage
from dermstation.ui.station.operators_page import OperatorsPage
from dermstation.ui.station.settings_page import SettingsPage
from dermstation.vault.audit import AuditFilter
from dermstation.vault.backup import BackupProgress
from dermstation.workflow import auditing, backing_up, changing_settings, operators
from dermstation.workflow.auditing import AuditPage
from dermstation.workflow.messages import Message
from dermstation.workflow.operators import OperatorLine, TypedOperator
from dermstation.workflow.station import Station

MOST_ENTRIES = 1_000


class AdministrationFlow(QObject):
    """Lead from the menu of the station to each of its pages and back."""

    ended = Signal()
    how_to_wanted = Signal()

    def __init__(self, station: Station, shell: Shell, session: Session) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._session = session

    def show_menu(self) -> None:
        """Show what this operator may do about the station."""
        page = StationMenuPage(self._session.operator)
        page.secret_wanted.connect(self._change_own)
        page.operators_wanted.connect(self.show_operators)
        page.audit_wanted.connect(lambda: self._look_at_audit(AuditFilter()))
        page.backup_wanted.connect(self._show_backup)
        page.how_to_wanted.connect(self.how_to_wanted)
        page.settings_wanted.connect(self._ask_settings)
        page.back_pressed.connect(self.ended)
        self._shell.show_page(page)

    def _ask_settings(self) -> None:
        file = self._station.paths.settings
        self._session.ask(self._show_settings, changing_settings.present_settings, file)

    def _show_settings(self, found: tuple[Settings, bool]) -> None:
        settings, may_be_written = found
        page = SettingsPage(settings, locked=not may_be_written)

        def saved(changed: tuple[str, ...]) -> None:
            words = "Saved. Changes take effect the next time the station starts."
            said = words if changed else "Nothing was changed."
            self._shell.carry(Level.GOOD, Message(said, "", ""))
            self.show_menu()

        def save(changes: dict[str, object]) -> None:
            self._session.submit(
                saved,
                changing_settings.change_settings,
                self._session.operator,
                self._station.paths.settings,
                changes,
            )

        page.saved.connect(save)
        page.back_pressed.connect(self.show_menu)
        self._shell.show_page(page)

    def show_operators(self) -> None:
        """List who can sign in."""
        self._session.ask(self._list, operators.list_operators, self._session.operator)

    def _list(self, lines: tuple[OperatorLine, ...]) -> None:
        page = OperatorsPage(lines, self._session.operator.id)
        page.add_wanted.connect(self._add)
        page.reset_wanted.connect(self._reset)
        page.revoked.connect(self._revoke)
        page.back_pressed.connect(self.show_menu)
        self._shell.show_page(page)

    def _add(self) -> None:
        def submit(typed: TypedOperator, secret: str) -> None:
            self._session.submit(
                lambda added: self._changed(f"{added.name} can sign in now."),
                operators.add_operator,
                self._session.operator,
                typed,
                secret,
                keystore=self._station.keystore,
            )

        page = AddOperatorPage(suggest_passphrase)
        page.set_pin_allowed(self._station.keystore is not None)
        page.submitted.connect(submit)
        page.back_pressed.connect(self.show_operators)
        self._shell.show_page(page)

    def _reset(self, operator: Operator) -> None:
        def submit(_present: str, secret: str) -> None:
            self._session.submit(
                lambda _: self._changed(f"{operator.name} has a new PIN or passphrase."),
                operators.reset_secret,
                self._session.operator,
                operator.id,
                secret,
                keystore=self._station.keystore,
            )

        self._ask_secret(operator.name, submit, self.show_operators, is_own=False)

    def _revoke(self, operator_id: str) -> None:
        self._session.submit(
            lambda _: self._changed("They cannot sign in any more; the store's key is another."),
            operators.revoke_operator,
            self._session.operator,
            operator_id,
            keystore=self._station.keystore,
        )

    def _changed(self, words: str) -> None:
        self._shell.carry(Level.GOOD, Message(words, "", ""))
        self.show_operators()

    def _change_own(self) -> None:
        def done(_: None) -> None:
            self._shell.carry(Level.GOOD, Message("Your PIN or passphrase is changed.", "", ""))
            self.show_menu()

        def submit(present: str, secret: str) -> None:
            self._session.submit(
                done,
                operators.change_own_secret,
                self._session.operator,
                present,
                secret,
                keystore=self._station.keystore,
            )

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
        page.set_pin_allowed(self._station.keystore is not None)
        page.submitted.connect(submit)
        page.back_pressed.connect(back)
        self._shell.show_page(page)

    def _look_at_audit(self, wanted: AuditFilter) -> None:
        self._session.ask(
            lambda found: self._show_audit(found, wanted),
            auditing.look_at_audit,
            self._session.operator,
            wanted,
            most=MOST_ENTRIES,
        )

    def _show_audit(self, found: AuditPage, wanted: AuditFilter) -> None:
        page = AuditViewPage(found, wanted)
        page.filtered.connect(self._look_at_audit)
        page.export_wanted.connect(self._export)
        page.back_pressed.connect(self.show_menu)
        self._shell.show_page(page)

    def _export(self, wanted: AuditFilter, path: Path) -> None:
        self._session.ask(
            lambda count: self._shell.show_done(f"The file is saved, with {count} entries."),
            auditing.export_audit,
            self._session.operator,
            wanted,
            path,
        )

    def _show_backup(self) -> None:
        page = BackupPage()
        page.wanted.connect(lambda folder: self._back_up(page, folder))
        page.back_pressed.connect(self.show_menu)
        self._shell.show_page(page)

    def _back_up(self, page: BackupPage, folder: Path) -> None:
        """Ask for one step after the other, so that other jobs have their turn in between."""

        def failed(trouble: StationError) -> None:
            if self._shell.page is page:
                page.show_ended()
            if trouble.code is not ErrorCode.VAULT_LOCKED:
                self._shell.show_trouble(trouble)

        def go_on(backup: backing_up.Backup, progress: BackupProgress) -> None:
            if progress.path is not None:
                if self._shell.page is page:
                    page.show_ended()
                self._shell.show_done(f"The backup is made: {progress.path.name}")
                return
            if self._shell.page is not page:  # left: what was begun is given up
                self._session.attempt(_ignore, _ignore, backing_up.give_up, backup)
                return
            page.show_progress(progress.done, progress.total)
            self._session.attempt(
                lambda further: go_on(backup, further), failed, backing_up.go_on, backup
            )

        page.show_progress(0, 1)
        self._session.attempt(
            lambda backup: go_on(backup, BackupProgress(0, 1)),
            failed,
            backing_up.begin,
            self._session.operator,
            folder,
        )


def _ignore(_outcome: object) -> None:
    """Take an outcome that nobody waits for."""
