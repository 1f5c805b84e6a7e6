"""Nothing in the clear, nothing acknowledged lost: kills, a full disk, a read-only disk."""

import hashlib
import os
import signal
import subprocess
import sys
from contextlib import suppress

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.states import EpisodeEvent
from dermstation.security.accounts import unlock_with_secret
from dermstation.vault.setup import set_up
from dermstation.vault.store import Vault

PASSPHRASE = "copper lantern river seventeen"

SAVE_FOR_EVER = """
import hashlib, os, sys
from pathlib import Path
from dermstation.domain.quality import QualityReport
from dermstation.domain.records import Capture, MediaType, new_id, now
from dermstation.domain.shots import ShotKind
from dermstation.security.slots import IndexKeys
from dermstation.vault.store import Vault

vault = Vault.open(Path(sys.argv[1]), IndexKeys(bytearray.fromhex(sys.stdin.readline())))
(episode,) = vault.episodes.unfinished()
(lesion,) = vault.lesions.of_episode(episode.id)
while True:
    image = os.urandom(30_000)
    capture = Capture(
        new_id(), episode.id, lesion.id, ShotKind.GENERAL, hashlib.sha256(image).hexdigest(),
        MediaType.JPEG, len(image), 10, 10, now(), "op", "sim",
        QualityReport(ShotKind.GENERAL, 10, 10, (), 1.0),
    )
    vault.captures.save(capture, image)
    sys.stdout.write(f"{capture.id} {capture.sha256}\\n")
    sys.stdout.flush()
"""


def code_of(call, *arguments, **named):
    with pytest.raises(StationError) as caught:
        call(*arguments, **named)
    return caught.value.code


def test_nothing_of_patient_or_image_is_in_the_clear(home, samples):
    with home.open() as vault:
        patient, episode, lesion, saved = samples.fill(vault)
        vault.drafts.put("form", {"typed": "Draftworthy"})
    content = {path.name: path.read_bytes() for path in home.files()}
    # two key files and two of tries, their lock; index and episode file, each with its journal;
    # the shape
    assert len(content) == 10
    images = list(saved.values())
    known = [
        patient.family_name.encode(),
        patient.given_name.encode(),
        patient.nhs_number.digits.encode(),
        lesion.history.encode(),
        b"Draftworthy",
        b"JFIF",
        b"SQLite format 3",
        *(image[:16] for image in images),
        *(image[5000:5016] for image in images),
    ]
    for name, found in content.items():
        assert not any(one in found for one in known), name
        assert patient.id not in name
        assert episode.id not in name


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
@pytest.mark.parametrize("kills", [8, pytest.param(24, marks=pytest.mark.slow)])
def test_no_acknowledged_capture_is_lost_by_kill_9(home, samples, project_source, kills):
    with home.open() as vault:
        samples.fill(vault, captures=0)
    acknowledged = {}
    for _ in range(kills):
        child = subprocess.Popen(
            [sys.executable, "-c", SAVE_FOR_EVER, str(home.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(project_source)},
        )
        with child:
            child.stdin.write(bytes(home.keys().current).hex().encode() + b"\n")
            child.stdin.flush()
            # kill when a random number of captures is saved, in the middle of the next
            lines = [child.stdout.readline() for _ in range(1 + os.urandom(1)[0] % 8)]
            try:
                child.wait(timeout=os.urandom(1)[0] / 255 * 0.02)
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)
            lines += child.stdout.read().splitlines(keepends=True)
        assert child.returncode == -signal.SIGKILL
        acknowledged |= dict(line.decode().split() for line in lines if line.endswith(b"\n"))
        with home.open() as vault:
            assert vault.damage == ()
            (episode,) = vault.episodes.unfinished()
            stored = {one.id for one in vault.captures.of_episode(episode.id)}
            assert acknowledged.keys() <= stored
            for capture_id in stored:
                image = vault.captures.image(capture_id)
                known = acknowledged.get(capture_id)
                assert known is None or hashlib.sha256(image).hexdigest() == known
    assert len(acknowledged) >= kills


def test_a_capture_killed_anywhere_is_saved_or_can_be_saved_again(
    home, samples, killed_before, tmp_path
):
    with home.open() as vault:
        _, episode, lesion, saved = samples.fill(vault, captures=1)
    image = samples.image()
    capture = samples.capture(lesion, image)
    was_killed = True
    number = 0
    while was_killed:
        copy = home.copy_to(tmp_path / "copy")
        was_killed = killed_before(
            number, lambda copy=copy: copy.open().captures.save(capture, image)
        )
        with copy.open() as vault:
            stored = {one.id for one in vault.captures.of_episode(episode.id)}
            assert stored in ({*saved}, {*saved, capture.id})
            vault.captures.save(capture, image)
            assert vault.captures.image(capture.id) == image
            for capture_id, before in saved.items():
                assert vault.captures.image(capture_id) == before
        number += 1
    assert number > (12 if killed_before.is_thorough else 4)


