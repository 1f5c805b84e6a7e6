"""What the campaign interrupts: prepare, act, and check what must hold whatever happened.

Each function gets the folder it may use. `act` acknowledges what the screen would have called
done; `check` lists what is wrong, in words for a developer, and an empty list is the aim.
"""

import json
import secrets
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import dermstation.vault.connection  # noqa: F401 - before the fork, so that a run is short
from dermstation.domain.audit import AuditEvent
from dermstation.domain.copies import CopyKind, Shape, ShapeKind
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, Role
from dermstation.handover.verify import verify_package
from dermstation.security.accounts import unlock_with_recovery
from dermstation.security.kdf import KdfParameters
from dermstation.security.keyfile import read_key_file
from dermstation.security.recovery import RecoveryKey, new_recovery_key, parse_recovery_key
from dermstation.security.slots import IndexKeys
from dermstation.vault.backup import Backup
from dermstation.vault.restore import restore
from dermstation.vault.setup import set_up
from dermstation.vault.store import Vault
from dermstation.workflow import deriving, operators, packaging, wiping
from dermstation.workflow.package_choice import Practice
from dermstation.workflow.unlocking import SignedIn, record_opening
from dermstation.workflow.viewing import view_of
from dermstation.workflow.wiping import Resumed
from tests.unit.vault.conftest import Samples
from tests.unit.workflow.conftest import an_episode, pack, ready

CHEAP = KdfParameters(memory_kib=64, passes=1, lanes=1)
ADMIN = Operator(Samples.operator_id, "Test Administrator", Role.ADMINISTRATOR)
LEAVER = Operator("b" * 32, "Test Leaver", Role.NURSE)
PASSPHRASE = "correct horse battery staple"
FROZEN = Path(__file__).parents[1] / "vaults" / "index-1.zip"

Ack = Callable[[str], None]


@dataclass(frozen=True)
class Scenario:
    """One thing that is interrupted."""

    prepare: Callable[[Path], None]
    act: Callable[[Path, Ack], None]
    check: Callable[[Path, list[str]], list[str]]


def _new(home: Path) -> Vault:
    recovery = new_recovery_key()
    vault, _ = set_up(
        home / "vault", ADMIN, PASSPHRASE, keystore=None, recovery=recovery, kdf=CHEAP
    )
    (home / "recovery").write_text(" ".join(recovery.words))
    return vault


def _recovery(home: Path) -> RecoveryKey:
    return parse_recovery_key((home / "recovery").read_text())


def _open(home: Path, name: str = "vault") -> Vault:
    vault = Vault.open(home / name, unlock_with_recovery(home / name, _recovery(home)))
    record_opening(vault, home / name, ADMIN.id, AuditEvent.SIGNED_IN)
    return vault


def _signed_in(vault: Vault) -> SignedIn:
    return SignedIn(vault, ADMIN, Resumed())


def _note(home: Path, **facts: object) -> None:
    (home / "facts.json").write_text(json.dumps(facts))


def _facts(home: Path) -> dict[str, object]:
    return json.loads((home / "facts.json").read_text())


def _hashes(vault: Vault) -> dict[str, str]:
    return {
        one.id: one.sha256
        for episode in vault.episodes.unfinished()
        for one in vault.captures.of_episode(episode.id)
    }


def _faults_of(vault: Vault, expected: dict[str, str]) -> list[str]:
    """List captures that are gone or are not what was saved, and what the opening found."""
    faults = [f"damage: {one.kind}" for one in vault.damage]
    known = _hashes(vault)
    for capture_id, sha256 in expected.items():
        if known.get(capture_id) != sha256:
            faults.append(f"capture {capture_id} is lost")
            continue
    for capture_id in known:
        if vault.captures.get(capture_id).wiped_at is not None:
            continue  # its covered copy took its place
        try:
            vault.captures.image(capture_id)
        except StationError as error:
            faults.append(f"capture {capture_id}: {error.code}")
    faults += [f"audit: {one.fault}" for one in vault.audit.verify()]
    if vault.standing != "agrees":
        faults.append(f"standing: {vault.standing}")
    return faults


