"""The identity and the button of the open camera. GUI thread.

The operating system is asked on a worker thread each time a camera is opened, and a few times more
while it gives no button: after a camera is plugged in, its button may follow a moment later. The
button is read on a thread of its own, which ends when the camera is unplugged.
"""

from dataclasses import dataclass
from time import perf_counter_ns

from PySide6.QtCore import QObject, Signal

from dermstation.camera.button import ButtonListener
from dermstation.camera.link import LinkState
from dermstation.camera.spec import CameraSpec
from dermstation.ui.capture.live_picture import LivePicture
from dermstation.ui.frame.background import Background
from dermstation.workflow.camera_facts import CameraFacts, facts_of
from dermstation.workflow.station import Station

ASK_AGAIN_NS = 1_000_000_000
MOST_QUESTIONS = 4  # about one opening


@dataclass(frozen=True, slots=True)
class _Opening:
    """A camera and the number of its opening."""

    spec: CameraSpec
    label: str
    generation: int


class CameraFactsFlow(QObject):
    """The flow that identifies the open camera while a capture page is shown."""

    button_pressed = Signal()  # on the camera itself; emitted by a thread of its own

    def __init__(
        self, station: Station, live: LivePicture, background: Background, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._station = station
        self._live = live
        self._background = background
        self._asked: _Opening | None = None
        self._questions, self._asked_at_ns = 0, 0
        self._is_asking = False
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
        self._stop_listening()

    def _stop_listening(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.finish()

    def _on_looked(self) -> None:
        opening = self._open_now()
        if opening is None:
            return
        if opening != self._asked:
            self.leave()
            self._asked, self._questions, self._is_asking = opening, 0, False
        elif not self._is_worth_asking_again():
            return
        self._questions += 1
        self._is_asking = True

        def found(facts: CameraFacts) -> None:
            if self._asked == opening:
                self._take(facts)

        # without an answer the camera has no permanent identity and no button
        asking = self._background.at_low_priority(facts_of, opening.spec, opening.label)
        asking.then(found).silently()

    def _is_worth_asking_again(self) -> bool:
        if self._is_asking or self._questions >= MOST_QUESTIONS:
            return False
        if self._listener is not None and self._listener.is_alive():
            return False
        return perf_counter_ns() - self._asked_at_ns >= ASK_AGAIN_NS

    def _open_now(self) -> _Opening | None:
        link, frame = self._station.viewfinder.link, self._live.frame
        if link is None or frame is None:
            return None
        status = link.status()
        if status.state is not LinkState.STREAMING or not status.label:
            return None
        return _Opening(link.spec, status.label, frame.generation)

    def _take(self, facts: CameraFacts) -> None:
        self._is_asking, self._asked_at_ns = False, perf_counter_ns()
        self._facts = facts
        self._stop_listening()
        if facts.button is not None:
            self._listener = ButtonListener(facts.button, self.button_pressed.emit)
            self._listener.start()
