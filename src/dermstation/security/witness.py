"""The newest state of a vault as the OS keystore remembers it: its id and its audit's last entry.

Index and key files that are put back together from one moment agree with each other; the keystore
does not go back with them. It only bears witness: if it fails or has nothing, the vault opens all
the same. One entry for each folder. Any thread.
"""

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from dermstation.security.pepper import SERVICE, Keystore

_NAME_CHARS = 16


@dataclass(frozen=True, slots=True)
class Witness:
    """A vault's id, the number of its audit's entries and the MAC of the last one."""

    vault_id: str
    count: int
    head: str


def read_witness(keystore: Keystore | None, folder: Path) -> Witness | None:
    """Return what the keystore remembers of the vault in a folder, or None."""
    if keystore is None:
        return None
    try:
        stored = keystore.get_password(SERVICE, _name(folder))
    except Exception:  # noqa: BLE001 - D-Bus, Win32 and keyring errors have no common base
        return None
    with suppress(ValueError, KeyError, TypeError):
        found = json.loads(stored or "")
        return Witness(str(found["vault_id"]), int(found["count"]), str(found["head"]))
    return None


def keep_witness(keystore: Keystore | None, folder: Path, witness: Witness) -> None:
    """Store this in the keystore; one that refuses is ignored."""
    if keystore is None:
        return
    with suppress(Exception):
        keystore.set_password(SERVICE, _name(folder), json.dumps(asdict(witness)))


def _name(folder: Path) -> str:
    place = hashlib.sha256(str(folder.absolute()).encode()).hexdigest()
    return f"newest entry, {place[:_NAME_CHARS]}"
