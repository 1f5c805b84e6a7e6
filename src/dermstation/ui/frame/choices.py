"""Choices made on a page and remembered as settings. GUI thread.

A choice applies at once; the file is written on a worker thread. Settings that the command line
gave for this run are not written to the file.
"""

from dataclasses import replace

from dermstation.settings import Settings
from dermstation.settings_file import remember
from dermstation.ui.frame.background import Background
from dermstation.workflow.station import Station


class Choices:
    """The current settings of this window."""

    def __init__(self, station: Station, background: Background) -> None:
        self._station = station
        self._background = background
        self.settings: Settings = station.settings

    def change(self, **changes: str | bool) -> None:
        """Apply a choice at once and write it to the file; what IT has fixed stays, and is told."""
        if not self.settings.fixed & set(changes):
            self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]  # by name
        self._background.at_low_priority(remember, self._station.paths.settings, **changes)
