"""The frame around every page: patient banner, steps, and one page at a time."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dermstation.domain.errors import StationError
from dermstation.domain.records import Operator, now
from dermstation.ui.widgets.header import Header
from dermstation.ui.widgets.notice import Level
from dermstation.ui.widgets.page import Page
from dermstation.ui.widgets.steps import Steps
from dermstation.workflow.messages import message_for
from dermstation.workflow.walk import EpisodeView, Step

STEP_WORDS = {
    Step.PATIENT: "Patient",
    Step.CONSENT: "Consent",
    Step.LESION: "Lesion",
    Step.PICTURES: "Pictures",
    Step.SUMMARY: "Summary",
    Step.PACKAGE: "Package",
    Step.HAND_OVER: "Hand-over",
    Step.DONE: "Done",
}


class Shell(QWidget):
    """Show pages one at a time; the page before is deleted, so that no picture lingers in it."""

    page_changed = Signal(str)  # the page's title; never says who the patient is

    def __init__(self, *, demo: bool) -> None:
        super().__init__()
        self.header = Header(demo=demo)
        self._steps = Steps()
        self._steps.hide()
        self._page: Page | None = None
        self.episode_id: str | None = None
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._rows.addWidget(self.header)
        self._rows.addWidget(self._steps)

    @property
    def page(self) -> Page | None:
        """Return the page that is shown."""
        return self._page

    def show_page(self, page: Page, step: Step | None = None) -> None:
        """Show `page` in place of the one before."""
        before, self._page = self._page, page
        self._steps.setVisible(step is not None)
        if step is not None:
            self._steps.show_step(STEP_WORDS[step])
        self._rows.addWidget(page, 1)
        # shown, with the focus, before the other goes: else the next key would press "Lock"
        page.show()
        if before is not None:
            self._rows.removeWidget(before)
            before.hide()
            before.deleteLater()
        page.windowTitleChanged.connect(self.page_changed)
        self.page_changed.emit(page.windowTitle())

    def show_operator(self, operator: Operator | None) -> None:
        """Name who is signed in."""
        self.header.show_operator(operator.name if operator else "")

    def show_patient(self, view: EpisodeView | None) -> None:
        """Show the banner of the patient whose episode is open."""
        self.episode_id = view.episode.id if view else None
        self.header.show_patient(view.patient if view else None, now().astimezone().date())

    def show_trouble(self, trouble: StationError) -> None:
        """Say in plain words what happened, whether the picture is safe, what to do."""
        words = message_for(trouble)
        if self._page is not None:
            self._page.show_notice(Level.ERROR, words.what, words.safe, words.todo)

    def show_done(self, words: str) -> None:
        """Say that something went well."""
        if self._page is not None:
            self._page.show_notice(Level.GOOD, words)

    def clear_notice(self) -> None:
        """Take the notice away."""
        if self._page is not None:
            self._page.clear_notice()
