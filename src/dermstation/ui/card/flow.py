"""Import pictures from a memory card: choose the card and a picture for each shot, then check it.

The card is read on the card's thread, and pictures are stored on the vault's thread. A lock loses
nothing: pictures that are not imported are still on the card, and those that are imported are
recorded as being on it.
"""

from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QObject

from dermstation.camera.card.pictures import Companions, Inspected, Listing
from dermstation.camera.card.places import CardPlace
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Lesion, Operator, now
from dermstation.domain.shots import SHOT_GUIDES, ShotKind
from dermstation.ui.card import words
from dermstation.ui.card.erase_flow import CardEraseFlow
from dermstation.ui.card.page import CardPage
from dermstation.ui.card.source_flow import LOOK_FOR_CARDS_MS, CardSourceFlow
from dermstation.ui.card.thumbnails import CardThumbnails
from dermstation.ui.frame import places
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.places import Go
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.system.timers import timer
from dermstation.vault.store import Vault
from dermstation.workflow.card_companions import ChosenCompanions, EpisodeCard, episode_card
from dermstation.workflow.card_desk import CardDesk
from dermstation.workflow.card_erasing import on_this_card
from dermstation.workflow.importing import (
    WHERE,
    Candidate,
    CardState,
    candidate,
    card_state,
    import_picture,
)
from dermstation.workflow.station import Station
from dermstation.workflow.viewing import view_of
from dermstation.workflow.walk import EpisodeView, Step


@dataclass(slots=True)
class _Scene:
    """The import under way and its card; dropped with the pages."""

    view: EpisodeView
    lesion: Lesion
    shot: ShotKind
    desk: CardDesk
    thumbnails: CardThumbnails
    place: CardPlace | None = None
    listing: Listing = field(default_factory=Listing)
    page: CardPage | None = None
    chosen: Candidate | None = None
    is_looking: bool = False  # whether a check that the card is still there is under way


