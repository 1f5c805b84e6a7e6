"""A card on a loop device, FAT as in cameras: read, erased down to its blocks, ejected."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dermstation.camera.card import places
from dermstation.camera.card.ejecting import Ejected, eject
from dermstation.camera.card.pictures import EraseOutcome
from dermstation.camera.card.places import CardPlace, find_cards, is_there
from dermstation.camera.card.reader import CardReader
from dermstation.domain.shots import ShotKind
from tests.unit.camera.card.samples import card, jpeg, name

SIZE_BYTES = 40 * 1024 * 1024
TOOLS = ("losetup", "mount", "umount")
SAMPLE_BYTES = 48


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(params=["vfat", "ext2"])  # ext2 also overwrites in place, if there is no FAT
def file_system(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def image(tmp_path: Path, file_system: str) -> Path:
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("loop devices need root on Linux")
    if missing := [tool for tool in (*TOOLS, f"mkfs.{file_system}") if shutil.which(tool) is None]:
        pytest.skip(f"not installed: {', '.join(missing)}")
    made = tmp_path / "card.img"
    with made.open("wb") as file:
        file.truncate(SIZE_BYTES)
    run(f"mkfs.{file_system}", str(made))
    return made


@pytest.fixture
def place(
    image: Path, file_system: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[CardPlace]:
    """The mounted card with three pictures, found in the same way as any card."""
    root = tmp_path / "TEST_CARD"
    root.mkdir()
    try:
        device = run("losetup", "--find", "--show", str(image))
    except subprocess.CalledProcessError:
        pytest.skip("there is no loop device here")
    try:
        try:
            run("mount", "-t", file_system, device, str(root))
        except subprocess.CalledProcessError:
            pytest.skip(f"this kernel mounts no {file_system}")
        card(root, *(jpeg(seed=seed) for seed in range(3)))
        os.sync()
        monkeypatch.setattr(places, "_is_removable", lambda mount, _sysfs: mount.device == device)
        (found,) = find_cards()
        yield found
    finally:
        if os.path.ismount(root):
            run("umount", str(root))
        run("losetup", "--detach", device)


def samples_of(data: bytes) -> list[bytes]:
    """Return pieces of a picture's coded data to search for on the raw card."""
    return [data[at : at + SAMPLE_BYTES] for at in range(2_000, len(data) - 2_000, 4_096)]


def test_an_erased_picture_is_gone_from_the_blocks_of_the_card(
    place: CardPlace, image: Path
) -> None:
    root = Path(place.path)
    assert place.label == "TEST_CARD"
    assert place.has_dcim
    erased, kept = ((root / name(number)).read_bytes() for number in (1, 2))
    with CardReader() as reader:
        assert len(reader.list_pictures(place.path).files) == 3
        found = reader.inspect(place.path, name(1), ShotKind.CLOSEUP)
        assert found.data == erased
        assert reader.erase(place.path, name(1), found.sha256) is EraseOutcome.ERASED
    assert eject(place) is Ejected.SAFE
    assert not is_there(place)
    raw = image.read_bytes()
    assert all(sample in raw for sample in samples_of(kept)), "the search would find a picture"
    assert not [sample for sample in samples_of(erased) if sample in raw]


def test_a_card_in_use_is_not_reported_as_ejected(place: CardPlace) -> None:
    with (Path(place.path) / name(1)).open("rb"):
        assert eject(place) is Ejected.IN_USE
        assert is_there(place)
    assert eject(place) is Ejected.SAFE


def test_a_full_card_can_be_erased(place: CardPlace) -> None:
    filler = Path(place.path) / "FILLER.BIN"
    with filler.open("wb") as file:
        try:
            while True:
                file.write(bytes(1 << 20))
        except OSError:
            pass
    with CardReader() as reader:
        found = reader.inspect(place.path, name(2), ShotKind.CLOSEUP)
        assert reader.erase(place.path, name(2), found.sha256) is EraseOutcome.ERASED
