"""The identity and the button of the open camera. GUI thread.

The operating system is asked on a worker thread, once for each camera; the button is read on a
thread of its own.
"""

from PySide6.QtCore import QObject, Signal

from dermstation.camera.button import ButtonListener
from dermstation.camera.spec import CameraSpec
from dermstation.ui.capture.live_picture import LivePicture
from dermstation.ui.frame.background import Background
from dermstation.workflow.camera_facts import CameraFacts, facts_of
from dermstation.workflow.station import Station


class CameraFactsFlow(QObject):
    """The flow that identifies the open camera while a capture page is shown."""

    button_pressed = Signal()  # on the camera itself; emitted by a thread of its own

    def __init__(
        self, station: Station, live: LivePicture, background: Background, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._station = station
        self._background = background
        self._asked: object = None
        self._listener: ButtonListener | None = None
        self._facts = CameraFacts()
        live.looked.connect(self._on_looked)

    @property
    def facts(self) -> CameraFacts:
        """Return what is known about the camera that is open now, never about the previous one."""
        return self._facts if self._asked == self._open_now() else CameraFacts()

    def leave(self) -> None:
        """Stop listening; next time another camera may be open."""
        self._asked = None
        self._facts = CameraFacts()
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.finish()

    def _on_looked(self) -> None:
        asked = self._open_now()
        spec, label = asked
        if spec is None or not label or asked == self._asked:
            return
        self.leave()
        self._asked = asked

        def found(facts: CameraFacts) -> None:
            if self._asked == asked:
                self._take(facts)

        # without an answer the camera has no permanent identity and no button
        self._background.at_low_priority(facts_of, spec, label).then(found).silently()

    def _open_now(self) -> tuple[CameraSpec | None, str]:
        viewfinder = self._station.viewfinder
        link = viewfinder.link
        return viewfinder.opened, link.status().label if link is not None else ""

    def _take(self, facts: CameraFacts) -> None:
        self._facts = facts
        if facts.button is not None:
            self._listener = ButtonListener(facts.button, self.button_pressed.emit)
            self._listener.start()
