"""The key files of an open vault on the disk: which are its own, and how they are written.

A file that is not the vault's own is never written over: it is set aside under another name.
Runs in the vault's thread.
"""

import logging
import os
from dataclasses import replace
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.files import OWNER_ONLY, shred, sync_folder, take_name, write_file, write_in_place
from dermstation.plain_files import read_plain
from dermstation.security.disk import named_troubles
from dermstation.security.keyfile import (
    FIRST_WITH_MAC,
    KEY_FILE_BYTES,
    KeyFile,
    KeyImage,
    key_file_bytes,
    read_key_images,
)
from dermstation.vault.connection import Database

log = logging.getLogger(__name__)

ASIDE = "keys.?.set-aside-*"  # the names of key files that are not the vault's own
MOST_ASIDE = 100


class KeyFolder:
    """The key files of one open vault, as they lie on the disk."""

    def __init__(self, folder: Path, database: Database) -> None:
        self._folder = folder
        self._database = database
        self._ours: dict[str, bytes] = {}  # what was written last or was genuine, by name
        self.trusts_old_formats = False
        self.coming: bytearray | None = None  # the next index key, during a rotation

    def images(self) -> tuple[KeyImage, ...]:
        """Return both files as they are."""
        return read_key_images(self._folder)

    def is_genuine(self, one: KeyImage) -> bool:
        """Return whether the index key, or the next one, seals a file."""
        keys = [self._database.key] if self.coming is None else [self._database.key, self.coming]
        return any(one.is_sealed_by(key) for key in keys)

    def is_trusted(self, one: KeyImage) -> bool:
        """Return whether a file of an older format is for the index's key, as far as it says.

        This holds only as long as the index does not say who may unlock the vault.
        """
        content = one.content
        return (
            self.trusts_old_formats
            and content is not None
            and content.format < FIRST_WITH_MAC
            and content.is_about(self._database.key)
        )

    def is_ours(self, one: KeyImage) -> bool:
        """Return whether a whole file may be written over, as it is the vault's own."""
        is_known = one.image is not None and one.image == self._ours.get(one.name)
        if not is_known and not self.is_genuine(one) and not self.is_trusted(one):
            return False
        if one.image is not None:
            self._ours[one.name] = one.image  # also once the index is under another key
        return True

    def write(self, content: KeyFile, *, coming: bytearray | None = None) -> tuple[KeyImage, ...]:
        """Write both files, the older or damaged one first; what is not ours is set aside.

        `coming` is the next index key in `content` if it is not known here yet. Returns what was
        set aside. Raises StationError: KEYS_ASIDE_FULL, and the errors of a write.
        """
        coming = coming or self.coming
        keys = [self._database.key] if coming is None else [self._database.key, coming]
        salt = str(self._database.value("PRAGMA cipher_salt"))
        image = key_file_bytes(replace(content, index_salt=salt), keys)
        images = self.images()
        foreign = [one for one in images if one.is_whole and not self.is_ours(one)]
        with named_troubles():
            for one in sorted(images, key=lambda one: -1 if one in foreign else _generation(one)):
                if one in foreign:
                    self._set_aside(one)
                write_in_place(self._folder / one.name, image)
                self._ours[one.name] = image
        return tuple(foreign)

    def keep_copies(self) -> None:
        """Keep copies of genuine files that are newer than the index, before they are changed.

        Raises StationError as `write` does.
        """
        for one in filter(self.is_genuine, self.images()):
            path = self._name_aside(one)
            if one.image is not None and not path.exists():
                with named_troubles():
                    write_file(path, one.image, OWNER_ONLY)

    def _set_aside(self, one: KeyImage) -> None:
        target = self._name_aside(one)
        take_name(self._folder / one.name, target)
        sync_folder(self._folder)
        log.warning("a key file that is not this vault's was set aside: %s", target.name)

    def _name_aside(self, one: KeyImage) -> Path:
        """Return a free name for a file, or the one under which the same bytes lie already."""
        for number in range(1, MOST_ASIDE + 1):
            path = self._folder / f"{one.name}.set-aside-{number}"
            if not os.path.lexists(path) or _content(path) == one.image:
                return path
        raise StationError(ErrorCode.KEYS_ASIDE_FULL, most=MOST_ASIDE)


def discard_aside(folder: Path) -> None:
    """Remove the key files that were set aside, for good. Raises OSError."""
    for path in folder.glob(ASIDE):
        shred(path)


def _content(path: Path) -> bytes | None:
    try:
        return read_plain(path, KEY_FILE_BYTES)
    except OSError:
        return None


def _generation(one: KeyImage) -> int:
    return -1 if one.content is None else one.content.generation
