from contextlib import closing
from dataclasses import replace

import pytest
from sqlcipher3 import dbapi2

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import (
    CaptureDetails,
    CaptureOrigin,
    MediaType,
    Polarisation,
    new_id,
)
from dermstation.vault.backup import Backup
from dermstation.vault.connection import EPISODE_PRAGMAS, READING_PRAGMAS, Database
from dermstation.vault.episode_files import EpisodeFiles
from dermstation.vault.restore import restore

WAL = "PRAGMA journal_mode = WAL"


@pytest.fixture
def filled(vault, samples):
    """An episode with one lesion and no capture yet: vault, episode, lesion."""
    _, episode, lesion, _ = samples.fill(vault, captures=0)
    return vault, episode, lesion


def code_of(call, *arguments):
    with pytest.raises(StationError) as caught:
        call(*arguments)
    return caught.value.code


def episode_path(vault, episode):
    return vault._files.path(vault.episodes.place(episode.id).file_id)


def test_a_capture_comes_back_byte_for_byte(filled, samples):
    vault, episode, lesion = filled
    image = samples.image()
    capture = samples.capture(
        lesion, image, media_type=MediaType.PNG, override_reason="Patient cannot hold still"
    )
    vault.captures.save(capture, image)
    assert vault.captures.get(capture.id) == capture
    assert vault.captures.image(capture.id) == image
    assert vault.captures.of_episode(episode.id) == (capture,)
    assert vault.captures.of_lesion(lesion.id) == (capture,)


def test_captures_are_listed_oldest_first(filled, samples):
    vault, episode, lesion = filled
    saved = []
    for _ in range(3):
        image = samples.image(10)
        saved.append(samples.capture(lesion, image))
        vault.captures.save(saved[-1], image)
    assert vault.captures.of_episode(episode.id) == tuple(saved)


def test_bytes_that_do_not_match_the_record_are_not_stored(filled, samples):
    vault, episode, lesion = filled
    image = samples.image()
    capture = samples.capture(lesion, image)
    for wrong_record, wrong_image in (
        (capture, image[:-1] + b"?"),
        (capture, image + b"?"),
        (replace(capture, size_bytes=1), image),
        (replace(capture, sha256="0" * 64), image),
    ):
        code = code_of(vault.captures.save, wrong_record, wrong_image)
        assert code is ErrorCode.CAPTURE_CHANGED
    assert vault.captures.of_episode(episode.id) == ()
    assert not episode_path(vault, episode).exists()


def test_the_same_capture_twice_is_one_capture(filled, samples):
    vault, episode, lesion = filled
    image = samples.image()
    capture = samples.capture(lesion, image)
    vault.captures.save(capture, image)
    vault.captures.save(capture, image)
    assert vault.captures.of_episode(episode.id) == (capture,)
    assert vault.captures.image(capture.id) == image


def test_a_saved_capture_is_never_replaced(filled, samples):
    vault, _, lesion = filled
    image, other = samples.image(), samples.image()
    capture = samples.capture(lesion, image)
    vault.captures.save(capture, image)
    forged = samples.capture(lesion, other, id=capture.id)
    assert code_of(vault.captures.save, forged, other) is ErrorCode.CAPTURE_CHANGED
    assert vault.captures.image(capture.id) == image


def test_a_capture_cannot_be_filed_under_another_episodes_lesion(vault, samples):
    _, _, lesion, _ = samples.fill(vault, which=0, captures=0)
    _, other_episode, _, _ = samples.fill(vault, which=1, captures=0)
    image = samples.image()
    capture = samples.capture(lesion, image, episode_id=other_episode.id)
    with pytest.raises(dbapi2.IntegrityError):
        vault.captures.save(capture, image)
    assert vault.captures.of_episode(other_episode.id) == ()


def test_a_capture_is_never_part_of_a_transaction(filled, samples):
    vault, episode, lesion = filled
    image = samples.image()
    with pytest.raises(RuntimeError), vault.transaction():
        vault.captures.save(samples.capture(lesion, image), image)
    assert vault.captures.of_episode(episode.id) == ()


