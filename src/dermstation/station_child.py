"""Start one process of the station, and hold the launcher's end of its pipe.

Hardly anything is imported here: the first process loads what its window needs while the launcher
is still loading what it needs itself.
"""

import multiprocessing
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dermstation.process_messages import LineMessage

Target = Callable[[Connection], None]

END_WITHIN_S = 15.0
_SIGNAL_BASE = 128


class Child:
    """One process of the station, and the launcher's end of its pipe."""

    def __init__(self, target: Target) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        # no daemon: it starts the camera's process
        self._process = context.Process(target=target, args=(theirs,), name="station")
        self._process.start()
        theirs.close()  # so that each side notices when the other is gone
        self.public = ""  # its public key, once it is ready

    @property
    def sentinel(self) -> int:
        """Return what becomes ready once the process has ended."""
        return self._process.sentinel

    @property
    def has_ended(self) -> bool:
        """Return whether the process has ended."""
        return self._process.exitcode is not None

    @property
    def status(self) -> int:
        """Return the exit status, as a shell reports it."""
        code = self._process.exitcode or 0
        return code if code >= 0 else _SIGNAL_BASE - code

    def send(self, message: "LineMessage") -> None:
        """Send a message; nothing happens if the process is gone."""
        with suppress(OSError):
            self.pipe.send_bytes(message.to_bytes())

    def received(self) -> "LineMessage | None":
        """Return the next message, or None if the process is gone."""
        from dermstation.process_messages import LineMessage  # noqa: PLC0415

        try:
            return LineMessage.from_bytes(self.pipe.recv_bytes())
        except (EOFError, OSError):
            return None

    def finish(self) -> None:
        """Let the process end on its own, as its pipe is closed; kill it if it does not."""
        self.pipe.close()
        self._process.join(END_WITHIN_S)
        self.kill()

    def kill(self) -> None:
        """Kill the process if it still runs."""
        if not self.has_ended:
            self._process.kill()
        self._process.join()
