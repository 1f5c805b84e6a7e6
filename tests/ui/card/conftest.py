"""A card with pictures, as a folder or in the reader."""

from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from dermstation.camera.card import places
from tests.ui.card.at_the_card import SMALL
from tests.unit.camera.card.samples import card, jpeg


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return card(tmp_path / "card", *(jpeg(seed=seed) for seed in range(SMALL)))


@pytest.fixture
def plugged(root: Path, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """A list of cards in the reader; clear it to pull the card out."""
    mounts = [SimpleNamespace(device="/dev/card1", mountpoint=str(root), fstype="vfat", opts="rw")]
    monkeypatch.setattr(psutil, "disk_partitions", lambda: list(mounts))
    monkeypatch.setattr(places, "_is_removable", lambda *_: True)
    return mounts
