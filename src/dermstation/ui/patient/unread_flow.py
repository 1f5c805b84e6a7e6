"""Lead to the patient files that could not be read, and wipe them on request. GUI thread."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from dermstation.ui.frame import places
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.places import Go
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.patient.unread_page import UnreadPage
from dermstation.workflow.unread_files import UnreadFile, UnreadFiles


class UnreadFlow(QObject):
    """The list of unread files, and their number for the work list."""

    count_changed = Signal(int)

    def __init__(
        self, shell: Shell, background: Background, session: Session, unread: UnreadFiles, go: Go
    ) -> None:
        super().__init__(shell)
        self._shell = shell
        self._background = background
        self._session = session
        self._unread = unread
        self._go = go
        self._told = 0

    @property
    def count(self) -> int:
        """Return how many files there were at the last look."""
        return len(self._unread.files)

    def update_count(self) -> None:
        """Report the number of files if it has changed."""
        if self.count != self._told:
            self._told = self.count
            self.count_changed.emit(self.count)

    def enter(self) -> None:
        """Look for the files and show them."""
        self._background.on_worker(self._unread.look).then(self._show)

    def _show(self, files: Sequence[UnreadFile]) -> None:
        self.update_count()
        page = UnreadPage(files)
        page.back_pressed.connect(lambda: self._go(places.Home()))
        page.wipe_wanted.connect(self._wipe)
        self._shell.show_page(page)

    def _wipe(self, unread: UnreadFile) -> None:
        operator = self._session.operator
        self._background.on_worker(self._unread.wipe, unread, operator).then(self._show)
