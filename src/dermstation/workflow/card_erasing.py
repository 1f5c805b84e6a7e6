"""Erase imported pictures and their companions, each only if the picture is read back before.

Runs on the card's thread; calls to the vault run on the vault's own. Each step is noted before and
after it is done: after a crash in between, a picture exists twice or once, but never nowhere, and
the station knows which pictures may still be on a card.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from dermstation.camera.card.confirming import confirmed
from dermstation.camera.card.pictures import Companion, EraseOutcome
from dermstation.camera.card.places import CardPlace
from dermstation.camera.card.reader import CardReader
from dermstation.domain.errors import StationError
from dermstation.domain.records import CardCompanion, CardCopy, Operator
from dermstation.domain.rights import Right, require
from dermstation.vault.store import Vault
from dermstation.workflow.card_companions import Choice, ChosenCompanions, is_of
from dermstation.workflow.importing import is_verified
from dermstation.workflow.jobs import Jobs

log = logging.getLogger(__name__)

Noted = TypeVar("Noted", CardCopy, CardCompanion)

BEGUN = "erasing from the card was begun and not finished"
METHODS = {
    EraseOutcome.ERASED: "overwritten and deleted on the card; its chips may keep old copies",
    EraseOutcome.DELETED: "deleted on the card, not overwritten; its chips keep the picture",
    EraseOutcome.GONE: "not found on the card; not erased by the station",
}


@dataclass(frozen=True, slots=True)
class Erased:
    """The outcome for one file on the card; None: its picture is not verified, so not touched."""

    copy: CardCopy | CardCompanion
    outcome: EraseOutcome | None

    @property
    def is_off(self) -> bool:
        """Return whether the card's file system no longer has the picture."""
        return self.outcome is not None and self.outcome.is_off


def on_this_card(
    copies: Sequence[CardCopy], place: CardPlace, paths: Collection[str]
) -> tuple[CardCopy, ...]:
    """Return the copies that are listed on this card, or that are half erased from it.

    A card's label is not enough for the latter: from the wrong card, everything would be gone.
    """
    return tuple(
        copy
        for copy in copies
        if (copy.path in paths and is_of(copy, place))
        or (copy.method == BEGUN and is_of(copy, place) and (copy.serial or not place.is_card))
    )


def erase_copies(
    jobs: Jobs,
    vault: Vault,
    reader: CardReader,
    place: CardPlace,
    copies: Sequence[CardCopy],
    *,
    operator: Operator,
    progress: Callable[[int], object] = lambda _done: None,
) -> tuple[Erased, ...]:
    """Erase each copy that is verified in the vault, and note the outcome.

    Raises StationError: RIGHT_MISSING, VAULT_LOCKED if the station is locked meanwhile, VAULT_*.
    Everything erased until then is noted.
    """
    require(operator, Right.CAPTURE)
    erased = []
    for done, copy in enumerate(copies):
        progress(done)
        erased.append(_erase(jobs, vault, reader, place, copy))
    stay = sum(not one.is_off for one in erased)
    if stay:
        log.info("%d of %d pictures stay on the card", stay, len(erased))
    return tuple(erased)


def erase_companions(
    jobs: Jobs,
    vault: Vault,
    reader: CardReader,
    chosen: ChosenCompanions,
    *,
    operator: Operator,
    to_erase: Sequence[CardCompanion],
    progress: Callable[[int], object] = lambda _done: None,
) -> tuple[Erased, ...]:
    """Erase the companions that `note_choice` returned, and note each outcome.

    Raises StationError as `erase_copies` does.
    """
    require(operator, Right.CAPTURE)
    files = {one.path: one for one in chosen.of(Choice.ERASE)}
    erased = []
    for done, companion in enumerate(to_erase):
        progress(done)
        erased.append(
            _erase_companion(
                jobs,
                vault,
                reader,
                chosen,
                companion=companion,
                found=files[companion.path],
            )
        )
    return tuple(erased)


def _erase(
    jobs: Jobs, vault: Vault, reader: CardReader, place: CardPlace, copy: CardCopy
) -> Erased:
    verified = jobs.on_vault(is_verified, vault, copy.capture_id, copy.sha256).result()
    if not verified:
        return Erased(copy, None)
    half_erased_bytes = 0
    if copy.method == BEGUN:
        half_erased_bytes = jobs.on_vault(vault.captures.get, copy.capture_id).result().size_bytes
    jobs.on_vault(vault.card_files.note, replace(copy, method=BEGUN)).result()
    said = reader.erase(place.path, copy.path, copy.sha256, half_erased_bytes)
    outcome = confirmed(said, place, copy.path)
    try:
        jobs.on_vault(vault.card_files.note, settled := _settled(copy, outcome)).result()
    except StationError as trouble:
        log.info("an outcome on the card was not noted: %s", trouble.code.value)
        raise
    return Erased(settled, outcome)


def _erase_companion(
    jobs: Jobs,
    vault: Vault,
    reader: CardReader,
    chosen: ChosenCompanions,
    *,
    companion: CardCompanion,
    found: Companion,
) -> Erased:
    """Erase a companion, unless its picture cannot be read back: it may be the better copy then."""
    place = chosen.card.place
    pictures = {one.capture_id: one.sha256 for one in chosen.card.copies}
    sha256 = pictures[companion.capture_id]
    if not jobs.on_vault(is_verified, vault, companion.capture_id, sha256).result():
        return Erased(companion, None)
    note = vault.card_files.note_companions
    jobs.on_vault(note, [replace(companion, method=BEGUN)]).result()
    said = reader.erase_companion(place.path, found.file)
    outcome = confirmed(said, place, companion.path)
    settled = _settled(companion, outcome)
    jobs.on_vault(note, [settled]).result()
    return Erased(settled, outcome)


def _settled(copy: Noted, outcome: EraseOutcome) -> Noted:
    """Return the note of a file after its erasure was tried."""
    if outcome.is_off:
        is_erased = outcome is not EraseOutcome.GONE  # else it may have been moved
        return replace(copy, method=METHODS[outcome], removed=is_erased)
    # after a failure, it may or may not be there
    return replace(copy, method=BEGUN if outcome is EraseOutcome.FAILED else None)
