"""What must not stay in memory: identity, passphrase, keys, and blocks of pictures and packages.

Each needle is named by its kind and then its form: "identity Patient-One/utf-8".
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import cv2
import numpy as np

from dermstation.security import accounts
from dermstation.vault.connection import INDEX_PRAGMAS, Database
from dermstation.vault.store import INDEX_FILE
from tests.e2e.hand import PASSPHRASE
from tests.e2e.place import Place
from tests.e2e.traces import Planted

# a number that the program names nowhere as an example
PLANTED = Planted(nhs_number="9990005036")
_BLOCK = 48
_HASH_DIGITS = frozenset(b"0123456789abcdef")  # of a file's hash, which the certificate keeps
_BLOCKS = 40  # of each picture, in each form
_LEAST_VALUES = 12  # different bytes in a block, so that it is found nowhere by chance


def kind_of(name: str) -> str:
    """Return the kind of a needle: its name without its form."""
    return " ".join(name.split()[:-1])


def of_kind(needles: Mapping[str, bytes], kind: str) -> dict[str, bytes]:
    """Return the needles of one kind."""
    return {name: one for name, one in needles.items() if kind_of(name) == kind}


def secrets_typed() -> dict[str, bytes]:
    """Return the passphrase that is typed at the sign-in, as programs keep texts."""
    return {f"secret {name}": one for name, one in _forms(PASSPHRASE).items()}


def _forms(text: str) -> dict[str, bytes]:
    return {encoding: text.encode(encoding) for encoding in ("utf-8", "utf-16-le")}


def identity() -> dict[str, bytes]:
    """Return the texts that only this patient has; "identity" is found as a whole."""
    return {
        f"identity {text.replace(' ', '_')}/{encoding}": one
        for text in PLANTED.texts
        if len(text) >= 8
        for encoding, one in _forms(text).items()
    }


def keys_of(place: Place) -> dict[str, bytes]:
    """Return the keys of the vault, which is closed: raw and in hexadecimal digits."""
    folder = place.vault_folder
    unlocked = accounts.unlock_with_secret(folder, place.operator.id, PASSPHRASE, keystore=None)
    database = Database(folder / INDEX_FILE, unlocked.in_turn(), INDEX_PRAGMAS)
    try:
        found = {"index key": bytes(database.key)}
        found["audit key"] = bytes(database.value("SELECT key FROM audit_key"))
        for key in database.values("SELECT file_key FROM episodes"):
            found["episode key"] = bytes(key)
    finally:
        database.close()
        if unlocked.attempt is not None:
            unlocked.attempt.take_back(is_failed=False)
    return {
        f"{name} {form}": one
        for name, key in found.items()
        for form, one in (("raw", key), ("hex", key.hex().encode()))
    }


def pictures_of(pictures: Iterable[bytes]) -> dict[str, bytes]:
    """Return blocks of pictures: as coded, and as pixels in each order that a library uses."""
    found = {}
    for number, data in enumerate(pictures):
        bgr = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        assert bgr is not None
        found |= _blocks(f"coded picture {number}", data)
        found |= _blocks(f"pixels BGR/{number}", bgr.tobytes())
        found |= _blocks(f"pixels RGB/{number}", cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).tobytes())
        found |= _blocks(f"pixels BGRA/{number}", cv2.cvtColor(bgr, cv2.COLOR_BGR2BGRA).tobytes())
    return found


def files_of(folder: Path) -> dict[str, bytes]:
    """Return blocks of the files of a package."""
    found = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            found |= _blocks(f"package {file.suffix}", file.read_bytes())
    return found


def _blocks(name: str, data: bytes) -> dict[str, bytes]:
    """Return blocks spread over some bytes that are unlikely to be anywhere by chance."""
    starts = np.linspace(0, max(0, len(data) - _BLOCK), 4 * _BLOCKS, dtype=int)
    blocks = (data[at : at + _BLOCK] for at in starts)
    varied = [
        one
        for one in blocks
        if len(one) == _BLOCK
        and len(set(one)) >= _LEAST_VALUES
        and not _HASH_DIGITS.issuperset(one)
    ]
    step = max(1, len(varied) // _BLOCKS)
    return {f"{name}/{number}": one for number, one in enumerate(varied[::step])}
