"""Old copies and another vault's files, put back: noticed, nothing removed."""

import shutil

import pytest

from dermstation.domain.audit import AuditEvent, AuditFault
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security.accounts import unlock_with_recovery
from dermstation.security.keyfile import KEY_FILES
from dermstation.vault.audit import Rollback
from dermstation.vault.reconciling import Damage, DamageKind
from dermstation.vault.setup import set_up
from dermstation.vault.store import Vault
from tests.unit.vault.conftest import KDF, PASSPHRASE, Home

INDEX = ("vault.db", "vault.db-journal")


@pytest.fixture
def another(home, tmp_path):
    folder = tmp_path / "another"
    vault, recovery = set_up(folder, home.operator, PASSPHRASE, keystore=None, kdf=KDF)
    vault.close()
    return Home(folder, recovery, home.operator)


def put_back(home, copy, *names):
    for name in names:
        shutil.copy2(copy.folder / name, home.folder / name)


def episode_files(home):
    return {path.name for path in (home.folder / "episodes").iterdir()}


def aside(home):
    folder = home.folder / "aside"
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def aside_files(home):
    folder = home.folder / "aside"
    return sorted(folder.glob("*.db")) if folder.is_dir() else []


@pytest.mark.expects_log("an old copy was put back: index_older", "1 things wrong")
def test_an_old_index_is_noticed_and_the_files_it_does_not_list_are_kept(home, samples, tmp_path):
    with home.open() as vault:
        _, _, _, before = samples.fill(vault, which=0)
    copy = home.copy_to(tmp_path / "copy")
    with home.open() as vault:
        _, _, _, after = samples.fill(vault, which=1)
    files = episode_files(home)
    newest = home.copy_to(tmp_path / "newest")
    put_back(home, copy, *INDEX)
    for _ in range(2):  # the second opening must not remove what the first one kept
        with home.open() as vault:
            assert vault.rollback is Rollback.INDEX_OLDER
            assert [one.kind for one in vault.damage] == [DamageKind.FILE_KEPT_ASIDE]
            assert all(vault.captures.image(one) == image for one, image in before.items())
            assert episode_files(home) | aside(home) == files
        put_back(home, copy, *INDEX)
    put_back(home, newest, *INDEX, *KEY_FILES)
    with home.open() as vault:  # the newest index brings its files back
        assert vault.rollback is Rollback.NONE
        assert vault.damage == ()
        assert all(vault.captures.image(one) == image for one, image in after.items())
    assert episode_files(home) == files


@pytest.mark.expects_log("an old copy was put back: index_older", "1 things wrong")
def test_going_on_with_an_old_index_keeps_the_files_and_the_finding(home, samples, tmp_path):
    copy = home.copy_to(tmp_path / "copy")
    with home.open() as vault:
        samples.fill(vault, which=0)
    files = episode_files(home)
    put_back(home, copy, *INDEX)
    with home.open() as vault:
        vault.audit.append(AuditEvent.OLD_COPY_NOTICED, standing=vault.rollback.value)
        samples.fill(vault, which=1)
    with home.open() as vault:  # noticed once; the entry in the chain stays for ever
        assert vault.rollback is Rollback.NONE
        assert [one.kind for one in vault.damage] == [DamageKind.FILE_KEPT_ASIDE]
        findings = vault.audit.verify()
        assert [one.fault for one in findings] == [AuditFault.NOTICED_BEFORE]
    assert aside(home) == files


@pytest.mark.expects_log("an old copy was put back: index_other", "things wrong")
def test_an_index_that_went_its_own_way_is_noticed(home, samples, tmp_path):
    copy = home.copy_to(tmp_path / "copy")
    with copy.open() as vault:
        for which in range(3):
            samples.fill(vault, which=which)
    with home.open() as vault:
        samples.fill(vault, which=3, captures=1)
    files = episode_files(home)
    put_back(home, copy, *INDEX)
    with home.open() as vault:
        assert vault.rollback is Rollback.INDEX_OTHER
    assert aside(home) == files


