"""The scenario of a store that moves from one account to the home that all of the PC share."""

import os
import time
from pathlib import Path

from dermstation import shared_home
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.paths import HOME_VARIABLE, StationPaths
from dermstation.security.accounts import unlock_with_secret
from dermstation.vault.holders import add_holder
from dermstation.vault.moving import moved_place
from dermstation.vault.setup import is_set_up, set_up
from dermstation.vault.store import Vault
from dermstation.workflow import taking_over
from tests.faults.scene import (
    ADMIN,
    CHEAP,
    LEAVER,
    PASSPHRASE,
    Ack,
    facts_of,
    faults_of,
    hashes,
    note,
)
from tests.unit.vault.conftest import Samples


def _shared(home: Path) -> StationPaths:
    """Let this process run on a PC whose shared home is in `home`, and its account's home too."""
    os.environ.pop(HOME_VARIABLE, None)
    os.environ["XDG_DATA_HOME"] = str(home / "account")
    shared_home.NOTE = home / "shared-home"
    return StationPaths(home / "pc")


def prepare_take_over(home: Path) -> None:
    (home / "shared-home").write_text(str(home / "pc"))
    paths = _shared(home)
    paths.home.mkdir()
    paths.home.chmod(0o2770)
    own = StationPaths(paths.own)
    vault, _ = set_up(own.vault, ADMIN, PASSPHRASE, keystore=None, kdf=CHEAP)
    with vault:
        Samples().fill(vault)
        add_holder(vault, LEAVER, PASSPHRASE, keystore=None, kdf=CHEAP)
        note(home, captures=hashes(vault))
    own.settings.write_text("lock_after_minutes = 7\n")


def act_take_over(home: Path, ack: Ack) -> None:
    paths = _shared(home)
    signed_in = taking_over.take_over(
        paths.vault, ADMIN.id, PASSPHRASE, keystore=None, own_keystore=lambda: None
    )
    ack("moved")
    taking_over.finish(signed_in.vault, lambda: None)
    signed_in.vault.close()


def check_take_over(home: Path, acked: list[str]) -> list[str]:
    """The store is at one of the two places, whole; a sign-in there leaves nothing at the other."""
    paths = _shared(home)
    own = StationPaths(paths.own)
    faults = []
    if not is_set_up(paths.vault):
        faults += ["what was moved is gone"] if acked else []
        faults += _faults(home, own.vault)
        _again(home)
    faults += _faults(home, paths.vault)
    left = [one for one in (own.vault, moved_place(own.vault), own.settings) if one.exists()]
    faults += [f"left in the account: {one.name}" for one in left]
    if paths.settings.read_text() != "lock_after_minutes = 7\n":
        faults.append("the settings did not come along")
    return faults


def _again(home: Path) -> None:
    """Take the store over at another try, which may have to wait for the one that was cut off."""
    while True:
        try:
            return act_take_over(home, lambda _: None)
        except StationError as refused:
            if refused.code is not ErrorCode.SECRET_WAIT:
                raise
            time.sleep(refused.facts["seconds"])


def _faults(home: Path, folder: Path) -> list[str]:
    keys = unlock_with_secret(folder, LEAVER.id, PASSPHRASE, keystore=None)
    with Vault.open(folder, keys) as vault:
        faults = faults_of(vault, dict(facts_of(home)["captures"]))
        taking_over.finish(vault, lambda: None)
    return faults
