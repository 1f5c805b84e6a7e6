"""Tick the weighted 7-point list of a pigmented lesion. Part of the history page; GUI thread.

It asks first whether the lesion is pigmented, ticks what the answers speak for and says so, adds up
the ticks, shows NICE's threshold, and decides nothing.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QVBoxLayout, QWidget

from dermstation.domain.consents import Answer
from dermstation.domain.history_words import LOW_SCORE, NOT_SCORED, SEVEN_POINT_TITLE
from dermstation.domain.lesion_facts import (
    POINTS,
    QUESTION_WORDS,
    SEVEN_POINT_THRESHOLD,
    History,
    Point,
    Question,
)
from dermstation.ui.parts.text import WrapLabel, label
from dermstation.ui.parts.wrapping import WrapCheckBox
from dermstation.ui.parts.yes_no import YesNo
from dermstation.ui.theme import Space

_WIDTH_PX = 476
_ROWS = 4


class SevenPoints(QFrame):
    """The question, seven boxes, "None of these", the score, and the acknowledgement from 3 on."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setFixedWidth(_WIDTH_PX)
        self.boxes = {
            point: WrapCheckBox(f"{words} ({weight})") for point, (words, weight) in POINTS.items()
        }
        self.none = WrapCheckBox("None of these")
        self.pigmented = YesNo(QUESTION_WORDS[Question.PIGMENTED] + "?")
        self._sum = WrapLabel()
        self._from_answers: frozenset[Point] = frozenset()  # what the answers speak for
        self._by_hand: set[Point] = set()  # ticked or cleared in spite of them
        self._origin = WrapLabel("", "small")
        self.acknowledge = QCheckBox("Urgent suspected cancer considered")
        self.acknowledge.setAccessibleDescription(
            "I have considered the urgent suspected cancer route for this lesion"
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.S, Space.M, Space.S)
        layout.setSpacing(0)
        layout.addWidget(label(SEVEN_POINT_TITLE, "strong", wrap=True))
        layout.addWidget(self.pigmented)
        self._list = QWidget()
        grid = QGridLayout(self._list)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(0)
        for place, box in enumerate((*self.boxes.values(), self.none)):
            grid.addWidget(box, place % _ROWS, place // _ROWS)
        layout.addWidget(self._list)
        layout.addWidget(self._origin)
        layout.addWidget(self._sum)
        layout.addWidget(self.acknowledge)
        layout.addStretch(1)
        for point, box in self.boxes.items():
            box.toggled.connect(self._on_ticked)
            box.clicked.connect(lambda _on, point=point: self._on_hand(point))
        self.pigmented.answered.connect(self._on_pigmented)
        self.none.toggled.connect(self._on_none)
        self.acknowledge.toggled.connect(lambda _: self.edited.emit())
        self._show_sum()

    @property
    def points(self) -> frozenset[Point] | None:
        """Return the ticked points, or None if nothing is ticked, or the list does not apply."""
        if self.pigmented.answer is Answer.NO:
            return None
        ticked = frozenset(point for point, box in self.boxes.items() if box.isChecked())
        return ticked if ticked or self.none.isChecked() else None

    @property
    def acknowledged(self) -> bool:
        """Return whether the operator ticked that the suspected-cancer route was considered."""
        return self.acknowledge.isChecked()

    @property
    def words(self) -> str:
        """Return the score and NICE's advice on it."""
        return self._sum.text()

    def show_points(
        self, points: frozenset[Point] | None, pigmented: Answer, *, acknowledged: bool
    ) -> None:
        """Show the answer and the ticks recorded earlier."""
        self.blockSignals(True)
        self.pigmented.show_answer(pigmented)
        for point, box in self.boxes.items():
            box.setChecked(points is not None and point in points)
        self.none.setChecked(points is not None and not points)
        self.acknowledge.setChecked(acknowledged)
        self._by_hand = set(points ^ self._from_answers) if points is not None else set()
        self.follow(self._from_answers)
        self.blockSignals(False)

    def follow(self, found: frozenset[Point]) -> None:
        """Tick what the answers speak for, unless it was ticked or cleared by hand."""
        self._from_answers = found
        if self.pigmented.answer is Answer.YES:
            for point, box in self.boxes.items():
                if point not in self._by_hand and box.isChecked() != (point in found):
                    box.setChecked(point in found)
        self._show_sum()

    @property
    def from_answers(self) -> frozenset[Point]:
        """Return the ticks that come from the answers."""
        return self._from_answers & (self.points or frozenset()) - self._by_hand

    def _on_hand(self, point: Point) -> None:
        """Remember a box that is not as the answers say."""
        if self.boxes[point].isChecked() == (point in self._from_answers):
            self._by_hand.discard(point)
        else:
            self._by_hand.add(point)
        self._show_sum()

    def _on_pigmented(self) -> None:
        self.follow(self._from_answers)
        self.edited.emit()

    def _on_ticked(self, on: bool) -> None:
        if on:
            self.none.setChecked(False)
        self._show_sum()
        self.edited.emit()

    def _on_none(self, on: bool) -> None:
        if on:
            self._by_hand |= self._from_answers
            for box in self.boxes.values():
                box.setChecked(False)
        self._show_sum()
        self.edited.emit()

    def _show_sum(self) -> None:
        found = History(points=self.points)
        is_scored = self.pigmented.answer is Answer.YES or found.points is not None
        self._list.setVisible(is_scored)
        followed = [POINTS[one][0].lower() for one in Point if one in self.from_answers]
        self._origin.setText(f"From your answers: {', '.join(followed)}.")
        self._origin.setVisible(is_scored and bool(followed))
        if self.pigmented.answer is Answer.NO:
            words = NOT_SCORED
        elif not is_scored:
            words = "Answer this first."
        elif found.score is None:
            words = "Not assessed yet."
        elif found.suggests_cancer_route:
            words = (
                f"Score {found.score}. At {SEVEN_POINT_THRESHOLD} or more, NICE advises the urgent"
            )
            words += " suspected cancer route. You choose the route."
        else:
            words = f"Score {found.score}; NICE's threshold is {SEVEN_POINT_THRESHOLD}. {LOW_SCORE}"
        self._sum.setText(words)
        self.acknowledge.setVisible(found.suggests_cancer_route)
