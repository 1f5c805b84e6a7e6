"""The frame around every page: header, clipboard, and one page at a time."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dermstation.domain.errors import StationError
from dermstation.domain.records import Operator, now
from dermstation.ui.frame.busy_page import BusyPage
from dermstation.ui.frame.header import Header
from dermstation.ui.frame.watermark import Watermark
from dermstation.ui.parts.notice import Level
from dermstation.ui.parts.page import Page
from dermstation.ui.system.clipboard import ClipboardGuard
from dermstation.workflow.messages import Message, message_for
from dermstation.workflow.walk import EpisodeView, Step

STEP_WORDS = {
    Step.PATIENT: "Patient",
    Step.CONSENT: "Patient",
    Step.LESION: "Lesion",
    Step.PICTURES: "Pictures",
    Step.SUMMARY: "Refer",
    Step.PACKAGE: "Hand over",
    Step.HAND_OVER: "Hand over",
    Step.DONE: "Hand over",
}


class Shell(QWidget):
    """The shell that shows one page at a time; the old page is deleted, along with its pictures."""

    page_changed = Signal(str)  # the page's title, which never identifies the patient

    def __init__(self, *, demo: bool) -> None:
        super().__init__()
        self.header = Header(demo=demo)
        self.clipboard = ClipboardGuard(self)
        self._page: Page | None = None
        self._carried: tuple[Level, Message] | None = None
        self.episode_id: str | None = None
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._rows.addWidget(self.header)
        self._watermark = Watermark(self) if demo else None

    @property
    def page(self) -> Page | None:
        """Return the current page."""
        return self._page

    def show_page(self, page: Page, step: Step | None = None) -> None:
        """Show `page` instead of the current one."""
        before, self._page = self._page, page
        if before is not None:
            for one in (before, *before.findChildren(QWidget)):
                one.blockSignals(True)  # drop signals that the old page may still emit
        self.header.show_place(STEP_WORDS[step] if step is not None else "", page.about)
        self._rows.addWidget(page, 1)
        if self._watermark is not None:
            self._watermark.raise_()
        # show it, with the focus, before the old one goes, or the next key would press "Lock"
        page.show()
        if before is not None:
            self._rows.removeWidget(before)
            before.hide()
            before.deleteLater()
        page.windowTitleChanged.connect(self.page_changed)
        self.page_changed.emit(page.windowTitle())
        if self._carried is not None and not isinstance(page, BusyPage):
            (level, words), self._carried = self._carried, None
            self.show_words(level, words)

    def show_operator(self, operator: Operator | None) -> None:
        """Show who is signed in."""
        self.header.show_operator(operator.name if operator else "")

    def show_patient(self, view: EpisodeView | None) -> None:
        """Show the banner of the patient whose episode is open, or none."""
        self.episode_id = view.episode.id if view else None
        self.header.show_patient(view.patient if view else None, now().astimezone().date())

    def show_trouble(self, trouble: StationError, *, held: bool = False) -> None:
        """Show in plain words what happened, whether the picture is safe, and what to do."""
        self.show_words(Level.ERROR, message_for(trouble, held=held))

    def show_done(self, words: str) -> None:
        """Show that something succeeded."""
        self.show_words(Level.GOOD, Message(words, "", ""))

    def show_words(self, level: Level, words: Message) -> None:
        """Show a message on the current page."""
        if self._page is not None:
            self._page.show_notice(level, words.what, words.safe, words.todo)

    def carry_trouble(self, trouble: StationError) -> None:
        """Show what failed on the next page, because the current one is about to go."""
        self.carry(Level.ERROR, message_for(trouble))

    def carry(self, level: Level, words: Message) -> None:
        """Show a message on the next page, not counting busy pages."""
        self._carried = (level, words)

    @property
    def has_carried(self) -> bool:
        """Return whether a message waits for the next page."""
        return self._carried is not None

    def drop_carried(self) -> None:
        """Drop the message for the next page."""
        self._carried = None

    def clear_notice(self) -> None:
        """Hide the notice of the current page."""
        if self._page is not None:
            self._page.clear_notice()
