"""Help with a shot: its steps beside the picture, and a tip for operators who rarely take it.

Neither blocks the shutter. If the vault cannot be read, there is no tip.
"""

from collections.abc import Collection
from functools import partial

from PySide6.QtCore import QObject

from dermstation.domain.errors import StationError
from dermstation.domain.records import Operator
from dermstation.domain.shots import ShotKind
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.shell import Shell
from dermstation.ui.parts.topics import own_how_to, own_links
from dermstation.ui.system.adorning import adorning
from dermstation.ui.system.opening import open_link
from dermstation.vault.store import Vault
from dermstation.workflow.how_to import OwnLink
from dermstation.workflow.station import Station
from dermstation.workflow.tipping import close_tip, tip_due


class ShotHelpFlow(QObject):
    """The flow that helps on one capture page at a time."""

    def __init__(
        self, station: Station, shell: Shell, background: Background, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._station = station
        self._shell = shell
        self._background = background
        self._page: CapturePage | None = None
        self._who: tuple[Vault, Operator] | None = None
        self._closed: set[ShotKind] = set()  # on this page
        self._done: frozenset[ShotKind] = frozenset()

    def enter(self, page: CapturePage) -> None:
        """Connect to `page`."""
        self._page = page
        self._closed = set()
        page.how_to_wanted.connect(self._on_how_to_wanted)
        page.how_to.links.link_wanted.connect(self._on_link_wanted)
        page.tip.dismissed.connect(self._on_tip_closed)

    def leave(self) -> None:
        """Disconnect from the page."""
        self._page = self._who = None

    def aim(self, vault: Vault, operator: Operator, done: Collection[ShotKind]) -> None:
        """Show the tip for the current shot if it is due; `done` was taken at this visit."""
        self._done = frozenset(done)
        page = self._page
        if page is None:
            return
        self._who = (vault, operator)
        shot = page.aim.shot
        page.tip.show_tip(None)
        if shot in self._closed:
            return
        weeks = self._station.settings.tips_after_weeks
        asking = self._background.on_vault(tip_due, vault, operator, shot, weeks)
        asking.then(partial(self._on_due, page, shot)).silently()

    def _on_due(self, page: CapturePage, shot: ShotKind, due: bool) -> None:
        if due and page is self._page and page.aim.shot is shot:
            with adorning("the tip"):
                page.tip.show_tip(own_how_to().tip(shot))

    def _on_tip_closed(self, shot: ShotKind) -> None:
        self._closed.add(shot)
        if self._page is not None:
            self._page.setFocus()  # not the next button, or Enter would leave the page
        if self._who is not None:
            vault, operator = self._who
            self._background.on_vault(close_tip, vault, operator, shot).silently()

    def _on_how_to_wanted(self, shot: ShotKind) -> None:
        page = self._page
        if page is None:
            return
        links, trouble = own_links(self._station.settings)
        page.how_to.offer(own_how_to().of_shot(shot, self._done), links)
        page.enter_how_to()
        if trouble is not None:
            self._shell.show_trouble(trouble)

    def _on_link_wanted(self, link: OwnLink) -> None:
        try:
            open_link(link)
        except StationError as trouble:
            self._shell.show_trouble(trouble)
