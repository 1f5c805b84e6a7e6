"""Backups in one folder: their names, which are kept, and how a restored one stands."""

import os
import sys
from datetime import UTC, datetime

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import now
from dermstation.security.witness import Witness
from dermstation.vault.backup import BACKUP_ENDING, remove_old_backups
from dermstation.vault.backup_names import BackupName, backups_of
from dermstation.vault.restore import BackupStanding, restore, standing_of
from dermstation.vault.setup import set_up
from tests.unit.vault.conftest import KDF, PASSPHRASE, back_up


def test_the_backups_of_one_vault_are_kept_and_removed_by_themselves(home, tmp_path):
    share = tmp_path / "share"
    share.mkdir()
    others = [f"dermstation-20260101-00000{n}-000000-abcdef{BACKUP_ENDING}" for n in range(2)]
    others += [str(BackupName("b" * 12, n, "20260101-000000")) for n in (1, 2, 900)]
    others += ["something.else"]
    for name in others:
        (share / name).write_bytes(b"")
    with home.open() as vault:
        made = [back_up(vault, share) for _ in range(4)]
        assert remove_old_backups(made[-1], vault.id, keep=2) == 2
        assert {path.name for path in share.iterdir()} == {*others, made[2].name, made[3].name}
        assert remove_old_backups(made[-1], vault.id, keep=0) == 1
    assert {path.name for path in share.iterdir()} == {*others, made[3].name}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
def test_only_plain_files_count_as_backups(home, tmp_path):
    share = tmp_path / "share"
    share.mkdir()
    with home.open() as vault:
        first = back_up(vault, share)
        for number in range(900, 904):
            os.mkfifo(share / str(BackupName.of(vault.id, number, now())))
        (share / str(BackupName.of(vault.id, 950, now()))).symlink_to(first)
        second = back_up(vault, share)
        assert remove_old_backups(second, vault.id, keep=2) == 0
        assert [path for _, path in backups_of(share, vault.id)] == [first, second]
    fifo = next(path for path in share.iterdir() if path.is_fifo())
    with pytest.raises(StationError) as refused:
        restore(fifo, tmp_path / "new", home.recovery)
    assert refused.value.code is ErrorCode.BACKUP_DAMAGED


def test_three_stations_keep_one_backup_each_in_one_folder(home, tmp_path):
    share = tmp_path / "share"
    share.mkdir()
    vaults = [home.open()]
    for number in range(2):
        folder = tmp_path / f"vault-{number}"
        vaults.append(set_up(folder, home.operator, PASSPHRASE, keystore=None, kdf=KDF)[0])
    for _ in range(3):
        for vault in vaults:
            remove_old_backups(back_up(vault, share), vault.id, keep=1)
    assert [len(backups_of(share, vault.id)) for vault in vaults] == [1, 1, 1]
    for vault in vaults:
        vault.close()


@pytest.mark.parametrize("year", [2000, 2035])
def test_a_clock_that_is_wrong_for_a_while_costs_no_backup(home, tmp_path, monkeypatch, year):
    share = tmp_path / "share"
    share.mkdir()
    with home.open() as vault:
        with monkeypatch.context() as patch:
            at = datetime(year, 6, 1, tzinfo=UTC)
            patch.setattr("dermstation.vault.backup.now", lambda: at)
            first = back_up(vault, share)
        newest = back_up(vault, share)
        assert remove_old_backups(newest, vault.id, keep=1) == 1
    assert list(share.iterdir()) == [newest]
    assert str(year) in first.name


def test_a_backup_is_numbered_on_wherever_the_earlier_ones_went(home, tmp_path):
    with home.open() as vault:
        back_up(vault, tmp_path / "one")
        back_up(vault, tmp_path / "one")
        third = back_up(vault, tmp_path / "two")
    copy = home.copy_to(tmp_path / "copy")  # an older copy of the vault, put back
    for path in (tmp_path / "one").iterdir():
        path.rename(tmp_path / "two" / path.name)
    with copy.open() as vault:
        fourth = back_up(vault, tmp_path / "two")
        names = [BackupName.parse(path.name) for path in (third, fourth)]
        assert [name.number for name in names if name] == [3, 4]
        assert backups_of(tmp_path / "two", vault.id)[-1][1] == fourth


def test_what_killed_runs_left_goes_at_the_next_one(home, tmp_path):
    share = tmp_path / "share"
    share.mkdir()
    with home.open() as vault:
        mine = share / f"{BackupName.of(vault.id, 3, now())}.part"
        others = share / f"{BackupName('b' * 12, 3, '20260101-000000')}.part"
        for part in (mine, others):
            part.write_bytes(b"half")
        made = back_up(vault, share)
    assert set(share.iterdir()) == {made, others}


def test_a_backup_of_another_vault_or_an_older_one_is_known_as_such(home, samples, tmp_path):
    with home.open() as vault:
        samples.fill(vault)
        first = back_up(vault, tmp_path / "share")
        samples.fill(vault, which=1)
        newest = back_up(vault, tmp_path / "share")
        remembered = vault.audit.witness(vault.id)
    with restore(first, tmp_path / "first", home.recovery) as vault:
        standing = standing_of(vault, first, remembered)
        assert standing.entries_since > 0
        assert (standing.newer, standing.is_of_another_vault) == (newest, False)
        other = Witness("c" * 32, remembered.anchor)
        assert standing_of(vault, first, other).is_of_another_vault
        assert standing_of(vault, first, None) == BackupStanding(newer=newest)
    with restore(newest, tmp_path / "newest", home.recovery) as vault:
        assert standing_of(vault, newest, None) == BackupStanding()
