"""What the operator chose on a page and is remembered as a setting. GUI thread.

A choice holds at once; the file is written on a worker thread. What the command line chose for
this run does not get into the file.
"""

from dataclasses import replace

from dermstation.settings import Settings
from dermstation.settings_file import remember
from dermstation.ui.frame.bridge import Bridge
from dermstation.ui.frame.shell import Shell
from dermstation.workflow.station import Station


class Choices:
    """The settings of this window, as they are now."""

    def __init__(self, station: Station, shell: Shell, bridge: Bridge) -> None:
        self._station = station
        self._shell = shell
        self._bridge = bridge
        self.settings: Settings = station.settings

    def change(self, **changes: str | bool) -> None:
        """Take a choice, and write it; a file that cannot be written is told on the page."""
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]  # by name
        job = self._station.jobs.looking(remember, self._station.paths.settings, **changes)
        self._bridge.watch(job, _ignore, self._shell.show_trouble)


def _ignore(_outcome: object) -> None:
    """Take an outcome that nobody waits for."""
