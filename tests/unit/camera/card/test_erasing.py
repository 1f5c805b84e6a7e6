"""Only a picture that is stored is erased, and each reason for keeping one is reported."""

import hashlib
import os
import sys
from pathlib import Path

import pytest

from dermstation.camera.card.erasing import erase
from dermstation.camera.card.pictures import EraseOutcome
from tests.unit.camera.card.samples import card, name

DATA = b"the picture" * 1000
SHA = hashlib.sha256(DATA).hexdigest()
is_root = hasattr(os, "geteuid") and os.geteuid() == 0


def test_the_picture_is_overwritten_before_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = card(tmp_path, DATA, b"another")
    os.link(root / name(1), tmp_path / "witness")  # the same bytes under a second name
    assert erase(str(root), name(1), SHA) is EraseOutcome.ERASED
    assert not (root / name(1)).exists()
    left = (tmp_path / "witness").read_bytes()
    assert len(left) == len(DATA)
    assert b"the picture" not in left
    assert (root / name(2)).read_bytes() == b"another"


def test_different_content_is_left_alone(tmp_path: Path) -> None:
    root = card(tmp_path, b"taken since")
    assert erase(str(root), name(1), SHA) is EraseOutcome.CHANGED
    assert (root / name(1)).read_bytes() == b"taken since"


def test_a_picture_that_is_missing_is_reported_as_gone(tmp_path: Path) -> None:
    root = card(tmp_path)
    assert erase(str(root), name(1), SHA) is EraseOutcome.GONE


def test_erasing_from_a_card_that_was_pulled_out_fails(tmp_path: Path) -> None:
    assert erase(str(tmp_path / "card"), name(1), SHA) is EraseOutcome.FAILED


OUTSIDE = ["../secret.jpg", "/etc/hostname", "", "DCIM/../../secret.jpg"]
if sys.platform == "win32":
    OUTSIDE += ["C:secret.jpg", "C:/secret.jpg", "\\secret.jpg"]


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_outside_the_card_is_reached(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.jpg").write_bytes(DATA)
    root = card(tmp_path / "card", DATA)
    assert not erase(str(root), path, SHA).is_off
    assert (tmp_path / "secret.jpg").read_bytes() == DATA


@pytest.mark.skipif("sys.platform == 'win32'", reason="needs POSIX links")
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(DATA)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "IMG_0001.JPG").write_bytes(DATA)
    root = card(tmp_path / "card")
    (root / name(1)).symlink_to(tmp_path / "secret.jpg")
    (root / "DCIM" / "101").symlink_to(tmp_path / "folder")
    assert erase(str(root), name(1), SHA) is EraseOutcome.CHANGED
    assert not erase(str(root), "DCIM/101/IMG_0001.JPG", SHA).is_off
    assert (tmp_path / "secret.jpg").read_bytes() == DATA
    assert (tmp_path / "folder" / "IMG_0001.JPG").read_bytes() == DATA


@pytest.mark.skipif(not is_root, reason="mounting needs root")
def test_a_write_protected_card_keeps_its_picture(tmp_path: Path, small_disk, remount) -> None:
    root = card(small_disk(tmp_path / "card", "4m"), DATA)
    remount(root, "ro")
    assert erase(str(root), name(1), SHA) is EraseOutcome.PROTECTED
    assert (root / name(1)).read_bytes() == DATA


def test_a_picture_that_cannot_be_overwritten_is_reported_as_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise OSError(5, "I/O error")

    root = card(tmp_path, DATA)
    monkeypatch.setattr(os, "write", fail)
    assert erase(str(root), name(1), SHA) is EraseOutcome.DELETED
    assert not (root / name(1)).exists()


def test_a_picture_that_cannot_be_deleted_is_reported_as_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(5, "I/O error")

    root = card(tmp_path, DATA)
    monkeypatch.setattr(os, "unlink", fail)
    assert erase(str(root), name(1), SHA) is EraseOutcome.FAILED
