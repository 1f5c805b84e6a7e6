"""A vault for the scenarios: make it, open it, record facts about it and check it for faults."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import dermstation.vault.connection  # noqa: F401 - loaded before the fork to make each run short
from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, Role
from dermstation.security.accounts import unlock_with_recovery
from dermstation.security.kdf import KdfParameters
from dermstation.security.recovery import RecoveryKey, new_recovery_key, parse_recovery_key
from dermstation.security.slots import IndexKeys
from dermstation.vault.setup import set_up
from dermstation.vault.store import Vault
from dermstation.workflow.unlocking import SignedIn, record_opening
from dermstation.workflow.wiping import Resumed
from tests.unit.vault.conftest import Samples

CHEAP = KdfParameters(memory_kib=64, passes=1, lanes=1)
ADMIN = Operator(Samples.operator_id, "Test Administrator", Role.ADMINISTRATOR)
LEAVER = Operator("b" * 32, "Test Leaver", Role.NURSE)
PASSPHRASE = "copper lantern river seventeen"
FROZEN = Path(__file__).parents[1] / "vaults" / "index-1.zip"

Ack = Callable[[str], None]


@dataclass(frozen=True)
class Scenario:
    """One thing to interrupt."""

    prepare: Callable[[Path], None]
    act: Callable[[Path, Ack], None]
    check: Callable[[Path, list[str]], list[str]]


def new_vault(home: Path) -> Vault:
    recovery = new_recovery_key()
    vault, _ = set_up(
        home / "vault", ADMIN, PASSPHRASE, keystore=None, recovery=recovery, kdf=CHEAP
    )
    (home / "recovery").write_text(" ".join(recovery.words))
    return vault


def recovery_of(home: Path) -> RecoveryKey:
    return parse_recovery_key((home / "recovery").read_text())


def open_vault(home: Path, name: str = "vault") -> Vault:
    vault = Vault.open(home / name, unlock_with_recovery(home / name, recovery_of(home)))
    record_opening(vault, home / name, ADMIN.id, AuditEvent.SIGNED_IN)
    return vault


def signed_in(vault: Vault) -> SignedIn:
    return SignedIn(vault, ADMIN, Resumed())


def note(home: Path, **facts: object) -> None:
    (home / "facts.json").write_text(json.dumps(facts))


def facts_of(home: Path) -> dict[str, object]:
    return json.loads((home / "facts.json").read_text())


def hashes(vault: Vault) -> dict[str, str]:
    return {
        one.id: one.sha256
        for episode in vault.episodes.unfinished()
        for one in vault.captures.of_episode(episode.id)
    }


def faults_of(vault: Vault, expected: dict[str, str]) -> list[str]:
    """Return captures that are missing or changed, and the faults found on opening."""
    faults = [f"damage: {one.kind}" for one in vault.damage]
    known = hashes(vault)
    for capture_id, sha256 in expected.items():
        if known.get(capture_id) != sha256:
            faults.append(f"capture {capture_id} is lost")
            continue
    for capture_id in known:
        if vault.captures.get(capture_id).wiped_at is not None:
            continue  # replaced by its covered copy
        try:
            vault.captures.image(capture_id)
        except StationError as error:
            faults.append(f"capture {capture_id}: {error.code}")
    faults += [f"audit: {one.fault}" for one in vault.audit.verify()]
    if vault.rollback != "agrees":
        faults.append(f"standing: {vault.rollback}")
    return faults


def save_one(vault: Vault, ack: Ack) -> None:
    """Add a capture to the newest episode as the window does."""
    episode = vault.episodes.unfinished()[0]
    lesion = vault.lesions.of_episode(episode.id)[0]
    image = secrets.token_bytes(30_000)
    capture = Samples().capture(lesion, image)
    vault.captures.save(capture, image)
    ack(f"{capture.id} {capture.sha256}")


def expected_of(home: Path, acked: list[str]) -> dict[str, str]:
    return dict(facts_of(home)["captures"]) | dict(line.split() for line in acked)


def old_key_opens(home: Path, old_key: str) -> list[str]:
    try:
        Vault.open(home / "vault", IndexKeys(bytearray.fromhex(old_key))).close()
    except StationError as error:
        return [] if error.code is ErrorCode.VAULT_DAMAGED else [f"old key: {error.code}"]
    return ["the index key from before the wipe still opens the vault"]
