"""Review a lesion's pictures side by side, zoomed together, beside its history. GUI thread.

The page only signals what to do with a picture; the workflow does it, on copies.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from dermstation.domain.copies import CopyKind
from dermstation.domain.lesion_facts import IDENTIFIABLE_WORDS, NAMES_SOMEBODY
from dermstation.domain.records import Capture, Lesion
from dermstation.domain.shots import ShotKind
from dermstation.domain.states import EpisodeState
from dermstation.ui.parts.folding import Narrow, ScrollArea
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.shortening import ShortButton
from dermstation.ui.parts.text import ElidedLabel, card, label
from dermstation.ui.review.picture_tile import (
    PictureTile,
    TileContents,
    earlier_tile,
    earlier_words,
    tiles_of,
)
from dermstation.ui.review.shared_zoom import SharedZoom
from dermstation.ui.review.tile_grid import TileGrid
from dermstation.ui.review.tools import ReviewTools
from dermstation.ui.review.zoom_buttons import ZoomButtons
from dermstation.ui.theme import Colour, Space
from dermstation.workflow.picture_review import Earlier
from dermstation.workflow.walk import EpisodeView

_SIDE_PX = 340
_LEAST_HISTORY_PX = 44
_HINT = "Wheel or + and \u2212: zoom. Drag or arrow keys: move. Enter: show one picture."
_REVIEWABLE = (EpisodeState.OPEN, EpisodeState.CAPTURED, EpisodeState.REVIEWED)

Pixels = NDArray[np.uint8]


class LesionReviewPage(Page):
    """The page with the pictures at the left, and the tools and history at the right."""

    draw_wanted = Signal(str, object)  # capture id, CopyKind
    retake_wanted = Signal(object)  # ShotKind
    left_out = Signal(str, str)  # capture id, reason
    put_back_wanted = Signal(str)  # capture id
    moved = Signal(object, int)  # ShotKind, by
    turn_wanted = Signal(str)  # capture id
    cleared = Signal(str, bool)  # capture id, whether it shows nobody
    chosen = Signal(object)  # ShotKind
    compare_wanted = Signal(object)  # Earlier or None

    def __init__(self, view: EpisodeView, lesion: Lesion) -> None:
        super().__init__(f"{lesion.label} \u00b7 {lesion.site_words}", framed=False)
        self.about = f"{lesion.label}  {lesion.site_words}"
        self._view, self._lesion = view, lesion
        self.zoom = SharedZoom()
        self._pixels: dict[str, Pixels] = {}
        self._key = ""  # of the selected tile
        self._alone = False
        self._earlier: Sequence[Earlier] = ()
        self._compared: Earlier | None = None
        self.tools = ReviewTools(asks_to_cover=self._asks_to_cover)
        self._grid = TileGrid()
        self._history = QPlainTextEdit()
        left = QVBoxLayout()
        left.setSpacing(Space.S)
        left.addLayout(self._make_top())
        left.addWidget(ScrollArea(self._grid), 1)
        across = QHBoxLayout()
        across.setSpacing(Space.L)
        across.addLayout(left, 1)
        across.addWidget(Narrow(self._make_side()))
        self.content.addLayout(across, 1)
        self.set_back()
        self.add_left(ElidedLabel(_HINT, "small"))
        self.done = self.set_primary("&Done")
        self._connect()
        self.show_view(view)

    def show_view(self, view: EpisodeView, lesion: Lesion | None = None) -> None:
        """Show the current pictures; the selected one stays selected if it is still there."""
        self._view = view
        self._lesion = lesion or next(
            (one for one in view.lesions if one.id == self._lesion.id), self._lesion
        )
        self._history.setPlainText(self._lesion.history_words or "No history was recorded.")
        if view.episode.state not in _REVIEWABLE:
            self.tools.set_read_only()
        self._rebuild()

    def show_pixels(self, pixels: Mapping[str, Pixels]) -> None:
        """Show pictures by capture id, as soon as they are decoded."""
        self._pixels |= pixels
        for tile in self.tiles:
            self._fill(tile)

    def forget(self, capture_ids: Collection[str]) -> None:
        """Forget pictures that were decoded before they were turned."""
        for one in capture_ids:
            self._pixels.pop(one, None)

    def show_failed(self, capture_id: str, words: str) -> None:
        """Show why a picture cannot be shown."""
        for tile in self.tiles:
            if tile.contents.key == capture_id:
                tile.still.show_words(words)

    def show_earlier(self, earlier: Sequence[Earlier]) -> None:
        """List the earlier pictures that the selected one can be compared with."""
        self._earlier = earlier
        place = -1
        if self._compared is not None and self._compared in earlier:
            place = list(earlier).index(self._compared)
        self.tools.show_earlier(tuple(map(earlier_words, earlier)), place)

    def choose(self, shot: ShotKind) -> None:
        """Select the picture of a shot."""
        for tile in self.tiles:
            if tile.contents.shot is shot:
                self._choose(tile.contents.key)
                self.set_first(tile.still)
                tile.still.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    @property
    def needed(self) -> tuple[Capture, ...]:
        """Return the ids of captures that are shown but whose pixels are still missing."""
        return tuple(
            tile.contents.capture for tile in self.tiles if tile.contents.key not in self._pixels
        )

    @property
    def tiles(self) -> list[PictureTile]:
        """Return the tiles, whether or not they are all shown."""
        return self._grid.tiles

    @property
    def chosen_tile(self) -> PictureTile | None:
        """Return the tile that the tools act on."""
        return next((one for one in self.tiles if one.contents.key == self._key), None)

    @property
    def _asks_to_cover(self) -> bool:
        return self._lesion.facts.safeguards.identifiable in NAMES_SOMEBODY

    def _make_top(self) -> QHBoxLayout:
        self.alone = ShortButton("This o&ne only", "O&ne")
        self.alone.setCheckable(True)
        top = QHBoxLayout()
        top.setSpacing(Space.S)
        self.title.hide()  # this page shows its heading on one line
        if self._asks_to_cover:  # the bar above names the lesion too
            what = IDENTIFIABLE_WORDS[self._lesion.facts.safeguards.identifiable]
            top.addWidget(IconBox("fair", Colour.FAIR, 18))
            top.addWidget(ElidedLabel(f"Cover {what}", "fair"), 1)
        else:
            top.addWidget(ElidedLabel(self.title.text(), "heading"), 1)
        top.addWidget(ZoomButtons(self.zoom))
        top.addWidget(self.alone)
        return top

    def _make_side(self) -> QWidget:
        side = QWidget()
        side.setMinimumWidth(_SIDE_PX)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        frame, inside = card()
        inside.addWidget(self.tools)
        column.addWidget(frame)
        column.addWidget(label("History", "strong"))
        column.addWidget(self._history, 1)
        self._history.setReadOnly(True)
        self._history.setTabChangesFocus(True)
        self._history.setMinimumHeight(_LEAST_HISTORY_PX)
        # it takes the room that is left, and asks for none, which would scroll the tools
        self._history.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._history.setAccessibleName("History of the lesion")
        return side

    def _connect(self) -> None:
        self.alone.toggled.connect(self._on_alone)
        tools = self.tools
        tools.mark.clicked.connect(lambda: self._tell(self.draw_wanted, CopyKind.MARKED))
        tools.cover.clicked.connect(lambda: self._tell(self.draw_wanted, CopyKind.COVERED))
        tools.left_out.connect(lambda reason: self._tell(self.left_out, reason))
        tools.put_back_wanted.connect(lambda: self._tell(self.put_back_wanted))
        tools.shows_nobody.toggled.connect(lambda on: self._tell(self.cleared, on))
        tools.turn.clicked.connect(lambda: self._tell(self.turn_wanted))
        tools.retake.clicked.connect(lambda: self._tell_shot(self.retake_wanted))
        tools.before.clicked.connect(lambda: self._tell_shot(self.moved, -1))
        tools.after.clicked.connect(lambda: self._tell_shot(self.moved, 1))
        tools.compare.currentIndexChanged.connect(lambda place: self._on_compared(place - 1))

    def _tell(self, signal: SignalInstance, *more: object) -> None:
        """Emit a signal about the selected picture."""
        if (tile := self.chosen_tile) is not None:
            signal.emit(tile.contents.origin_id, *more)

    def _tell_shot(self, signal: SignalInstance, *more: object) -> None:
        if (tile := self.chosen_tile) is not None:
            signal.emit(tile.contents.shot, *more)

    def _on_compared(self, place: int) -> None:
        self._compared = self._earlier[place] if 0 <= place < len(self._earlier) else None
        self._rebuild()
        self.compare_wanted.emit(self._compared)

    def _on_alone(self, alone: bool) -> None:
        self._alone = alone
        self._lay_out()

    def _rebuild(self) -> None:
        """Make the tiles anew."""
        had_focus = any(tile.still.hasFocus() for tile in self.tiles)
        self._grid.replace([self._make_tile(one) for one in self._contents()])
        self.alone.setEnabled(self._alone or len(self.tiles) > 1)
        if self.chosen_tile is None:
            self._key = self.tiles[0].contents.key if self.tiles else ""
        self._lay_out()
        self._show_chosen()
        if (chosen := self.chosen_tile) is not None:
            self.set_first(chosen.still)
            if had_focus:
                chosen.still.setFocus(Qt.FocusReason.OtherFocusReason)

    def _contents(self) -> list[TileContents]:
        listed = tiles_of(self._view, self._lesion)
        if self._compared is None:
            return listed
        return [*(one for one in listed if one.key == self._key), earlier_tile(self._compared)]

    def _make_tile(self, contents: TileContents) -> PictureTile:
        tile = PictureTile(contents, self.zoom, dated=self._compared is not None)
        self._fill(tile)
        tile.still.chosen.connect(lambda: self._choose(contents.key))
        tile.still.opened.connect(self.alone.toggle)
        tile.still.stepped.connect(self._on_stepped)
        return tile

    def _fill(self, tile: PictureTile) -> None:
        pixels = self._pixels.get(tile.contents.key)
        if pixels is not None and not tile.still.has_picture:
            tile.still.show_pixels(pixels)

    def _lay_out(self) -> None:
        """Lay out the tiles side by side, as large as possible, or only the selected one."""
        is_one = self._alone and len(self.tiles) > 1
        chosen = self.chosen_tile
        self._grid.show_tiles([one for one in self.tiles if not is_one or one is chosen])

    def _choose(self, key: str) -> None:
        if key == self._key:
            return
        tile = next((one for one in self.tiles if one.contents.key == key), None)
        if tile is None or tile.contents.is_earlier:
            return
        self._key = key
        self._show_chosen()
        if self._alone:
            self._lay_out()

    def _show_chosen(self) -> None:
        chosen = self.chosen_tile
        for tile in self.tiles:
            tile.still.set_chosen(tile is chosen and len(self.tiles) > 1)
        order = list(self._view.taken(self._lesion))
        contents = chosen.contents if chosen is not None else None
        place = order.index(contents.shot) if contents and contents.shot in order else 0
        self.tools.show_picture(contents, place, len(order))
        if contents is not None:
            cleared = contents.origin_id in self._view.choices.nothing_to_cover
            copy = contents.capture.derivation
            is_covered = copy is not None and copy.kind is CopyKind.COVERED
            can_be = not (contents.is_left_out or is_covered)
            self.tools.show_cleared(cleared=cleared, can_be=can_be)
            if self._compared is None:
                self.chosen.emit(contents.shot)

    def _on_stepped(self, by: int) -> None:
        keys = [one.contents.key for one in self.tiles if not one.contents.is_earlier]
        if self._key in keys and len(keys) > 1:
            self._choose(keys[(keys.index(self._key) + by) % len(keys)])
            if (tile := self.chosen_tile) is not None:
                tile.still.setFocus(Qt.FocusReason.OtherFocusReason)
