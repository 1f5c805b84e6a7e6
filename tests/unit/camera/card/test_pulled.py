"""A card that is out is never one from which a picture is gone, nor one that was ejected safely."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from dermstation.camera.card import ejecting, erasing, listing
from dermstation.camera.card.confirming import confirmed
from dermstation.camera.card.ejecting import Ejected, eject
from dermstation.camera.card.erasing import erase
from dermstation.camera.card.listing import list_pictures
from dermstation.camera.card.pictures import EraseOutcome
from dermstation.camera.card.places import CardPlace, find_cards, folder_place, is_there
from dermstation.camera.card.volumes import is_pulled, serial_of
from dermstation.domain.errors import ErrorCode, StationError
from tests.unit.camera.card.plugged import Slot
from tests.unit.camera.card.samples import card, jpeg, name

pytestmark = pytest.mark.skipif("sys.platform == 'win32'", reason="reads Linux's sysfs")

OFF = [outcome for outcome in EraseOutcome if outcome.is_off]


@pytest.fixture
def slot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Slot:
    return Slot(tmp_path / "sys", card(tmp_path / "EOS", jpeg()), monkeypatch)


PULLED: list[Callable[[Slot], None]] = [
    Slot.pull,
    Slot.pull_and_let_the_desktop_tidy,
    Slot.take_the_card,
    Slot.put_another_in,
]


@pytest.mark.parametrize("outcome", OFF)
@pytest.mark.parametrize("pulled", PULLED)
def test_no_picture_is_off_a_card_that_is_out(slot: Slot, pulled, outcome) -> None:
    assert confirmed(outcome, slot.place, name(1)) is outcome
    pulled(slot)
    assert confirmed(outcome, slot.place, name(1)) is EraseOutcome.FAILED
    assert not is_there(slot.place)


@pytest.mark.parametrize("step", [0, 1])
def test_a_card_that_is_pulled_out_while_its_links_are_followed_is_out(
    slot: Slot, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    steps, follow = itertools.count(), os.readlink

    def followed(path: str) -> str:
        if next(steps) == step:
            slot.pull()
        return follow(path)

    monkeypatch.setattr(os, "readlink", followed)
    assert confirmed(EraseOutcome.ERASED, slot.place, name(1)) is EraseOutcome.FAILED
    assert next(steps) > step


@pytest.mark.parametrize("outcome", [one for one in EraseOutcome if one not in OFF])
def test_what_is_on_the_card_stays_said(slot: Slot, outcome) -> None:
    slot.pull()
    assert confirmed(outcome, slot.place, name(1)) is outcome


@pytest.mark.parametrize("outcome", OFF)
def test_a_folder_on_a_card_that_is_out_is_no_proof_either(slot: Slot, outcome) -> None:
    chosen = folder_place(Path(slot.place.path) / "DCIM" / "100TEST")
    assert not chosen.is_card
    assert confirmed(outcome, chosen, "IMG_0001.JPG") is outcome
    slot.pull()
    assert confirmed(outcome, chosen, "IMG_0001.JPG") is EraseOutcome.FAILED


def test_a_card_that_takes_no_write_confirms_nothing_that_it_only_does_not_show(
    slot: Slot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_descriptor: int) -> None:
        raise OSError(5, "I/O error")

    monkeypatch.setattr(os, "fsync", fail)
    said = {one: confirmed(one, slot.place, name(1)) for one in OFF}
    assert said == {
        EraseOutcome.ERASED: EraseOutcome.ERASED,  # that was flushed before
        EraseOutcome.DELETED: EraseOutcome.FAILED,
        EraseOutcome.GONE: EraseOutcome.FAILED,
    }


def test_a_folder_that_is_gone_is_proved_by_the_one_above_but_not_by_the_top(
    slot: Slot,
) -> None:
    root = Path(slot.place.path)
    (root / name(1)).unlink()
    (root / "DCIM" / "100TEST").rmdir()
    assert confirmed(EraseOutcome.GONE, slot.place, name(1)) is EraseOutcome.GONE
    (root / "DCIM").rmdir()
    assert confirmed(EraseOutcome.GONE, slot.place, name(1)) is EraseOutcome.FAILED


def test_the_proof_leaves_the_folder_as_it_was(slot: Slot) -> None:
    folder = Path(slot.place.path) / "DCIM" / "100TEST"
    os.utime(folder, ns=(10**18, 10**18))
    before = folder.stat().st_mtime_ns, sorted(folder.iterdir())
    confirmed(EraseOutcome.GONE, slot.place, name(1))
    assert (folder.stat().st_mtime_ns, sorted(folder.iterdir())) == before


@pytest.mark.parametrize("pulled", PULLED)
def test_a_card_that_is_out_was_not_ejected(
    slot: Slot, pulled, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unmount_and_say_done(_place: CardPlace) -> bool:
        slot.mounts.clear()
        return True

    monkeypatch.setattr(ejecting, "_unmount", unmount_and_say_done)
    pulled(slot)
    assert eject(slot.place) is Ejected.TAKEN_OUT


@pytest.mark.parametrize("pulled", PULLED)
def test_a_card_pulled_while_it_is_unmounted_was_not_ejected(
    slot: Slot, pulled, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unmount(_place: CardPlace) -> bool:
        pulled(slot)
        slot.mounts.clear()
        return True

    monkeypatch.setattr(ejecting, "_unmount", unmount)
    assert eject(slot.place) is Ejected.TAKEN_OUT


def test_a_card_that_the_desktop_has_unmounted_can_be_taken_out(slot: Slot) -> None:
    slot.mounts.clear()
    assert eject(slot.place) is Ejected.SAFE


def test_another_card_in_the_same_reader_is_another_one(slot: Slot) -> None:
    before = slot.place.instance
    slot.put_another_in()
    (now,) = find_cards(slot.sysfs)
    assert now == slot.place
    assert now.instance != before


@pytest.fixture
def on_disk() -> Iterator[Path]:
    """A folder that is not in memory, as those of a whole run may be."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as made:
        yield Path(made)


