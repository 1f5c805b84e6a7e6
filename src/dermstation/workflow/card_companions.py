"""The companions of imported pictures on their card: found, shown, and erased or noted as staying.

A companion is not stored in the vault: nobody but the operator can say that it may go, and it goes
only while its picture can be read back. The functions that take a vault run on its thread.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from dermstation.camera.card.pictures import Companion, Companions, ImportedPicture
from dermstation.camera.card.places import CardPlace
from dermstation.domain.records import CardCompanion, CardCopy, now
from dermstation.vault.store import Vault
from dermstation.workflow.importing import copies_left

NOT_SEARCHED = "the card was not searched completely for other files of the pictures"
NOT_FOUND = "not found on the card; not erased by the station"


class Choice(StrEnum):
    """What the operator decides about a group of companions."""

    ERASE = "erase"
    LEAVE = "leave"  # noted, and in the certificate
    OTHERS = "others"  # they are of other shots: not noted


@dataclass(frozen=True, slots=True)
class EpisodeCard:
    """What the station knows of an episode's pictures on one card."""

    episode_id: str
    place: CardPlace
    left: tuple[CardCopy, ...] = ()  # pictures that are still on a card, this one or another
    copies: tuple[CardCopy, ...] = ()  # pictures imported from this card, erased or not
    known: tuple[ImportedPicture, ...] = ()  # the same, for the search
    foreign: frozenset[str] = frozenset()  # paths of other episodes' pictures on this card


@dataclass(frozen=True, slots=True)
class ChosenCompanions:
    """The companions found, and what is to become of the certain and the possible ones."""

    card: EpisodeCard
    found: Companions
    certain: Choice = Choice.ERASE
    possible: Choice = Choice.LEAVE

    def of(self, choice: Choice) -> tuple[Companion, ...]:
        """Return the companions of which this was decided."""
        return tuple(
            one
            for one in self.found.files
            if (self.certain if one.is_certain else self.possible) is choice
        )


def is_of(noted: CardCopy | CardCompanion, place: CardPlace) -> bool:
    """Return whether a note is of this card: by its serial number, or by its label without one.

    One disk has many folders, so a folder must have the label too.
    """
    if not noted.serial or not place.is_card:
        return noted.card == place.label and noted.serial in ("", place.serial)
    return noted.serial == place.serial


def episode_card(vault: Vault, episode_id: str, place: CardPlace) -> EpisodeCard:
    """Return the pictures of an episode that are, or were, on this card."""
    left = copies_left(vault, episode_id)
    sizes = {one.id: one.size_bytes for one in vault.captures.of_episode(episode_id)}
    copies = tuple(
        one
        for one in vault.card_files.of_episode(episode_id)
        if one.capture_id in sizes and is_of(one, place)
    )
    return EpisodeCard(
        episode_id,
        place,
        left,
        copies,
        tuple(ImportedPicture(one.path, sizes[one.capture_id], one.sha256) for one in copies),
        frozenset(
            one.path
            for one in vault.card_files.left()
            if one.episode_id != episode_id and is_of(one, place)
        ),
    )


def without_foreign(found: Companions, card: EpisodeCard) -> Companions:
    """Return the companions that are not pictures imported for another episode."""
    files = tuple(one for one in found.files if one.path not in card.foreign)
    return replace(found, files=files)


def note_choice(vault: Vault, chosen: ChosenCompanions) -> tuple[CardCompanion, ...]:
    """Note what stays and what will be erased, before the card is touched; return the latter.

    A companion that was noted before and is not found any more is noted as such.
    """
    card = chosen.card
    before = [
        one for one in vault.card_files.companions_of(card.episode_id) if is_of(one, card.place)
    ]
    noted = {one.path: one for one in before if one.removed is None}
    others = {one.path for one in chosen.of(Choice.OTHERS)}
    to_erase = _rows(noted, card, chosen.of(Choice.ERASE))
    rows = [*to_erase, *_rows(noted, card, chosen.of(Choice.LEAVE))]
    seen = {one.path for one in chosen.found.files}
    if chosen.found.is_whole:
        rows += [
            replace(one, method=NOT_FOUND, removed=False)
            for path, one in noted.items()
            if path not in seen
        ]
    elif card.copies:
        rows.append(_row(card, card.copies[0], "", is_certain=False, method=NOT_SEARCHED))
    dropped = [noted[path] for path in sorted(others & noted.keys())]
    dropped += [one for one in before if one.method == NOT_SEARCHED]
    vault.card_files.note_companions(rows, dropped)
    return tuple(to_erase)


def _rows(
    noted: dict[str, CardCompanion], card: EpisodeCard, found: Sequence[Companion]
) -> list[CardCompanion]:
    pictures = {one.path: one for one in card.copies}
    return [
        noted.get(one.path)
        or _row(card, pictures[one.picture], one.path, is_certain=one.is_certain)
        for one in found
    ]


def _row(
    card: EpisodeCard, picture: CardCopy, path: str, *, is_certain: bool, method: str | None = None
) -> CardCompanion:
    return CardCompanion(
        episode_id=card.episode_id,
        capture_id=picture.capture_id,
        card=card.place.label,
        serial=card.place.serial,
        path=path,
        is_certain=is_certain,
        noted_at=now(),
        method=method,
        removed=None if method is None else False,
    )
