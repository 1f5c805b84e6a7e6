"""How the window gives way to a fresh process: at each lock, and after a wipe. GUI thread.

What this process holds in memory goes with it. It sends what its successor needs only once the
vault is closed and every job is over, and ends when the successor's window is on the screen.
"""

from concurrent.futures import Future

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from dermstation.domain.errors import StationError
from dermstation.security.kdf import zero
from dermstation.ui.capture.flow import CaptureFlow
from dermstation.ui.frame.background import Background
from dermstation.ui.system.launcher_line import LauncherLine
from dermstation.vault.store import Vault
from dermstation.workflow.held_sealing import held_key, seal_held
from dermstation.workflow.outstanding import Reminder
from dermstation.workflow.succession import Inheritance, Left, WindowPlace


class GivingWay(QObject):
    """The steps from the lock to the message to the launcher."""

    stays = Signal(object)  # Reminder: no process can take over, so that this one goes on

    def __init__(
        self, line: LauncherLine, window: QWidget, background: Background, capture: CaptureFlow
    ) -> None:
        super().__init__(window)
        self.line = line
        self._window = window
        self._background = background
        self._capture = capture
        self._left = Left()
        self._key: Future[bytearray] | None = None
        self._reminder = Reminder()
        self.sealed = b""  # a held frame of before, that nobody has opened yet
        line.refused.connect(self._on_refused)

    def prepare(self, vault: Vault, left: Left) -> None:
        """Fetch the key for a held frame; belongs before the job that closes the vault."""
        self._left = left
        fetching = self._background.on_vault(held_key, vault)
        self._key = fetching.even_after_session().silently().future

    def after_lock(self, reminder: Reminder | None) -> None:
        """Give way once nothing is being held any more: the vault is closed."""
        self._reminder = reminder or Reminder()
        last = self._background.on_worker(_nothing).even_after_session()
        last.then(lambda _: self._give_way())

    def with_session(self, operator_id: str, session: bytes) -> None:
        """Give way to a successor in which the operator stays signed in."""
        self._tell(Inheritance(self._place(), operator_id=operator_id, session=session))

    def _give_way(self) -> None:
        try:
            sealed = self._sealed_frame()
        except StationError:  # without its key the frame could not be taken along
            self.stays.emit(self._reminder)
            return
        self._tell(Inheritance(self._place(), self._left, reminder=self._reminder, held=sealed))

    def _tell(self, inheritance: Inheritance) -> None:
        self.line.tell(inheritance.with_tools(self._capture.tools).to_message())

    def _sealed_frame(self) -> bytes:
        key, self._key = self._key, None
        unsaved = self._capture.unsaved
        if unsaved is None or key is None:
            return self.sealed
        found = key.result()
        try:
            return seal_held(unsaved, found)
        finally:
            zero(found)

    def _on_refused(self) -> None:
        self.stays.emit(self._reminder)

    def _place(self) -> WindowPlace:
        window = self._window
        return WindowPlace(window.screen().name(), window.isMinimized(), window.isActiveWindow())


def _nothing() -> None:
    """Wait for the jobs before this one."""
