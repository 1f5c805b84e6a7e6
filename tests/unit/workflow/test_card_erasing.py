"""Imported pictures are erased from their card, and what stays there is known and certified."""

from dataclasses import replace
from pathlib import Path

import pytest

from dermstation.camera.card.pictures import EraseOutcome
from dermstation.camera.card.places import CardPlace, folder_place
from dermstation.camera.card.reader import CardReader
from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.shots import ShotKind
from dermstation.vault.wiping import CARD_COPY
from dermstation.workflow import card_erasing, wiping
from dermstation.workflow.card_erasing import erase_copies, on_this_card
from dermstation.workflow.importing import (
    copies_left,
)
from dermstation.workflow.notices import outstanding_words
from dermstation.workflow.outstanding import outstanding
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView
from tests.unit.camera.card.plugged import Slot
from tests.unit.camera.card.samples import card, jpeg, name
from tests.unit.workflow.imports import JOBS, SHOT, imported, looked_at


def erased(signed_in: SignedIn, reader: CardReader, place: CardPlace, view: EpisodeView):
    copies = copies_left(signed_in.vault, view.episode.id)
    paths = {file.path for file in reader.list_pictures(place.path).files}
    chosen = on_this_card(copies, place, paths)
    return erase_copies(JOBS, signed_in.vault, reader, place, chosen, operator=signed_in.operator)


def test_imported_pictures_are_erased_and_no_others(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace
) -> None:
    imported(signed_in, view, looked_at(reader, place, view, 1))
    imported(signed_in, view, looked_at(reader, place, view, 2, ShotKind.GENERAL))
    outcomes = erased(signed_in, reader, place, view)
    assert [one.outcome for one in outcomes] == [EraseOutcome.ERASED] * 2
    assert {path.name for path in Path(place.path).rglob("*.JPG")} == {"IMG_0003.JPG"}
    assert copies_left(signed_in.vault, view.episode.id) == ()
    entry = signed_in.vault.audit.newest(AuditEvent.ERASED_FROM_CARD)
    assert entry is not None
    assert (entry.episode_id, entry.subject) == (
        view.episode.id,
        outcomes[-1].copy.capture_id,
    )
    assert "IMG" not in str(entry.facts)


def test_a_picture_that_is_not_verified_is_never_erased(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace, monkeypatch
) -> None:
    imported(signed_in, view, looked_at(reader, place, view))
    changed = StationError(ErrorCode.CAPTURE_CHANGED)

    def damaged(_capture_id: str) -> bytes:
        raise changed

    monkeypatch.setattr(signed_in.vault.captures, "image", damaged)
    (one,) = erased(signed_in, reader, place, view)
    assert one.outcome is None
    assert not one.is_off
    assert (Path(place.path) / name(1)).is_file()
    monkeypatch.setattr(signed_in.vault.captures, "image", lambda _id: b"another picture")
    (one,) = erased(signed_in, reader, place, view)
    assert one.outcome is None
    assert (Path(place.path) / name(1)).is_file()


def test_a_picture_that_changed_on_the_card_stays_and_is_not_forgotten(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace
) -> None:
    imported(signed_in, view, looked_at(reader, place, view))
    (Path(place.path) / name(1)).write_bytes(jpeg(seed=50))
    (one,) = erased(signed_in, reader, place, view)
    assert one.outcome is EraseOutcome.CHANGED
    assert len(copies_left(signed_in.vault, view.episode.id)) == 1


def test_an_interrupted_erasing_is_settled_by_the_next_one(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace, monkeypatch
) -> None:
    imported(signed_in, view, looked_at(reader, place, view))

    def erase_and_die(*order: str) -> EraseOutcome:
        CardReader.erase(reader, *order)
        raise KeyboardInterrupt

    monkeypatch.setattr(reader, "erase", erase_and_die)
    with pytest.raises(KeyboardInterrupt):
        erased(signed_in, reader, place, view)
    monkeypatch.undo()
    (copy,) = copies_left(signed_in.vault, view.episode.id)
    assert copy.method == card_erasing.BEGUN
    (one,) = erased(signed_in, reader, place, view)
    assert one.outcome is EraseOutcome.GONE
    assert copies_left(signed_in.vault, view.episode.id) == ()


