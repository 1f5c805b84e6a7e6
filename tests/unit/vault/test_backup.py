"""Backup and restore: consistent while in use, byte for byte, and only with the recovery key."""

import io
import json
import os
import sys
import tarfile
import tracemalloc

import pytest

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import now
from dermstation.security.accounts import operators, recovery_private, unlock_with_secret
from dermstation.security.keyfile import read_key_file
from dermstation.security.recovery import new_recovery_key
from dermstation.security.sealed_stream import OpeningReader, SealingWriter
from dermstation.vault import backup_entries
from dermstation.vault.backup import BACKUP_ENDING, Backup
from dermstation.vault.checking import check_vault
from dermstation.vault.reconciling import Damage, DamageKind
from dermstation.vault.restore import BackupStanding, restore, standing_of
from dermstation.vault.store import Vault
from tests.unit.vault.conftest import PASSPHRASE, back_up


def code_of(call, *arguments):
    with pytest.raises(StationError) as caught:
        call(*arguments)
    return caught.value.code


@pytest.fixture
def made(home, samples, tmp_path):
    """Return a backup of two episodes, and the images that are in it."""
    with home.open() as vault:
        saved = {}
        for which in range(2):
            saved |= samples.fill(vault, which=which, captures=3)[3]
        return back_up(vault, tmp_path / "share"), saved


def test_a_restored_vault_is_equal_byte_for_byte(home, made, tmp_path):
    path, saved = made
    assert list(path.parent.iterdir()) == [path]
    with restore(path, tmp_path / "new" / "vault", home.recovery) as vault:
        assert vault.damage == ()
        assert {one: vault.captures.image(one) for one in saved} == saved
        assert check_vault(vault).ok
        assert vault.audit.newest(AuditEvent.RESTORED) is not None
        assert vault.audit.verify() == ()
    # whoever had a passphrase that needs no keystore signs in as before
    keys = unlock_with_secret(
        tmp_path / "new" / "vault", home.operator.id, PASSPHRASE, keystore=None
    )
    Vault.open(tmp_path / "new" / "vault", keys).close()
    assert operators(tmp_path / "new" / "vault") == (home.operator,)


def test_a_backup_opens_with_this_recovery_key_alone(made, tmp_path):
    assert code_of(restore, made[0], tmp_path / "new", new_recovery_key()) is (
        ErrorCode.RECOVERY_KEY_WRONG
    )
    assert list(tmp_path.glob("new*")) == []


def test_nothing_of_a_patient_is_in_a_backup_in_the_clear(made, samples):
    content = made[0].read_bytes()
    patient = samples.patient()
    for word in (patient.family_name, patient.nhs_number.digits, "SQLite", "Test Operator"):
        assert word.encode() not in content
    assert not any(image[:32] in content for image in made[1].values())


