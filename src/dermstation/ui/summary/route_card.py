"""Ask for the route, and whether the patient was told of a possible cancer. GUI thread.

No route is preselected.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QVBoxLayout

from dermstation.domain.routes import ROUTE_GUIDES, Route
from dermstation.ui.parts.button import button, literal
from dermstation.ui.parts.field import Problem
from dermstation.ui.parts.text import label
from dermstation.ui.parts.wrapping import WrapRadio
from dermstation.ui.summary.told_row import told_row
from dermstation.ui.theme import Space
from dermstation.workflow.route_checks import ASKS_TOLD


class RouteCard(QFrame):
    """The routes, and the question that some of them ask."""

    changed = Signal()  # another route, or another answer

    def __init__(self, route: Route | None) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.routes = {one: WrapRadio(literal(guide.title)) for one, guide in ROUTE_GUIDES.items()}
        self.chart = button("Chart", "link")
        self.chart.setAccessibleName(
            "Show the pathway chart: the purpose and requirements of each route"
        )
        self.told = told_row()
        self._problem = Problem()
        self._group = QButtonGroup(self)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        inside.setSpacing(0)
        top = QHBoxLayout()
        top.addWidget(label("Which route?", "heading"), 1)
        top.addWidget(self.chart)
        inside.addLayout(top)
        for one, choice in self.routes.items():
            self._group.addButton(choice)
            choice.setChecked(one is route)
            choice.setAccessibleDescription(ROUTE_GUIDES[one].meaning)
            choice.setToolTip(ROUTE_GUIDES[one].meaning)
            inside.addWidget(choice)
        for part in (self.told, self._problem):
            inside.addWidget(part)
        self._group.buttonToggled.connect(lambda *_: self._on_changed())
        self.told.answered.connect(self._on_changed)
        self.told.setVisible(route in ASKS_TOLD)

    @property
    def route(self) -> Route | None:
        """Return the chosen route, or None."""
        return next((route for route, one in self.routes.items() if one.isChecked()), None)

    @property
    def problem(self) -> str:
        """Return the words about what is missing."""
        return self._problem.words

    def show_problem(self, words: str) -> None:
        """Show what is missing."""
        self._problem.show_words(words)

    def _on_changed(self) -> None:
        self.show_problem("")
        self.told.setVisible(self.route in ASKS_TOLD)
        self.changed.emit()
