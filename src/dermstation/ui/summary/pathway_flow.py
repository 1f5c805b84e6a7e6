"""The pathway chart, opened from the summary and left with or without a route."""

from pathlib import Path

from PySide6.QtCore import QObject

from dermstation.domain.consents import Answer
from dermstation.domain.errors import StationError
from dermstation.domain.routes import Route
from dermstation.resources import resource_text
from dermstation.ui.frame import places
from dermstation.ui.frame.places import Go
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.summary.pathway_page import PathwayPage
from dermstation.ui.system.opening import open_link
from dermstation.workflow import routing, viewing
from dermstation.workflow.how_to import OwnLink
from dermstation.workflow.pathway import Pathway, load_pathway, read_pathway
from dermstation.workflow.station import Station
from dermstation.workflow.walk import EpisodeView, Step

_OWN = "pathways", "skin_lesions.toml"


class PathwayFlow(QObject):
    """The flow that shows the chart for one episode."""

    def __init__(self, station: Station, shell: Shell, session: Session, go: Go) -> None:
        super().__init__(shell)
        self._station = station
        self._shell = shell
        self._session = session
        self._go = go

    def enter(self, view: EpisodeView) -> None:
        """Read the episode again, with what was just typed, and show the chart."""
        self._session.on_vault(viewing.view_of, view.episode.id).then(self._show)

    def _show(self, view: EpisodeView) -> None:
        pathway, trouble = self._pathway()
        page = PathwayPage(pathway, view, self._open)

        def choose(route: Route, told: Answer) -> None:
            choosing = self._session.submit(routing.choose_route, view.episode.id, route, told=told)
            choosing.then(lambda seen: self._go(places.Standing(seen)))

        page.chosen.connect(choose)
        page.back_pressed.connect(lambda: self._go(places.Standing(view)))
        self._shell.show_page(page, Step.SUMMARY)
        if trouble is not None:
            self._shell.show_trouble(trouble)

    def _open(self, link: OwnLink) -> None:
        try:
            open_link(link)
        except StationError as trouble:
            self._shell.show_trouble(trouble)

    def _pathway(self) -> tuple[Pathway, StationError | None]:
        """Read the practice's chart and links; what cannot be used is left out, with a notice."""
        settings = self._station.settings
        pathway = read_pathway(resource_text(*_OWN))
        try:
            if settings.pathway_file:
                pathway = load_pathway(Path(settings.pathway_file))
            return pathway.with_links(settings.pathway_links), None
        except StationError as trouble:
            return pathway, trouble
