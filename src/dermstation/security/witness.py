"""The newest state of a vault as the OS keystore remembers it: its id and its audit's anchor.

Index and key files that are put back together from one moment agree with each other; the keystore
does not go back with them. The anchor's proof needs the audit's key, which only the index holds,
so that a vault made to replace this one cannot match it. The keystore only bears witness: if it
fails or has nothing, the vault opens all the same. One entry for each folder. Any thread.
"""

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dermstation.security.anchor import Anchor
from dermstation.security.keystore import SERVICE, Keystore

_NAME_CHARS = 16


@dataclass(frozen=True, slots=True)
class Witness:
    """A vault's id, and the anchor of its audit."""

    vault_id: str
    anchor: Anchor


def read_witness(keystore: Keystore | None, folder: Path) -> Witness | None:
    """Return what the keystore remembers of the vault in a folder, or None."""
    if keystore is None:
        return None
    try:
        stored = keystore.get_password(SERVICE, _name(folder))
    except Exception:  # noqa: BLE001 - D-Bus, Win32 and keyring errors have no common base
        return None
    with suppress(ValueError, KeyError, TypeError, RecursionError):
        found = json.loads(stored or "")
        anchor = Anchor.from_json(found["anchor"])
        return None if anchor is None else Witness(str(found["vault_id"]), anchor)
    return None


def keep_witness(keystore: Keystore | None, folder: Path, witness: Witness) -> None:
    """Store this in the keystore; one that refuses is ignored."""
    if keystore is None:
        return
    stored = json.dumps({"vault_id": witness.vault_id, "anchor": witness.anchor.to_json()})
    with suppress(Exception):
        keystore.set_password(SERVICE, _name(folder), stored)


def drop_witness(keystore: Keystore | None, folder: Path) -> None:
    """Remove what the keystore remembers of a vault; one that refuses is ignored."""
    if keystore is not None:
        with suppress(Exception):  # it opens nothing
            keystore.delete_password(SERVICE, _name(folder))


def _name(folder: Path) -> str:
    place = hashlib.sha256(str(folder.absolute()).encode()).hexdigest()
    return f"newest entry, {place[:_NAME_CHARS]}"