# captures


def _prepare_capture(home: Path) -> None:
    with _new(home) as vault:
        _, _, _, _ = Samples().fill(vault, captures=1)
        _note(home, captures=_hashes(vault))


def _act_capture(home: Path, ack: Ack) -> None:
    with _open(home) as vault:
        for _ in range(2):
            _save_one(vault, ack)
        vault.settle()


def _save_one(vault: Vault, ack: Ack) -> None:
    """Add a capture to the newest episode as the window does."""
    episode = vault.episodes.unfinished()[0]
    lesion = vault.lesions.of_episode(episode.id)[0]
    image = secrets.token_bytes(30_000)
    capture = Samples().capture(lesion, image)
    vault.captures.save(capture, image)
    ack(f"{capture.id} {capture.sha256}")


def _expected(home: Path, acked: list[str]) -> dict[str, str]:
    return dict(_facts(home)["captures"]) | dict(line.split() for line in acked)


def _check_capture(home: Path, acked: list[str]) -> list[str]:
    expected = _expected(home, acked)
    with _open(home) as vault:
        faults = _faults_of(vault, expected)
        (episode,) = vault.episodes.unfinished()
        (lesion,) = vault.lesions.of_episode(episode.id)
        image = secrets.token_bytes(1_000)
        vault.captures.save(Samples().capture(lesion, image), image)  # and work goes on
    return faults


# the package


def _prepare_package(home: Path) -> None:
    (home / "packages").mkdir()
    with _new(home) as vault:
        ready(_signed_in(vault), an_episode(_signed_in(vault)))
        _note(home, captures=_hashes(vault))


def _act_package(home: Path, ack: Ack) -> None:
    with _open(home) as vault:
        (episode,) = vault.episodes.unfinished()
        packaging.make_package(vault, ADMIN, episode.id, home / "packages", Practice())
        ack("packaged")


def _check_package(home: Path, acked: list[str]) -> list[str]:
    with _open(home) as vault:
        wiping.resume(vault)
        faults = _faults_of(vault, dict(_facts(home)["captures"]))
        (episode,) = vault.episodes.unfinished()
        whole = [one for one in vault.packages.of_episode(episode.id) if one.verified_at]
        if acked and not whole:
            faults.append("an acknowledged package is lost")
        listed = {Path(one.folder) / file.name for one in whole for file in one.files}
        there = {path for path in (home / "packages").rglob("*") if path.is_file()}
        faults += [f"not accounted for in the clear: {path.suffix}" for path in there - listed]
        if acked:
            findings = verify_package(Path(whole[-1].folder), whole[-1].files)
            faults += [f"package: {finding.fault}" for finding in findings]
    return faults


# the wipe


def _prepare_wipe(home: Path) -> None:
    (home / "packages").mkdir()
    with _new(home) as vault:
        kept = Samples().fill(vault, which=1)
        view = pack(_signed_in(vault), an_episode(_signed_in(vault)), home / "packages")
        file_id = vault.episodes.place(view.episode.id).file_id
        captures = {one.id: one.sha256 for one in vault.captures.of_episode(kept[1].id)}
        gone = [one.id for one in vault.captures.of_episode(view.episode.id)]
        _note(
            home, captures=captures, episode=view.episode.id, file_id=file_id, gone=gone,
            index_key=bytes(vault._database.key).hex(),
        )  # fmt: skip


def _act_wipe(home: Path, ack: Ack) -> None:
    with _open(home) as vault:
        episode_id = str(_facts(home)["episode"])
        wiping.hand_over(vault, ADMIN, episode_id, in_record=True, in_ers=True)
        ack("wiped")


