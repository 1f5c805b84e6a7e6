"""The password of a network camera: in the keystore of the PC, not in the settings file.

IT writes the whole address into the file once. The next sign-in stores the password in the
keystore and takes it out of the file, where the address stays. Without a keystore it stays in the
file, which only the station's account can read; `doctor` says so. It is never logged, and reaches
the camera process through its pipe. Any thread.
"""

import hashlib
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from dermstation.domain.camera_address import names_somebody, parted
from dermstation.files import overwrite
from dermstation.security.keystore import SERVICE, Keystore
from dermstation.settings_file import own_settings, save_settings

log = logging.getLogger(__name__)

_NAME_CHARS = 16


def find_password(file: Path, camera: str, keystore: Keystore | None) -> str:
    """Return the password for the setting `camera`, or "" if the address holds it or needs none.

    One in the settings file is moved to the keystore first. Raises nothing: a camera that is not
    let in says so itself.
    """
    if keystore is not None:
        with suppress(OSError):  # it stays in the file, and is tried again at the next sign-in
            _move(file, keystore)
    bare, password = parted(camera)
    if keystore is None or password or not names_somebody(bare):
        return ""
    try:
        return keystore.get_password(SERVICE, _name(bare)) or ""
    except Exception:  # noqa: BLE001 - D-Bus, Win32 and keyring errors have no common base
        log.warning("the keystore did not give the camera's password")
        return ""


def hand_on_password(camera: str, source: Keystore | None, target: Keystore | None) -> None:
    """Copy the password for the setting `camera` to another keystore, if there is one.

    Without one the camera asks for it again: it is written into the settings file once more.
    """
    bare, password = parted(camera)
    if source is None or target is None or password or not names_somebody(bare):
        return
    with suppress(Exception):  # the store is moved all the same
        if stored := source.get_password(SERVICE, _name(bare)):
            target.set_password(SERVICE, _name(bare), stored)


def is_in_file(file: Path) -> bool:
    """Return whether the settings file holds a camera's password."""
    return bool(parted(own_settings(file).camera)[1])


def _move(file: Path, keystore: Keystore) -> None:
    """Take the password out of the file once the keystore has it. Raises OSError."""
    own = own_settings(file)
    bare, password = parted(own.camera)
    if not password:
        return
    try:
        keystore.set_password(SERVICE, _name(bare), password)
        is_kept = keystore.get_password(SERVICE, _name(bare)) == password
    except Exception:  # noqa: BLE001 - as above
        is_kept = False
    if not is_kept:
        log.warning("the keystore did not take the camera's password: it stays in the settings")
        return
    with _old_content_overwritten(file):
        save_settings(replace(own, camera=bare), file)
    log.info("the camera's password was moved to the keystore")


@contextmanager
def _old_content_overwritten(file: Path) -> Iterator[None]:
    """Overwrite what the file held once another has taken its place; not on Windows.

    There an open file cannot be replaced. On SSDs the old bytes may remain in any case.
    """
    if sys.platform == "win32":
        yield
        return
    descriptor = os.open(file, os.O_RDWR)
    try:
        yield
        found = os.fstat(descriptor)
        if found.st_nlink == 0:
            overwrite(descriptor, found.st_size)
    finally:
        os.close(descriptor)


def _name(address: str) -> str:
    place = hashlib.sha256(address.encode()).hexdigest()
    return f"camera, {place[:_NAME_CHARS]}"
