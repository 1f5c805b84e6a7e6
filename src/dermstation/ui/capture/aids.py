"""The aids of the capture page, connected to one page at a time. GUI thread.

Hands-free, the scale, the tools over the picture, the shutter's key and sound: the capture loop
knows about none of them.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject

from dermstation.camera.frames import Frame
from dermstation.domain.records import Capture, Operator, Polarisation
from dermstation.domain.shots import ShotKind
from dermstation.ui.capture.camera_facts_flow import CameraFactsFlow
from dermstation.ui.capture.hands_free_flow import HandsFreeFlow
from dermstation.ui.capture.live_picture import LivePicture
from dermstation.ui.capture.overlay_flow import OverlayFlow
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.capture.scale_flow import ScaleFlow
from dermstation.ui.capture.shot_help_flow import ShotHelpFlow
from dermstation.ui.capture.sounds import play_shutter
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.choices import Choices
from dermstation.ui.frame.shell import Shell
from dermstation.vault.store import Vault
from dermstation.workflow.capturing import Held
from dermstation.workflow.measuring import Scale
from dermstation.workflow.station import Station


@dataclass(frozen=True, slots=True)
class Noted:
    """The facts known at the press: polarisation, and the scale for pictures of one size."""

    polarisation: Polarisation | None = None
    scale: Scale | None = None
    width: int = 0
    height: int = 0

    def with_details(self, held: Held) -> Held:
        """Return `held` with these facts, with the scale only if the picture has that size."""
        height, width = held.pixels.shape[:2]
        scale = self.scale if (width, height) == (self.width, self.height) else None
        details = replace(
            held.details,
            polarisation=self.polarisation,
            mm_per_px=scale.mm_per_px if scale else None,
            scale_error=scale.relative_error if scale else None,
        )
        return replace(held, details=details)


class CaptureAids(QObject):
    """The aids of the capture page."""

    def __init__(
        self, station: Station, shell: Shell, background: Background, live: LivePicture
    ) -> None:
        super().__init__(shell)
        self._page: CapturePage | None = None
        self.choices = Choices(station, background)
        self.camera = CameraFactsFlow(station, live, background, self)
        self._scale = ScaleFlow(station, shell, background, live, self.camera)
        self.overlay = OverlayFlow(background, live, self)
        self._help = ShotHelpFlow(station, shell, background, self)
        self._hands_free = HandsFreeFlow(station.viewfinder, live, self.choices, self)

    def enter(self, page: CapturePage, *, has_pictures: bool) -> None:
        """Connect the aids to `page`, for a lesion that may already have pictures."""
        self._page = page
        page.keys.key_chosen.connect(self._on_key_chosen)
        page.keys.sounds.clicked.connect(self._on_sounds_chosen)
        self._show_choices(page)
        self._scale.enter(page)
        self.overlay.enter(page)
        self._help.enter(page)
        self._hands_free.enter(page, has_pictures=has_pictures)

    def leave(self) -> None:
        """Disconnect from the page and stop listening to the camera's button."""
        self._hands_free.leave()
        self._help.leave()
        self.overlay.leave()
        self._scale.leave()
        self.camera.leave()
        self._page = None

    def aim(
        self,
        vault: Vault,
        operator: Operator,
        earlier: Capture | None,
        done: Collection[ShotKind],
    ) -> None:
        """Prepare the aids for a shot.

        `earlier` is its earlier picture, if there is one; `done` are the kinds taken at this visit.
        """
        self._scale.review(None)
        self.overlay.review(None)
        self.overlay.fetch_earlier(vault, earlier)
        self._help.aim(vault, operator, done)

    def note_pressed(self, frame: Frame) -> Noted:
        """Play the shutter sound and return what is known about the picture at this moment.

        Later, another camera may be open.
        """
        if self.choices.settings.sounds:
            play_shutter()
        self._hands_free.note_pressed()
        page = self._page
        if page is None:
            return Noted()
        scale = self._scale.scale_of(page.aim.shot, frame.width, frame.height)
        return Noted(page.aim.light_said, scale, frame.width, frame.height)

    def review(self, held: Held) -> None:
        """Switch the scale and the tools to a held picture."""
        self._scale.review(held.details)
        self.overlay.review(held.pixels)

    def _on_key_chosen(self, name: str) -> None:
        self.choices.change(shutter_key=name)
        if self._page is not None:
            self._show_choices(self._page)

    def _on_sounds_chosen(self, on: bool) -> None:
        self.choices.change(sounds=on)
        if self._page is not None:
            self._show_choices(self._page)

    def _show_choices(self, page: CapturePage) -> None:
        settings = self.choices.settings
        page.hands.choose(settings.shutter_key)
        page.keys.show_choice(settings.shutter_key, sounds=settings.sounds)
