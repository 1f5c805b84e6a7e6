"""From the closed station to an operator: set-up with the recovery key, sign-in, recovery, lock."""

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.identity import check_name
from dermstation.domain.records import Operator, Role, new_id
from dermstation.paths import StationPaths
from dermstation.security.passphrases import check_secret, suggest_passphrase
from dermstation.security.pin_policy import allows_pin
from dermstation.security.recovery import RecoveryKey, new_recovery_key, parse_recovery_key
from dermstation.ui.entry.recover_page import RecoverPage
from dermstation.ui.entry.recovery_key_page import RecoveryKeyPage
from dermstation.ui.entry.sign_in_page import SignInPage
from dermstation.ui.entry.take_over_page import TakeOverPage
from dermstation.ui.entry.welcome_page import WelcomePage
from dermstation.ui.frame.background import Background, Running
from dermstation.ui.frame.busy_page import BusyPage
from dermstation.ui.frame.pin_rule import show_pin_rule
from dermstation.ui.frame.shell import Shell
from dermstation.ui.parts.notice import Level
from dermstation.workflow import taking_over, unlocking
from dermstation.workflow.notices import (
    own_store_words,
    reminder_words,
    restored_words,
    taken_over_words,
)
from dermstation.workflow.outstanding import Reminder
from dermstation.workflow.station import DEMO_PASSPHRASE, Station
from dermstation.workflow.succession import SessionKey, continue_session
from dermstation.workflow.unlocking import SignedIn

if TYPE_CHECKING:
    from dermstation.workflow.backing_up import Restored

_EntryPage = SignInPage | RecoverPage | RecoveryKeyPage