@pytest.mark.parametrize("spoil", ["cut", "flip", "grown", "swapped", "empty", "absent", "head"])
def test_a_backup_that_is_not_whole_restores_nothing(home, made, tmp_path, spoil):
    path, _ = made
    content = bytearray(path.read_bytes())
    if spoil == "cut":
        del content[-40:]
    elif spoil == "flip":
        content[len(content) // 2] ^= 1
    elif spoil == "grown":
        content += b"x"
    elif spoil == "swapped":
        content[200:300], content[400:500] = content[400:500], content[200:300]
    elif spoil == "empty":
        content.clear()
    elif spoil == "head":
        content[:8] = b"NOBACKUP"
    path.write_bytes(content)
    if spoil == "absent":
        path.unlink()
    assert code_of(restore, path, tmp_path / "new", home.recovery) is ErrorCode.BACKUP_DAMAGED
    assert list(tmp_path.glob("new*")) == []


def forged(home, path, *entries):
    """Write what anybody can who has the key files: a stream sealed to the public half."""
    recipient = read_key_file(home.folder).recovery.public
    with (
        path.open("wb") as file,
        SealingWriter(file, recipient) as sealing,
        tarfile.open(fileobj=sealing, mode="w|") as tar,
    ):
        for name, body, kind in entries:
            entry = tarfile.TarInfo(name)
            entry.size, entry.type, entry.linkname = len(body), kind, "/etc/passwd"
            tar.addfile(entry, io.BytesIO(body))
    return path


@pytest.mark.parametrize(
    "entries",
    [
        [("../outside.db", b"x", tarfile.REGTYPE)],
        [("episodes/../../outside.db", b"x", tarfile.REGTYPE)],
        [("vault.db", b"", tarfile.SYMTYPE)],
        [("vault.db", b"long", tarfile.REGTYPE), ("vault.db", b"x", tarfile.REGTYPE)],
        [("manifest.json", b"no JSON", tarfile.REGTYPE)],
        [("manifest.json", b"[]", tarfile.REGTYPE)],
        [("manifest.json", b"[" * 100_000, tarfile.REGTYPE)],
        [("keys.a", b"short", tarfile.REGTYPE)],
        [("manifest.json", b'{"files": {"vault.db": "many"}}', tarfile.REGTYPE)],
    ],
)
def test_a_backup_put_together_by_others_writes_nothing_outside(home, tmp_path, entries):
    path = forged(home, tmp_path / "forged.dermbackup", *entries)
    there = set(tmp_path.rglob("*"))
    assert code_of(restore, path, tmp_path / "new", home.recovery) is ErrorCode.BACKUP_DAMAGED
    assert set(tmp_path.rglob("*")) == there


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")
def test_what_is_restored_is_for_its_owner_alone(home, made, tmp_path):
    restore(made[0], tmp_path / "new", home.recovery).close()
    for folder in (tmp_path / "new", tmp_path / "new" / "episodes"):
        assert folder.stat().st_mode & 0o077 == 0


def test_a_store_that_is_there_is_never_replaced(home, made):
    before = {path: path.read_bytes() for path in home.files()}
    assert code_of(restore, made[0], home.folder, home.recovery) is ErrorCode.RESTORE_PLACE_TAKEN
    assert {path: path.read_bytes() for path in home.files()} == before


@pytest.mark.expects_log("1 things wrong")
def test_captures_are_saved_and_wiped_while_a_backup_is_under_way(home, vault, samples, tmp_path):
    kept = samples.fill(vault, which=0)
    gone = samples.fill(vault, which=1)
    (tmp_path / "share").mkdir()
    backup = Backup(vault, tmp_path / "share")
    image = samples.image()
    vault.captures.save(samples.capture(kept[2], image), image)
    vault._files.remove(vault.episodes.place(gone[1].id).file_id)
    while (progress := backup.step()).path is None:
        pass
    vault.close()
    with restore(progress.path, tmp_path / "new", home.recovery) as restored:
        assert {one: restored.captures.image(one) for one in kept[3]} == kept[3]
        assert Damage(DamageKind.EPISODE_FILE_MISSING, gone[1].id) in restored.damage


def test_a_backup_given_up_leaves_nothing(home, vault, samples, tmp_path):
    samples.fill(vault)
    folder = tmp_path / "share"
    folder.mkdir()
    Backup(vault, folder).drop()
    assert list(folder.iterdir()) == []
    assert not (home.folder / "backup.tmp").exists()


def test_what_a_crash_left_of_a_backup_goes_at_the_next_opening(home, vault, samples, tmp_path):
    """It would open wiped episodes: it holds a copy of the index with their keys."""
    stage = home.folder / "backup.tmp"
    stage.mkdir()
    (stage / "vault.db").write_bytes(b"a copy")
    vault.close()
    home.open().close()
    assert not stage.exists()


def test_a_folder_that_takes_no_backup_is_said(vault, samples, tmp_path):
    samples.fill(vault)
    assert code_of(Backup, vault, tmp_path / "absent") is ErrorCode.BACKUP_FAILED


def test_a_full_share_is_said_and_left_clean(small_disk, vault, samples, tmp_path):
    samples.fill(vault, captures=8)
    share = small_disk(tmp_path / "share", "128k")
    backup = Backup(vault, share)
    backup.step()  # what is written waits in memory for its piece to be full
    assert code_of(backup.step) is ErrorCode.BACKUP_FAILED
    assert list(share.iterdir()) == []


def test_a_backup_and_a_restore_killed_anywhere_leave_a_whole_one_or_none(
    home, samples, killed_before, tmp_path
):
    with home.open() as vault:
        saved = samples.fill(vault)[3]
    number, was_killed = 0, True
    while was_killed:
        copy, share = home.copy_to(tmp_path / "copy"), tmp_path / f"share-{number}"

        def whole(copy=copy, share=share):
            with copy.open() as opened:
                back_up(opened, share)

        was_killed = killed_before(number, whole)
        with copy.open() as vault:  # the vault itself has lost nothing
            assert {one: vault.captures.image(one) for one in saved} == saved
        number += 1
    (path,) = share.glob(f"*{BACKUP_ENDING}")
    number, was_killed = 0, True
    while was_killed:
        place = tmp_path / f"new-{number}"
        was_killed = killed_before(
            number, lambda place=place: restore(path, place, home.recovery).close()
        )
        if not place.exists():
            restore(path, place, home.recovery).close()
        keys = unlock_with_secret(place, home.operator.id, PASSPHRASE, keystore=None)
        with Vault.open(place, keys) as vault:
            assert {one: vault.captures.image(one) for one in saved} == saved
        number += 1


# several stations and one folder, a wrong clock, runs that were killed


@pytest.mark.parametrize("spoil", ["flipped", "cut", "grown", "head"])
def test_a_backup_that_does_not_read_back_is_not_announced(vault, samples, tmp_path, spoil):
    samples.fill(vault, captures=1)
    (tmp_path / "share").mkdir()
    backup = Backup(vault, tmp_path / "share")
    backup.step()
    backup.step()  # everything is written
    (part,) = (tmp_path / "share").iterdir()
    content = bytearray(part.read_bytes())
    if spoil == "flipped":
        content[len(content) // 2] ^= 1
    elif spoil == "head":
        content[20] ^= 1
    else:
        content = content + b"x" if spoil == "grown" else content[:-100]
    part.write_bytes(content)
    with pytest.raises(StationError) as caught:
        backup.finish()
    assert (caught.value.code, caught.value.facts["step"]) == (ErrorCode.BACKUP_FAILED, "check")
    assert list((tmp_path / "share").iterdir()) == []
    assert vault.audit.newest(AuditEvent.BACKED_UP) is None


def test_an_index_that_was_not_copied_whole_makes_no_backup(vault, samples, tmp_path, monkeypatch):
    samples.fill(vault, captures=1)
    (tmp_path / "share").mkdir()
    export = Vault.export_index

    def cut(self, path, key):
        export(self, path, key)
        content = bytearray(path.read_bytes())
        content[-2_000] ^= 1
        path.write_bytes(content)

    monkeypatch.setattr(Vault, "export_index", cut)
    assert code_of(Backup, vault, tmp_path / "share") is ErrorCode.BACKUP_FAILED
    assert list((tmp_path / "share").iterdir()) == []


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.XGLTYPE])
def test_a_header_of_many_megabytes_costs_no_memory(home, tmp_path, kind):
    size = 64 << 20
    recipient = read_key_file(home.folder).recovery.public
    path = tmp_path / "forged.dermbackup"
    with path.open("wb") as file, SealingWriter(file, recipient) as sealing:
        entry = tarfile.TarInfo("vault.db")
        entry.size, entry.type = size, kind
        sealing.write(entry.tobuf(tarfile.GNU_FORMAT))
        for _ in range(size >> 20):
            sealing.write(bytes(1 << 20))
    tracemalloc.start()
    assert code_of(restore, path, tmp_path / "new", home.recovery) is ErrorCode.BACKUP_DAMAGED
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < size / 4


