"""What lies behind the sign-in: the walk with its rooms, the held picture, and the giving way.

Most of what the program loads comes with this module, so that the first page is on the screen
before it is imported. GUI thread; the import itself may run on any thread.
"""

from dermstation.ui.frame.background import Background
from dermstation.ui.frame.shell import Shell
from dermstation.ui.giving_way import GivingWay
from dermstation.ui.held_picture import HeldPicture
from dermstation.ui.system.launcher_line import LauncherLine
from dermstation.ui.walk import Walk
from dermstation.workflow.station import Station


class Rooms:
    """The parts of a window that nobody needs before a sign-in.

    Without a line to the launcher, no other process can take over.
    """

    def __init__(
        self, station: Station, shell: Shell, background: Background, line: LauncherLine | None
    ) -> None:
        self.walk = Walk(station, shell, background)
        self.held = HeldPicture(shell, background, self.walk.capture, station.paths.held)
        self.giving_way: GivingWay | None = None
        if line is not None:
            self.giving_way = GivingWay(line, shell, background, self.held)
