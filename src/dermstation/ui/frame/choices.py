"""What the operator chose on a page and is remembered as a setting. GUI thread.

A choice holds at once; the file is written on a worker thread. What the command line chose for
this run does not get into the file.
"""

from dataclasses import replace

from dermstation.settings import Settings
from dermstation.settings_file import remember
from dermstation.ui.frame.background import Background
from dermstation.workflow.station import Station


class Choices:
    """The settings of this window, as they are now."""

    def __init__(self, station: Station, background: Background) -> None:
        self._station = station
        self._background = background
        self.settings: Settings = station.settings

    def change(self, **changes: str | bool) -> None:
        """Take a choice at once, and write it to the file."""
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]  # by name
        self._background.at_low_priority(remember, self._station.paths.settings, **changes)
