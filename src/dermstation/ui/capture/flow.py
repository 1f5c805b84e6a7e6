"""The capture loop on the screen: live picture, shutter, review and saving.

`capture.live_picture` shows the live picture. Holding and saving run on the worker threads; their
outcomes are handled even while the station is locked, because the loop outlives the page.
"""

from concurrent.futures import Future
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject

from dermstation.camera.frames import Frame
from dermstation.camera.link import LinkState
from dermstation.domain.errors import StationError
from dermstation.domain.records import Lesion, Operator
from dermstation.domain.shots import ShotKind
from dermstation.domain.states import LoopState
from dermstation.ui.capture.aids import CaptureAids, Noted
from dermstation.ui.capture.live_picture import LivePicture
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.capture.scene import Pressed, Scene, press_of, saved, words_before_lock
from dermstation.ui.capture.taken_flow import TakenFlow
from dermstation.ui.frame import places
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.places import Go
from dermstation.ui.frame.shell import Shell
from dermstation.ui.parts.notice import Level
from dermstation.vault.store import Vault
from dermstation.workflow import archived_pictures
from dermstation.workflow.bursting import Chosen, hold_sharpest
from dermstation.workflow.capturing import CaptureLoop, Held
from dermstation.workflow.held_sealing import Unsaved
from dermstation.workflow.messages import message_for
from dermstation.workflow.notices import details_words
from dermstation.workflow.shot_choice import kept_as_taken, stored_as
from dermstation.workflow.station import Station
from dermstation.workflow.unasked import is_used_unasked
from dermstation.workflow.walk import EpisodeView, Step


