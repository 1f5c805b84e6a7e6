"""Show the care pathway as a chart, each box's text, and what a route still needs. GUI thread.

No route is preselected: the operator opens a box and presses the button.
"""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dermstation.ui.parts.button import button, literal
from dermstation.ui.parts.folding import SideBySide
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, label
from dermstation.ui.summary.chart import Chart
from dermstation.ui.summary.told_row import told_row
from dermstation.ui.theme import PAGE_MAX_PX, Colour, Space
from dermstation.workflow.how_to import OwnLink
from dermstation.workflow.pathway import Box, Pathway
from dermstation.workflow.route_checks import ASKS_TOLD, missing_for
from dermstation.workflow.walk import EpisodeView


class PathwayPage(Page):
    """The page with the chart at the left and the open box at the right."""

    chosen = Signal(object, object)  # Route; Answer: was the patient told

    def __init__(
        self, pathway: Pathway, view: EpisodeView, open_link: Callable[[OwnLink], object]
    ) -> None:
        super().__init__(pathway.title, column_px=PAGE_MAX_PX)
        self._open_link = open_link
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
        self.told = told_row()
        self.told.show_answer(view.told)
        self.told.answered.connect(self._show)
        across = SideBySide(Space.XL)
        left = QVBoxLayout()
        left.addWidget(self.chart)
        left.addStretch(1)
        across.addLayout(left)
        self._panel = QFrame()
        self._panel.setProperty("role", "card")
        self._inside = QVBoxLayout(self._panel)
        self._inside.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        self._inside.setSpacing(Space.XS)
        self._heading = label(role="heading")
        self._inside.addWidget(self._heading)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(Space.XS)
        self._shown: list[QWidget] = []
        self.link_buttons: list[QPushButton] = []
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
        self._add("When", box.criteria)
        self._add("Needs", box.needs)
        if box.route is not None:
            seen = replace(self._view, told=self.told.answer)
            missing = tuple(one.words for one in missing_for(seen, box.route))
            if missing:
                self._add("Still missing", missing, "fair", Colour.FAIR)
            else:
                self._add("", ("Nothing is missing.",), "good", Colour.GOOD)
        self.told.setVisible(box.route in ASKS_TOLD)
        self._show_links(box)
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

    def _show_links(self, box: Box) -> None:
        """Show the links of the box in one row, those of the practice marked as such."""
        self.link_buttons = []
        for link in (*box.links, *box.own_links):
            from_whom = "from your practice, " if link in box.own_links else ""
            made = button(literal(f"{link.title}\u2026"))
            made.setToolTip(f"{from_whom}opens outside the station: {link.target}".capitalize())
            made.clicked.connect(lambda _on, link=link: self._open_link(link))
            self._append(made, f"{link.title}: {from_whom}opens outside the station")
            self._lines.setAlignment(made, Qt.AlignmentFlag.AlignLeft)
            self.link_buttons.append(made)

    def _append(self, line: QWidget, words: str) -> None:
        line.setAccessibleName(words)
        self._shown.append(line)
        self._lines.addWidget(line)

    def _on_primary(self) -> None:
        box: Box = self._boxes[self._open]
        if box.route is not None:
            self.chosen.emit(box.route, self.told.answer)
