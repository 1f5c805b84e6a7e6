"""The panel that guides the operator through measuring the scale on a ruler. GUI thread.

Part of the capture page. At least three lengths are needed; `workflow.measuring` checks each.
"""

from PySide6.QtCore import QPointF, QSizeF, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dermstation.domain.errors import StationError
from dermstation.ui.parts.button import button
from dermstation.ui.parts.choice import Choice
from dermstation.ui.parts.field import Problem
from dermstation.ui.parts.text import WrapLabel, card, label
from dermstation.ui.theme import Space
from dermstation.workflow.capture_keys import Act, Tool, row_of
from dermstation.workflow.measuring import (
    LEAST_SPANS,
    LEAST_TURN_DEG,
    Scale,
    Span,
    check_span,
    estimate,
    scale_of,
    widest_turn_deg,
)
from dermstation.workflow.messages import message_for

_MARKS = " or ".join(row_of(act).key for act in (Act.FIRST_MARK, Act.SECOND_MARK))
_ZOOM = row_of(Tool.ZOOM).key
LENGTHS_MM = (5, 10, 15, 20, 25)
_AT_FIRST_MM = 10
_AIMING = (
    "Lay a millimetre ruler flat under the glass, as you would on skin.",
    "When its lines are sharp, take the picture.",
)
_MARKING = (
    "Put mark 1 and mark 2 on lines of the ruler, {mm} mm apart.",
    f"Drag them, or press {_MARKS}, then the arrow keys (with Shift: ten times). {_ZOOM} zooms in.",
)


class ScalePanel(QWidget):
    """The steps, the known length, the lengths measured so far, and the resulting scale."""

    changed = Signal()
    length_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._spans: list[Span] = []
        self._is_marking = False
        self._steps = [WrapLabel() for _ in range(2)]
        self.length = Choice()
        self.length.setAccessibleName("Known length between the marks")
        for mm in LENGTHS_MM:
            self.length.addItem(f"{mm} mm", mm)
        self.length.setCurrentIndex(LENGTHS_MM.index(_AT_FIRST_MM))
        self.length.currentIndexChanged.connect(self._on_length)
        self._length_row = QWidget()
        self._problem = Problem()
        self._measured = WrapLabel()
        self._result = label(role="heading", wrap=True)
        new = row_of(Act.NEW_PICTURE)
        self.another = button(f"&{new.word}  ({new.key})")
        self.another.setToolTip(new.tip)
        self.drop = button("&Remove last")
        self.drop.setToolTip("Remove the last length")
        self.drop.clicked.connect(self.remove_last)
        self._lay_out()
        self.restart()

    def restart(self) -> None:
        """Start again with no lengths, at the live picture."""
        self._spans.clear()
        self.show_aiming()

    def show_aiming(self) -> None:
        """Show how to take the picture of the ruler."""
        self._is_marking = False
        self._show()

    def show_marking(self) -> None:
        """Show how to place the marks."""
        self._is_marking = True
        self._show()

    def add(self, ends: tuple[QPointF, QPointF], full: QSizeF) -> bool:
        """Add a length between two shares of a picture of `full` px; return whether it counts."""
        first, second = ends
        width, height = full.width(), full.height()
        span = Span(
            first.x() * width,
            first.y() * height,
            second.x() * width,
            second.y() * height,
            float(self.length_mm),
        )
        try:
            check_span(span, round(width), round(height))
        except StationError as trouble:
            self._problem.show_words(str(message_for(trouble)))
            return False
        self._spans.append(span)
        self._show()
        return True

    def remove_last(self) -> None:
        """Remove the last length."""
        if self._spans:
            self._spans.pop()
            self._show()

    @property
    def length_mm(self) -> int:
        """Return the known length in mm."""
        return int(self.length.currentData())

    @property
    def result(self) -> Scale | None:
        """Return the scale, or None until there are enough lengths and they agree."""
        try:
            return scale_of(self._spans)
        except StationError:
            return None

    @property
    def words(self) -> str:
        """Return what was measured and what is missing, as shown."""
        parts = (self._measured.text(), self._result.text(), self._problem.words)
        return " ".join(part for part in parts if part)

    def _lay_out(self) -> None:
        steps, inside = card()
        inside.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        for line in self._steps:
            inside.addWidget(line)
        row = QHBoxLayout(self._length_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label("Known length", "strong"))
        row.addWidget(self.length, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(label("Measure the scale", "heading"))
        layout.addWidget(steps)
        layout.addWidget(self._length_row)
        layout.addWidget(self._measured)
        layout.addWidget(self._result)
        layout.addWidget(self.another)
        layout.addWidget(self.drop)
        layout.addWidget(self._problem)
        layout.addStretch(1)

    def _on_length(self) -> None:
        self._show()
        self.length_changed.emit()

    def _show(self) -> None:
        words = _MARKING if self._is_marking else _AIMING
        for place, (line, text) in enumerate(zip(self._steps, words, strict=True)):
            line.setText(f"{place + 1}. {text.format(mm=self.length_mm)}")
        self._length_row.setVisible(self._is_marking)
        self.another.setVisible(self._is_marking)
        self.drop.setVisible(self._is_marking and bool(self._spans))
        self._problem.show_words("")
        self._measured.setText("\n".join(self._lines()))
        self._measured.setVisible(bool(self._spans))
        self._show_result()
        self.changed.emit()

    def _lines(self) -> list[str]:
        if not self._spans:
            return []
        whole = estimate(self._spans).mm_per_px
        lines = []
        for place, span in enumerate(self._spans):
            off = (span.length_mm / span.length_px / whole - 1) * 100
            deviation = f"{off:+.1f} %".replace("-", "\u2212")
            known, seen = f"{span.length_mm:.0f} mm", f"{span.length_px:.0f} px"
            lines.append(f"{place + 1}.  {known} = {seen}  ({deviation})")
        return lines

    def _show_result(self) -> None:
        try:
            scale = scale_of(self._spans)
        except StationError as trouble:
            self._result.setText(self._still_needed(trouble))
            return
        percent = scale.relative_error * 100
        self._result.setText(f"1 mm = {1 / scale.mm_per_px:.1f} px, \u00b1 {percent:.1f} %")

    def _still_needed(self, trouble: StationError) -> str:
        missing = LEAST_SPANS - len(self._spans)
        if missing > 0:
            if not self._spans or widest_turn_deg(self._spans) >= LEAST_TURN_DEG:
                return f"{missing} more to measure."
            across = "across the others" if missing == 1 else "one of them across the others"
            return f"{missing} more to measure, {across}."
        return str(message_for(trouble))
