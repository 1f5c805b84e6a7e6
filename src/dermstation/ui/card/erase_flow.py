"""The end of an import: erase from the card what is verified in the vault, and eject it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
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
from dermstation.workflow.card_companions import Choice, ChosenCompanions
from dermstation.workflow.card_desk import CardDesk
from dermstation.workflow.card_erasing import Erased
from dermstation.workflow.station import Station
from dermstation.workflow.walk import EpisodeView, Step

_PROGRESS_MS = 100


@dataclass(slots=True)
class _Scene:
    """The files to erase and their card; `done` holds the latest outcome of each by its path."""

    desk: CardDesk
    view: EpisodeView
    copies: tuple[CardCopy, ...]
    chosen: ChosenCompanions
    page: CardErasePage
    done: dict[str, Erased]

    @property
    def place(self) -> CardPlace:
        return self.chosen.card.place


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
        self,
        desk: CardDesk,
        view: EpisodeView,
        copies: tuple[CardCopy, ...],
        chosen: ChosenCompanions,
    ) -> None:
        """Ask whether to erase these copies from the card, and what of their companions."""
        place = chosen.card.place
        lines = [_line(view, copy, "Stored and compared") for copy in copies]
        page = CardErasePage(place.label, lines, is_card=place.is_card, companions=chosen.found)
        self._scene = _Scene(desk, view, copies, chosen, page, {})
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
        panel = scene.page.companions
        scene.chosen = replace(
            scene.chosen,
            certain=panel.choice(is_certain=True),
            possible=panel.choice(is_certain=False),
        )
        scene.page.show_erasing(0, _count_left(scene))
        left = _still_to_erase(scene)
        erasing = self._background.watch(
            scene.desk.erase(
                self._station.jobs,
                self._session.vault,
                self._session.operator,
                _left(scene),
                left,
            )
        )
        erasing.then(partial(self._on_erased, scene)).otherwise(partial(self._on_failed, scene))
        self._progress.start()

    def _show_progress(self) -> None:
        if self._scene is not None:
            self._scene.page.show_erasing(self._scene.desk.erased, _count_left(self._scene))

    def _on_erased(self, scene: _Scene, erased: tuple[Erased, ...]) -> None:
        self._progress.stop()
        if scene is not self._scene:
            return
        scene.done |= {one.copy.path: one for one in erased}
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


def _off(scene: _Scene) -> set[str]:
    return {path for path, one in scene.done.items() if one.is_off}


def _left(scene: _Scene) -> tuple[CardCopy, ...]:
    """Return the copies that are still on the card."""
    return tuple(copy for copy in scene.copies if copy.path not in _off(scene))


def _still_to_erase(scene: _Scene) -> ChosenCompanions:
    """Return the companions without those that are off the card already."""
    found = scene.chosen.found
    files = tuple(one for one in found.files if one.path not in _off(scene))
    return replace(scene.chosen, found=replace(found, files=files))


def _count_left(scene: _Scene) -> int:
    return len(_left(scene)) + len(_still_to_erase(scene).of(Choice.ERASE))


def _outcomes(scene: _Scene) -> Sequence[EraseLine]:
    return [
        *(_line(scene.view, copy, *_outcome(scene, copy.path)) for copy in scene.copies),
        *_companion_lines(scene),
    ]


def _companion_lines(scene: _Scene) -> Iterator[EraseLine]:
    """Yield a line for each companion that was erased, should have been, or is left."""
    ids = {one.path: one.capture_id for one in scene.chosen.card.copies}
    left = scene.chosen.of(Choice.LEAVE)
    for one in (*scene.chosen.of(Choice.ERASE), *left):
        is_left = one in left
        words_, is_off = (words.LEFT, False) if is_left else _outcome(scene, one.path)
        shot = _shot(scene.view, ids[one.picture])
        yield EraseLine(words.companion_name(one), shot, words_, is_off, is_left)


def _outcome(scene: _Scene, path: str) -> tuple[str, bool]:
    one = scene.done.get(path)
    if one is None:
        return "Not tried", False
    return words.ERASE_OUTCOMES[one.outcome], one.is_off


def _line(view: EpisodeView, copy: CardCopy, outcome: str, is_off: bool = False) -> EraseLine:
    name = CardFile(copy.path, 0).shown_name
    return EraseLine(name, _shot(view, copy.capture_id), outcome, is_off)


def _shot(view: EpisodeView, capture_id: str) -> str:
    """Return the lesion and shot of a picture."""
    labels = {lesion.id: lesion.label for lesion in view.lesions}
    return next(
        (
            f"{labels.get(one.lesion_id, '')} {SHOT_GUIDES[one.shot].title.lower()}".strip()
            for one in view.captures
            if one.id == capture_id
        ),
        "",
    )
