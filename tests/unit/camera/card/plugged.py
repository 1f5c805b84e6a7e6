"""Removable disks as the kernel and the table of mounts show them, and pulling them out."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from dermstation.camera.card import places
from dermstation.camera.card.places import find_cards
from dermstation.camera.card.volumes import instance_of


def plug_in(
    sysfs: Path,
    name: str,
    *,
    removable: str = "0",
    kind: str = "",
    bus: str = "",
    sequence: int = 1,
    number: str = "8:16",
) -> None:
    """Make the entries of a disk with one partition, as the kernel shows them."""
    real = sysfs / "devices" / (bus or "pci") / "block" / name
    part = real / f"{name}1"
    part.mkdir(parents=True)
    for folder, numbers in ((real, number), (part, f"{number}1")):
        (folder / "dev").write_text(f"{numbers}\n")
        (folder / "size").write_text("65536\n")
    (part / "partition").write_text("1\n")
    (real / "removable").write_text(f"{removable}\n")
    (real / "diskseq").write_text(f"{sequence}\n")
    if kind:
        (real / "device").mkdir()
        (real / "device" / "type").write_text(f"{kind}\n")
    block = sysfs / "class" / "block"
    block.mkdir(parents=True, exist_ok=True)
    (block / name).symlink_to(real)
    (block / f"{name}1").symlink_to(part)


def pull_out(sysfs: Path, name: str) -> None:
    """Take a disk's entries away; what is mounted stays in the system's table."""
    block = sysfs / "class" / "block"
    shutil.rmtree((block / name).resolve())
    (block / name).unlink()
    (block / f"{name}1").unlink()


def take_the_medium(sysfs: Path, name: str) -> None:
    """Take the card out of its reader, whose device and partition stay."""
    (sysfs / "class" / "block" / name / "size").write_text("0\n")


class Slot:
    """A card reader with a card: what the kernel and the table of mounts say of it."""

    def __init__(self, sysfs: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sysfs = sysfs
        self.mounts = [
            SimpleNamespace(device="/dev/sdx1", mountpoint=str(root), fstype="vfat", opts="rw")
        ]
        plug_in(sysfs, "sdx", removable="1", sequence=4)
        monkeypatch.setattr(psutil, "disk_partitions", lambda: list(self.mounts))
        real = instance_of
        monkeypatch.setattr(places, "instance_of", lambda device, *_: real(device, sysfs))
        (self.place,) = find_cards(sysfs)

    def pull(self) -> None:
        pull_out(self.sysfs, "sdx")

    def pull_and_let_the_desktop_tidy(self) -> None:
        self.pull()
        self.mounts.clear()

    def take_the_card(self) -> None:
        take_the_medium(self.sysfs, "sdx")

    def put_another_in(self) -> None:
        self.pull()
        plug_in(self.sysfs, "sdx", removable="1", sequence=5)
