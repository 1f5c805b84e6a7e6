"""The choice of a card or folder: cards appear and disappear until one is opened."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from dermstation.camera.card.pictures import Listing
from dermstation.camera.card.places import CardPlace
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.ui.card.source_page import CardSourcePage
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.shell import Shell
from dermstation.workflow.card_desk import CardDesk
from dermstation.workflow.walk import Step

LOOK_FOR_CARDS_MS = 1500


class CardSourceFlow(QObject):
    """The flow that shows the plugged-in cards and lists the pictures on the chosen one."""

    def __init__(
        self,
        shell: Shell,
        background: Background,
        show_card: Callable[[CardPlace, Listing], None],
        go_back: Callable[[], None],
    ) -> None:
        """`show_card` is called with a card that has pictures; `go_back` leaves the choice."""
        super().__init__(shell)
        self._shell = shell
        self._background = background
        self._show_card = show_card
        self._go_back = go_back
        self._desk: CardDesk | None = None
        self._page: CardSourcePage | None = None
        self._is_looking = False
        self._timer = QTimer(self, interval=LOOK_FOR_CARDS_MS)
        self._timer.timeout.connect(self._look)

    def enter(self, desk: CardDesk, trouble: StationError | None = None) -> None:
        """Ask which card to use; `trouble` tells what happened to the previous one."""
        self._desk = desk
        self._page = page = CardSourcePage()
        page.place_chosen.connect(self._open)
        page.folder_chosen.connect(self._open_folder)
        page.back_pressed.connect(self._go_back)
        self._shell.show_page(page, Step.PICTURES)
        if trouble is not None:
            self._shell.show_trouble(trouble)
        self._is_looking = False
        self._look()
        self._timer.start()

    def leave(self) -> None:
        """Stop looking for cards."""
        self._timer.stop()
        self._desk = self._page = None

    def _look(self) -> None:
        if self._desk is None or self._page is None or self._is_looking:
            return
        self._is_looking = True
        page = self._page
        looking = self._background.watch(self._desk.find())
        looking.then(partial(self._on_places, page)).otherwise(partial(self._on_none, page))

    def _on_places(self, page: CardSourcePage, places: tuple[CardPlace, ...]) -> None:
        if page is self._page:
            self._is_looking = False
            page.show_places(places)

    def _on_none(self, page: CardSourcePage, _trouble: StationError) -> None:
        if page is self._page:
            self._is_looking = False

    def _open_folder(self, path: Path) -> None:
        if self._desk is not None:
            self._background.watch(self._desk.folder(path)).then(self._open)

    def _open(self, place: CardPlace) -> None:
        desk, page = self._desk, self._page
        if desk is None or page is None:
            return
        self._shell.clear_notice()
        page.show_opening(place)
        listing = self._background.watch(desk.listing(place))
        listing.then(partial(self._on_listed, page, place))
        listing.otherwise(partial(self._on_not_listed, page))

    def _on_listed(self, page: CardSourcePage, place: CardPlace, listing: Listing) -> None:
        if page is not self._page:
            return
        if not listing.files:
            trouble = StationError(ErrorCode.CARD_EMPTY, others=listing.others)
            self._on_not_listed(page, trouble)
            return
        self.leave()
        self._show_card(place, listing)

    def _on_not_listed(self, page: CardSourcePage, trouble: StationError) -> None:
        if page is self._page:
            page.show_opening(None)
            self._shell.show_trouble(trouble)
