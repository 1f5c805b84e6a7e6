"""Other files of the imported pictures: erased if the operator says so, else certified to stay."""

from pathlib import Path

import pytest

from dermstation.camera.card.pictures import EraseOutcome
from dermstation.camera.card.places import CardPlace, folder_place
from dermstation.camera.card.reader import CardReader
from dermstation.domain.records import WipedItem
from dermstation.domain.shots import ShotKind
from dermstation.vault.wiping import CARD_COMPANION
from dermstation.workflow import wiping
from dermstation.workflow.card_companions import (
    NOT_SEARCHED,
    Choice,
    ChosenCompanions,
    episode_card,
    note_choice,
    without_foreign,
)
from dermstation.workflow.card_erasing import Erased, erase_companions, erase_copies
from dermstation.workflow.outstanding import outstanding
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView
from tests.unit.camera.card.samples import card, jpeg, name
from tests.unit.workflow.imports import JOBS, imported, looked_at, second_episode

RAW, OTHER = "IMG_0001.CR3", "IMG_0001.DNG"


@pytest.fixture
def place(tmp_path: Path) -> CardPlace:
    """A card with two pictures; the first has a raw file, and one elsewhere that may be its."""
    root = card(tmp_path / "card", jpeg(seed=1), jpeg(seed=2))
    (root / name(1)).with_name(RAW).write_bytes(b"raw" * 1000)
    (root / "RAW").mkdir()
    (root / "RAW" / OTHER).write_bytes(b"perhaps raw" * 1000)
    return folder_place(root)


class Erasing:
    """An erasing of everything that the operator chose."""

    def __init__(self, signed_in: SignedIn, view: EpisodeView, reader: CardReader) -> None:
        self.signed_in, self.view, self.reader = signed_in, view, reader

    def find(self, place: CardPlace) -> ChosenCompanions:
        known = episode_card(self.signed_in.vault, self.view.episode.id, place)
        found = self.reader.find_companions(place.path, known.known)
        return ChosenCompanions(known, without_foreign(found, known))

    def run(self, place: CardPlace, certain: Choice, possible: Choice) -> tuple[Erased, ...]:
        found = self.find(place)
        chosen = ChosenCompanions(found.card, found.found, certain, possible)
        vault, operator = self.signed_in.vault, self.signed_in.operator
        to_erase = note_choice(vault, chosen)
        left = found.card.left
        pictures = erase_copies(JOBS, vault, self.reader, place, left, operator=operator)
        return pictures + erase_companions(
            JOBS, vault, self.reader, chosen, operator=operator, to_erase=to_erase
        )

    def certified(self) -> list[WipedItem]:
        vault = self.signed_in.vault
        certificate = wiping.abandon(vault, self.signed_in.operator, self.view.episode.id)
        return [item for item in certificate.items if item.kind == CARD_COMPANION]


@pytest.fixture
def erasing(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace
) -> Erasing:
    imported(signed_in, view, looked_at(reader, place, view, 1))
    return Erasing(signed_in, view, reader)


def test_they_are_erased_with_their_picture(erasing: Erasing, place: CardPlace) -> None:
    outcomes = erasing.run(place, Choice.ERASE, Choice.ERASE)
    assert [one.outcome for one in outcomes] == [EraseOutcome.ERASED] * 3
    left = [path.name for path in Path(place.path).rglob("*") if path.is_file()]
    assert left == ["IMG_0002.JPG"]
    assert outstanding(erasing.signed_in.vault, erasing.signed_in.operator).on_cards == 0
    items = erasing.certified()
    assert [item.removed for item in items] == [True, True]
    assert not any("IMG" in item.reference for item in items)


def test_those_that_stay_are_reminded_of_and_certified(erasing: Erasing, place: CardPlace) -> None:
    outcomes = erasing.run(place, Choice.LEAVE, Choice.LEAVE)
    assert [one.outcome for one in outcomes] == [EraseOutcome.ERASED]
    assert outstanding(erasing.signed_in.vault, erasing.signed_in.operator).on_cards == 1
    items = erasing.certified()
    assert [item.removed for item in items] == [False, False]
    assert sorted("another shot" in item.method for item in items) == [False, True]


def test_those_of_other_shots_are_neither_touched_nor_certified(
    erasing: Erasing, place: CardPlace
) -> None:
    erasing.run(place, Choice.ERASE, Choice.LEAVE)
    erasing.run(place, Choice.ERASE, Choice.OTHERS)  # the operator has looked at them since
    assert (Path(place.path) / "RAW" / OTHER).is_file()
    assert [item.removed for item in erasing.certified()] == [True]


def test_those_left_can_be_erased_later(erasing: Erasing, place: CardPlace) -> None:
    erasing.run(place, Choice.LEAVE, Choice.OTHERS)
    outcomes = erasing.run(place, Choice.ERASE, Choice.OTHERS)
    assert [one.outcome for one in outcomes] == [EraseOutcome.ERASED]
    assert [item.removed for item in erasing.certified()] == [True]


def test_one_that_somebody_else_deleted_is_not_called_erased(
    erasing: Erasing, place: CardPlace
) -> None:
    erasing.run(place, Choice.LEAVE, Choice.OTHERS)
    (Path(place.path) / name(1)).with_name(RAW).unlink()
    erasing.run(place, Choice.ERASE, Choice.OTHERS)
    (item,) = erasing.certified()
    assert not item.removed
    assert "not found" in item.method


def test_a_card_that_was_not_searched_whole_is_certified_as_such(
    erasing: Erasing, place: CardPlace
) -> None:
    deep = Path(place.path) / "1/2/3/4/5/6/7/8/9"
    deep.mkdir(parents=True)
    erasing.run(place, Choice.LEAVE, Choice.OTHERS)
    deep.rmdir()
    erasing.run(place, Choice.LEAVE, Choice.OTHERS)  # this time it is searched
    deep.mkdir()
    erasing.run(place, Choice.ERASE, Choice.OTHERS)
    methods = {item.method: item.removed for item in erasing.certified()}
    assert methods.pop(NOT_SEARCHED) is False
    assert list(methods.values()) == [True], "the raw file"


def test_a_raw_file_stays_while_its_picture_cannot_be_read_back(
    erasing: Erasing, place: CardPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing.signed_in.vault.captures, "image", lambda _id: b"another")
    outcomes = erasing.run(place, Choice.ERASE, Choice.ERASE)
    assert [one.outcome for one in outcomes] == [None] * 3
    assert (Path(place.path) / name(1)).with_name(RAW).is_file()


def test_another_patient_s_picture_is_no_companion(
    erasing: Erasing, place: CardPlace, signed_in: SignedIn, reader: CardReader
) -> None:
    other = card(Path(place.path) / "x", jpeg(seed=9))
    folder = Path(place.path) / "DCIM" / "101TEST"
    folder.mkdir()
    (other / name(1)).rename(folder / "IMG_0001.JPG")
    second = second_episode(signed_in)
    path = str(Path("DCIM") / "101TEST" / "IMG_0001.JPG")
    imported(signed_in, second, looked_at(reader, place, second, path=path, shot=ShotKind.GENERAL))
    assert path not in {one.path for one in erasing.find(place).found.files}
    outcomes = erasing.run(place, Choice.ERASE, Choice.ERASE)
    assert {one.outcome for one in outcomes} == {EraseOutcome.ERASED}
    assert (folder / "IMG_0001.JPG").is_file()
