"""Ask the worklist server, show who is expected, and hand on whom the operator chooses."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from dermstation.domain.errors import StationError
from dermstation.ui.frame import places
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.places import Go
from dermstation.ui.frame.shell import Shell
from dermstation.ui.patient.worklist_page import WorklistPage
from dermstation.workflow.own_thread import in_a_thread
from dermstation.workflow.station import Station
from dermstation.workflow.worklist import ExpectedPatient, expected_today


class WorklistFlow(QObject):
    """The list of expected patients; it asks anew each time it is entered."""

    def __init__(
        self,
        station: Station,
        shell: Shell,
        background: Background,
        go: Go,
        chosen: Callable[[ExpectedPatient], object],
    ) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._background = background
        self._go = go
        self._chosen = chosen

    def enter(self) -> None:
        """Show the page at once, and the patients when the server has answered."""
        page = WorklistPage()
        page.back_pressed.connect(lambda: self._go(places.Home()))
        page.again.clicked.connect(self.enter)
        page.chosen.connect(self._chosen)
        self._shell.show_page(page)
        asking = self._background.watch(
            in_a_thread(partial(expected_today, self._station.settings))
        )

        def show(patients: tuple[ExpectedPatient, ...]) -> None:
            if page is self._shell.page:
                page.show_patients(patients)

        def fail(trouble: StationError) -> None:
            if page is self._shell.page:
                page.show_none()
                self._shell.show_trouble(trouble)

        asking.then(show).otherwise(fail)