class EntryFlow(QObject):
    """The flow from the closed station to a signed-in operator."""

    entered = Signal(object)  # SignedIn

    def __init__(self, station: Station, shell: Shell, background: Background) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._background = background
        self._openings: set[Running[SignedIn]] = set()

    def begin(self) -> None:
        """Show the set-up on a new PC, and the sign-in on any other."""
        try:
            operators = unlocking.operators(self._station.paths.vault)
        except StationError as trouble:
            self._shell.show_page(SignInPage(()))
            self._shell.show_trouble(trouble)
            return
        own = taking_over.own_store(self._station.paths)
        if not operators:
            if own is None or not self._offer_to_take_over(own):
                self._welcome()
            return
        page = SignInPage(operators)
        page.submitted.connect(lambda who, secret: self._sign_in(page, who, secret))
        names = {one.id: one.name for one in operators}
        page.forgotten.clicked.connect(
            lambda: self._recover(page.operator_id, names.get(page.operator_id, ""))
        )
        self._shell.show_page(page)
        if self._station.demo:
            words = f"The passphrase of this demo: {DEMO_PASSPHRASE}"
            page.show_notice(Level.INFO, words, "", "Type it to continue.")
        elif own is not None and not page.notice.words:
            self._shell.show_words(Level.INFO, own_store_words(own.home))

    def go_on(self, operator_id: str, session: bytes, key: SessionKey) -> None:
        """Open the vault for an operator who is signed in, without asking for the secret again."""

        def failed(trouble: StationError) -> None:
            self._openings.discard(opening)
            self.begin()
            self._shell.show_trouble(trouble)

        self._shell.show_page(BusyPage("One moment", "The work list comes."))
        opening = self._opening(continue_session, operator_id, session, key).otherwise(failed)

    def abandon(self) -> None:
        """Close a vault that is still being opened, because nobody waits for it any more."""
        for opening in self._openings:
            closing = self._background.on_vault(_close_opened, opening.future)
            closing.even_after_session().silently()
        self._openings = set()

    def remind(self, left: Reminder | None) -> None:
        """Show on the locked screen what is not handed over, unless it shows a notice already."""
        words = reminder_words(left, leaving=True) if left is not None else None
        page = self._shell.page
        if words is None or left is None or not isinstance(page, SignInPage):
            return
        if not page.notice.words or left.backup_made or left.backup_failed:
            level = Level.WARN if left.backup_failed else Level.INFO
            self._shell.show_words(level, words)

    def _offer_to_take_over(self, own: StationPaths) -> bool:
        """Offer to move this account's own store here; return False if nobody could do it."""
        try:
            found = unlocking.operators(own.vault)
        except StationError as trouble:
            self._shell.carry_trouble(trouble)
            return False
        able = [one for one in found if one.role is Role.ADMINISTRATOR] or found

        page = TakeOverPage(able)
        page.submitted.connect(
            lambda who, secret: self._sign_in(page, who, secret, taking_over.take_over)
        )
        page.new_store.clicked.connect(self._welcome)
        self._shell.show_page(page)
        return True

    def _welcome(self) -> None:
        page = WelcomePage(suggest_passphrase)
        self._show_pin_rule(page)
        page.submitted.connect(self._set_up)
        page.restore.clicked.connect(self._restore)
        self._shell.show_page(page)

    def _restore(self) -> None:
        """Restore the vault from a backup; then an operator signs in."""
        from dermstation.ui.entry.restore_page import RestorePage  # noqa: PLC0415 - rarely needed
        from dermstation.workflow.backing_up import restore_station  # noqa: PLC0415

        def restored(found: "Restored") -> None:
            self._shell.carry(Level.GOOD, restored_words(found.pictures, found.standing))
            self.begin()

        def failed(trouble: StationError) -> None:
            if self._shell.page is page:
                page.set_busy(busy=False)
                self._shell.show_trouble(trouble)

        def submit(backup: Path, words: str) -> None:
            page.set_busy(busy=True)
            folder = self._station.paths.vault
            restoring = self._background.on_vault(
                restore_station,
                folder,
                backup,
                words,
                keystore=self._station.keystore,
            )
            restoring.then(restored).otherwise(failed)

        page = RestorePage()
        page.submitted.connect(submit)
        page.back_pressed.connect(self._welcome)
        self._shell.show_page(page)

    def _show_pin_rule(self, page: WelcomePage | RecoverPage) -> None:
        show_pin_rule(page, self._shell, self._station, self._background.on_worker)

    def _set_up(self, name: str, number: str, secret: str) -> None:
        def checked() -> Operator:
            has_pepper = allows_pin(self._station.keystore)
            check_secret(secret, has_pepper=has_pepper, names=[name])
            return Operator(new_id(), check_name(name), Role.ADMINISTRATOR, number)

        def go_on(operator: Operator) -> None:
            if self._shell.page is page:  # pressed twice
                self._show_recovery_key(operator, secret, new_recovery_key())

        page = self._shell.page
        self._background.on_worker(checked).then(go_on)

    def _show_recovery_key(self, operator: Operator, secret: str, key: RecoveryKey) -> None:
        """Make the vault only after the key is typed back, which proves that it is on paper."""

        def check(typed: str) -> None:
            try:
                is_same = parse_recovery_key(typed) == key
            except StationError as trouble:
                self._shell.show_trouble(trouble)
                return
            if not is_same:
                page.typed.show_differing(key.words)
                self._shell.show_trouble(StationError(ErrorCode.RECOVERY_KEY_MISTYPED))
                return
            self._open(page, unlocking.set_up_station, operator, secret, key)

        page = RecoveryKeyPage(key.words)
        page.confirmed.connect(check)
        self._shell.show_page(page)

    def _sign_in(
        self,
        page: SignInPage,
        operator_id: str,
        secret: str,
        job: Callable[..., SignedIn] = unlocking.sign_in,
    ) -> None:
        def refused(trouble: StationError) -> None:
            page.show_refused(trouble)
            if trouble.code is ErrorCode.SECRET_WAIT:
                self._shell.clear_notice()  # the page itself counts down the seconds

        self._open(page, job, operator_id, secret, refused=refused)

    def _recover(self, operator_id: str, name: str) -> None:
        page = RecoverPage(name, suggest_passphrase)
        self._show_pin_rule(page)
        page.submitted.connect(
            lambda words, secret: self._open(
                page, unlocking.sign_in_with_recovery_key, operator_id, words, secret
            )
        )
        page.back_pressed.connect(self.begin)
        self._shell.show_page(page)

    def _open(
        self,
        page: _EntryPage,
        job: Callable[..., SignedIn],
        *args: Any,
        refused: Callable[[StationError], None] | None = None,
    ) -> None:
        """Open the vault on its thread; a failure is shown on `page` if it is still there."""

        def failed(trouble: StationError) -> None:
            self._openings.discard(opening)
            if self._shell.page is page:
                page.set_busy(busy=False)
                self._shell.show_trouble(trouble)
                if refused is not None:
                    refused(trouble)

        page.set_busy(busy=True)
        opening = self._opening(job, *args).otherwise(failed)

    def _opening(self, job: Callable[..., SignedIn], *args: Any) -> Running[SignedIn]:
        """Open the vault on its thread; whoever is then signed in enters."""

        def opened() -> SignedIn:
            signed_in = job(self._station.paths.vault, *args, keystore=self._station.keystore)
            taking_over.finish(signed_in.vault)
            self._station.find_camera_password()  # before any page opens the camera
            return signed_in

        opening = self._background.on_vault(opened)
        self._openings.add(opening)
        return opening.then(partial(self._enter, opening))

    def _enter(self, opening: Running[SignedIn], signed_in: SignedIn) -> None:
        self._openings.discard(opening)
        if signed_in.taken_over is not None:
            self._shell.carry(Level.GOOD, taken_over_words(signed_in.taken_over))
        self.entered.emit(signed_in)


def _close_opened(opening: "Future[SignedIn]") -> None:
    """Close the opened vault, on the vault's thread after the opening itself."""
    if opening.exception() is None:
        unlocking.lock(opening.result())
