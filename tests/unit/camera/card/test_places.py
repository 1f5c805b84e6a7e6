"""Only removable drives are cards, and a missing card is noticed."""

from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from dermstation.camera.card.places import CardPlace, find_cards, folder_place, is_there
from tests.unit.camera.card.plugged import plug_in, pull_out

pytestmark = pytest.mark.skipif("sys.platform == 'win32'", reason="reads Linux's sysfs")


@pytest.fixture
def plugged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PC with a fixed disk, a stick, a card in a slot, a card in a reader."""
    sysfs = tmp_path / "sys"
    plug_in(sysfs, "sda")
    plug_in(sysfs, "sdb", bus="usb1")
    plug_in(sysfs, "mmcblk0", kind="SD")
    plug_in(sysfs, "mmcblk1", kind="MMC")  # soldered to the board
    plug_in(sysfs, "sdc", removable="1")
    mounts = []
    for name in ("sda", "sdb", "mmcblk0", "mmcblk1", "sdc"):
        place = tmp_path / "media" / f"disk-{name}"
        place.mkdir(parents=True)
        options = "ro,nosuid" if name == "sdc" else "rw"
        mounts.append(
            SimpleNamespace(
                device=f"/dev/{name}1", mountpoint=str(place), fstype="vfat", opts=options
            )
        )
    (tmp_path / "media" / "disk-mmcblk0" / "dcim").mkdir()
    monkeypatch.setattr(psutil, "disk_partitions", lambda: mounts)
    return sysfs


def test_removable_drives_are_found_and_a_camera_card_comes_first(plugged: Path) -> None:
    found = find_cards(plugged)
    assert [place.label for place in found] == ["disk-mmcblk0", "disk-sdb", "disk-sdc"]
    assert [place.has_dcim for place in found] == [True, False, False]
    assert [place.is_read_only for place in found] == [False, False, True]
    assert all(place.is_card for place in found)


def test_a_card_that_was_pulled_out_is_not_there(
    plugged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, other, _ = find_cards(plugged)
    assert is_there(card, plugged)
    assert is_there(other, plugged)
    pull_out(plugged, "sdb")
    assert not is_there(other, plugged), "the table of mounts still lists it"
    monkeypatch.setattr(psutil, "disk_partitions", list)
    assert not is_there(card, plugged)
    assert Path(card.path).is_dir(), "the empty mount point remains, but is not a card"


def test_a_folder_is_not_a_card(tmp_path: Path) -> None:
    place = folder_place(tmp_path)
    assert place == CardPlace(str(tmp_path), tmp_path.name)
    assert not place.is_card
    assert is_there(place)
    assert not is_there(CardPlace(str(tmp_path / "gone"), "gone"))


def test_a_link_is_not_a_folder_of_pictures(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    root = tmp_path / "card"
    root.mkdir()
    (root / "DCIM").symlink_to(tmp_path / "elsewhere")
    assert not folder_place(root).has_dcim
