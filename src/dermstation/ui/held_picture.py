"""The unsaved picture on its way past the end of a session. GUI thread.

Its key is fetched at the sign-in, so that it can be sealed at any moment and without the vault: for
the process after a lock, and on the disk for a start after a crash, a shut-down of the PC or an
upgrade. The next operator who signs in goes on with it.
"""

import logging
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop, QObject, Qt
from PySide6.QtGui import QGuiApplication

from dermstation.domain.errors import StationError
from dermstation.security.kdf import zero
from dermstation.ui.capture.flow import CaptureFlow
from dermstation.ui.capture.scene import Pressed
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.shell import Shell
from dermstation.vault.store import Vault
from dermstation.workflow.held_sealing import (
    Unsaved,
    held_key,
    keep_on_disk,
    seal_held,
    take_up_held,
)

_HELD_WITHIN_MS = 3_000  # Windows ends after five seconds what still runs
_KEY_WITHIN_S = 2.0  # it is asked for before anything can be pressed
_LOOK_EVERY_MS = 20

log = logging.getLogger(__name__)


class HeldPicture(QObject):
    """The frame that awaits review in this process, or a sealed one that nobody has opened yet."""

    def __init__(
        self, shell: Shell, background: Background, capture: CaptureFlow, file: Path
    ) -> None:
        super().__init__(shell)
        self._shell = shell
        self._background = background
        self.capture = capture
        self._file = file
        self._key = _no_key()
        self.sealed = b""
        self.is_ending = False  # the PC or the program: nobody can be asked any more
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            # direct: the PC does not wait for the event loop
            direct = Qt.ConnectionType.DirectConnection
            application.commitDataRequest.connect(self._on_pc_ending, direct)

    @property
    def waiting(self) -> Pressed | bytes | None:
        """Return the unsaved picture, of this process or sealed, or None."""
        return self.capture.waiting or self.sealed or None

    def enter(self, vault: Vault, then: Callable[[], None]) -> None:
        """Fetch the key of this vault, go on with a frame of an earlier session, then call."""
        self.forget()
        self._key = self._background.on_vault(held_key, vault).silently().future
        if not self.sealed and not self._file.exists():
            then()
            return

        def resume(unsaved: Unsaved | None) -> None:
            self.sealed = b""
            if unsaved is not None:
                self.capture.resume(unsaved, self.capture.tools)
            then()

        def lose(trouble: StationError) -> None:
            self.sealed = b""
            self._shell.carry_trouble(trouble)
            then()

        opening = self._background.on_vault(take_up_held, vault, self.sealed, self._file)
        opening.then(resume).otherwise(lose)

    def seal(self) -> bytes:
        """Return the sealed frame, empty if there is none.

        Without its key it cannot be taken along: raises StationError, TimeoutError or
        CancelledError.
        """
        unsaved = self.capture.unsaved
        if unsaved is None:
            return self.sealed
        return seal_held(unsaved, self._key.result(_KEY_WITHIN_S))

    def keep(self) -> bool:
        """Put the frame on the disk for the next start; return whether none is lost."""
        try:
            if sealed := self.seal():
                keep_on_disk(self._file, sealed)
        except (StationError, CancelledError, OSError) as error:
            log.warning("the held picture could not be kept: %s", type(error).__name__)
            return False
        return True

    def keep_after_press(self, told: Callable[[bool], None]) -> None:
        """Keep the frame once nothing is being held any more, and tell whether none is lost."""

        def keep(_done: None) -> None:
            is_kept = self.keep()
            if is_kept:
                self.sealed = b""
                self.capture.forget()
                self.forget()
            told(is_kept)

        self._background.on_worker(_nothing).even_after_session().then(keep)

    def keep_at_once(self) -> None:
        """Keep the frame before this returns: the PC or the program is about to end."""
        self.is_ending = True
        ends = QDeadlineTimer(_HELD_WITHIN_MS)
        while self.capture.is_busy and not ends.hasExpired():
            quiet = QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents
            QCoreApplication.processEvents(quiet, _LOOK_EVERY_MS)
        self.keep()

    def forget(self) -> None:
        """Overwrite the key: the frame has gone to another process, or its session is over."""
        if self._key.done() and not self._key.cancelled() and self._key.exception() is None:
            zero(self._key.result())
        self._key = _no_key()

    def _on_pc_ending(self) -> None:
        """Keep what is held: the PC shuts down, signs out or updates the program, unasked."""
        log.info("the session of the PC ends")
        self.keep_at_once()


def _nothing() -> None:
    """Wait for the jobs before this one."""


def _no_key() -> "Future[bytearray]":
    key: Future[bytearray] = Future()
    key.cancel()
    return key
