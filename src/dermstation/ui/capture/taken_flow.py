"""What was taken of the lesion: small pictures in the panel, and one of them large when pressed.

GUI thread. A picture that cannot be read leaves its place empty; the summary reports it.
"""

from collections.abc import Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from dermstation.domain.records import Capture
from dermstation.domain.shots import ShotKind
from dermstation.imaging.colour_space import decode_srgb
from dermstation.imaging.orientation import upright
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.frame.background import Background
from dermstation.ui.parts.text import day_words
from dermstation.vault.store import Vault

_SMALL_REDUCTION = 8  # of 1600 px leaves 200, enough for a small picture at 200 %

Pixels = NDArray[np.uint8]


class TakenFlow(QObject):
    """The flow that shows what was taken on one page at a time."""

    def __init__(self, background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._background = background
        self._page: CapturePage | None = None
        self._vault: Vault | None = None
        self._taken: dict[ShotKind, Capture] = {}

    def enter(self, page: CapturePage, vault: Vault) -> None:
        """Connect to `page`."""
        self._page, self._vault = page, vault
        self._taken = {}
        page.aim.shots.taken_wanted.connect(self._on_wanted)

    def leave(self) -> None:
        """Disconnect from the page."""
        self._page = self._vault = None
        self._taken = {}

    def show(self, taken: Mapping[ShotKind, Capture]) -> None:
        """Show the pictures to be sent of each shot that was taken; fetch those that are new."""
        page, vault, before = self._page, self._vault, self._taken
        self._taken = dict(taken)
        if page is None or vault is None:
            return
        for shot, capture in taken.items():
            known = before.get(shot)
            if known is None or known.id != capture.id:
                page.aim.shots.show_picture(shot, None)
                fetching = self._background.on_vault(_decoded, vault, capture, _SMALL_REDUCTION)
                fetching.then(partial(self._on_small, page, capture)).silently()

    def _on_small(self, page: CapturePage, capture: Capture, pixels: Pixels) -> None:
        now = self._taken.get(capture.shot)
        if page is self._page and now is not None and now.id == capture.id:
            page.aim.shots.show_picture(capture.shot, pixels)

    def _on_wanted(self, shot: ShotKind) -> None:
        page, vault, capture = self._page, self._vault, self._taken.get(shot)
        if page is None or vault is None or capture is None:
            return
        at = capture.captured_at.astimezone()
        when = f"Taken on {day_words(at.date())} at {at:%H:%M}"
        page.enter_taken(shot, capture.report.verdict, when)

        def show(pixels: Pixels | None) -> None:
            if page is self._page:
                page.show_taken(shot, pixels)

        opening = self._background.on_vault(_decoded, vault, capture, 1)
        opening.then(show).otherwise(lambda _: show(None))


def _decoded(vault: Vault, capture: Capture, reduction: int) -> Pixels:
    image = vault.captures.image(capture.id)
    return upright(decode_srgb(image, reduction), capture.details.orientation)
