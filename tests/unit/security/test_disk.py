import errno
import os
import sys

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security import disk


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, ErrorCode.VAULT_DISK_FULL),
        (errno.EROFS, ErrorCode.VAULT_READ_ONLY),
        (errno.EACCES, ErrorCode.VAULT_READ_ONLY),
        (errno.EIO, ErrorCode.VAULT_WRITE_FAILED),
    ],
)
def test_operating_system_errors_get_names(number, code):
    with pytest.raises(StationError) as caught, disk.named_troubles():
        raise OSError(number, "secret path")
    assert caught.value.code is code
    assert "secret path" not in repr(caught.value)


def test_a_shredded_file_was_overwritten_before_it_went(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"x" * 3_000_000)
    os.link(path, tmp_path / "witness")  # a second name for the same bytes
    disk.shred(path)
    assert not path.exists()
    left = (tmp_path / "witness").read_bytes()
    assert len(left) == 3_000_000
    assert b"xxxxxxxx" not in left


def test_shredding_an_absent_file_is_fine(tmp_path):
    disk.shred(tmp_path / "nothing")


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need rights there")
def test_a_symbolic_link_is_not_followed(tmp_path):
    target = tmp_path / "target"
    target.write_bytes(b"not ours")
    link = tmp_path / "link"
    link.symlink_to(target)
    with pytest.raises(OSError, match=r"."):
        disk.shred(link)
    assert target.read_bytes() == b"not ours"


def test_scrubbing_leaves_what_is_before_its_start(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(bytes(4096))
    disk.scrub(path, start=28)
    content = path.read_bytes()
    assert content[:28] == bytes(28)
    assert len(content) == 4096
    assert content[28:].count(0) < 200


def test_writing_in_place_keeps_the_file_itself(tmp_path):
    path = tmp_path / "file"
    disk.write_in_place(path, b"one")
    number = path.stat().st_ino
    disk.write_in_place(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_ino == number