def test_the_image_is_in_the_file_before_the_row_is_in_the_index(filled, samples, monkeypatch):
    vault, episode, lesion = filled
    image = samples.image()
    capture = samples.capture(lesion, image)
    seen = []
    put = EpisodeFiles.put

    def watched(self, place, capture_id, content, *, may_create):
        put(self, place, capture_id, content, may_create=may_create)
        seen.append((self.get(place, capture_id), vault.captures.of_episode(episode.id)))

    monkeypatch.setattr(EpisodeFiles, "put", watched)
    vault.captures.save(capture, image)
    assert seen == [(image, ())]


def test_beside_an_episode_file_stays_only_a_journal_that_is_done(filled, samples):
    vault, episode, lesion = filled
    for _ in range(3):
        image = samples.image()
        vault.captures.save(samples.capture(lesion, image), image)
    path = episode_path(vault, episode)
    journal = path.with_name(f"{path.name}-journal")
    assert {one.name for one in path.parent.iterdir()} == {path.name, journal.name}
    assert not any(journal.read_bytes()[:8])
    assert image[5000:5100] not in journal.read_bytes()


def test_a_file_with_a_write_ahead_log_is_read_as_it_is_and_changed_by_the_next_save(
    filled, samples
):
    vault, episode, lesion = filled
    first, second = samples.image(), samples.image()
    saved = samples.capture(lesion, first)
    vault.captures.save(saved, first)
    path = episode_path(vault, episode)
    place = vault.episodes.place(episode.id)
    with closing(Database(path, [place.key], (*READING_PRAGMAS, WAL))) as before:
        assert before.value("PRAGMA journal_mode") == "wal"
    was = path.read_bytes()
    assert vault.captures.image(saved.id) == first
    assert path.read_bytes() == was
    vault.captures.save(samples.capture(lesion, second), second)
    with closing(Database(path, [place.key], READING_PRAGMAS)) as after:
        assert after.value("PRAGMA journal_mode") == "delete"  # SQLite's word for "no log"
    assert vault.captures.image(saved.id) == first


def cut_off(vault, episode, samples):
    """Leave an episode's file as a crash in the middle of a writing does."""
    path, place = episode_path(vault, episode), vault.episodes.place(episode.id)
    journal = path.with_name(f"{path.name}-journal")
    pragmas = (*EPISODE_PRAGMAS, "PRAGMA cache_size = 10")  # so that pages go out before the end
    with closing(Database(path, [place.key], pragmas)) as database:
        database.change("BEGIN IMMEDIATE")
        database.change("UPDATE images SET bytes = ?", (samples.image(300_000),))
        left = path.read_bytes(), journal.read_bytes()
        database.change("ROLLBACK")
    path.write_bytes(left[0])
    journal.write_bytes(left[1])
    assert any(left[1][:8])


def test_a_writing_that_was_cut_off_is_taken_back_at_the_opening(home, filled, samples):
    vault, episode, lesion = filled
    image = samples.image()
    capture = samples.capture(lesion, image)
    vault.captures.save(capture, image)
    cut_off(vault, episode, samples)
    vault.close()
    with home.open() as again:
        assert again.damage == ()
        assert not again._files.is_cut_off(again.episodes.place(episode.id).file_id)
        assert again.captures.image(capture.id) == image


def test_a_backup_takes_no_half_of_a_writing_that_was_cut_off(home, filled, samples, tmp_path):
    vault, episode, lesion = filled
    image = samples.image()
    capture = samples.capture(lesion, image)
    vault.captures.save(capture, image)
    cut_off(vault, episode, samples)
    backup = Backup(vault, tmp_path)
    while (progress := backup.step()).path is None:
        pass
    with restore(progress.path, tmp_path / "new", home.recovery) as restored:
        assert restored.damage == ()
        assert restored.captures.image(capture.id) == image


