"""Show the care pathway as a chart, each box's text, and what a route still needs. GUI thread.

No route is preselected: the operator opens a box and presses the button.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from dermstation.domain.consents import Answer
from dermstation.domain.lesion_facts import Question
from dermstation.domain.routes import Route
from dermstation.ui.parts.folding import SideBySide
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, label
from dermstation.ui.summary.chart import Chart
from dermstation.ui.theme import Colour, Space
from dermstation.workflow.pathway import Box, Pathway
from dermstation.workflow.route_checks import still_missing
from dermstation.workflow.walk import EpisodeView

_COLUMN_PX = 1320
_ASKS_TOLD = (Route.RADS, Route.USC)


class PathwayPage(Page):
    """The page with the chart at the left and the open box at the right."""

    chosen = Signal(object, object)  # Route; Answer: was the patient told

    def __init__(self, pathway: Pathway, view: EpisodeView) -> None:
        super().__init__(pathway.title, column_px=_COLUMN_PX)
        self._view = view
        self._boxes = {box.id: box for box in pathway.boxes}
        route = view.episode.route
        self._chosen = pathway.of_route(route).id if route is not None else ""
        self._open = self._chosen or pathway.boxes[0].id
        self.chart = Chart(
            {box.id: box.title for box in pathway.boxes},
            {box.id: (box.row, box.column) for box in pathway.boxes},
            {box.id: box.after for box in pathway.boxes},
        )
        self.chart.pressed.connect(self.open_box)
        self.told = QCheckBox("The patient has been told")
        self.told.setAccessibleDescription(
            "The patient was told that it is, or may become, a suspected-cancer referral"
        )
        self.told.setChecked(view.told is Answer.YES)
        self._in_history = any(
            lesion.facts.history.answer(Question.TOLD_OF_CANCER) is Answer.YES
            for lesion in view.lesions
        )
        self.told.toggled.connect(lambda _: self._show())
        across = SideBySide(Space.XL)
        left = QVBoxLayout()
        left.addWidget(self.chart)
        left.addStretch(1)
        across.addLayout(left)
        self._panel = QFrame()
        self._panel.setProperty("role", "card")
        self._inside = QVBoxLayout(self._panel)
        self._inside.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        self._inside.setSpacing(Space.S)
        self._heading = label(role="heading")
        self._inside.addWidget(self._heading)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(Space.XS)
        self._shown: list[QWidget] = []
        self._inside.addLayout(self._lines)
        self._inside.addWidget(self.told)
        self._inside.addStretch(1)
        self._source = WrapLabel(role="small")
        self._inside.addWidget(self._source)
        across.addWidget(self._panel, 1)
        self.content.addLayout(across, 1)
        self.set_primary("&Choose this route").clicked.connect(self._on_primary)
        self.set_back()
        self.set_first(self.chart.boxes[self._open])
        self._show()

    def open_box(self, name: str) -> None:
        """Open a box and show its text."""
        self._open = name
        self._show()

    @property
    def words(self) -> str:
        """Return the words of the open box, as shown."""
        shown = [one.accessibleName() for one in self._shown]
        return " ".join([self._heading.text(), *shown, self._source.text()])

    def _show(self) -> None:
        box = self._boxes[self._open]
        self._heading.setText(box.title)
        for line in self._shown:
            self._lines.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._shown = []
        self._add("", (box.text,))
        self._add("When", tuple(filter(None, (" ".join(box.criteria),))))
        self._add("Needs", tuple(filter(None, (" ".join(box.needs),))))
        if box.route is not None:
            missing = still_missing(self._view, box.route, told=self._answer)
            if missing:
                self._add("Still missing", missing, "fair", Colour.FAIR)
            else:
                self._add("", ("Nothing is missing.",), "good", Colour.GOOD)
        asks = box.route in _ASKS_TOLD
        self.told.setVisible(asks and not self._in_history)
        if asks and self._in_history:
            self._add("", ("The history says that the patient was told.",), "good", Colour.GOOD)
        self._source.setText(f"{box.source}. {box.date}.")
        self.chart.mark(self._open, self._chosen)
        if self.primary is not None:
            self.primary.setEnabled(box.route is not None)

    def _add(
        self, title: str, lines: tuple[str, ...], picture: str = "", colour: Colour = Colour.INK
    ) -> None:
        if title and lines:
            self._append(label(title, "strong"), title)
        for words in lines:
            line = QFrame()
            across = QHBoxLayout(line)
            across.setContentsMargins(0, 0, 0, 0)
            across.setSpacing(Space.S)
            if picture:
                across.addWidget(IconBox(picture, colour, 18))
            across.addWidget(WrapLabel(words), 1)
            self._append(line, words)

    def _append(self, line: QWidget, words: str) -> None:
        line.setAccessibleName(words)
        self._shown.append(line)
        self._lines.addWidget(line)

    @property
    def _answer(self) -> Answer:
        return Answer.YES if self.told.isChecked() else Answer.NOT_ASKED

    def _on_primary(self) -> None:
        box: Box = self._boxes[self._open]
        if box.route is not None:
            self.chosen.emit(box.route, self._answer)
