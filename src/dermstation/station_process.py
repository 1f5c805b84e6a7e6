"""One process of the station: it waits, becomes the station, and ends with its lock.

The launcher starts it as a spawned child. Everything slow is loaded while it waits, so that its
window is there at once when it takes over. Qt is imported here only, not with this module: the
launcher imports it too.
"""

import signal
import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from dermstation.domain.errors import StationError

_FINDING = 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line said."""

    home: Path
    camera: str = ""


def run_station(connection: Connection, wanted: Wanted) -> None:
    """Wait for the order to begin, then run the window until it is closed or has a successor.

    The entry point of the child process. It ends when the launcher is gone.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the launcher handles Ctrl-C
    from dermstation.ui.system.interpreter import suit_a_window  # noqa: PLC0415

    suit_a_window()
    from dermstation.app import run_window  # noqa: PLC0415 - slow to import, and imports Qt
    from dermstation.output import print_in_utf8, say_trouble  # noqa: PLC0415
    from dermstation.security.process import harden_process  # noqa: PLC0415
    from dermstation.workflow.messages import message_for  # noqa: PLC0415

    harden_process()
    print_in_utf8()
    try:
        status = run_window(connection, wanted.home, wanted.camera)
    except StationError as trouble:
        say_trouble(str(message_for(trouble)))
        status = _FINDING
    sys.exit(status)