def test_an_image_on_the_disk_without_a_row_can_be_saved_again(filled, samples, monkeypatch):
    """The index's commit fails after the episode file's: the operator presses Save again."""
    vault, episode, lesion = filled
    image = samples.image()
    capture = samples.capture(lesion, image)
    with monkeypatch.context() as patch:
        patch.setattr(vault.captures._database, "transaction", full_disk)
        assert code_of(vault.captures.save, capture, image) is ErrorCode.VAULT_DISK_FULL
    assert vault.captures.of_episode(episode.id) == ()
    vault.captures.save(capture, image)
    assert vault.captures.image(capture.id) == image


def full_disk():
    raise StationError(ErrorCode.VAULT_DISK_FULL)


def test_an_absent_episode_file_is_said_and_not_begun_anew(filled, samples):
    vault, episode, lesion = filled
    image = samples.image()
    capture = samples.capture(lesion, image)
    vault.captures.save(capture, image)
    episode_path(vault, episode).unlink()
    assert code_of(vault.captures.image, capture.id) is ErrorCode.EPISODE_FILE_MISSING
    another = samples.capture(lesion, image)
    assert code_of(vault.captures.save, another, image) is ErrorCode.EPISODE_FILE_MISSING


@pytest.mark.parametrize("left_over", [b"", b"torn" * 300])
def test_a_file_left_unreadable_before_the_first_capture_is_begun_anew(filled, samples, left_over):
    vault, episode, lesion = filled
    episode_path(vault, episode).write_bytes(left_over)
    image = samples.image()
    capture = samples.capture(lesion, image)
    vault.captures.save(capture, image)
    assert vault.captures.image(capture.id) == image


def test_every_flipped_bit_of_an_episode_file_is_noticed(filled, samples):
    vault, episode, lesion = filled
    image = samples.image()
    capture = samples.capture(lesion, image)
    vault.captures.save(capture, image)
    path = episode_path(vault, episode)
    whole = path.read_bytes()
    for position in range(17, len(whole), 997):
        flipped = bytearray(whole)
        flipped[position] ^= 0x04
        path.write_bytes(flipped)
        assert code_of(vault.captures.image, capture.id) is ErrorCode.CAPTURE_CHANGED
    path.write_bytes(whole)
    assert vault.captures.image(capture.id) == image


def test_a_swapped_episode_file_is_noticed(vault, samples):
    _, one, _, saved = samples.fill(vault, which=0)
    _, two, _, _ = samples.fill(vault, which=1)
    first, second = episode_path(vault, one), episode_path(vault, two)
    second.replace(first)
    for capture_id in saved:
        assert code_of(vault.captures.image, capture_id) is ErrorCode.CAPTURE_CHANGED


def test_an_image_swapped_inside_its_file_is_noticed(filled, samples, home):
    vault, episode, lesion = filled
    images = [samples.image(), samples.image()]
    captures = [samples.capture(lesion, image) for image in images]
    for capture, image in zip(captures, images, strict=True):
        vault.captures.save(capture, image)
    place = vault.episodes.place(episode.id)
    vault._files.put(place, captures[0].id, images[1], may_create=False)
    assert code_of(vault.captures.image, captures[0].id) is ErrorCode.CAPTURE_CHANGED
    assert vault.captures.image(captures[1].id) == images[1]


def test_a_capture_nobody_saved_is_not_found(vault):
    with pytest.raises(LookupError):
        vault.captures.image(new_id())


def test_an_image_of_forty_megabytes_is_stored(filled, samples):
    vault, _, lesion = filled
    image = samples.image(40_000_000)
    capture = samples.capture(lesion, image)
    vault.captures.save(capture, image)
    assert vault.captures.image(capture.id) == image


def test_how_a_capture_came_about_is_kept_where_it_is_known(filled, samples):
    vault, _, lesion = filled
    known = CaptureDetails(CaptureOrigin.CARD, polarisation=Polarisation.NON_POLARISED)
    image = samples.image()
    capture = samples.capture(lesion, image, details=known)
    vault.captures.save(capture, image)
    assert vault.captures.get(capture.id).details == known