def test_a_backup_of_version_0_1_still_restores(home, made, tmp_path):
    """Its manifest had sizes alone, and its name no vault."""
    path, saved = made
    body = {"made_at": now().isoformat(), "files": {}}
    contents = {}
    private = recovery_private(home.recovery)
    with path.open("rb") as file, OpeningReader(file, private) as stream:
        for name, content in backup_entries.entries(stream):
            contents[name] = b"".join(iter(content.read, b""))
    del contents[backup_entries.MANIFEST]
    body["files"] = {name: len(content) for name, content in contents.items()}
    contents[backup_entries.MANIFEST] = json.dumps(body).encode()
    entries = [(name, content, tarfile.REGTYPE) for name, content in contents.items()]
    old = forged(
        home, tmp_path / f"dermstation-20260101-000000-000000-abcdef{BACKUP_ENDING}", *entries
    )
    with restore(old, tmp_path / "new", home.recovery) as vault:
        assert {one: vault.captures.image(one) for one in saved} == saved
        assert standing_of(vault, old, None) == BackupStanding()


# what is said at a restore


@pytest.mark.expects_log("1 things wrong")
def test_check_says_which_captures_are_whole(home, samples):
    with home.open() as vault:
        _, one, _, damaged = samples.fill(vault, which=0)
        _, _, _, whole = samples.fill(vault, which=1)
        assert check_vault(vault).ok
        path = vault._files.path(vault.episodes.place(one.id).file_id)
    content = bytearray(path.read_bytes())
    content[len(content) - 100] ^= 1
    path.write_bytes(content)
    os.truncate(path, len(content) - 4096)
    with home.open() as vault:
        report = check_vault(vault)
    assert not report.ok
    assert set(report.whole) == set(whole)
    assert set(report.lost) <= set(damaged)
    assert report.lost
