"""How the window gives way to a fresh process: at each lock, and after a wipe. GUI thread.

What this process holds in memory goes with it. It sends what its successor needs only once the
vault is closed and every job is over, and ends when the successor's window is on the screen.
"""

from concurrent.futures import CancelledError

from PySide6.QtCore import QCoreApplication, QObject, Signal

from dermstation.domain.errors import StationError
from dermstation.process_messages import LineKind, LineMessage
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.shell import Shell
from dermstation.ui.hand_over.certificate_page import CertificatePage
from dermstation.ui.held_picture import HeldPicture
from dermstation.ui.system.foreground import let_successor_come_forward
from dermstation.ui.system.launcher_line import LauncherLine
from dermstation.vault.store import Vault
from dermstation.workflow.outstanding import Reminder
from dermstation.workflow.succession import (
    Inheritance,
    Left,
    WindowPlace,
    hand_session_on,
)
from dermstation.workflow.unlocking import SignedIn


class GivingWay(QObject):
    """The steps from the lock to the message to the launcher."""

    stays = Signal(object)  # Reminder: no process can take over, so that this one goes on

    def __init__(
        self,
        line: LauncherLine,
        shell: Shell,
        background: Background,
        held: HeldPicture,
    ) -> None:
        super().__init__(shell)
        self._line = line
        self._shell = shell
        self._background = background
        self._held = held
        self._left = Left()
        self._reminder = Reminder()
        shell.page_changed.connect(self._on_page_changed)
        line.refused.connect(self._on_refused)
        line.ended.connect(self._on_succeeded)

    def _on_page_changed(self) -> None:
        """Have a successor loaded before the work list that follows a wipe is asked for."""
        if isinstance(self._shell.page, CertificatePage):
            self._line.tell(LineMessage(LineKind.WIPED))

    def prepare(self, left: Left) -> None:
        """Note the place that was open; belongs before the job that closes the vault."""
        self._left = left

    def after_lock(self, reminder: Reminder | None) -> None:
        """Give way once nothing is being held any more: the vault is closed."""
        self._reminder = reminder or Reminder()
        last = self._background.on_worker(_nothing).even_after_session()
        last.then(lambda _: self._give_way())

    def may_hand_on(self, vault: Vault) -> bool:
        """Return whether a successor should show the work list, and nothing is lost if it does."""
        is_wanted = vault.has_wiped and bool(self._line.successor)
        return is_wanted and not vault.before_lock and not self._shell.has_carried

    def hand_session_on(self, signed_in: SignedIn) -> None:
        """Close the vault, and give way to a successor in which the operator stays signed in."""

        def tell(session: bytes) -> None:
            operator_id = signed_in.operator.id
            self._tell(Inheritance(self._place(), operator_id=operator_id, session=session))

        successor = self._line.successor
        handing = self._background.on_vault(hand_session_on, signed_in, successor)
        handing.then(tell).otherwise(lambda _: self.after_lock(None)).even_after_session()

    def _give_way(self) -> None:
        try:
            sealed = self._held.seal()
        except (StationError, TimeoutError, CancelledError):
            self.stays.emit(self._reminder)
            return
        self._held.forget()
        self._tell(Inheritance(self._place(), self._left, reminder=self._reminder, held=sealed))

    def _tell(self, inheritance: Inheritance) -> None:
        if inheritance.place.is_active:
            let_successor_come_forward()
        self._line.tell(inheritance.with_tools(self._held.capture.tools).to_message())

    def _on_refused(self) -> None:
        self.stays.emit(self._reminder)

    def _on_succeeded(self) -> None:
        """End: the successor is on the screen, and the vault is closed here."""
        self._shell.window().hide()
        QCoreApplication.exit(0)

    def _place(self) -> WindowPlace:
        window = self._shell.window()
        return WindowPlace(window.screen().name(), window.isMinimized(), window.isActiveWindow())


def _nothing() -> None:
    """Wait for the jobs before this one."""
