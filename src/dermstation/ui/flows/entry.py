"""Who sits here: first set-up with the recovery key, sign-in, recovery, and the lock."""

from PySide6.QtCore import QObject, Signal

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, Role, new_id
from dermstation.security import accounts
from dermstation.security.passphrases import check_secret, suggest_passphrase
from dermstation.security.recovery import RecoveryKey, new_recovery_key, parse_recovery_key
from dermstation.ui.bridge import Bridge
from dermstation.ui.pages.recover import RecoverPage
from dermstation.ui.pages.recovery_key import RecoveryKeyPage
from dermstation.ui.pages.sign_in import SignInPage
from dermstation.ui.pages.welcome import WelcomePage
from dermstation.ui.shell import Shell
from dermstation.ui.widgets.notice import Level
from dermstation.vault.setup import is_set_up
from dermstation.workflow import unlocking
from dermstation.workflow.station import DEMO_PASSPHRASE, Station


class EntryFlow(QObject):
    """Lead from the closed station to a signed-in operator."""

    entered = Signal(object)  # SignedIn

    def __init__(self, station: Station, shell: Shell, bridge: Bridge) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._bridge = bridge

    def begin(self) -> None:
        """Show the set-up on a new PC, the sign-in on any other."""
        folder = self._station.paths.vault
        if not is_set_up(folder):
            self._welcome()
            return
        try:
            operators = accounts.operators(folder)
        except StationError as trouble:
            page = SignInPage(())
            self._shell.show_page(page)
            self._shell.show_trouble(trouble)
            return
        page = SignInPage(operators)
        page.submitted.connect(lambda who, secret: self._sign_in(page, who, secret))
        page.recovery_requested.connect(self._recover)
        self._shell.show_page(page)
        if self._station.demo:
            words = f"The passphrase of this demo: {DEMO_PASSPHRASE}"
            page.show_notice(Level.INFO, words, "", "Type it below to go on.")

    def _welcome(self) -> None:
        page = WelcomePage(suggest_passphrase)
        page.set_pin_allowed(self._station.keystore is not None)
        page.submitted.connect(self._set_up)
        self._shell.show_page(page)

    def _set_up(self, name: str, role: Role, secret: str) -> None:
        try:
            check_secret(secret, has_pepper=self._station.keystore is not None)
        except StationError as trouble:
            self._shell.show_trouble(trouble)
            return
        operator = Operator(new_id(), " ".join(name.split()), role)
        self._show_recovery_key(operator, secret, new_recovery_key())

    def _show_recovery_key(self, operator: Operator, secret: str, key: RecoveryKey) -> None:
        """Make the vault only once the key was typed back, so that it is on paper for sure."""

        def check(typed: str) -> None:
            try:
                is_same = parse_recovery_key(typed) == key
            except StationError as trouble:
                self._shell.show_trouble(trouble)
                return
            if not is_same:
                self._shell.show_trouble(StationError(ErrorCode.RECOVERY_KEY_MISTYPED))
                return
            page.set_busy(busy=True)
            job = self._station.jobs.on_vault(
                unlocking.set_up_station,
                self._station.paths.vault,
                operator,
                secret,
                key,
                keystore=self._station.keystore,
            )
            self._bridge.watch(job, self.entered.emit, failed)

        def failed(trouble: StationError) -> None:
            page.set_busy(busy=False)
            self._shell.show_trouble(trouble)

        page = RecoveryKeyPage(key.words)
        page.confirmed.connect(check)
        page.back_pressed.connect(self._welcome)
        self._shell.show_page(page)

    def _sign_in(self, page: SignInPage, operator_id: str, secret: str) -> None:
        def failed(trouble: StationError) -> None:
            page.set_busy(busy=False)
            page.show_refused(trouble)
            self._shell.show_trouble(trouble)

        page.set_busy(busy=True)
        job = self._station.jobs.on_vault(
            unlocking.sign_in,
            self._station.paths.vault,
            operator_id,
            secret,
            keystore=self._station.keystore,
        )
        self._bridge.watch(job, self.entered.emit, failed)

    def _recover(self, operator_id: str) -> None:
        page = RecoverPage(operator_id, suggest_passphrase)
        page.set_pin_allowed(self._station.keystore is not None)
        page.submitted.connect(
            lambda words, secret: self._recovered(page, operator_id, words, secret)
        )
        page.cancelled.connect(self.begin)
        self._shell.show_page(page)

    def _recovered(self, page: RecoverPage, operator_id: str, words: str, secret: str) -> None:
        def failed(trouble: StationError) -> None:
            page.set_busy(busy=False)
            self._shell.show_trouble(trouble)

        page.set_busy(busy=True)
        job = self._station.jobs.on_vault(
            unlocking.sign_in_with_recovery_key,
            self._station.paths.vault,
            operator_id,
            words,
            secret,
            keystore=self._station.keystore,
        )
        self._bridge.watch(job, self.entered.emit, failed)
