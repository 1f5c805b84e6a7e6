"""Old copies of index, key files and episode files, put back: noticed, nothing removed."""

import shutil

import pytest

from dermstation.domain.audit import AuditEvent, AuditFault
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security.keyfile import KEY_FILES
from dermstation.vault.audit import Rollback
from dermstation.vault.reconciling import Damage, DamageKind

INDEX = ("vault.db", "vault.db-journal")


def put_back(home, copy, *names):
    for name in names:
        shutil.copy2(copy.folder / name, home.folder / name)


def episode_files(home):
    return {path.name for path in (home.folder / "episodes").iterdir()}


def aside(home):
    folder = home.folder / "aside"
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


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
