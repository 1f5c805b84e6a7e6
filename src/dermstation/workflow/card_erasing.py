"""Erase imported pictures from their card, each only after it was read back from the vault.

Runs on the card's thread; calls to the vault run on the vault's own. Each step is noted before and
after it is done: after a crash in between, a picture exists twice or once, but never nowhere, and
the station knows which pictures may still be on a card.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from dermstation.camera.card.pictures import EraseOutcome
from dermstation.camera.card.places import CardPlace
from dermstation.camera.card.reader import CardReader
from dermstation.domain.errors import StationError
from dermstation.domain.records import CardCopy, Operator
from dermstation.domain.rights import Right, require
from dermstation.vault.store import Vault
from dermstation.workflow.importing import is_verified
from dermstation.workflow.jobs import Jobs

log = logging.getLogger(__name__)

BEGUN = "erasing from the card was begun and not finished"
METHODS = {
    EraseOutcome.ERASED: "overwritten and deleted on the card; its chips may keep old copies",
    EraseOutcome.DELETED: "deleted on the card, not overwritten; its chips keep the picture",
    EraseOutcome.GONE: "not found on the card; not erased by the station",
}


@dataclass(frozen=True, slots=True)
class Erased:
    """The outcome for one imported picture on its card; None: not verified, so not touched."""

    copy: CardCopy
    outcome: EraseOutcome | None

    @property
    def is_off(self) -> bool:
        """Return whether the card's file system no longer has the picture."""
        return self.outcome is not None and self.outcome.is_off


def on_this_card(
    copies: Sequence[CardCopy], place: CardPlace, paths: Collection[str]
) -> tuple[CardCopy, ...]:
    """Return the copies that are listed on this card, or that are half erased from it."""
    return tuple(
        copy
        for copy in copies
        if copy.path in paths or (copy.method == BEGUN and copy.card == place.label)
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
    outcome = reader.erase(place.path, copy.path, copy.sha256, half_erased_bytes)
    if outcome.is_off:
        is_erased = outcome is not EraseOutcome.GONE  # else it may have been moved
        settled = replace(copy, method=METHODS[outcome], removed=is_erased)
    elif outcome is EraseOutcome.FAILED:
        settled = replace(copy, method=BEGUN)  # it may or may not be there
    else:
        settled = replace(copy, method=None)
    try:
        jobs.on_vault(vault.card_files.note, settled).result()
    except StationError as trouble:
        log.info("an outcome on the card was not noted: %s", trouble.code.value)
        raise
    return Erased(settled, outcome)
