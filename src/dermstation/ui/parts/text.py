"""Labels of plain text, so that nothing typed is ever interpreted as mark-up. GUI thread."""

import math
from datetime import date

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from dermstation.ui.theme import Space

_MOST_SECONDS = 120  # that are told as such
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def label(text: str = "", role: str = "body", *, wrap: bool = False) -> QLabel:
    """Return a label with a role of the style sheet."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setWordWrap(wrap)
    return made


def card(role: str = "card") -> tuple[QFrame, QVBoxLayout]:
    """Return a panel with a role of the style sheet, and the layout inside it."""
    frame = QFrame()
    frame.setProperty("role", role)
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
    layout.setSpacing(Space.S)
    return frame, layout


def day_words(day: date) -> str:
    """Return a date in the NHS format, whatever the locale: 03-Sep-1958."""
    return f"{day.day:02d}-{_MONTHS[day.month - 1]}-{day.year}"


def month_words(day: date, *, short: bool = False) -> str:
    """Return the month of a date: Sep 2026, or Sep."""
    month = _MONTHS[day.month - 1]
    return month if short else f"{month} {day.year}"


def size_words(size_bytes: int) -> str:
    """Return a file size for people: 640 kB, 1.9 MB."""
    if size_bytes < 1_000_000:
        return f"{max(1, round(size_bytes / 1000))} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def count_words(count: int, one: str, many: str) -> str:
    """Return a count with its noun: 1 picture, 3 pictures."""
    return f"{count} {one if count == 1 else many}"


def wait_words(seconds: int) -> str:
    """Return how long to wait: in minutes if there are several."""
    if seconds <= _MOST_SECONDS:
        return count_words(seconds, "second", "seconds")
    return count_words(-(-seconds // 60), "minute", "minutes")


class WrapLabel(QLabel):
    """A label that wraps anywhere if it must, so that a long name or path is never cut off."""

    def __init__(self, text: str = "", role: str = "body", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        """Return True: the height depends on the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height in px needed for a width in px."""
        return self.lines(self.text(), width)[1]

    def sizeHint(self) -> QSize:
        """Return the preferred size, at most 480 px wide."""
        width = min(self._natural_width(), 480)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size at which nothing is lost."""
        return QSize(min(80, self._natural_width()), self.fontMetrics().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the widget."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        self.lines(self.text(), self.width())[0].draw(painter, QPointF(0, 0))

    def _natural_width(self) -> int:
        self.ensurePolished()
        metrics = QFontMetrics(self.font())
        return max(metrics.horizontalAdvance(line) for line in self.text().split("\n")) + 2

    def lines(
        self, words: str, width: int, weight: QFont.Weight | None = None
    ) -> tuple[QTextLayout, int]:
        """Lay words out in a width, in this or another weight; return them with their height."""
        self.ensurePolished()
        font = QFont(self.font())
        if weight is not None:
            font.setWeight(weight)
        layout = QTextLayout(_unbroken(words), font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, height))
            height += line.height()
        layout.endLayout()
        return layout, max(math.ceil(height), self.fontMetrics().height())


def _unbroken(text: str) -> str:
    """Return the text for a text layout, with e-RS kept on one line and line breaks kept."""
    return text.replace("e-RS", "e\u2011RS").replace("\n", "\u2028")


class ElidedLabel(QLabel):
    """A label of one line, shortened with an ellipsis if it must; its tooltip then has the rest."""

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        super().__init__(text)
        self._elide = elide
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size at which nothing is lost."""
        hint = self.sizeHint()
        return QSize(min(60, hint.width()), hint.height())

    def sizeHint(self) -> QSize:
        """Return the preferred size."""
        self.ensurePolished()
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self.text()) + 2, metrics.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the widget."""
        metrics = QFontMetrics(self.font())
        shown = metrics.elidedText(self.text(), self._elide, self.width())
        self.setToolTip(self.text() if shown != self.text() else "")
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        flags = Qt.AlignmentFlag.AlignVCenter.value | Qt.TextFlag.TextSingleLine.value
        painter.drawText(self.rect(), flags, shown)
