"""The page about this station: gathered on a worker, copied without identity, folders opened."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from dermstation.domain.errors import StationError
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.busy_page import BusyPage
from dermstation.ui.frame.shell import Shell
from dermstation.ui.station.about_page import AboutPage
from dermstation.ui.system.opening import open_folder
from dermstation.workflow.about import About, about
from dermstation.workflow.station import Station


class AboutFlow(QObject):
    """The flow that shows the page; `back` shows the page before it."""

    def __init__(
        self,
        station: Station,
        shell: Shell,
        background: Background,
        back: Callable[[], None],
    ) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._background = background
        self._back = back

    def enter(self) -> None:
        """Check this PC, which takes a moment, and show the page."""
        waiting = BusyPage("About this station", "This PC is being checked.")
        self._shell.show_page(waiting)

        def show(found: About) -> None:
            if self._shell.page is waiting:
                self._show(found)

        station = self._station
        gathering = self._background.on_worker(about, station.paths, station.settings)
        gathering.then(show)

    def _show(self, found: About) -> None:
        page = AboutPage(found)
        page.copy_wanted.connect(self._copy)
        page.folder_wanted.connect(self._open)
        page.back_pressed.connect(self._back)
        self._shell.show_page(page)

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)  # nothing of a patient or operator is in it
        self._shell.show_done("Copied. It names no patient and nobody who works here.")

    def _open(self, folder: Path) -> None:
        try:
            open_folder(folder)
        except StationError as trouble:
            self._shell.show_trouble(trouble)