@pytest.mark.expects_log("an old copy was put back: keys_older")
def test_old_key_files_are_noticed_until_the_next_opening(home, samples, tmp_path):
    copy = home.copy_to(tmp_path / "copy")
    with home.open() as vault:
        samples.fill(vault)
    files = episode_files(home)
    put_back(home, copy, *KEY_FILES)
    with home.open() as vault:
        assert vault.rollback is Rollback.KEYS_OLDER
        assert vault.damage == ()
        assert {one.fault for one in vault.audit.verify()} == {AuditFault.KEYS_PUT_BACK}
        vault.audit.append(AuditEvent.SIGNED_IN)
    with home.open() as vault:
        assert vault.rollback is Rollback.NONE
    assert episode_files(home) == files


def test_old_key_files_open_nothing_after_a_change_of_the_index_key(home, samples, tmp_path):
    copy = home.copy_to(tmp_path / "copy")
    with home.open() as vault:
        samples.fill(vault)
        vault.rotate_index_key()
    files = episode_files(home)
    put_back(home, copy, *KEY_FILES)
    with pytest.raises(StationError) as caught:
        home.open()
    assert caught.value.code is ErrorCode.VAULT_DAMAGED
    assert episode_files(home) == files


@pytest.mark.expects_log("1 things wrong")
def test_an_old_copy_of_an_episode_file_is_noticed(home, samples, tmp_path):
    with home.open() as vault:
        _, episode, lesion, _ = samples.fill(vault)
        samples.fill(vault, which=1)
    copy = home.copy_to(tmp_path / "copy")
    with home.open() as vault:
        image = samples.image()
        vault.captures.save(samples.capture(lesion, image), image)
        path = vault._files.path(vault.episodes.place(episode.id).file_id)
    put_back(home, copy, path.relative_to(home.folder))
    with home.open() as vault:
        assert vault.damage == (Damage(DamageKind.EPISODE_FILE_OLDER, episode.id),)


@pytest.mark.expects_log("1 things wrong")
def test_files_of_two_episodes_swapped_are_noticed(home, samples):
    with home.open() as vault:
        _, one, _, _ = samples.fill(vault, captures=1)
        _, other, _, _ = samples.fill(vault, which=1, captures=0)
        mine, its = (vault._files.path(vault.episodes.place(e.id).file_id) for e in (one, other))
    its.write_bytes(b"\0" * mine.stat().st_size)
    shutil.copy2(its, mine)
    with home.open() as vault:
        assert vault.damage == (Damage(DamageKind.EPISODE_FILE_OLDER, one.id),)


def test_a_capture_whose_row_was_never_committed_is_no_damage(home, samples, monkeypatch):
    with home.open() as vault:
        _, _, lesion, saved = samples.fill(vault)
        image = samples.image()
        monkeypatch.setattr("dermstation.vault.captures._CAPTURES.name", "nowhere")
        with pytest.raises(Exception, match="nowhere"):
            vault.captures.save(samples.capture(lesion, image), image)
    with home.open() as vault:
        assert vault.damage == ()
        assert all(vault.captures.image(one) == image for one, image in saved.items())


@pytest.mark.expects_log("an old copy was put back: index_older", "1 things wrong")
def test_files_that_were_set_aside_go_for_good_when_somebody_says_so(home, samples, tmp_path):
    copy = home.copy_to(tmp_path / "copy")
    with home.open() as vault:
        samples.fill(vault)
    put_back(home, copy, *INDEX)
    with home.open() as vault:
        assert len(vault.damage) == 1
        assert vault.discard_aside() == 1
        assert vault.damage == ()
        vault.audit.append(AuditEvent.SIGNED_IN)
    assert aside(home) == set()
    home.open().close()


