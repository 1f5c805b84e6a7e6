"""Send what is queued for the archive while an operator is signed in, and show how far it is.

The vault's thread makes the files and notes the outcome; a thread of its own speaks to the archive
in between, so that no worker waits for the network, nor the end of the program.
"""

from functools import partial

from PySide6.QtCore import QObject

from dermstation.archive.delivery import Delivered
from dermstation.domain.errors import StationError
from dermstation.domain.records import now
from dermstation.domain.rights import Right, may
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.hand_over.page import HandOverPage
from dermstation.ui.system.timers import timer
from dermstation.workflow import archiving
from dermstation.workflow.archive_standing import Standing, standing_of
from dermstation.workflow.own_thread import in_a_thread
from dermstation.workflow.station import Station

LOOK_EVERY_MS = 15_000


class ArchiveSending(QObject):
    """One load at a time goes out; what is left, or has to wait, goes with a later look."""

    def __init__(
        self, station: Station, shell: Shell, background: Background, session: Session
    ) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._background = background
        self._session = session
        self._is_under_way = False
        self._episode_id = ""
        self._timer = timer(self, LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)

    @property
    def is_offered(self) -> bool:
        """Return whether this practice has an archive."""
        return archiving.is_offered(self._station.settings)

    def begin(self) -> None:
        """Go on with what an earlier session left, and keep looking."""
        if self.is_offered and may(self._session.operator, Right.COMPLETE):
            self._timer.start()
            self._look()

    def end(self) -> None:
        """Send nothing more in this session; what is on its way is asked for in the next one."""
        self._timer.stop()
        self._is_under_way = False

    def show_on(self, page: HandOverPage, episode_id: str) -> None:
        """Offer the archive on a page, and show there how far the pictures are."""
        if page.archive is not None:
            self._episode_id = episode_id
            page.archive.send.clicked.connect(lambda: self._send(page, episode_id))
            self._show()

    def _send(self, page: HandOverPage, episode_id: str) -> None:
        if page.archive is not None:
            page.archive.show_sending()
        queued = self._session.on_vault(
            archiving.queue, self._session.operator, episode_id, self._station.practice()
        )
        queued.then(lambda _: self._look()).before_failure(self._show)

    def _look(self) -> None:
        if self._is_under_way or not self._session.is_open:
            return
        self._is_under_way = True
        operator, practice = self._session.operator, self._station.practice()
        taken = self._session.on_vault(archiving.take, operator, practice, now())
        taken.then(self._go_out).before_failure(self._done)

    def _go_out(self, load: archiving.Load | None) -> None:
        if load is None:
            self._done()
            return
        delivering = partial(
            archiving.delivered, self._station.settings, self._station.keystore, load
        )
        out = self._background.watch(in_a_thread(delivering))
        out.then(partial(self._note, load))

    def _note(self, load: archiving.Load, delivered: tuple[Delivered, ...]) -> None:
        host = archiving.host_in(self._station.settings)
        noted = self._session.on_vault(archiving.note, load, delivered, host, now())
        noted.then(lambda _: self._noted(delivered)).before_failure(self._done)

    def _noted(self, delivered: tuple[Delivered, ...]) -> None:
        self._done()
        if not archiving.is_away(one.trouble for one in delivered):
            self._look()

    def _done(self) -> None:
        self._is_under_way = False
        self._show()

    def _show(self) -> None:
        """Show on the page, if it is still there, how far its pictures are."""
        page = self._shell.page
        if isinstance(page, HandOverPage) and page.archive is not None:

            def show(standing: Standing | None) -> None:
                if page is self._shell.page:
                    page.show_standing(standing)

            found = self._session.on_vault(standing_of, self._episode_id)
            found.then(show).otherwise(_nothing)


def _nothing(_trouble: StationError) -> None:
    """Leave the page as it is: the next look tries again."""
