"""The thumbnails of a card, read one after the other, and what the vault knows of each picture.

Lives on the window's thread; the card's thread reads, and the vault's thread is asked. One picture
is read at a time, so that a picture wanted in full never waits long.
"""

from collections.abc import Callable
from functools import partial

from dermstation.camera.card.pictures import CardFile, CardThumbnail, ExifFacts, Listing
from dermstation.camera.card.places import CardPlace
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import now
from dermstation.ui.card import words
from dermstation.ui.card.page import CardPage
from dermstation.ui.card.picture_grid import Tone
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.session import Session
from dermstation.workflow.camera_clock import check_clock
from dermstation.workflow.card_desk import CardDesk
from dermstation.workflow.card_erasing import on_this_card
from dermstation.workflow.importing import CardState, card_state

_ASK_FROM = 16  # this many new pictures at once: the vault has other work too
_CARD_TROUBLES = {ErrorCode.CARD_ABSENT, ErrorCode.CARD_UNREADABLE}


class CardThumbnails:
    """The loader of one card's thumbnails into the grid of one page."""

    def __init__(
        self,
        desk: CardDesk,
        background: Background,
        session: Session,
        *,
        episode_id: str,
        lost: Callable[[StationError], object],
    ) -> None:
        self._desk = desk
        self._background = background
        self._session = session
        self._episode_id = episode_id
        self._lost = lost
        self._page: CardPage | None = None
        self._place: CardPlace | None = None
        self._paths: set[str] = set()
        self._waiting: list[CardFile] = []
        self._hashes: dict[str, str] = {}  # SHA-256 by path
        self._exifs: list[ExifFacts] = []
        self._asked: set[str] = set()
        self._is_asking = False

    def show(self, page: CardPage, place: CardPlace, listing: Listing) -> None:
        """Fill the page's grid, the newest picture first."""
        self._page, self._place = page, place
        self._paths = {file.path for file in listing.files}
        self._hashes, self._exifs, self._asked = {}, [], set()
        self._waiting = list(reversed(listing.files))
        page.choose.show_card(place.label, words.counts(listing))
        page.grid.show_files([(file.path, file.shown_name) for file in listing.files])
        self._next()
        self.ask_vault()

    def stop(self) -> None:
        """Stop reading, because the page is gone."""
        self._page = None
        self._waiting = []
        self._hashes = {}

    def ask_vault(self) -> None:
        """Ask the vault again about the pictures read so far."""
        if self._is_asking or self._page is None:
            return
        self._is_asking = True
        hashes = set(self._hashes.values())
        self._asked = hashes
        asking = self._session.on_vault(card_state, self._episode_id, hashes)
        asking.then(self._on_state).otherwise(self._on_no_state)

    def _next(self) -> None:
        if self._page is None or self._place is None or not self._waiting:
            return
        file, page = self._waiting.pop(), self._page
        reading = self._background.watch(self._desk.thumbnail(self._place, file.path))
        reading.then(partial(self._on_thumbnail, page, file))
        reading.otherwise(partial(self._on_bad, page, file))

    def _on_thumbnail(self, page: CardPage, file: CardFile, thumbnail: CardThumbnail) -> None:
        if page is not self._page:
            return  # another card was opened in the meantime
        is_twice = thumbnail.sha256 in self._hashes.values()
        self._hashes[file.path] = thumbnail.sha256
        self._exifs.append(thumbnail.exif)
        page.grid.show_picture(file.path, thumbnail.pixels, words.when(thumbnail.exif))
        if is_twice:
            page.grid.mark(file.path, "Same picture again", Tone.WARN)
        page.choose.show_clock(check_clock(self._exifs, now()).words)
        if not self._waiting or len(self._hashes) - len(self._asked) >= _ASK_FROM:
            self.ask_vault()
        self._next()

    def _on_bad(self, page: CardPage, file: CardFile, trouble: StationError) -> None:
        if page is not self._page:
            return
        if trouble.code in _CARD_TROUBLES:
            self._lost(trouble)
            return
        page.grid.show_failed(file.path, words.refusal(trouble))
        if not self._waiting:
            self.ask_vault()
        self._next()

    def _on_state(self, state: CardState) -> None:
        self._is_asking = False
        if self._page is None or self._place is None:
            return
        self._page.show_copies(len(on_this_card(state.copies, self._place, self._paths)))
        for path, sha256 in self._hashes.items():
            if sha256 in state.known:
                self._page.grid.mark(path, *words.MARKS[state.known[sha256]])
        if not self._waiting and set(self._hashes.values()) != self._asked:
            self.ask_vault()

    def _on_no_state(self, trouble: StationError) -> None:
        self._is_asking = False
        if self._page is not None:
            self._lost(trouble)
