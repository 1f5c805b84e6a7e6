"""Draw on a copy of a picture: arrows and rings that mark, or areas that cover. GUI thread."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dermstation.domain.copies import SHAPES_MOST, SHAPES_OF, CopyKind, Shape, ShapeKind
from dermstation.ui.parts.button import button
from dermstation.ui.parts.folding import Narrow
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import ElidedLabel, WrapLabel, card, count_words, label
from dermstation.ui.review.drawing_board import DrawingBoard
from dermstation.ui.review.shared_zoom import SharedZoom
from dermstation.ui.review.zoom_buttons import ZoomButtons
from dermstation.ui.theme import Space

DRAFT_AFTER_MS = 400
_SIDE_PX = 340
_TOOL_WORDS = {
    ShapeKind.ARROW: "&Arrow",
    ShapeKind.RING: "&Ring",
    ShapeKind.RECTANGLE: "&Rectangle",
    ShapeKind.ELLIPSE: "&Ellipse",
}
_TITLES = {CopyKind.MARKED: "Mark", CopyKind.COVERED: "Cover"}
_HELP = {
    CopyKind.MARKED: "Drag an arrow from its tail to the lesion, or drag a ring around it.",
    CopyKind.COVERED: "Drag over everything that could identify the patient. Cover generously.",
}
_KEYS = (
    "N: add. Arrow keys: move, Ctrl finely, Shift resize. Page Up: next. Del: remove. + \u2212"
    " 0: zoom."
)
_MARK_MEANS = (
    "The original is not changed. The package will contain both the original and the marked copy."
)
_COVER_KEPT = (
    "These areas are overwritten for good in a copy. The package will contain the copy in place"
    " of the original. The original stays on this PC until the episode is wiped."
)
_COVER_WIPED = (
    "These areas are overwritten for good in a copy. The original is wiped at once and cannot"
    " be brought back."
)


class DrawingPage(Page):
    """The page with the picture at the left, and the tools and keys at the right."""

    edited = Signal(tuple)  # the shapes, for the draft
    save_wanted = Signal(tuple)  # the shapes

    def __init__(
        self,
        what: str,
        kind: CopyKind,
        *,
        has_copy: bool = False,
        original_is_kept: bool = True,
    ) -> None:
        """Make the page for a picture called `what`, such as "L1 close-up"."""
        super().__init__(f"{_TITLES[kind]} {what}", framed=False)
        self._kind = kind
        self._draft_timer = QTimer(self)
        self._draft_timer.setSingleShot(True)
        self._draft_timer.setInterval(DRAFT_AFTER_MS)
        self._draft_timer.timeout.connect(lambda: self.edited.emit(self.board.shapes))
        self.zoom = SharedZoom()
        self.board: DrawingBoard = DrawingBoard(
            self.zoom, f"Picture to {_TITLES[kind].lower()}", kind
        )
        self._count = label(role="strong")
        across = QHBoxLayout()
        across.setSpacing(Space.L)
        left = QVBoxLayout()
        left.setSpacing(Space.S)
        left.addLayout(self._make_top())
        left.addWidget(self.board, 1)
        across.addLayout(left, 1)
        across.addWidget(Narrow(self._make_side(original_is_kept)))
        self.content.addLayout(across, 1)
        self.set_back()
        self.add_left(ElidedLabel(_KEYS, "small"))
        copy = "covered copy" if kind is CopyKind.COVERED else "marked copy"
        self.set_primary(f"&Save the {copy}").clicked.connect(self._on_primary)
        self.drop: QPushButton | None = None  # removes the existing copy from use
        if has_copy:
            words = "&Take the cover away" if kind is CopyKind.COVERED else "&Take the mark away"
            self.drop = self.add_secondary(words, "danger")
        self.board.shapes_changed.connect(self._on_changed)
        self.set_first(self.board)
        self._show_count()

    def show_picture(self, pixels: NDArray[np.uint8], shapes: tuple[Shape, ...] = ()) -> None:
        """Show the upright picture, (height, width, 3) BGR, and the shapes drawn on it earlier."""
        self.board.show_pixels(pixels)
        self.board.show_shapes(shapes)
        self._draft_timer.stop()  # nothing has been changed yet

    def flush_draft(self) -> None:
        """Emit the shapes at once if a change is still to be emitted."""
        if self._draft_timer.isActive():
            self._draft_timer.stop()
            self.edited.emit(self.board.shapes)

    def show_busy(self, words: str) -> None:
        """Show that a copy is being made, and allow no drawing meanwhile."""
        super().show_busy(words)
        if words:
            self.setFocus(Qt.FocusReason.OtherFocusReason)  # otherwise a key would reach the header
        self.board.setEnabled(not words)
        if not words:
            self._show_count()
            self.board.setFocus(Qt.FocusReason.OtherFocusReason)

    def drop_draft(self) -> None:
        """Drop the changes that have not been emitted."""
        self._draft_timer.stop()

    def _make_top(self) -> QHBoxLayout:
        top = QHBoxLayout()
        top.setSpacing(Space.S)
        top.addWidget(self.title, 1)
        top.addWidget(ZoomButtons(self.zoom))
        return top

    def _make_side(self, original_is_kept: bool) -> QWidget:
        side = QWidget()
        side.setMinimumWidth(_SIDE_PX)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        frame, inside = card()
        inside.addWidget(WrapLabel(_HELP[self._kind]))
        inside.addLayout(self._make_tools())
        inside.addLayout(self._make_steps())
        inside.addWidget(self._count)
        column.addWidget(frame)
        means = _MARK_MEANS
        if self._kind is CopyKind.COVERED:
            means = _COVER_KEPT if original_is_kept else _COVER_WIPED
        band, told = card("band-info" if original_is_kept else "band-warn")
        told.addWidget(WrapLabel(means, "small"))
        column.addWidget(band)
        column.addStretch(1)
        return side

    def _make_tools(self) -> QHBoxLayout:
        self.tools: dict[ShapeKind, QPushButton] = {}
        self._group = QButtonGroup(self)
        across = QHBoxLayout()
        across.setSpacing(Space.S)
        for shape in SHAPES_OF[self._kind]:
            made = button(_TOOL_WORDS[shape], "choice")
            made.setCheckable(True)
            made.setChecked(shape is self.board.tool)
            made.clicked.connect(lambda _, chosen=shape: self._use(chosen))
            self._group.addButton(made)
            self.tools[shape] = made
            across.addWidget(made)
        return across

    def _make_steps(self) -> QHBoxLayout:
        self.undo = button("&Undo")
        self.undo.setToolTip("Ctrl + Z")
        self.remove = button("Re&move")
        self.undo.clicked.connect(self.board.undo)
        self.remove.clicked.connect(self.board.remove_chosen)
        across = QHBoxLayout()
        across.setSpacing(Space.S)
        across.addWidget(self.undo)
        across.addWidget(self.remove)
        return across

    def _use(self, shape: ShapeKind) -> None:
        self.board.tool = shape
        self.board.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_changed(self) -> None:
        self._draft_timer.start()
        self._show_count()

    def _show_count(self) -> None:
        count = len(self.board.shapes)
        noun = ("area", "areas") if self._kind is CopyKind.COVERED else ("mark", "marks")
        said = count_words(count, *noun) if count else f"No {noun[0]} yet"
        self._count.setText(f"{said}, which is the most" if count >= SHAPES_MOST else said)
        self.undo.setEnabled(self.board.can_undo)
        self.remove.setEnabled(self.board.chosen_shape is not None)
        if self.primary is not None:
            self.primary.setEnabled(bool(count))

    def _on_primary(self) -> None:
        self.save_wanted.emit(self.board.shapes)
