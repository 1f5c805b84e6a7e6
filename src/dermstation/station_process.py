"""One process of the station: it waits, becomes the station, and ends with its lock.

The launcher starts it as a spawned child. Everything slow is loaded while it waits, so that its
window is there at once when it takes over. Qt is imported here only, not with this module: the
launcher imports it too.
"""

import signal
import sys
from multiprocessing.connection import Connection

_FINDING = 1


def run_station(connection: Connection) -> None:
    """Wait for the order to begin, then run the window until it is closed or has a successor.

    The entry point of the child process. It ends when the launcher is gone. The launcher is still
    loading, and has not checked the command line, when it starts the first process.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the launcher handles Ctrl-C
    from dermstation.ui.system.interpreter import suit_a_window  # noqa: PLC0415

    suit_a_window()
    from dermstation.app import run_window  # noqa: PLC0415 - slow to import, and imports Qt
    from dermstation.domain.errors import StationError  # noqa: PLC0415
    from dermstation.output import print_in_utf8, say_trouble  # noqa: PLC0415
    from dermstation.process_messages import LineMessage, Wanted  # noqa: PLC0415
    from dermstation.security.process import harden_process  # noqa: PLC0415
    from dermstation.workflow.messages import message_for  # noqa: PLC0415

    harden_process()
    print_in_utf8()
    try:
        wanted = Wanted.from_message(LineMessage.from_bytes(connection.recv_bytes()))
        status = run_window(connection, wanted.home, wanted.camera)
    except (EOFError, OSError):
        status = _FINDING  # the launcher is gone, or has refused the command line
    except StationError as trouble:
        say_trouble(str(message_for(trouble)))
        status = _FINDING
    sys.exit(status)
