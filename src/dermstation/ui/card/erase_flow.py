"""The end of an import: erase from the card the pictures verified in the vault, and eject it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject

from dermstation.camera.card.ejecting import Ejected
from dermstation.camera.card.pictures import CardFile
from dermstation.camera.card.places import CardPlace
from dermstation.domain.errors import StationError
from dermstation.domain.records import CardCopy
from dermstation.domain.shots import SHOT_GUIDES
from dermstation.ui.card import words
from dermstation.ui.card.erase_page import CardErasePage, EraseLine
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.parts.notice import Level
from dermstation.ui.system.timers import timer
from dermstation.workflow.card_desk import CardDesk
from dermstation.workflow.card_erasing import Erased
from dermstation.workflow.station import Station
from dermstation.workflow.walk import EpisodeView, Step

_PROGRESS_MS = 100


@dataclass(slots=True)
class _Scene:
    """The copies to erase and their card; `done` holds the latest outcome of each picture."""

    desk: CardDesk
    view: EpisodeView
    place: CardPlace
    copies: tuple[CardCopy, ...]
    page: CardErasePage
    done: dict[str, Erased]


class CardEraseFlow(QObject):
    """The flow that asks, erases, shows the outcome and ejects the card."""

    def __init__(
        self,
        station: Station,
        shell: Shell,
        background: Background,
        session: Session,
        finish: Callable[[], None],
    ) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._background = background
        self._session = session
        self._finish = finish
        self._scene: _Scene | None = None
        self._progress = timer(self, _PROGRESS_MS)
        self._progress.timeout.connect(self._show_progress)

    def enter(
        self, desk: CardDesk, view: EpisodeView, place: CardPlace, copies: tuple[CardCopy, ...]
    ) -> None:
        """Ask whether to erase these copies from the card."""
        lines = [_line(view, copy, "Stored and compared") for copy in copies]
        page = CardErasePage(place.label, lines, is_card=place.is_card)
        self._scene = _Scene(desk, view, place, copies, page, {})
        page.erase_wanted.connect(self._erase)
        page.eject.clicked.connect(self._eject)
        page.finished.connect(self._finish)
        self._shell.show_page(page, Step.PICTURES)

    def leave(self) -> None:
        """Stop showing progress. Erasing that has begun goes on and is recorded."""
        self._progress.stop()
        self._scene = None

    def _erase(self) -> None:
        scene = self._scene
        if scene is None:
            return
        self._shell.clear_notice()
        left = _left(scene)
        scene.page.show_erasing(0, len(left))
        erasing = self._background.watch(
            scene.desk.erase(
                self._station.jobs, self._session.vault, self._session.operator, scene.place, left
            )
        )
        erasing.then(partial(self._on_erased, scene)).otherwise(partial(self._on_failed, scene))
        self._progress.start()

    def _show_progress(self) -> None:
        if self._scene is not None:
            self._scene.page.show_erasing(self._scene.desk.erased, len(_left(self._scene)))

    def _on_erased(self, scene: _Scene, erased: tuple[Erased, ...]) -> None:
        self._progress.stop()
        if scene is not self._scene:
            return
        scene.done |= {one.copy.capture_id: one for one in erased}
        scene.page.show_outcome(_outcomes(scene))

    def _on_failed(self, scene: _Scene, trouble: StationError) -> None:
        self._progress.stop()
        if scene is self._scene:
            scene.page.show_outcome(_outcomes(scene))
            self._shell.show_trouble(trouble)

    def _eject(self) -> None:
        scene = self._scene
        if scene is None:
            return
        self._shell.clear_notice()
        scene.page.show_ejecting()
        ejecting = self._background.watch(scene.desk.eject(scene.place))
        ejecting.then(partial(self._on_ejected, scene)).otherwise(partial(self._on_failed, scene))

    def _on_ejected(self, scene: _Scene, outcome: Ejected) -> None:
        if scene is not self._scene:
            return
        is_out = outcome is Ejected.SAFE
        scene.page.show_ejected(is_out=is_out)
        level = Level.GOOD if is_out else Level.WARN
        self._shell.show_words(level, words.EJECT_OUTCOMES[outcome])


def _left(scene: _Scene) -> tuple[CardCopy, ...]:
    """Return the copies that are still on the card."""
    off = {key for key, one in scene.done.items() if one.is_off}
    return tuple(copy for copy in scene.copies if copy.capture_id not in off)


def _outcomes(scene: _Scene) -> Sequence[EraseLine]:
    lines = []
    for copy in scene.copies:
        one = scene.done.get(copy.capture_id)
        outcome = words.ERASE_OUTCOMES[one.outcome] if one else "Not tried"
        lines.append(_line(scene.view, copy, outcome, is_off=one is not None and one.is_off))
    return lines


def _line(view: EpisodeView, copy: CardCopy, outcome: str, *, is_off: bool = False) -> EraseLine:
    labels = {lesion.id: lesion.label for lesion in view.lesions}
    shot = next(
        (
            f"{labels.get(one.lesion_id, '')} {SHOT_GUIDES[one.shot].title.lower()}".strip()
            for one in view.captures
            if one.id == copy.capture_id
        ),
        "",
    )
    return EraseLine(CardFile(copy.path, 0).shown_name, shot, outcome, is_off)
