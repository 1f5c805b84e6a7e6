"""The data of the live tools that has to be fetched or computed first. GUI thread.

An earlier picture of the shot comes from the vault, areas of trouble from a worker thread; both
are dropped if the page has moved on.
"""

from collections.abc import Callable
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from dermstation.camera.frames import Frame
from dermstation.domain.errors import StationError
from dermstation.domain.records import Capture, Lesion
from dermstation.domain.shots import ShotKind
from dermstation.imaging.areas import TroubleAreas, trouble_areas
from dermstation.imaging.colour_space import decode_srgb
from dermstation.imaging.orientation import upright
from dermstation.ui.capture.live_picture import LivePicture
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.frame.background import Background
from dermstation.vault.store import Vault
from dermstation.workflow.capture_keys import Stage, Tool
from dermstation.workflow.own_thread import in_a_thread
from dermstation.workflow.scoring import pixels_of

_TROUBLE_EVERY_S = 0.3  # for a live picture; more often, it would flicker
_EARLIER_REDUCTION = 2

Pixels = NDArray[np.uint8]


class OverlayFlow(QObject):
    """The flow that supplies the tools of one page at a time."""

    def __init__(self, background: Background, live: LivePicture, parent: QObject) -> None:
        super().__init__(parent)
        self._background = background
        self._live = live
        self._page: CapturePage | None = None
        self._held: Pixels | None = None
        self._earlier_id: str | None = None
        self._archived: dict[tuple[str, ShotKind], Pixels | None] = {}  # None: was asked for
        self._wanted: tuple[str, ShotKind] | None = None
        self._is_computing = False
        self._computed_s = 0.0
        self._kept: frozenset[Tool] = frozenset()
        live.looked.connect(self._on_looked)

    def enter(self, page: CapturePage) -> None:
        """Connect to `page`, and switch on the tools that were on for the previous lesion."""
        self._page = page
        page.tools.trouble_wanted.connect(self._on_trouble_wanted)
        page.tools.restore(self._kept)

    @property
    def kept(self) -> tuple[str, ...]:
        """Return the tools that are switched on again at the next page."""
        return tuple(one.value for one in self._kept)

    def keep(self, tools: tuple[str, ...]) -> None:
        """Switch these tools on at the next page."""
        self._kept = frozenset(map(Tool, tools))

    def leave(self) -> None:
        """Disconnect from the page, and remember which tools were on."""
        if self._page is not None:
            self._kept = self._page.tools.kept
        self._page = self._held = self._earlier_id = self._wanted = None
        self._archived.clear()

    def fetch_earlier(self, vault: Vault, capture: Capture | None) -> None:
        """Fetch the earlier picture of this shot; None if there is none."""
        page = self._page
        self._wanted = None
        wanted = capture.id if capture is not None else None
        if page is None or wanted == self._earlier_id:
            return  # taking a picture again keeps the one shown over it
        self._earlier_id = wanted
        page.tools.show_earlier(None)
        if capture is None:
            return

        def show(picture: Pixels) -> None:
            if self._page is page and self._earlier_id == wanted:
                page.tools.show_earlier(picture)

        # the summary reports a damaged picture
        self._background.on_vault(_earlier, vault, capture).then(show).silently()

    def fetch_archived(
        self, lesion: Lesion, shot: ShotKind, job: Callable[[], Pixels | None]
    ) -> None:
        """Fetch the picture of an earlier visit by `job`, once; it may wait for the network."""
        page = self._page
        if page is None:
            return
        key = self._wanted = (lesion.id, shot)
        page.tools.show_earlier(self._archived.get(key))
        if key in self._archived:
            return
        self._archived[key] = None

        def show(picture: Pixels | None) -> None:
            if self._page is page:
                self._archived[key] = picture
                if self._wanted == key:
                    page.tools.show_earlier(picture)

        # the review says why the archive does not answer; here it would stand over the picture
        self._background.watch(in_a_thread(job)).then(show).silently()

    def review(self, held: Pixels | None) -> None:
        """Show areas of trouble of the held picture; None returns to the live one."""
        self._held = held
        if held is not None and self._page is not None and self._page.tools.is_on(Tool.TROUBLE):
            self._compute(held)

    def _on_trouble_wanted(self, wanted: bool) -> None:
        if wanted and self._held is not None:
            self._compute(self._held)

    def _on_looked(self) -> None:
        page = self._page
        if page is None or self._is_computing or not page.tools.is_on(Tool.TROUBLE):
            return
        due = perf_counter() - self._computed_s >= _TROUBLE_EVERY_S
        if due and page.stage is Stage.AIMING and self._live.frame is not None:
            self._compute(self._live.frame)

    def _compute(self, picture: Frame | Pixels) -> None:
        page, held = self._page, self._held
        if page is None:
            return
        self._is_computing = True
        self._computed_s = perf_counter()

        def show(areas: TroubleAreas) -> None:
            self._is_computing = False
            if self._page is page and self._held is held and page.tools.is_on(Tool.TROUBLE):
                page.tools.show_trouble(areas.soft, areas.lost)

        def failed(_trouble: StationError) -> None:
            self._is_computing = False

        computing = self._background.at_low_priority(_areas, picture, page.aim.shot)
        computing.then(show).otherwise(failed).even_after_session()


def _areas(picture: Frame | Pixels, shot: ShotKind) -> TroubleAreas:
    return trouble_areas(pixels_of(picture) if isinstance(picture, Frame) else picture, shot)


def _earlier(vault: Vault, capture: Capture) -> Pixels:
    image = vault.captures.image(capture.id)
    return upright(decode_srgb(image, _EARLIER_REDUCTION), capture.details.orientation)
