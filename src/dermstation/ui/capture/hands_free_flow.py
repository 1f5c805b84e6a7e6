"""Hands-free: press the shutter automatically once the picture is steady and good.

GUI thread. While it is switched on, it checks ten times a second what the page shows. It pauses
whenever an automatic picture could surprise: a message is on the page, a menu is open, the page is
not aiming, or no picture of this lesion has been taken by hand yet.
"""

from time import perf_counter_ns

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from dermstation.imaging.stillness import glance
from dermstation.ui.capture.live_picture import LivePicture
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.frame.choices import Choices
from dermstation.workflow.capture_keys import Stage
from dermstation.workflow.hands_free import FrameSample, HandsFree
from dermstation.workflow.viewfinder import Viewfinder


class HandsFreeFlow(QObject):
    """The flow that watches one page at a time."""

    def __init__(
        self, viewfinder: Viewfinder, live: LivePicture, choices: Choices, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._viewfinder = viewfinder
        self._live = live
        self._choices = choices
        self._page: CapturePage | None = None
        self._machine = HandsFree()
        self._waits = True  # for a first picture taken by hand
        live.looked.connect(self._on_looked)

    def enter(self, page: CapturePage, *, has_pictures: bool) -> None:
        """Watch `page`; the first picture of a lesion is taken by hand."""
        self._page = page
        self._machine = HandsFree()
        self._waits = not has_pictures
        page.buttons.hands_free.clicked.connect(self._on_chosen)
        self._show()

    def leave(self) -> None:
        """Stop watching."""
        self._page = None

    def note_pressed(self) -> None:
        """Remember the scene being taken, so that it is not taken again until it has changed."""
        page = self._page
        if page is None:
            return
        self._waits = False
        if self._is_on and page.view.frame is not None:
            self._machine.note_taken(glance(page.view.frame))
        page.shutter.show_progress(0.0)
        self._show()

    @property
    def _is_on(self) -> bool:
        return self._choices.settings.hands_free

    def _on_chosen(self, on: bool) -> None:
        self._waits = False  # switched on by hand, here and now
        self._machine.rest()
        self._choices.change(hands_free=on)
        self._show()

    def _show(self) -> None:
        if self._page is not None:
            self._page.buttons.show_hands_free(on=self._is_on, waits=self._waits)
            if not self._is_on:
                self._page.shutter.show_progress(0.0)

    def _on_looked(self) -> None:
        page, frame, scorer = self._page, self._live.frame, self._viewfinder.scorer
        if page is None or not self._is_on:
            return
        shown = page.view.frame
        if frame is None or scorer is None or shown is None or not self._may_press(page):
            self._machine.rest()
            page.shutter.show_progress(0.0)
            return
        now_ns = perf_counter_ns()
        report = scorer.fresh(now_ns)
        sample = FrameSample(
            frame.captured_at_ns, report.verdict if report else None, glance(shown)
        )
        fires = self._machine.observe(sample, now_ns)
        page.shutter.show_progress(1.0 if fires else self._machine.progress)
        if fires:
            page.press_shutter()

    def _may_press(self, page: CapturePage) -> bool:
        return (
            not self._waits
            and page.stage is Stage.AIMING
            and page.shutter.isEnabled()
            and page.notice.isHidden()
            and QApplication.activePopupWidget() is None
        )
