"""The card reader and its thread: everything that may have to wait for a card runs there.

The desk is made when an operator imports from a card, and closed afterwards. The window's thread
never waits: each answer is a Future.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar

from dermstation.camera.card.ejecting import Ejected, eject
from dermstation.camera.card.pictures import CardThumbnail, Companions, Inspected, Listing
from dermstation.camera.card.places import CardPlace, find_cards, folder_place, is_there
from dermstation.camera.card.reader import CardReader
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import CardCopy, Operator
from dermstation.domain.shots import ShotKind
from dermstation.vault.store import Vault
from dermstation.workflow.card_companions import (
    ChosenCompanions,
    EpisodeCard,
    note_choice,
    without_foreign,
)
from dermstation.workflow.card_erasing import Erased, erase_companions, erase_copies
from dermstation.workflow.jobs import Jobs

P = ParamSpec("P")
T = TypeVar("T")


class CardDesk:
    """A card reader with a thread of its own."""

    def __init__(self) -> None:
        self._reader = CardReader()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="card")
        self._closing = threading.Event()
        self.erased = 0  # files that the present erasing has dealt with; read from any thread

    def find(self) -> "Future[tuple[CardPlace, ...]]":
        """List the cards that are plugged in."""
        return self._do(find_cards)

    def folder(self, path: Path) -> "Future[CardPlace]":
        """Return a chosen folder as a place to read pictures from."""
        return self._do(folder_place, path)

    def is_there(self, place: CardPlace) -> "Future[bool]":
        """Return whether a card is still plugged in."""
        return self._do(is_there, place)

    def listing(self, place: CardPlace) -> "Future[Listing]":
        """List a card's pictures. StationError: CARD_ABSENT, CARD_UNREADABLE."""
        return self._do(self._list, place)

    def thumbnail(self, place: CardPlace, path: str) -> "Future[CardThumbnail]":
        """Read a picture's thumbnail. StationError: IMAGE_UNREADABLE, IMAGE_TOO_LARGE, CARD_*."""
        return self._do(self._reader.thumbnail, place.path, path)

    def inspect(self, place: CardPlace, path: str, shot: ShotKind) -> "Future[Inspected]":
        """Read a whole picture and measure it. StationError as for `thumbnail`."""
        return self._do(self._reader.inspect, place.path, path, shot)

    def companions(self, card: EpisodeCard) -> "Future[Companions]":
        """Find other files of an episode's pictures. StationError as for `listing`."""
        return self._do(self._find_companions, card)

    def erase(
        self,
        jobs: Jobs,
        vault: Vault,
        operator: Operator,
        copies: Sequence[CardCopy],
        companions: ChosenCompanions,
    ) -> "Future[tuple[Erased, ...]]":
        """Erase copies that are verified in the vault, and companions.

        StationError: RIGHT_MISSING, VAULT_*.
        """
        self.erased = 0
        return self._do(self._erase, jobs, vault, operator, copies, companions)

    def eject(self, place: CardPlace) -> "Future[Ejected]":
        """Eject a card, so that it can be pulled out."""
        return self._do(eject, place)

    def close(self) -> None:
        """End the reader and the thread after the present job; return at once."""
        if not self._closing.is_set():
            self._closing.set()
            self._thread.submit(self._reader.close)
            self._thread.shutdown(wait=False)

    def _do(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        def unless_closing() -> T:
            if self._closing.is_set():  # nobody is waiting for the answer
                raise StationError(ErrorCode.CARD_ABSENT)
            return job(*args, **kwargs)

        return self._thread.submit(unless_closing)

    def _list(self, place: CardPlace) -> Listing:
        found = self._reader.list_pictures(place.path)
        if not is_there(place):  # a card that is out is listed as empty
            raise StationError(ErrorCode.CARD_ABSENT)
        return found

    def _find_companions(self, card: EpisodeCard) -> Companions:
        if not card.known:
            return Companions()
        found = self._reader.find_companions(card.place.path, card.known)
        if not is_there(card.place):
            raise StationError(ErrorCode.CARD_ABSENT)
        return without_foreign(found, card)

    def _erase(
        self,
        jobs: Jobs,
        vault: Vault,
        operator: Operator,
        copies: Sequence[CardCopy],
        companions: ChosenCompanions,
    ) -> tuple[Erased, ...]:
        place, reader = companions.card.place, self._reader
        try:
            # first: a picture that is off the card must not leave others behind unsaid
            to_erase = jobs.on_vault(note_choice, vault, companions).result()
            pictures = erase_copies(
                jobs, vault, reader, place, copies, operator=operator, progress=self._note
            )
            note = partial(self._note, before=len(copies))
            return pictures + erase_companions(
                jobs,
                vault,
                reader,
                companions,
                operator=operator,
                to_erase=to_erase,
                progress=note,
            )
        except RuntimeError:
            if self._closing.is_set():  # the vault's own thread has ended: the station is closing
                raise StationError(ErrorCode.VAULT_LOCKED) from None
            raise

    def _note(self, done: int, before: int = 0) -> None:
        if self._closing.is_set():
            raise StationError(ErrorCode.VAULT_LOCKED)
        self.erased = before + done