def test_another_card_settles_nothing(
    signed_in: SignedIn,
    view: EpisodeView,
    reader: CardReader,
    place: CardPlace,
    tmp_path: Path,
) -> None:
    imported(signed_in, view, looked_at(reader, place, view))
    other = folder_place(card(tmp_path / "other"))
    assert erased(signed_in, reader, other, view) == ()
    assert len(copies_left(signed_in.vault, view.episode.id)) == 1


def test_the_certificate_lists_the_outcome_for_pictures_on_the_card(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace
) -> None:
    imported(signed_in, view, looked_at(reader, place, view, 1))
    erased(signed_in, reader, place, view)
    imported(signed_in, view, looked_at(reader, place, view, 2, ShotKind.GENERAL))
    certificate = wiping.abandon(signed_in.vault, signed_in.operator, view.episode.id)
    items = [item for item in certificate.items if item.kind == CARD_COPY]
    assert [item.removed for item in items] == [True, False]
    assert not any("IMG" in item.reference for item in items)
    assert not certificate.complete
    assert signed_in.vault.card_files.of_episode(view.episode.id) == ()


def test_pictures_still_on_a_card_are_outstanding(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace
) -> None:
    imported(signed_in, view, looked_at(reader, place, view, 1))
    found = outstanding(signed_in.vault, signed_in.operator)
    assert found.on_cards == 1
    words = outstanding_words(found.files_left, len(found.damaged), on_cards=found.on_cards)
    assert "still on a memory card: 1" in str(words)
    erased(signed_in, reader, place, view)
    assert outstanding(signed_in.vault, signed_in.operator).on_cards == 0


@pytest.fixture
def slot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Slot:
    root = card(tmp_path / "EOS", *(jpeg(seed=seed) for seed in range(3)))
    return Slot(tmp_path / "sys", root, monkeypatch)


@pytest.mark.skipif("sys.platform == 'win32'", reason="reads Linux's sysfs")
@pytest.mark.parametrize("says", ["nothing", "error"])
def test_a_card_pulled_while_it_is_erased_keeps_its_pictures_in_mind(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, slot: Slot, says: str
) -> None:
    for number, shot in enumerate((SHOT, ShotKind.GENERAL, ShotKind.LATERAL), start=1):
        imported(signed_in, view, looked_at(reader, slot.place, view, number, shot))
    copies = copies_left(signed_in.vault, view.episode.id)

    def progress(done: int) -> None:
        if done == 1:
            slot.pull()
            if says == "nothing":  # as FAT does
                root = Path(slot.place.path)
                root.rename(root.with_name("out"))
                card(root)

    vault, operator = signed_in.vault, signed_in.operator
    outcomes = erase_copies(
        JOBS, vault, reader, slot.place, copies, operator=operator, progress=progress
    )
    assert [one.outcome for one in outcomes] == [
        EraseOutcome.ERASED,
        EraseOutcome.FAILED,
        EraseOutcome.FAILED,
    ]
    assert copies_left(signed_in.vault, view.episode.id) == tuple(
        one.copy for one in outcomes if not one.is_off
    )
    assert outstanding(signed_in.vault, signed_in.operator).on_cards == 2
    certificate = wiping.abandon(signed_in.vault, signed_in.operator, view.episode.id)
    items = [item for item in certificate.items if item.kind == CARD_COPY]
    assert [item.removed for item in items] == [True, False, False]


def test_a_half_erased_picture_is_settled_by_its_own_card_alone(
    signed_in: SignedIn, view: EpisodeView, reader: CardReader, place: CardPlace
) -> None:
    here = replace(place, device="/dev/sdx1", serial="12AB-34CD")
    imported(signed_in, view, looked_at(reader, here, view))
    (copy,) = copies_left(signed_in.vault, view.episode.id)
    begun = (replace(copy, method=card_erasing.BEGUN),)
    assert on_this_card(begun, here, ()) == begun
    for serial in ("0000-0000", ""):  # a second card with the same label, or one that is not known
        assert on_this_card(begun, replace(here, serial=serial), ()) == ()
    unknown = (replace(begun[0], serial=""),)
    assert on_this_card(unknown, replace(here, serial=""), ()) == ()