class CaptureFlow(QObject):
    """The flow that runs one capture page for one lesion at a time."""

    def __init__(self, station: Station, shell: Shell, background: Background, go: Go) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._background = background
        self._go = go
        self._loop = CaptureLoop()
        self._pressed: Pressed | None = None
        self._trouble: StationError | None = None  # of a save that failed while locked
        self._marks_next = False  # an arrow is drawn on the picture once it is saved
        self._scene: Scene | None = None
        self._live = LivePicture(
            station.viewfinder, lambda: self._loop.state is LoopState.AIMING, self
        )
        self._aids = CaptureAids(station, shell, background, self._live)
        self._aids.camera.button_pressed.connect(self._on_button)
        self._taken = TakenFlow(background, self)

    @property
    def frame(self) -> Frame | None:
        """Return the newest frame shown."""
        return self._live.frame

    @property
    def held(self) -> Held | None:
        """Return the frame awaiting review; it survives a lock, in memory only."""
        return self._loop.held

    @property
    def is_busy(self) -> bool:
        """Return whether a frame is just being held or saved."""
        return self._loop.state in {LoopState.HOLDING, LoopState.SAVING}

    @property
    def waiting(self) -> Pressed | None:
        """Return the lesion, shot and operator of the unsaved picture, or None."""
        return None if self._loop.state is LoopState.AIMING else self._pressed

    @property
    def unsaved(self) -> Unsaved | None:
        """Return the frame that awaits review, with all that is needed to take it up again."""
        held, pressed = self._loop.held, self._pressed
        if self._loop.state is not LoopState.REVIEWING or held is None or pressed is None:
            return None
        return Unsaved(held, pressed.lesion, pressed.operator, self._trouble)

    @property
    def tools(self) -> tuple[str, ...]:
        """Return the tools over the picture that are on."""
        return self._aids.overlay.kept

    def resume(self, unsaved: Unsaved | None, tools: tuple[str, ...]) -> None:
        """Take up what another process of the station left."""
        self._aids.overlay.keep(tools)
        if unsaved is not None:
            held = unsaved.held
            self._loop = CaptureLoop.resumed(held)
            self._pressed = Pressed(unsaved.lesion, held.shot, unsaved.operator, Noted())
            self._trouble = unsaved.trouble

    def enter(
        self, vault: Vault, operator: Operator, view: EpisodeView, lesion: Lesion, shot: ShotKind
    ) -> None:
        """Show the page and aim at `shot`, or continue the review of a held frame."""
        if self.waiting is not None and self.waiting.lesion.id != lesion.id:
            self.forget()  # a picture is never saved for another lesion
        page = CapturePage()
        scene = self._scene = Scene(vault, operator, view, lesion, shot, page)
        page.show_lesion(lesion.label, lesion.site_words)
        page.shutter_pressed.connect(self._on_shutter)
        page.accepted.connect(self._on_accepted)
        page.retaken.connect(self._on_retaken)
        page.review.mark.clicked.connect(partial(self._on_mark_wanted, page))
        page.review.kind.chosen.connect(self._on_kind_chosen)
        page.aim.shots.shot_chosen.connect(self._aim)
        page.replace_wanted.connect(self._aim)
        page.back_pressed.connect(lambda: self._go(places.Home()))
        page.buttons.finish.clicked.connect(lambda: self._go(places.Summary(scene.view)))
        page.buttons.card.clicked.connect(self._on_card_wanted)
        self._shell.show_page(page, Step.PICTURES)
        self._live.follow(page)
        self._taken.enter(page, vault)
        self._aids.enter(page, has_pictures=bool(view.taken(lesion)))
        self._aim(shot)
        self._go_on()

    def leave(self) -> None:
        """Stop showing frames; whoever opened the camera closes it."""
        self._live.rest()
        self._aids.leave()
        self._taken.leave()
        self._scene = None

    def forget(self) -> None:
        """Discard a held frame, because its episode was left for good."""
        self._loop = CaptureLoop()
        self._pressed = None
        self._trouble = None

    def _go_on(self) -> None:
        """Resume after a lock: the frame is still being held, or awaits review."""
        scene = self._scene
        if scene is None or self._loop.state is LoopState.AIMING:
            return
        if self._loop.held is None:
            scene.page.enter_holding()
            return
        self._show_review(scene, self._loop.held)
        if self._trouble is not None:
            self._shell.show_trouble(self._trouble, held=True)
        elif self._pressed is not None:
            self._shell.show_words(Level.INFO, words_before_lock(scene, self._pressed))

    def _aim(self, shot: ShotKind) -> None:
        scene = self._scene
        if scene is None:
            return
        scene.shot = shot
        taken = scene.view.taken(scene.lesion)
        shown = {kind: scene.view.shown(one) for kind, one in taken.items()}
        scene.page.enter_aiming(shot, {kind: one.report.verdict for kind, one in taken.items()})
        self._taken.show(shown)
        if shot in taken:
            scene.page.aim.show_light_taken(taken[shot].details.polarisation)
        done = {one.shot for one in scene.view.captures}
        self._aids.aim(scene.vault, scene.operator, shown.get(shot), done)
        if shot not in shown:
            self._aim_with_archive(scene, shot)
        try:
            self._station.viewfinder.aim(shot)
        except StationError as trouble:  # no memory for the live picture
            scene.page.show_link(LinkState.FAILED.value, message_for(trouble).what)
            self._shell.show_trouble(trouble)

    def _aim_with_archive(self, scene: Scene, shot: ShotKind) -> None:
        """Let the lesion's picture of an earlier visit be laid over the live one."""
        station = self._station
        if archived_pictures.is_offered(station.settings):
            wanted = archived_pictures.LesionShot(scene.view, scene.lesion, shot)
            newest = archived_pictures.newest_pixels
            job = partial(newest, station.settings, station.keystore, wanted)
            self._aids.overlay.fetch_archived(scene.lesion, shot, job)

    def _on_button(self) -> None:
        if self._scene is not None:
            self._scene.page.press_shutter()

    def _on_shutter(self) -> None:
        link, scene = self._station.viewfinder.link, self._scene
        if scene is None or link is None or self._loop.state is not LoopState.AIMING:
            return
        try:
            frame = self._loop.press(link.newest())
        except StationError as trouble:
            self._shell.show_trouble(trouble)
            return
        noted = self._aids.note_pressed(frame)
        self._pressed = Pressed(scene.lesion, scene.shot, scene.operator, noted)
        self._shell.clear_notice()
        scene.page.enter_holding()
        chosen: Future[Chosen] = Future()
        self._background.watch(chosen).then(partial(self._on_chosen, self._loop))
        press = press_of(scene, frame, self._station.viewfinder, link)
        self._station.viewfinder.rest()
        holding = self._background.on_worker(hold_sharpest, link, press, chosen.set_result)
        holding.then(partial(self._on_held, self._loop))
        holding.otherwise(partial(self._on_hold_failed, self._loop)).even_after_session()

    def _on_chosen(self, loop: CaptureLoop, chosen: Chosen) -> None:
        if loop is self._loop and loop.state is LoopState.HOLDING and self._scene is not None:
            self._scene.page.show_held(chosen.pixels, chosen.full)

    def _on_held(self, loop: CaptureLoop, held: Held) -> None:
        if loop is not self._loop:
            return  # the episode was left in the meantime
        if self._pressed is not None:
            held = self._pressed.noted.with_details(held)
        loop.take_held(held)
        if self._scene is not None:
            self._show_review(self._scene, held)
            if is_used_unasked(held, self._scene.lesion, self._aids.choices.settings):
                self._scene.page.look_then_use()

    def _show_review(self, scene: Scene, held: Held) -> None:
        self._marks_next = False
        scene.page.enter_review(held.pixels, held.report, details_words(held.details))
        self._aids.review(held)

    def _on_hold_failed(self, loop: CaptureLoop, trouble: StationError) -> None:
        if loop is not self._loop:
            return
        loop.hold_failed()
        if self._scene is not None:
            self._aim(self._scene.shot)
            self._shell.show_trouble(trouble)

    def _on_retaken(self) -> None:
        if self._scene is not None and self._loop.state is LoopState.REVIEWING:
            held = self._loop.held
            pressed_as = held.details.pressed_as if held is not None else None
            self._loop.retake()
            self._shell.clear_notice()
            self._aim(pressed_as or self._scene.shot)

    def _on_mark_wanted(self, page: CapturePage) -> None:
        self._marks_next = True
        page.use()

    def _on_kind_chosen(self, shot: ShotKind) -> None:
        held = self._loop.held
        if held is None or self._loop.state is not LoopState.REVIEWING:
            return
        if shot is held.shot:
            self._loop.review_as(kept_as_taken(held))
        else:
            judging = self._background.on_worker(stored_as, held, shot)
            judging.then(partial(self._on_judged_anew, self._loop, held))

    def _on_judged_anew(self, loop: CaptureLoop, before: Held, held: Held) -> None:
        scene = self._scene
        is_same = loop is self._loop and loop.held is before
        if not is_same or loop.state is not LoopState.REVIEWING or scene is None:
            return  # it was used or taken again in the meantime
        loop.review_as(held)
        if self._pressed is not None:
            self._pressed = replace(self._pressed, shot=held.shot)
        scene.shot = held.shot
        self._show_review(scene, held)

    def _on_accepted(self, reason: str | None) -> None:
        scene = self._scene
        if scene is None or self._loop.state is not LoopState.REVIEWING:
            return
        try:
            held = self._loop.accept(reason)
        except StationError as trouble:
            self._shell.show_trouble(trouble)
            return
        self._trouble = None
        scene.page.enter_saving()
        saving = self._background.on_vault(
            saved, scene.vault, held, scene.lesion, scene.operator, reason
        )
        saving.then(partial(self._on_saved, self._loop))
        saving.otherwise(partial(self._on_save_failed, self._loop)).even_after_session()
        self._background.on_vault(scene.vault.settle).even_after_session().silently()

    def _on_saved(self, loop: CaptureLoop, view: EpisodeView) -> None:
        if loop is not self._loop:
            return
        loop.saved()
        scene = self._scene
        if scene is None:
            return
        self._shell.clear_notice()
        scene.view = view
        scene.page.show_saved(scene.shot)
        if self._marks_next:
            self._go(places.Review(view, scene.lesion, scene.shot))
            return
        if missing := view.missing(scene.lesion):
            self._aim(missing[0])
        else:
            self._go(places.Summary(view))

    def _on_save_failed(self, loop: CaptureLoop, trouble: StationError) -> None:
        if loop is not self._loop:
            return
        loop.save_failed()
        self._trouble = trouble
        if self._scene is not None:
            self._scene.page.return_to_review()
            self._shell.show_trouble(trouble, held=True)

    def _on_card_wanted(self) -> None:
        scene = self._scene
        if scene is not None and self._loop.state is LoopState.AIMING:
            self._go(places.Card(scene.view, scene.lesion, scene.shot))