class CardFlow(QObject):
    """The flow from the capture page through the pictures of a card and back."""

    def __init__(
        self,
        station: Station,
        shell: Shell,
        background: Background,
        session: Session,
        go: Go,
    ) -> None:
        super().__init__(shell)
        self._shell = shell
        self._background = background
        self._session = session
        self._go = go
        self._scene: _Scene | None = None
        self._erasing = CardEraseFlow(station, shell, background, session, self._finish)
        self._source = CardSourceFlow(shell, background, self._show_card, self._finish)
        self._timer = timer(self, LOOK_FOR_CARDS_MS)
        self._timer.timeout.connect(self._look_for_card)

    def enter(self, view: EpisodeView, lesion: Lesion, shot: ShotKind) -> None:
        """Ask which card holds the pictures of this lesion."""
        self.leave()
        desk = CardDesk()
        thumbnails = CardThumbnails(
            desk, self._background, self._session, episode_id=view.episode.id, lost=self._on_lost
        )
        self._scene = _Scene(view, lesion, shot, desk, thumbnails)
        self._show_source()

    def leave(self) -> None:
        """Release the card and its reader; pictures not imported stay on the card."""
        self._timer.stop()
        scene, self._scene = self._scene, None
        if scene is not None:
            scene.thumbnails.stop()
            scene.desk.close()
        self._source.leave()
        self._erasing.leave()

    def _show_source(self, trouble: StationError | None = None) -> None:
        scene = self._scene
        if scene is None:
            return
        self._timer.stop()
        scene.thumbnails.stop()
        scene.place = scene.page = scene.chosen = None
        self._source.enter(scene.desk, trouble)

    def _show_card(self, place: CardPlace, listing: Listing) -> None:
        scene = self._scene
        if scene is None:
            return
        page = CardPage()
        scene.place, scene.listing, scene.page = place, listing, page
        page.show_lesion(scene.lesion.label, scene.lesion.site_words)
        page.choose.shots.shot_chosen.connect(self._aim)
        page.full_wanted.connect(self._inspect)
        page.accepted.connect(self._import)
        page.rejected.connect(self._choose_another)
        page.back_pressed.connect(self._show_source)
        page.finish.clicked.connect(self._ask_to_erase)
        self._aim(scene.shot)
        self._shell.show_page(page, Step.PICTURES)
        scene.thumbnails.show(page, place, listing)
        scene.is_looking = False
        self._timer.start()

    def _look_for_card(self) -> None:
        """Check whether the open card is still there."""
        scene = self._scene
        if scene is None or scene.place is None or scene.is_looking or not _is_choosing(scene):
            return
        scene.is_looking = True
        looking = self._background.watch(scene.desk.is_there(scene.place))
        looking.then(partial(self._on_looked, scene, scene.page))
        looking.otherwise(partial(self._on_not_looked, scene))

    def _on_looked(self, scene: _Scene, page: CardPage | None, is_there: bool) -> None:
        scene.is_looking = False
        is_open = scene is self._scene and page is scene.page and _is_choosing(scene)
        if is_open and not is_there:
            self._on_lost(StationError(ErrorCode.CARD_ABSENT))

    def _on_not_looked(self, scene: _Scene, _trouble: StationError) -> None:
        scene.is_looking = False

    def _aim(self, shot: ShotKind) -> None:
        scene = self._scene
        if scene is None or scene.page is None:
            return
        scene.shot = shot
        chosen = scene.view.taken(scene.lesion)
        done = {kind: capture.report.verdict for kind, capture in chosen.items()}
        scene.page.enter_choosing(shot, done)

    def _inspect(self, path: str) -> None:
        scene = self._scene
        if scene is None or scene.page is None or scene.place is None:
            return
        self._shell.clear_notice()
        scene.page.enter_reading()
        reading = self._background.watch(scene.desk.inspect(scene.place, path, scene.shot))
        reading.then(partial(self._on_inspected, scene))
        reading.otherwise(partial(self._on_not_inspected, scene, path))

    def _on_inspected(self, scene: _Scene, picture: Inspected) -> None:
        """Ask the vault before showing the picture: it may belong to another patient."""
        if scene is self._scene:
            asking = self._session.on_vault(card_state, scene.view.episode.id, {picture.sha256})
            asking.then(partial(self._review, scene, picture))
            asking.otherwise(partial(self._on_not_inspected, scene, picture.file.path))

    def _review(self, scene: _Scene, picture: Inspected, state: CardState) -> None:
        if scene is not self._scene or scene.page is None or scene.place is None:
            return
        known = state.known.get(picture.sha256)
        if known in WHERE:
            self._aim(scene.shot)
            self._shell.show_trouble(StationError(ErrorCode.CARD_PICTURE_KNOWN, where=WHERE[known]))
            return
        at = now()
        chosen = candidate(picture, scene.place, scene.shot, scene.lesion.id, at)
        scene.chosen = chosen
        beware = words.beware(chosen, known, at)
        scene.page.enter_review(picture.pixels, picture.report, words.taken(chosen), beware)

    def _on_not_inspected(self, scene: _Scene, path: str, trouble: StationError) -> None:
        if scene is not self._scene or scene.page is None:
            return
        self._aim(scene.shot)
        if trouble.code in (ErrorCode.CARD_ABSENT, ErrorCode.CARD_UNREADABLE):
            self._on_lost(trouble)
            return
        if trouble.code in (ErrorCode.IMAGE_UNREADABLE, ErrorCode.IMAGE_TOO_LARGE):
            scene.page.grid.show_failed(path, words.refusal(trouble))
        self._shell.show_trouble(StationError(trouble.code, **{**trouble.facts, "card": True}))

    def _choose_another(self) -> None:
        if self._scene is not None:
            self._scene.chosen = None
            self._shell.clear_notice()
            self._aim(self._scene.shot)

    def _import(self, reason: str | None) -> None:
        scene = self._scene
        if scene is None or scene.page is None or scene.chosen is None:
            return
        scene.page.enter_saving()
        operator = self._session.operator
        importing = self._session.on_vault(_imported, scene.chosen, scene.lesion, operator, reason)
        importing.then(partial(self._on_imported, scene))
        importing.otherwise(partial(self._on_not_imported, scene))

    def _on_imported(self, scene: _Scene, view: EpisodeView) -> None:
        if scene is not self._scene:
            return
        title = SHOT_GUIDES[scene.shot].title
        scene.view, scene.chosen = view, None
        self._aim(next(iter(view.missing(scene.lesion)), scene.shot))
        self._shell.show_done(f"{title} picture stored and checked against the card.")
        scene.thumbnails.ask_vault()

    def _on_not_imported(self, scene: _Scene, trouble: StationError) -> None:
        if scene is self._scene and scene.page is not None:
            scene.page.return_to_review()
            self._shell.show_trouble(trouble, held=True)

    def _ask_to_erase(self) -> None:
        """Offer to erase if files of this episode are on this card; otherwise go back."""
        scene = self._scene
        if scene is not None and scene.place is not None:
            asking = self._session.on_vault(episode_card, scene.view.episode.id, scene.place)
            asking.then(partial(self._look_for_companions, scene))

    def _look_for_companions(self, scene: _Scene, known: EpisodeCard) -> None:
        if scene is not self._scene or scene.page is None:
            return
        if not known.copies and not known.left:
            self._finish()
            return
        scene.thumbnails.stop()
        scene.page.enter_reading()
        looking = self._background.watch(scene.desk.companions(known))
        looking.then(partial(self._show_erasing, scene, known))
        looking.otherwise(partial(self._on_not_searched, scene))

    def _on_not_searched(self, scene: _Scene, trouble: StationError) -> None:
        if scene is self._scene:
            self._on_lost(trouble)

    def _show_erasing(self, scene: _Scene, known: EpisodeCard, found: Companions) -> None:
        if scene is not self._scene or scene.place is None:
            return
        paths = {file.path for file in scene.listing.files}
        here = on_this_card(known.left, scene.place, paths)
        if not here and not found.files:
            self._finish()
            return
        scene.page = None
        self._erasing.enter(scene.desk, scene.view, here, ChosenCompanions(known, found))

    def _on_lost(self, trouble: StationError) -> None:
        """Return to the choice of a card if this one was taken out or cannot be read."""
        scene = self._scene
        if scene is None:
            return
        if scene.chosen is not None:
            return  # a picture that has been read completely can still be used
        self._show_source(trouble)

    def _finish(self) -> None:
        scene = self._scene
        self.leave()
        if scene is not None:
            self._go(places.Standing(scene.view))


def _is_choosing(scene: _Scene) -> bool:
    return scene.page is not None and scene.page.is_choosing


def _imported(
    vault: Vault, chosen: Candidate, lesion: Lesion, operator: Operator, reason: str | None
) -> EpisodeView:
    import_picture(vault, chosen, lesion, operator, reason)
    return view_of(vault, lesion.episode_id)
