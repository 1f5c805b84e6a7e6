"""The work list as the first page: read, search, and open what was chosen."""

from PySide6.QtCore import QObject

from dermstation.domain.barcodes import BarcodeFormats
from dermstation.domain.errors import StationError
from dermstation.domain.rights import Right, may
from dermstation.ui.frame import places
from dermstation.ui.frame.places import Go
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.home.page import HomePage
from dermstation.ui.parts.notice import Level
from dermstation.ui.parts.page import Page
from dermstation.ui.system.practice_window import open_practice_window
from dermstation.workflow import retaining, viewing
from dermstation.workflow.first_steps import FirstStep, StepKind, first_steps
from dermstation.workflow.notices import outstanding_words
from dermstation.workflow.outstanding import Outstanding, outstanding
from dermstation.workflow.station import Station
from dermstation.workflow.work_list import WorkPage, WorkQuery, find
from dermstation.workflow.worklist import is_offered

_PLACES: dict[StepKind, places.Place] = {
    StepKind.PRACTICE: places.SettingsForm(),
    StepKind.CAMERAS: places.Cameras(),
    StepKind.OPERATORS: places.Operators(),
    StepKind.BACKUP: places.Backup(),
}


class HomeFlow(QObject):
    """The flow that shows the list, answers searches, and goes where the operator wants."""

    def __init__(
        self, station: Station, shell: Shell, session: Session, formats: BarcodeFormats, go: Go
    ) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._session = session
        self._go = go
        self._formats = formats
        self._asked = WorkQuery()
        self._unread = 0

    def enter(self) -> None:
        """Read the list and show it."""
        if not self._session.is_open:
            return
        hours = self._station.settings.package_deadline_hours
        operator = self._session.operator
        reading = self._session.on_vault(outstanding, operator, hours)
        reading.then(self._show).otherwise(self._show_no_list)

    def show_unread(self, count: int) -> None:
        """Show, now and from now on, how many patient files could not be read."""
        self._unread = count
        if isinstance(self._shell.page, HomePage):
            self._shell.page.show_unread(count)

    def _show(self, found: Outstanding) -> None:
        page = HomePage(
            found.work,
            found.counts,
            is_clean=not found.files_left,
            retained=found.retained,
            formats=self._formats,
            reviews=may(self._session.operator, Right.REVIEW),
            hides_names=self._station.settings.names_hidden,
            has_worklist=is_offered(self._station.settings),
        )
        page.mark_damaged(found.damaged)
        page.new_patient.clicked.connect(lambda: self._go(places.PatientForm()))
        page.expected.clicked.connect(lambda: self._go(places.Expected()))
        page.scanned.connect(lambda fields: self._go(places.PatientForm(fields)))
        page.searched.connect(lambda query: self._search(page, query))
        page.continued.connect(self._open)
        page.abandoned.connect(lambda episode_id: self._go(places.Abandoning(episode_id)))
        page.cameras.clicked.connect(lambda: self._go(places.Cameras()))
        page.retain_requested.connect(lambda episode_id: self._go(places.Retaining(episode_id)))
        page.taken_up.connect(self._take_up)
        page.station.clicked.connect(lambda: self._go(places.StationMenu()))
        page.unread.clicked.connect(lambda: self._go(places.UnreadPatientFiles()))
        page.show_unread(self._unread)
        page.how_to.clicked.connect(lambda: self._go(places.HowTo()))
        page.step_wanted.connect(self._take_step)
        self._shell.show_page(page)
        if not page.rows:
            self._show_steps(page)
        words = outstanding_words(
            found.files_left,
            len(found.damaged),
            files_aside=found.files_aside,
            on_cards=found.on_cards,
            overdue=found.overdue,
            is_old_copy=found.is_old_copy,
            is_key_file_exchanged=found.is_key_file_exchanged,
            is_other_store=found.is_other_store,
            key_change_waits=found.key_change_waits,
            pin_rule=self._session.pin_rule,
        )
        if words is not None and not page.notice.words:  # what has just failed comes first
            self._shell.show_words(Level.WARN, words)

    def _show_steps(self, page: HomePage) -> None:
        """Show on an empty list what is still to be done before the first patient."""
        station, operator = self._station, self._session.operator

        def show(steps: tuple[FirstStep, ...]) -> None:
            if page is self._shell.page:
                page.show_steps(steps)

        self._session.on_vault(first_steps, operator, station.paths, station.settings).then(show)

    def _take_step(self, kind: StepKind) -> None:
        if kind is StepKind.TRIAL:
            try:
                open_practice_window()
            except StationError as trouble:
                self._shell.show_trouble(trouble)
        else:
            self._go(_PLACES[kind])

    def _open(self, episode_id: str) -> None:
        reading = self._session.on_vault(viewing.view_of, episode_id)
        reading.then(lambda view: self._go(places.Standing(view)))

    def _take_up(self, episode_id: str) -> None:
        """Continue an episode that was kept."""
        taking_up = self._session.on_vault(retaining.take_up, self._session.operator, episode_id)
        taking_up.then(lambda view: self._go(places.Standing(view)))

    def _search(self, page: HomePage, query: WorkQuery) -> None:
        """Answer a search, unless another one was started meanwhile."""
        self._asked = query

        def show(found: WorkPage) -> None:
            if page is self._shell.page and query is self._asked:
                page.show_found(query, found)

        self._session.on_vault(find, self._session.operator, query).then(show)

    def _show_no_list(self, trouble: StationError) -> None:
        """Show that the list cannot be read; an empty list would claim that nothing is left."""
        page = Page("The list of episodes cannot be read")
        page.set_primary("&Try again").clicked.connect(self.enter)
        self._shell.show_page(page)
        self._shell.show_trouble(trouble)