@pytest.mark.expects_log("2 things wrong")
def test_old_keys_and_an_old_index_together_overwrite_no_newer_file(home, samples, tmp_path):
    """Each agrees with the other, so that nothing tells their moment from the newest one."""
    with home.open() as vault:
        _, _, _, first = samples.fill(vault, which=0)
    copy = home.copy_to(tmp_path / "copy")
    with home.open() as vault:
        _, _, _, second = samples.fill(vault, which=1)
        _, _, _, third = samples.fill(vault, which=2)
    newest = home.copy_to(tmp_path / "newest")
    put_back(home, copy, *INDEX, *KEY_FILES)
    for _ in range(2):
        with home.open() as vault:
            assert [one.kind for one in vault.damage] == [DamageKind.FILE_KEPT_ASIDE] * 2
            assert all(vault.captures.image(one) == image for one, image in first.items())
    put_back(home, newest, *INDEX, *KEY_FILES)
    with home.open() as vault:
        assert vault.damage == ()
        for one, image in (first | second | third).items():
            assert vault.captures.image(one) == image


@pytest.mark.expects_log("1 things wrong")
def test_another_vaults_index_and_keys_overwrite_no_file(home, another, samples, tmp_path):
    with home.open() as vault:
        _, _, _, saved = samples.fill(vault)
    newest = home.copy_to(tmp_path / "newest")
    put_back(home, another, *INDEX, *KEY_FILES)
    keys = unlock_with_recovery(home.folder, another.recovery)
    with Vault.open(home.folder, keys) as vault:
        assert [one.kind for one in vault.damage] == [DamageKind.FILE_KEPT_ASIDE]
        _, _, _, theirs = samples.fill(vault, which=1)
    foreign = home.copy_to(tmp_path / "foreign")
    put_back(home, newest, *INDEX, *KEY_FILES)
    with home.open() as vault:
        assert [one.kind for one in vault.damage] == [DamageKind.FILE_KEPT_ASIDE]
        assert all(vault.captures.image(one) == image for one, image in saved.items())
    put_back(home, foreign, *INDEX, *KEY_FILES)
    with Vault.open(home.folder, unlock_with_recovery(home.folder, another.recovery)) as vault:
        assert all(vault.captures.image(one) == image for one, image in theirs.items())


@pytest.mark.expects_log("1 things wrong", "2 things wrong")
def test_a_file_that_is_set_aside_twice_replaces_none(home, samples, tmp_path):
    before = home.copy_to(tmp_path / "before")
    with home.open() as vault:
        _, episode, lesion, saved = samples.fill(vault, captures=1)
        path = vault._files.path(vault.episodes.place(episode.id).file_id)
    older = home.copy_to(tmp_path / "older")
    with home.open() as vault:
        image = samples.image()
        capture = samples.capture(lesion, image)
        vault.captures.save(capture, image)
    newest = home.copy_to(tmp_path / "newest")
    put_back(home, before, *INDEX, *KEY_FILES)
    home.open().close()
    put_back(home, older, path.relative_to(home.folder))  # an older file of the same name
    with home.open() as vault:
        assert len(aside_files(home)) == len(vault.damage) == 2
    put_back(home, newest, *INDEX, *KEY_FILES)
    with home.open() as vault:
        assert vault.damage == ()  # of both files, the one that has everything is back
        for one, content in (saved | {capture.id: image}).items():
            assert vault.captures.image(one) == content


def test_an_older_file_in_its_place_gives_way_to_the_one_set_aside(home, samples, tmp_path):
    with home.open() as vault:
        _, episode, lesion, saved = samples.fill(vault, captures=1)
        path = vault._files.path(vault.episodes.place(episode.id).file_id)
    older = home.copy_to(tmp_path / "older")
    with home.open() as vault:
        image = samples.image()
        capture = samples.capture(lesion, image)
        vault.captures.save(capture, image)
        vault._files.set_aside(path.stem)
    put_back(home, older, path.relative_to(home.folder))
    with home.open() as vault:
        assert vault.damage == ()
        assert vault.captures.image(capture.id) == image
        assert all(vault.captures.image(one) == content for one, content in saved.items())
    assert len(aside_files(home)) == 1


