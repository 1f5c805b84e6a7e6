"""Review the pictures of a lesion, and make copies with marks or covers.

Pictures are read on the vault's thread; decoding, drawing and encoding are done on the thread for
slow work, so that the window never waits, however large the pictures are. Decoded pictures are kept
only while the review is open.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Concatenate, ParamSpec

from PySide6.QtCore import QObject

from dermstation.domain.copies import CopyKind, Shape
from dermstation.domain.errors import StationError
from dermstation.domain.records import Capture, Lesion
from dermstation.domain.shots import ShotKind
from dermstation.imaging.codec import Bgr
from dermstation.ui.frame import places
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.places import Go
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.parts.notice import Level
from dermstation.ui.review.drawing_page import DrawingPage
from dermstation.ui.review.page import LesionReviewPage
from dermstation.vault.store import Vault
from dermstation.workflow import archived_pictures, deriving, episodes, picture_review, viewing
from dermstation.workflow.archived_pictures import Fetched
from dermstation.workflow.deriving import Drawing, Drawn
from dermstation.workflow.messages import message_for
from dermstation.workflow.notices import (
    COPY_SAVED,
    DRAWING_TAKEN_UP,
    copy_not_saved,
    original_stays,
)
from dermstation.workflow.own_thread import in_a_thread
from dermstation.workflow.picture_review import Earlier
from dermstation.workflow.station import Station
from dermstation.workflow.walk import EpisodeView, Step

P = ParamSpec("P")


@dataclass(slots=True)
class _Scene:
    """The lesion under review; dropped with the review."""

    view: EpisodeView
    lesion: Lesion
    shot: ShotKind
    pixels: dict[str, Bgr] = field(default_factory=dict, repr=False)
    archived: dict[ShotKind, tuple[Fetched, ...]] = field(default_factory=dict, repr=False)

    def archived_image(self, capture_id: str) -> bytes | None:
        """Return the bytes of a picture that came from the archive."""
        fetched = [one for several in self.archived.values() for one in several]
        return next((one.image for one in fetched if one.earlier.capture.id == capture_id), None)

    def turned_in(self, view: EpisodeView) -> set[str]:
        """Forget the pictures that are turned in a newer view, and return their ids."""
        turned = picture_review.turned_since(self.view, view)
        self.pixels = {one: held for one, held in self.pixels.items() if one not in turned}
        return turned


class ReviewFlow(QObject):
    """The flow that shows the pictures of a lesion and acts on what the operator asks for."""

    def __init__(
        self,
        station: Station,
        shell: Shell,
        background: Background,
        session: Session,
        go: Go,
    ) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._background = background
        self._session = session
        self._go = go
        self._scene: _Scene | None = None

    def enter(self, view: EpisodeView, lesion: Lesion, shot: ShotKind) -> None:
        """Show the pictures of a lesion, with the picture of `shot` selected."""
        self._scene = _Scene(view, lesion, shot)
        reading = self._session.on_vault(viewing.view_of, view.episode.id)
        reading.then(partial(self._show, self._scene))

    def leave(self) -> None:
        """Release the pictures."""
        self._scene = None

    def _show(self, scene: _Scene, view: EpisodeView) -> None:
        if scene is not self._scene:
            return
        scene.view = view
        found = next((one for one in view.lesions if one.id == scene.lesion.id), None)
        if found is None:
            self._finish()
            return
        scene.lesion = found
        page = LesionReviewPage(view, found)
        self._connect(scene, page)
        page.show_pixels(scene.pixels)
        self._shell.show_patient(view)
        self._shell.show_page(page, Step.SUMMARY)
        page.choose(scene.shot)
        self._fetch(scene, page)
        if (tile := page.chosen_tile) is not None:
            self._list_earlier(scene, page, tile.contents.shot)

    def _connect(self, scene: _Scene, page: LesionReviewPage) -> None:
        episode_id, operator = scene.view.episode.id, self._session.operator

        def change(
            job: Callable[Concatenate[Vault, P], EpisodeView], *args: P.args, **kwargs: P.kwargs
        ) -> None:
            changing = self._session.on_vault(job, *args, **kwargs)
            changing.then(partial(self._changed, scene, page))

        page.left_out.connect(
            lambda capture, why: change(
                picture_review.leave_out, operator, episode_id, capture, why
            )
        )
        page.put_back_wanted.connect(
            lambda capture: change(picture_review.put_back, operator, episode_id, capture)
        )
        page.cleared.connect(
            lambda capture, on: change(
                picture_review.say_nothing_to_cover, operator, episode_id, capture, holds=on
            )
        )
        page.moved.connect(
            lambda shot, by: change(picture_review.move, episode_id, scene.lesion.id, shot, by)
        )
        page.turn_wanted.connect(
            lambda capture: change(picture_review.turn, operator, episode_id, capture)
        )
        page.retake_wanted.connect(partial(self._retake, scene))
        page.draw_wanted.connect(partial(self._begin_drawing, scene))
        page.chosen.connect(partial(self._list_earlier, scene, page))
        page.compare_wanted.connect(lambda _: self._fetch(scene, page))
        page.done.clicked.connect(self._finish)
        page.back_pressed.connect(self._finish)

    def _changed(self, scene: _Scene, page: LesionReviewPage, view: EpisodeView) -> None:
        if scene is not self._scene or page is not self._shell.page:
            return
        self._shell.clear_notice()
        page.forget(scene.turned_in(view))
        scene.view = view
        page.show_view(view)
        self._fetch(scene, page)

    def _finish(self) -> None:
        scene, self._scene = self._scene, None
        if scene is not None:
            self._go(places.Standing(scene.view))

    def _retake(self, scene: _Scene, shot: ShotKind) -> None:
        def go(view: EpisodeView) -> None:
            if scene is self._scene:
                self._scene = None
                self._go(places.Pictures(view, scene.lesion, shot))

        self._session.on_vault(episodes.take_more, scene.view.episode.id).then(go)

    def _fetch(self, scene: _Scene, page: LesionReviewPage) -> None:
        """Read and decode the pictures shown that are still missing, one after the other."""
        for capture in page.needed:
            archived = scene.archived_image(capture.id)
            if archived is not None:
                self._decode(scene, page, capture, archived)
                continue
            reading = self._session.on_vault(picture_review.image_of, capture.id)
            reading.then(partial(self._decode, scene, page, capture))
            reading.otherwise(partial(self._fetch_failed, page, capture))

    def _decode(
        self, scene: _Scene, page: LesionReviewPage, capture: Capture, image: bytes
    ) -> None:
        def show(pixels: Bgr) -> None:
            if scene is self._scene and picture_review.is_as_known(scene.view, capture):
                scene.pixels[capture.id] = pixels
                if page is self._shell.page:
                    page.show_pixels({capture.id: pixels})

        decoding = self._background.at_low_priority(picture_review.pixels_to_review, capture, image)
        decoding.then(show).otherwise(partial(self._fetch_failed, page, capture))

    def _fetch_failed(
        self, page: LesionReviewPage, capture: Capture, trouble: StationError
    ) -> None:
        if page is self._shell.page:
            page.show_failed(capture.id, message_for(trouble).what)
            self._shell.show_trouble(trouble)

    def _list_earlier(self, scene: _Scene, page: LesionReviewPage, shot: ShotKind) -> None:
        def show(found: tuple[Earlier, ...]) -> None:
            tile = page.chosen_tile if page is self._shell.page else None
            if tile is not None and tile.contents.shot is shot:
                page.show_earlier((*found, *(one.earlier for one in scene.archived.get(shot, ()))))

        scene.shot = shot
        self._ask_archive(scene, page, shot)
        listing = self._session.on_vault(
            picture_review.earlier_pictures, scene.view, scene.lesion, shot
        )
        listing.then(show)

    def _ask_archive(self, scene: _Scene, page: LesionReviewPage, shot: ShotKind) -> None:
        """Fetch pictures of earlier visits, once for each shot, and list them when they come."""
        station = self._station
        if shot in scene.archived or not archived_pictures.is_offered(station.settings):
            return
        scene.archived[shot] = ()
        wanted = archived_pictures.LesionShot(scene.view, scene.lesion, shot)
        fetch = archived_pictures.fetch_earlier
        job = partial(fetch, station.settings, station.keystore, wanted)

        def show(found: tuple[Fetched, ...]) -> None:
            scene.archived[shot] = found
            if found and scene is self._scene and page is self._shell.page:
                self._list_earlier(scene, page, shot)

        def say(trouble: StationError) -> None:
            if scene is self._scene and page is self._shell.page:
                self._shell.show_words(Level.WARN, message_for(trouble))

        self._background.watch(in_a_thread(job)).then(show).otherwise(say)

    def _begin_drawing(self, scene: _Scene, capture_id: str, kind: CopyKind) -> None:
        beginning = self._session.on_vault(
            deriving.begin_drawing, scene.view.episode.id, capture_id, kind
        )
        beginning.then(partial(self._open_board, scene))

    def _open_board(self, scene: _Scene, drawing: Drawing) -> None:
        if scene is not self._scene:
            return
        scene.shot = drawing.origin.shot
        scene.pixels.clear()  # a large picture needs the memory; decode the others again later
        origin, kind = drawing.origin, drawing.kind
        copy = scene.view.newest_copy(origin, kind)
        is_used = copy is not None and copy.id not in scene.view.choices.left_out
        page = DrawingPage(
            f"{scene.lesion.label} {origin.title.lower()}",
            kind,
            has_copy=is_used and not (kind is CopyKind.COVERED and origin.wiped_at is not None),
            original_is_kept=self._station.settings.keep_covered_originals,
        )
        page.edited.connect(partial(self._keep, scene, drawing))
        page.save_wanted.connect(partial(self._draw, scene, page, drawing))
        if page.drop is not None:
            page.drop.clicked.connect(lambda: self._drop(scene, page, drawing))
        page.back_pressed.connect(partial(self._back_from_board, scene, page))
        self._shell.show_page(page, Step.SUMMARY)

        def show(pixels: Bgr) -> None:
            if page is self._shell.page:
                page.show_picture(pixels, drawing.shapes)
                if drawing.is_draft:
                    self._shell.show_words(Level.INFO, DRAWING_TAKEN_UP)

        self._background.at_low_priority(
            picture_review.pixels_to_review, drawing.base, drawing.image
        ).then(show)

    def _keep(self, scene: _Scene, drawing: Drawing, shapes: tuple[Shape, ...]) -> None:
        self._session.on_vault(
            deriving.keep_drawing,
            scene.view.episode.id,
            drawing.origin.id,
            drawing.kind,
            shapes,
        )

    def _draw(
        self, scene: _Scene, page: DrawingPage, drawing: Drawing, shapes: tuple[Shape, ...]
    ) -> None:
        page.flush_draft()
        page.show_busy("Saving\u2026")
        self._shell.clear_notice()
        drawn = self._background.on_worker(deriving.draw, drawing, shapes, self._session.operator)
        drawn.then(partial(self._save, scene, page)).otherwise(partial(self._not_saved, page))

    def _save(self, scene: _Scene, page: DrawingPage, copies: tuple[Drawn, ...]) -> None:
        saving = self._session.on_vault(deriving.save_copies, copies)
        saving.then(partial(self._saved, scene, page)).otherwise(partial(self._not_saved, page))

    def _saved(self, scene: _Scene, page: DrawingPage, view: EpisodeView) -> None:
        """Return to the review, after wiping the original behind a cover if the policy says so."""
        if self._station.settings.keep_covered_originals:
            self._return(scene, page, view)
            return

        def not_wiped(trouble: StationError) -> None:
            if page is self._shell.page:
                self._shell.carry(Level.WARN, original_stays(trouble))
                self._return(scene, page, view, said=True)

        operator = self._session.operator
        wiping = self._session.on_vault(deriving.wipe_covered, operator, view.episode.id)
        wiping.then(partial(self._return, scene, page)).otherwise(not_wiped)

    def _return(
        self, scene: _Scene, page: DrawingPage, view: EpisodeView, *, said: bool = False
    ) -> None:
        if page is self._shell.page:
            if not said:
                self._shell.carry(Level.GOOD, COPY_SAVED)
            self._show(scene, view)

    def _not_saved(self, page: DrawingPage, trouble: StationError) -> None:
        if page is self._shell.page:
            page.show_busy("")
            self._shell.show_words(Level.ERROR, copy_not_saved(trouble))

    def _drop(self, scene: _Scene, page: DrawingPage, drawing: Drawing) -> None:
        page.drop_draft()
        self._session.on_vault(
            deriving.drop_copy,
            self._session.operator,
            scene.view.episode.id,
            drawing.origin.id,
            drawing.kind,
        ).then(lambda view: self._show(scene, view) if page is self._shell.page else None)

    def _back_from_board(self, scene: _Scene, page: DrawingPage) -> None:
        page.flush_draft()
        self._show(scene, scene.view)