@pytest.mark.expects_log("a commit failed")
def test_a_full_disk_is_named_and_loses_nothing(small_disk, home, samples, tmp_path):
    disk = small_disk(tmp_path / "disk", "2m")
    small = home.copy_to(disk / "vault")
    with small.open() as vault:
        _, episode, lesion, saved = samples.fill(vault)
        refused = None
        while refused is None:
            image = samples.image(150_000)
            capture = samples.capture(lesion, image)
            try:
                vault.captures.save(capture, image)
            except StationError as error:
                assert error.code is ErrorCode.VAULT_DISK_FULL  # noqa: PT017
                refused = capture
            else:
                saved[capture.id] = image
        assert all(vault.captures.image(one) == before for one, before in saved.items())
        assert refused.id not in {one.id for one in vault.captures.of_episode(episode.id)}
        # the held image can be saved when there is room again
        subprocess.run(["mount", "-o", "remount,size=8m", str(disk)], check=True)
        vault.captures.save(refused, image)
        assert vault.captures.image(refused.id) == image
    with small.open() as vault:
        assert vault.damage == ()
        assert all(vault.captures.image(one) == before for one, before in saved.items())


def test_a_wipe_on_a_full_disk_is_named_and_finished_later(small_disk, home, samples, tmp_path):
    disk = small_disk(tmp_path / "disk", "1m")
    small = home.copy_to(disk / "vault")
    with small.open() as vault:
        _, episode, _, _ = samples.fill(vault)
        vault.episodes.change_state(episode.id, EpisodeEvent.ABANDONED)
        fill_up(disk)
        try:
            wipe(vault, episode)
        except StationError as error:
            assert error.code is ErrorCode.VAULT_DISK_FULL  # noqa: PT017
            (disk / "filler").unlink()
            wipe(vault, episode)
        assert vault.certificates.all()[0].complete
    with small.open() as vault:
        assert vault.wiping.pending() == ()
        assert vault.episodes.unfinished() == ()


def wipe(vault, episode):
    if not vault.certificates.all():
        pending = vault.wiping.begin(episode.id, wiped_by="op", hand_over=None, reason="abandoned")
        vault.wiping.remove_episode_file(pending.id)
        vault.wiping.finish(pending.id)
    vault.rotate_index_key()


def fill_up(disk):
    with (disk / "filler").open("wb", buffering=0) as filler, suppress(OSError):
        while True:
            filler.write(bytes(4096))


def test_a_set_up_on_a_full_disk_is_named_and_leaves_nothing(small_disk, home, tmp_path, kdf):
    disk = small_disk(tmp_path / "disk", "120k")
    folder = disk / "vault"
    code = code_of(set_up, folder, home.operator, PASSPHRASE, keystore=None, kdf=kdf)
    assert code is ErrorCode.VAULT_DISK_FULL
    assert list(disk.iterdir()) == []


def test_a_read_only_disk_is_named(small_disk, home, tmp_path, kdf):
    disk = small_disk(tmp_path / "disk", "4m")
    still = home.copy_to(disk / "vault")
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    assert code_of(still.open) is ErrorCode.VAULT_READ_ONLY
    code = code_of(unlock_with_secret, still.folder, still.operator.id, PASSPHRASE, keystore=None)
    assert code is ErrorCode.VAULT_READ_ONLY
    code = code_of(set_up, disk / "new", home.operator, PASSPHRASE, keystore=None, kdf=kdf)
    assert code is ErrorCode.VAULT_READ_ONLY


def test_a_disk_that_turns_read_only_is_named_and_loses_nothing(
    small_disk, home, samples, tmp_path
):
    disk = small_disk(tmp_path / "disk", "8m")
    still = home.copy_to(disk / "vault")
    with still.open() as vault:
        _, _, lesion, saved = samples.fill(vault)
    keys = still.keys()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    assert code_of(Vault.open, still.folder, keys) is ErrorCode.VAULT_READ_ONLY
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    with Vault.open(still.folder, keys) as vault:
        assert all(vault.captures.image(one) == before for one, before in saved.items())
        image = samples.image()
        vault.captures.save(samples.capture(lesion, image), image)