def _check_wipe(home: Path, acked: list[str]) -> list[str]:
    facts = _facts(home)
    with _open(home) as vault:
        began = not _is_unfinished(vault, str(facts["episode"]))
        wiping.resume(vault)
        faults = _faults_of(vault, dict(facts["captures"]))
        is_there = _is_unfinished(vault, str(facts["episode"]))
        if acked and is_there:
            faults.append("a wiped episode is back")
        if began or acked:
            file = home / "vault" / "episodes" / f"{facts['file_id']}.db"
            left = [path for path in (home / "packages").rglob("*") if path.is_file()]
            if file.exists() or left or is_there:
                faults.append("a wipe that was begun is not finished")
            if not vault.certificates.all():
                faults.append("a wipe has no certificate")
        elif not set(facts["gone"]) <= set(_hashes(vault)):
            faults.append("an episode that is not wiped has lost captures")
    if began or acked:
        faults += _old_key_opens(home, str(facts["index_key"]))
    return faults


def _is_unfinished(vault: Vault, episode_id: str) -> bool:
    return any(one.id == episode_id for one in vault.episodes.unfinished())


def _old_key_opens(home: Path, old_key: str) -> list[str]:
    try:
        Vault.open(home / "vault", IndexKeys(bytearray.fromhex(old_key))).close()
    except StationError as error:
        return [] if error.code is ErrorCode.VAULT_DAMAGED else [f"old key: {error.code}"]
    return ["the index key of before the wipe still opens"]


# a cover, and the original behind it


def _prepare_cover(home: Path) -> None:
    with _new(home) as vault:
        view = an_episode(_signed_in(vault))
        ready(_signed_in(vault), view)
        file_id = vault.episodes.place(view.episode.id).file_id
        _note(home, file_id=file_id, index_key=bytes(vault._database.key).hex())


def _act_cover(home: Path, ack: Ack) -> None:
    shapes = (Shape(ShapeKind.ELLIPSE, 0.2, 0.2, 0.6, 0.7),)
    with _open(home) as vault:
        (episode,) = vault.episodes.unfinished()
        (origin, *_) = vault.captures.of_episode(episode.id)
        drawing = deriving.begin_drawing(vault, episode.id, origin.id, CopyKind.COVERED)
        deriving.save_copies(vault, deriving.draw(drawing, shapes, ADMIN))
        ack("covered")
        deriving.wipe_covered(vault, ADMIN, episode.id)
        ack("wiped")


def _check_cover(home: Path, acked: list[str]) -> list[str]:
    facts = _facts(home)
    with _open(home) as vault:
        faults = _faults_of(vault, {})
        (episode,) = vault.episodes.unfinished()
        view = view_of(vault, episode.id)
        gone = [one for one in view.captures if one.wiped_at is not None]
        for one in view.copies:
            vault.captures.image(one.id)
        if "covered" in acked and not view.copies:
            faults.append("an acknowledged copy is lost")
        if "wiped" in acked and not gone:
            faults.append("a wiped original is back")
        if gone and not view.copies:
            faults.append("an original is wiped and has no copy")
        there = {path.stem for path in (home / "vault" / "episodes").glob("*.db")}
        if there != {vault.episodes.place(episode.id).file_id}:
            faults.append("a file of pictures is too many or missing")
    if gone:
        faults += ["the file of before stays"] if facts["file_id"] in there else []
        faults += _old_key_opens(home, str(facts["index_key"]))
    return faults


# keys


def _act_rotate(home: Path, ack: Ack) -> None:
    with _open(home) as vault:
        vault.rotate_index_key()
        ack("rotated")


def _check_plain(home: Path, _acked: list[str]) -> list[str]:
    with _open(home) as vault:
        faults = _faults_of(vault, dict(_facts(home)["captures"]))
    if read_key_file(home / "vault").next_id is not None:
        faults.append("a rotation is not finished")
    return faults


def _prepare_revoke(home: Path) -> None:
    with _new(home) as vault:
        Samples().fill(vault)
        with vault.index_keys() as keys:
            operators.accounts.add_operator(
                vault.folder, LEAVER, PASSPHRASE, keys, keystore=None, kdf=CHEAP
            )
        vault.operators.save(LEAVER)
        _note(home, captures=_hashes(vault), key_id=read_key_file(vault.folder).current_id)