@pytest.mark.expects_log("1 things wrong")
def test_a_file_set_aside_with_captures_unknown_to_the_index_is_reported(home, samples, tmp_path):
    with home.open() as vault:
        _, episode, lesion, _ = samples.fill(vault, captures=1)
        path = vault._files.path(vault.episodes.place(episode.id).file_id)
    older = home.copy_to(tmp_path / "older")
    with home.open() as vault:
        image = samples.image()
        vault.captures.save(samples.capture(lesion, image), image)
        vault._files.set_aside(path.stem)
    put_back(home, older, *INDEX, *KEY_FILES, path.relative_to(home.folder))
    with home.open() as vault:
        assert vault.damage == (Damage(DamageKind.FILE_KEPT_ASIDE, path.stem),)


def test_a_file_where_nothing_was_stored_is_never_begun_anew_over(home, samples):
    with home.open() as vault:
        _, episode, lesion, _ = samples.fill(vault, captures=0)
        path = vault._files.path(vault.episodes.place(episode.id).file_id)
        path.write_bytes(b"another vault's file" * 1_000)
        image = samples.image()
        capture = samples.capture(lesion, image)
        vault.captures.save(capture, image)
        assert vault.captures.image(capture.id) == image
    (kept,) = aside_files(home)
    assert kept.read_bytes() == b"another vault's file" * 1_000


@pytest.mark.parametrize("is_wiped", [True, False], ids=["wiped", "withdrawn"])
def test_a_condemned_file_that_is_put_back_goes_again(home, samples, tmp_path, is_wiped):
    with home.open() as vault:
        _, episode, _, _ = samples.fill(vault)
        path = vault._files.path(vault.episodes.place(episode.id).file_id)
    copy = home.copy_to(tmp_path / "copy")
    with home.open() as vault:
        if is_wiped:
            samples.hand_on(vault, episode)
            pending = vault.wiping.begin(episode.id, wiped_by="op", hand_over=None, reason="x")
            vault.wiping.remove_episode_file(pending.id)
            vault.wiping.finish(pending.id)
        else:
            vault.withdrawals.wipe_captures(episode.id)
            vault.withdrawals.remove_files()
        vault.rotate_index_key()
    assert not path.exists()
    put_back(home, copy, path.relative_to(home.folder))
    with home.open() as vault:
        assert vault.damage == ()
    assert not path.exists()
    assert aside_files(home) == []


def test_the_files_wiped_before_there_was_a_journal_of_them_are_condemned(home, samples):
    with home.open() as vault:
        _, episode, _, _ = samples.fill(vault)
        file_id = vault.episodes.place(episode.id).file_id
        samples.hand_on(vault, episode)
        pending = vault.wiping.begin(episode.id, wiped_by="op", hand_over=None, reason="x")
        vault.wiping.remove_episode_file(pending.id)
        vault.wiping.finish(pending.id)
        vault.rotate_index_key()
        as_before_the_journal(vault._database)
    with home.open() as vault:
        assert vault._condemned.ids() == {file_id}


def as_before_the_journal(database):
    newer = (
        "condemned_files",
        "files_begun",
        "card_companions",
        "set_scores",
        "chart_checks",
        "outgoing",
    )
    for table in newer:
        database.change(f"DROP TABLE {table}")
    columns = (
        ("card_files", "serial"),
        ("patients", "sex"),
        ("picture_choices", "with_ruler"),
        ("lesions", "is_removed"),
    )
    for table, column in columns:
        database.change(f"ALTER TABLE {table} DROP COLUMN {column}")
    database.change("PRAGMA user_version = 9")
