"""Scenarios on the vault as a whole: its keys, its version and its copies."""

import itertools
import json
import zipfile
from pathlib import Path

from dermstation.domain.errors import StationError
from dermstation.domain.records import Operator, Role
from dermstation.security.accounts import unlock_with_secret
from dermstation.security.keyfile import read_key_file
from dermstation.vault.backup import Backup
from dermstation.vault.holders import add_holder, replace_secret
from dermstation.vault.restore import restore
from dermstation.vault.store import Vault
from dermstation.workflow import operators
from tests.faults.scene import (
    ADMIN,
    CHEAP,
    FROZEN,
    LEAVER,
    PASSPHRASE,
    Ack,
    expected_of,
    facts_of,
    faults_of,
    hashes,
    new_vault,
    note,
    open_vault,
    recovery_of,
    save_one,
)
from tests.unit.vault.conftest import Samples

NEWCOMER = Operator("e" * 32, "Test Newcomer", Role.NURSE)
NEW_SECRET = "gravel window seven otter"
_LATER = itertools.count(10**9, 100)  # uptimes in seconds: each wait is over

# keys


def act_rotate(home: Path, ack: Ack) -> None:
    with open_vault(home) as vault:
        vault.rotate_index_key()
        ack("rotated")


def check_plain(home: Path, _acked: list[str]) -> list[str]:
    with open_vault(home) as vault:
        faults = faults_of(vault, dict(facts_of(home)["captures"]))
    if read_key_file(home / "vault").next_id is not None:
        faults.append("a rotation is not finished")
    return faults


def prepare_revoke(home: Path) -> None:
    with new_vault(home) as vault:
        Samples().fill(vault)
        add_holder(vault, LEAVER, PASSPHRASE, keystore=None, kdf=CHEAP)
        note(home, captures=hashes(vault), key_id=read_key_file(vault.folder).current_id)


def act_revoke(home: Path, ack: Ack) -> None:
    with open_vault(home) as vault:
        operators.revoke_operator(vault, ADMIN, LEAVER.id, keystore=None)
        ack("revoked")


def check_revoke(home: Path, acked: list[str]) -> list[str]:
    faults = check_plain(home, acked)
    content = read_key_file(home / "vault")
    has_slot = any(slot.operator.id == LEAVER.id for slot in content.slots)
    is_changed = content.current_id != facts_of(home)["key_id"]
    if acked and has_slot:
        faults.append("a revoked operator can sign in")
    if has_slot == is_changed:
        faults.append("a revocation is half done")
    return faults


def prepare_holders(home: Path) -> None:
    with new_vault(home) as vault:
        Samples().fill(vault)
        add_holder(vault, LEAVER, PASSPHRASE, keystore=None, kdf=CHEAP)
        note(home, captures=hashes(vault))


def act_holders(home: Path, ack: Ack) -> None:
    with open_vault(home) as vault:
        replace_secret(vault, LEAVER.id, NEW_SECRET, keystore=None, kdf=CHEAP)
        ack("new secret")
        add_holder(vault, NEWCOMER, PASSPHRASE, keystore=None, kdf=CHEAP)
        ack("added")


def check_holders(home: Path, acked: list[str]) -> list[str]:
    faults = check_plain(home, acked)
    ways = {
        "old secret": (LEAVER, PASSPHRASE),
        "new secret": (LEAVER, NEW_SECRET),
        "added": (NEWCOMER, PASSPHRASE),
    }
    valid = {name for name, way in ways.items() if _opens(home, *way)}
    faults += [f"acknowledged, and does not open: {one}" for one in set(acked) - valid]
    if len(valid & {"old secret", "new secret"}) != 1:
        faults.append(f"an operator has other than one secret: {sorted(valid)}")
    with open_vault(home) as vault:
        known = {one.id for one in vault.operators.present()}
        offered = {one.operator.id for one in vault.key_files.content.slots}
    return faults if known == offered else [*faults, "index and key files do not agree"]


def _opens(home: Path, operator: Operator, secret: str) -> bool:
    try:
        keys = unlock_with_secret(
            home / "vault", operator.id, secret, keystore=None, uptime_s=lambda: next(_LATER)
        )
        Vault.open(home / "vault", keys).close()
    except (StationError, LookupError):
        return False
    return True


# other versions, other places


def prepare_migrate(home: Path) -> None:
    with zipfile.ZipFile(FROZEN) as packed:
        packed.extractall(home)
    ways = json.loads((home / "ways.json").read_text())
    (home / "recovery").write_text(ways["recovery"])
    note(home, captures=ways["captures"])


def act_migrate(home: Path, ack: Ack) -> None:
    with open_vault(home) as vault:
        save_one(vault, ack)  # this also takes the episode's file out of write-ahead mode


def check_migrate(home: Path, acked: list[str]) -> list[str]:
    with open_vault(home) as vault:
        return faults_of(vault, expected_of(home, acked))


def prepare_backup(home: Path) -> None:
    (home / "share").mkdir()
    with new_vault(home) as vault:
        Samples().fill(vault)
        note(home, captures=hashes(vault))


def act_backup(home: Path, ack: Ack) -> None:
    with open_vault(home) as vault:
        backup = Backup(vault, home / "share")
        while (progress := backup.step()).path is None:
            pass
        ack(str(progress.path.relative_to(home)))


def check_backup(home: Path, acked: list[str]) -> list[str]:
    faults = check_plain(home, [])
    if (home / "vault" / "backup.tmp").exists():
        faults.append("a copy of the index is left")
    for path in acked:
        with restore(home / path, home / "new", recovery_of(home)) as vault:
            faults += faults_of(vault, dict(facts_of(home)["captures"]))
    return faults


def prepare_restore(home: Path) -> None:
    prepare_backup(home)
    with open_vault(home) as vault:
        backup = Backup(vault, home / "share")
        while backup.step().path is None:
            pass


def act_restore(home: Path, ack: Ack) -> None:
    (path,) = (home / "share").glob("*.dermbackup")
    restore(path, home / "new", recovery_of(home)).close()
    ack("restored")


def check_restore(home: Path, acked: list[str]) -> list[str]:
    (path,) = (home / "share").glob("*.dermbackup")
    faults = []
    if not (home / "new").exists():
        if acked:
            faults.append("an acknowledged restore is lost")
        restore(path, home / "new", recovery_of(home)).close()
    with open_vault(home, "new") as vault:
        return faults + faults_of(vault, dict(facts_of(home)["captures"]))