def _act_revoke(home: Path, ack: Ack) -> None:
    with _open(home) as vault:
        operators.revoke_operator(vault, ADMIN, LEAVER.id, keystore=None)
        ack("revoked")


def _check_revoke(home: Path, acked: list[str]) -> list[str]:
    faults = _check_plain(home, acked)
    content = read_key_file(home / "vault")
    has_slot = any(slot.operator.id == LEAVER.id for slot in content.slots)
    is_changed = content.current_id != _facts(home)["key_id"]
    if acked and has_slot:
        faults.append("a revoked operator can sign in")
    if has_slot == is_changed:
        faults.append("a revocation is half done")
    return faults


# other versions, other places


def _prepare_migrate(home: Path) -> None:
    with zipfile.ZipFile(FROZEN) as packed:
        packed.extractall(home)
    ways = json.loads((home / "ways.json").read_text())
    (home / "recovery").write_text(ways["recovery"])
    _note(home, captures=ways["captures"])


def _act_migrate(home: Path, ack: Ack) -> None:
    with _open(home) as vault:
        _save_one(vault, ack)  # and with it the episode's file leaves its write-ahead log


def _check_migrate(home: Path, acked: list[str]) -> list[str]:
    with _open(home) as vault:
        return _faults_of(vault, _expected(home, acked))


def _prepare_backup(home: Path) -> None:
    (home / "share").mkdir()
    with _new(home) as vault:
        Samples().fill(vault)
        _note(home, captures=_hashes(vault))


def _act_backup(home: Path, ack: Ack) -> None:
    with _open(home) as vault:
        backup = Backup(vault, home / "share")
        while (progress := backup.step()).path is None:
            pass
        ack(str(progress.path.relative_to(home)))


def _check_backup(home: Path, acked: list[str]) -> list[str]:
    faults = _check_plain(home, [])
    if (home / "vault" / "backup.tmp").exists():
        faults.append("a copy of the index stays")
    for path in acked:
        with restore(home / path, home / "new", _recovery(home)) as vault:
            faults += _faults_of(vault, dict(_facts(home)["captures"]))
    return faults


def _prepare_restore(home: Path) -> None:
    _prepare_backup(home)
    with _open(home) as vault:
        backup = Backup(vault, home / "share")
        while backup.step().path is None:
            pass


def _act_restore(home: Path, ack: Ack) -> None:
    (path,) = (home / "share").glob("*.dermbackup")
    restore(path, home / "new", _recovery(home)).close()
    ack("restored")


def _check_restore(home: Path, acked: list[str]) -> list[str]:
    (path,) = (home / "share").glob("*.dermbackup")
    faults = []
    if not (home / "new").exists():
        if acked:
            faults.append("an acknowledged restore is lost")
        restore(path, home / "new", _recovery(home)).close()
    with _open(home, "new") as vault:
        return faults + _faults_of(vault, dict(_facts(home)["captures"]))


SCENARIOS = {
    "capture": Scenario(_prepare_capture, _act_capture, _check_capture),
    "package": Scenario(_prepare_package, _act_package, _check_package),
    "wipe": Scenario(_prepare_wipe, _act_wipe, _check_wipe),
    "cover": Scenario(_prepare_cover, _act_cover, _check_cover),
    "rotate": Scenario(_prepare_capture, _act_rotate, _check_plain),
    "revoke": Scenario(_prepare_revoke, _act_revoke, _check_revoke),
    "migrate": Scenario(_prepare_migrate, _act_migrate, _check_migrate),
    "backup": Scenario(_prepare_backup, _act_backup, _check_backup),
    "restore": Scenario(_prepare_restore, _act_restore, _check_restore),
}

if __name__ == "__main__":
    sys.exit("run tests.faults.campaign")
