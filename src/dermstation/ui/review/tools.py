"""The tools for the selected picture in a review. Part of the review page; GUI thread."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from dermstation.ui.parts.button import button
from dermstation.ui.parts.choice import Choice
from dermstation.ui.parts.reason import ReasonChoice
from dermstation.ui.parts.text import ElidedLabel, label
from dermstation.ui.review.picture_tile import TileContents
from dermstation.ui.theme import TARGET_PX, Space

SOURCE = "G-care: Use of images for clinical purposes"
LEFT_OUT_REASONS = (
    "Not needed for the question",
    "Face, tattoo or name visible",
    "Too poor to be useful",
    "Shows another lesion",
    "Another reason (say which)",
)
COMPARE = "Compare with\u2026"
NOTHING_TO_COMPARE = "No earlier picture to compare"


class ReviewTools(QWidget):
    """The buttons for the selected picture, the reason for leaving it out, and the comparison."""

    left_out = Signal(str)  # reason
    put_back_wanted = Signal()

    def __init__(self, *, asks_to_cover: bool) -> None:
        super().__init__()
        self._is_left_out = False
        self._asks_to_cover = asks_to_cover
        self.mark = button("&Mark\u2026")
        self.cover = button("Co&ver\u2026")
        self.retake = button("Re&take")
        self.leave = button("Leave &out\u2026")
        self.turn = button("Tu&rn")
        self.before = button("\u25c0", "icon")
        self.after = button("\u25b6", "icon")
        self.shows_nobody = QCheckBox("Not identif&ying")
        self.compare = Choice()
        self.why = ReasonChoice("Reason for leaving the picture out", LEFT_OUT_REASONS)
        self._name = ElidedLabel(role="heading")
        self._stack = QStackedLayout()
        self._stack.addWidget(self._make_buttons())
        self._stack.addWidget(self._make_reason())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        top = QHBoxLayout()
        top.setSpacing(Space.S)
        top.addWidget(self._name, 1)
        top.addWidget(self.before)
        top.addWidget(self.after)
        layout.addLayout(top)
        layout.addLayout(self._stack)
        self._connect()

    def show_picture(self, contents: TileContents | None, place: int, count: int) -> None:
        """Offer what can be done with a picture at position `place` of `count` shots."""
        self._stack.setCurrentIndex(0)
        is_one = contents is not None and not contents.is_earlier
        self._is_left_out = contents is not None and contents.is_left_out
        self._name.setText(contents.title if contents is not None else "No picture")
        for made in (self.mark, self.cover, self.turn):
            made.setEnabled(is_one and not self._is_left_out)
        for made in (self.retake, self.leave):
            made.setEnabled(is_one)
        self.leave.setText("Put &back" if self._is_left_out else "Leave &out\u2026")
        self.leave.setAccessibleName("Put back" if self._is_left_out else "Leave out")
        self.before.setEnabled(is_one and place > 0)
        self.after.setEnabled(is_one and place < count - 1)
        self.shows_nobody.setVisible(self._asks_to_cover)

    def show_cleared(self, *, cleared: bool, can_be: bool) -> None:
        """Show whether the picture was ticked as showing nothing that identifies the patient."""
        self.shows_nobody.blockSignals(True)
        self.shows_nobody.setChecked(cleared)
        self.shows_nobody.blockSignals(False)
        self.shows_nobody.setEnabled(can_be)

    def show_earlier(self, words: tuple[str, ...], chosen: int = -1) -> None:
        """List the pictures that the selected one can be compared with."""
        self.compare.blockSignals(True)
        self.compare.clear()
        self.compare.addItems([COMPARE if words else NOTHING_TO_COMPARE, *words])
        self.compare.setCurrentIndex(chosen + 1)
        self.compare.blockSignals(False)
        self.compare.setEnabled(bool(words))

    def set_read_only(self) -> None:
        """Leave only viewing and comparing, because the package has been made."""
        changing = (self.mark, self.cover, self.retake, self.leave, self.turn)
        for made in (*changing, self.before, self.after):
            made.setVisible(False)
        self.shows_nobody.setVisible(False)

    def _make_buttons(self) -> QWidget:
        for made, words in (
            (self.before, "Move the picture one place earlier"),
            (self.after, "Move the picture one place later"),
        ):
            made.setAccessibleName(words)
            made.setToolTip(words)
            made.setFixedWidth(TARGET_PX)
        self.shows_nobody.setAccessibleDescription(
            "This picture shows nothing that could identify the patient"
        )
        self.compare.setAccessibleName("Compare with an earlier picture")
        self.compare.setMinimumContentsLength(12)
        self.compare.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.turn.setToolTip("Turn the picture a quarter turn to the right")
        self.turn.setAccessibleDescription("Turns the picture a quarter turn to the right")
        grid = QGridLayout()
        grid.setSpacing(Space.S)
        pairs = ((self.mark, self.cover), (self.retake, self.turn))
        for row, pair in enumerate(pairs):
            for column, made in enumerate(pair):
                grid.addWidget(made, row, column)
        grid.addWidget(self.leave, len(pairs), 0, 1, 2)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addLayout(grid)
        layout.addWidget(self.shows_nobody)
        layout.addWidget(self.compare)
        layout.addStretch(1)
        return page

    def _make_reason(self) -> QWidget:
        self.confirm = button("Leave it o&ut", "danger")
        self.cancel = button("&Keep it")
        across = QHBoxLayout()
        across.setSpacing(Space.S)
        across.addWidget(self.cancel)
        across.addWidget(self.confirm)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(label("Reason (it will be printed)", "strong"))
        layout.addWidget(self.why)
        layout.addLayout(across)
        layout.addStretch(1)
        return page

    def _connect(self) -> None:
        self.leave.clicked.connect(self._on_leave)
        self.cancel.clicked.connect(self._on_cancel)
        self.confirm.clicked.connect(self._on_confirm)

    def _on_leave(self) -> None:
        if self._is_left_out:
            self.put_back_wanted.emit()
            return
        self.why.restart()
        self._stack.setCurrentIndex(1)
        self.why.choice.setFocus()

    def _on_cancel(self) -> None:
        self._stack.setCurrentIndex(0)
        self.leave.setFocus()

    def _on_confirm(self) -> None:
        if self.why.reason:
            self.left_out.emit(self.why.reason)
        else:
            self.why.show_problem("Choose a reason, or give your own.")
            self.why.focus_missing()