@pytest.fixture
def pulled(tmp_path: Path, on_disk: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The device below that folder, in a sysfs that has it no more when it is unlinked."""
    number = on_disk.stat().st_dev
    if os.major(number) == 0:
        pytest.skip("the file system of this folder has no device")
    device = tmp_path / "sys" / "dev" / "block" / f"{os.major(number)}:{os.minor(number)}"
    device.mkdir(parents=True)
    (device / "dev").write_text(f"{device.name}\n")
    (device / "size").write_text("65536\n")
    real = is_pulled
    for module in (erasing, listing):
        monkeypatch.setattr(module, "is_pulled", lambda folder: real(folder, tmp_path / "sys"))
    return device


def test_the_reader_itself_calls_nothing_gone_on_a_card_that_is_out(
    on_disk: Path, pulled: Path
) -> None:
    root = card(on_disk / "EOS", jpeg())
    missing = str(Path("DCIM") / "100TEST" / "IMG_0009.JPG")
    assert erase(str(root), missing, "0" * 64) is EraseOutcome.GONE
    assert len(list_pictures(str(root)).files) == 1
    (pulled / "size").write_text("0\n")
    assert erase(str(root), missing, "0" * 64) is EraseOutcome.FAILED
    shutil.rmtree(pulled)
    assert erase(str(root), missing, "0" * 64) is EraseOutcome.FAILED
    with pytest.raises(StationError) as trouble:
        list_pictures(str(root))
    assert trouble.value.code is ErrorCode.CARD_ABSENT


def test_a_file_system_is_known_again_by_its_serial_number(tmp_path: Path) -> None:
    device, links = tmp_path / "sdx1", tmp_path / "by-uuid"
    device.touch()
    links.mkdir()
    (links / "12AB-34CD").symlink_to(device)
    (links / "0000-0000").symlink_to(tmp_path / "sdy1")
    assert serial_of(str(device), links) == "12AB-34CD"
    assert serial_of(str(tmp_path / "sdz1"), links) == ""
    assert serial_of(str(device), tmp_path / "none") == ""


def test_a_place_of_which_the_system_tells_nothing_counts_while_it_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(psutil, "disk_partitions", list)  # a file system of no device
    place = folder_place(card(tmp_path / "folder"))
    assert place.instance == ""
    assert confirmed(EraseOutcome.GONE, place, name(1)) is EraseOutcome.GONE
    assert confirmed(EraseOutcome.GONE, replace(place, path=str(tmp_path / "none")), name(1)) is (
        EraseOutcome.FAILED
    )
