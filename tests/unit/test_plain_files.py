"""Only plain files are read from a folder that others can write to, and never too much."""

import os
import socket
import sys
from pathlib import Path

import pytest

from dermstation.files import scrub
from dermstation.plain_files import (
    NotPlainError,
    TooLargeError,
    has_other_names,
    is_plain,
    plain_files,
    read_plain,
    real_path,
)

ODD = ("pipe", "socket", "link", "folder", "loop")


def odd_entries(folder: Path) -> list[Path]:
    """Put what is no plain file into a folder; opening some of it would wait for ever."""
    (folder / "target").write_bytes(b"somebody's file")
    os.mkfifo(folder / "pipe")
    (folder / "link").symlink_to(folder / "target")
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "folder").mkdir()
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(folder / "socket"))
    return [folder / name for name in ODD]


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no pipes, sockets and loops of links in folders"
)
def test_what_is_no_plain_file_is_neither_read_nor_listed_nor_overwritten(tmp_path: Path) -> None:
    for path in odd_entries(tmp_path):
        assert not is_plain(path)
        with pytest.raises(OSError):  # noqa: PT011 - a loop of links has its own
            read_plain(path, 100)
        with pytest.raises(OSError):  # noqa: PT011
            scrub(path)
    assert (tmp_path / "target").read_bytes() == b"somebody's file"
    assert plain_files(tmp_path, 100, lambda _: True) == [tmp_path / "target"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no devices in folders")
def test_a_device_is_no_plain_file_even_through_a_link_that_may_be_followed(
    tmp_path: Path,
) -> None:
    (tmp_path / "zero").symlink_to("/dev/zero")
    with pytest.raises(NotPlainError):
        read_plain(tmp_path / "zero", 100, follows_link=True)
    with pytest.raises(NotPlainError):
        read_plain(Path("/dev/zero"), 100)


def test_a_link_is_followed_only_if_the_caller_says_so(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"12345")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    assert read_plain(tmp_path / "link", 5, follows_link=True) == b"12345"


def test_no_more_is_read_or_listed_than_is_wanted(tmp_path: Path) -> None:
    for number in range(9):
        (tmp_path / f"{number}.x").write_bytes(b"12345")
    assert read_plain(tmp_path / "1.x", 5) == b"12345"
    with pytest.raises(TooLargeError):
        read_plain(tmp_path / "1.x", 4)
    assert len(plain_files(tmp_path, 4, lambda name: name.endswith(".x"))) == 4


def test_a_second_name_of_a_file_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"1")
    assert not has_other_names(tmp_path / "one")
    (tmp_path / "two").hardlink_to(tmp_path / "one")
    assert has_other_names(tmp_path / "one")


def test_a_link_that_goes_while_it_is_followed_leads_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, target = tmp_path / "link", tmp_path / "target"
    target.touch()
    link.symlink_to(target)
    assert real_path(link) == target.resolve()
    read = os.readlink

    def gone(path: str) -> str:
        link.unlink()
        return read(path)

    monkeypatch.setattr(os, "readlink", gone)
    assert real_path(link) == link
