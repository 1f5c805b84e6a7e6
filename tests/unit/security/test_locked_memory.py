"""Keys lie in memory that is not swapped out, as long as they are needed."""

import ctypes
import re
import sys
from pathlib import Path

import pytest

from dermstation.security.kdf import KEY_BYTES, KdfParameters, derive_wrapping_key, expand
from dermstation.security.locked_memory import lock_pages, locked
from dermstation.vault.connection import INDEX_PRAGMAS, Database, raw_key

CHEAP = KdfParameters(memory_kib=64, passes=1, lanes=1)
_REGION = re.compile(
    r"^([0-9a-f]+)-([0-9a-f]+) .*\n(?:\S+: .*\n|\S+:\s+.*\n)*?Locked:\s+(\d+)", re.M
)


def is_locked(buffer: bytearray) -> bool:
    """Return whether a buffer lies in a region of which pages are locked."""
    address = ctypes.addressof((ctypes.c_char * len(buffer)).from_buffer(buffer))
    for found in _REGION.finditer(Path("/proc/self/smaps").read_text()):
        if int(found[1], 16) <= address < int(found[2], 16):
            return int(found[3]) > 0
    raise LookupError("the buffer is nowhere")


@pytest.fixture(autouse=True)
def _may_lock() -> None:
    if sys.platform != "linux":
        pytest.skip("looks at /proc")
    page = ctypes.create_string_buffer(1)
    if not lock_pages(ctypes.addressof(page), 1):
        pytest.skip("this user may lock no memory")


def test_a_buffer_is_locked_in_its_place_and_stays_as_it_is() -> None:
    key = bytearray(range(KEY_BYTES))
    assert locked(key) is key
    assert is_locked(key)
    assert key == bytearray(range(KEY_BYTES))
    key += b"more"  # nothing holds on to it
    assert locked(bytearray()) == b""


def test_what_is_derived_for_a_slot_is_locked() -> None:
    assert is_locked(derive_wrapping_key("four plain words here", b"0" * 16, b"", CHEAP, b"test"))
    assert is_locked(expand(b"material", b"", b"test"))
    assert is_locked(raw_key(bytearray(KEY_BYTES)))


def test_the_key_of_an_open_file_is_locked_and_zeroed_at_the_end(tmp_path) -> None:
    database = Database(tmp_path / "file.db", [bytearray(b"k" * KEY_BYTES)], INDEX_PRAGMAS)
    key = database.key
    assert is_locked(key)
    database.close()
    assert key == bytes(KEY_BYTES)


def test_a_pepper_counts_and_the_same_one_gives_the_same_key() -> None:
    def derived(pepper: bytes) -> bytearray:
        return derive_wrapping_key("four plain words here", b"0" * 16, pepper, CHEAP, b"test")

    assert derived(b"p" * 32) == derived(b"p" * 32)
    assert derived(b"p" * 32) != derived(b"")
