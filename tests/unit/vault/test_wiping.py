import secrets
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import HandOver, WipedItem, now
from dermstation.domain.states import EpisodeEvent, EpisodeState
from dermstation.files import shred
from dermstation.vault import wiping
from dermstation.vault.wiping import PACKAGE_FILE

HAND_OVER = HandOver(True, True, now(), "op")


@pytest.fixture
def handed_over(samples):
    """Fill a vault with an episode that is handed over, with two exported files."""

    def fill(vault, folder, which=0):
        patient, episode, _, saved = samples.fill(vault, which=which)
        folder.mkdir(parents=True, exist_ok=True)
        paths = [folder / "L1-dermoscopic.jpg", folder / "summary.pdf"]
        package = samples.package(episode, folder)
        vault.packages.save(package)
        for path in paths:
            vault.packages.note_file(package.id, path)
            path.write_bytes(samples.image(500))
        vault.packages.save(
            replace(samples.package(episode, folder, paths), id=package.id, verified_at=None)
        )
        vault.drafts.put("summary", {"typed": "half a wor"}, episode_id=episode.id)
        vault.drafts.put(f"review {episode.id}", {"typed": "x"})
        vault.hand_overs.save(episode.id, HAND_OVER)
        return patient, samples.hand_on(vault, episode), saved, paths

    return fill


def begin(vault, episode):
    return vault.wiping.begin(
        episode.id,
        wiped_by="op",
        hand_over=HAND_OVER,
        reason="handed over",
    )


def take_to_the_end(vault, pending):
    """Do what the workflow does, from wherever the wipe stands."""
    for path in pending.files_left:
        shred(path)
        vault.wiping.note(
            pending.id, WipedItem(PACKAGE_FILE, str(path), None, "overwritten and deleted", True)
        )
    vault.wiping.remove_episode_file(pending.id)
    certificate = vault.wiping.finish(pending.id)
    vault.rotate_index_key()
    return certificate


def code_of(call, *arguments, **named):
    with pytest.raises(StationError) as caught:
        call(*arguments, **named)
    return caught.value.code


def test_a_wipe_removes_every_copy_and_leaves_a_certificate(home, vault, handed_over, tmp_path):
    patient, episode, saved, paths = handed_over(vault, tmp_path / "out")
    hashes = {one.id: one.sha256 for one in vault.captures.of_episode(episode.id)}
    pending = begin(vault, episode)
    assert list(pending.files_left) == paths
    certificate = take_to_the_end(vault, pending)

    assert certificate.complete
    assert certificate.hand_over == HAND_OVER
    assert (certificate.wiped_by, certificate.reason) == ("op", "handed over")
    assert certificate.started_at == pending.started_at <= certificate.finished_at
    kinds = [item.kind for item in certificate.items]
    assert sorted(kinds) == sorted(
        ["package file", "package file", "episode file", "capture", "capture", "identity"]
    )
    of_captures = {
        item.reference: item.sha256 for item in certificate.items if item.kind == "capture"
    }
    assert of_captures == hashes
    assert vault.certificates.all() == (certificate,)

    assert not any(path.exists() for path in paths)
    assert list((home.folder / "episodes").iterdir()) == []
    assert vault.wiping.pending() == ()
    assert vault.episodes.unfinished() == ()
    assert vault.patients.find_by_nhs_number(patient.nhs_number) is None
    for capture_id in saved:
        with pytest.raises(LookupError):
            vault.captures.get(capture_id)
    assert vault.drafts.get("summary") is None
    assert vault.drafts.get(f"review {episode.id}") is None
    tables = ("patients", "episodes", "lesions", "captures", "packages", "package_files")
    for table in (*tables, "hand_overs", "drafts", "wipes", "wipe_items"):
        assert vault._database.rows(f"SELECT * FROM {table}") == [], table


def test_the_certificate_holds_nothing_of_the_patient(vault, handed_over, tmp_path):
    patient, episode, _, _ = handed_over(vault, tmp_path / "out")
    certificate = take_to_the_end(vault, begin(vault, episode))
    words = repr(certificate)
    for known in (patient.family_name, patient.given_name, patient.nhs_number.digits, "1958"):
        assert known not in words


@pytest.mark.parametrize("state", ["open", "packaged", "retained"])
def test_only_what_is_handed_over_or_abandoned_is_wiped(vault, samples, state):
    _, episode, _, saved = samples.fill(vault)
    events = {
        "open": [],
        "packaged": [
            EpisodeEvent.SHOTS_COMPLETED,
            EpisodeEvent.REVIEWED,
            EpisodeEvent.PACKAGED,
        ],
        "retained": [EpisodeEvent.RETAINED],
    }
    for event in events[state]:
        episode = vault.episodes.change_state(episode.id, event)
    assert code_of(begin, vault, episode) is ErrorCode.STEP_NOT_ALLOWED
    assert all(vault.captures.image(one) == image for one, image in saved.items())


def test_an_abandoned_episode_without_captures_is_wiped(vault, samples):
    _, episode, _, _ = samples.fill(vault, captures=0)
    vault.episodes.change_state(episode.id, EpisodeEvent.ABANDONED)
    pending = vault.wiping.begin(episode.id, wiped_by="op", hand_over=None, reason="abandoned")
    assert pending.files_left == ()
    certificate = take_to_the_end(vault, pending)
    assert [item.kind for item in certificate.items] == ["identity"]
    assert certificate.hand_over is None


def test_once_begun_no_image_can_be_read_or_added(home, vault, handed_over, samples, tmp_path):
    _, episode, saved, _ = handed_over(vault, tmp_path / "out")
    (lesion,) = vault.lesions.of_episode(episode.id)
    begin(vault, episode)
    for capture_id in saved:
        assert code_of(vault.captures.image, capture_id) is ErrorCode.STEP_NOT_ALLOWED
    image = samples.image()
    new = samples.capture(lesion, image)
    assert code_of(vault.captures.save, new, image) is ErrorCode.STEP_NOT_ALLOWED
    assert vault.episodes.unfinished() == ()


def test_beginning_twice_is_the_same_wipe(vault, handed_over, tmp_path):
    _, episode, _, _ = handed_over(vault, tmp_path / "out")
    assert begin(vault, episode) == begin(vault, episode)
    assert len(vault.wiping.pending()) == 1


def test_a_patient_with_another_episode_stays(vault, handed_over, samples, tmp_path):
    patient, episode, _, _ = handed_over(vault, tmp_path / "out")
    other = samples.episode(patient)
    vault.episodes.save(other)
    certificate = take_to_the_end(vault, begin(vault, episode))
    assert "identity" not in {item.kind for item in certificate.items}
    assert vault.patients.get(patient.id) == patient
    assert vault.episodes.unfinished() == (other,)


def test_another_patients_captures_survive_a_wipe(home, vault, handed_over, samples, tmp_path):
    _, _, _, kept = samples.fill(vault, which=1)
    _, episode, _, _ = handed_over(vault, tmp_path / "out")
    take_to_the_end(vault, begin(vault, episode))
    vault.close()
    with home.open() as again:
        assert again.damage == ()
        assert all(again.captures.image(one) == image for one, image in kept.items())


def test_a_wipe_is_not_finished_while_an_outcome_is_missing(vault, handed_over, tmp_path):
    _, episode, _, paths = handed_over(vault, tmp_path / "out")
    pending = begin(vault, episode)
    with pytest.raises(StationError) as caught:
        vault.wiping.finish(pending.id)
    assert caught.value.code is ErrorCode.WIPE_INCOMPLETE
    assert caught.value.facts == {"left": 5}
    vault.wiping.remove_episode_file(pending.id)
    assert code_of(vault.wiping.finish, pending.id) is ErrorCode.WIPE_INCOMPLETE
    assert vault.wiping.get(pending.id).files_left == tuple(paths)
    assert vault.certificates.all() == ()


def test_what_could_not_be_removed_is_said_in_the_certificate(vault, handed_over, tmp_path):
    _, episode, _, paths = handed_over(vault, tmp_path / "out")
    pending = begin(vault, episode)
    outcomes = [
        WipedItem(PACKAGE_FILE, str(paths[0]), None, "overwritten and deleted", True),
        WipedItem(PACKAGE_FILE, str(paths[1]), None, "in use by another program", False),
        WipedItem("package folder", str(paths[1].parent), None, "not empty", False),
    ]
    for item in outcomes:
        vault.wiping.note(pending.id, item)
    vault.wiping.remove_episode_file(pending.id)
    certificate = vault.wiping.finish(pending.id)
    assert not certificate.complete
    left = {(one.kind, one.reference, one.method) for one in certificate.items if not one.removed}
    assert left == {(one.kind, one.reference, one.method) for one in outcomes[1:]}


def test_a_package_file_keeps_its_hash_in_the_certificate(vault, handed_over, tmp_path):
    _, episode, _, _ = handed_over(vault, tmp_path / "out")
    (package,) = vault.packages.half_written()
    certificate = take_to_the_end(vault, begin(vault, episode))
    noted = {item.sha256 for item in certificate.items if item.kind == PACKAGE_FILE}
    assert noted == {one.sha256 for one in package.files}


@pytest.mark.expects_log("an episode file stays")
def test_an_episode_file_that_stays_is_said_and_removed_at_the_next_opening(
    home, vault, handed_over, tmp_path, monkeypatch
):
    _, episode, _, _ = handed_over(vault, tmp_path / "out")
    pending = begin(vault, episode)

    def refuse(_path):
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr("dermstation.vault.episode_files.shred", refuse)
        certificate = take_to_the_end(vault, pending)
    stays = {item.kind for item in certificate.items if not item.removed}
    assert stays == {"episode file", "capture"}
    vault.close()
    assert len(list((home.folder / "episodes").glob("*.db"))) == 1
    with home.open() as again:
        assert again.damage == ()
        assert list((home.folder / "episodes").iterdir()) == []


def test_a_wipe_nobody_began_is_not_found(vault):
    for call in (vault.wiping.get, vault.wiping.remove_episode_file, vault.wiping.finish):
        with pytest.raises(LookupError):
            call("none")


def test_a_finished_wipe_waits_for_its_rotation_across_a_restart(home, handed_over, tmp_path):
    with home.open() as vault:
        _, episode, _, _ = handed_over(vault, tmp_path / "out")
        pending = begin(vault, episode)
        for path in pending.files_left:
            vault.wiping.note(pending.id, WipedItem(PACKAGE_FILE, str(path), None, "x", True))
        vault.wiping.remove_episode_file(pending.id)
        vault.wiping.finish(pending.id)
        assert vault.wiping.is_rotation_due()
        assert vault.wiping.pending() == ()
    old = bytes(home.keys().current)
    with home.open() as vault:
        assert not vault.wiping.is_rotation_due()
    assert home.keys().current != old


def test_a_wipe_killed_anywhere_is_finished_after_a_restart(
    home, handed_over, samples, killed_before, tmp_path
):
    exported = tmp_path / "out"
    with home.open() as vault:
        _, _, _, kept = samples.fill(vault, which=1)
        patient, episode, saved, paths = handed_over(vault, exported)
    contents = {path: path.read_bytes() for path in paths}
    was_killed = True
    number = resumed = 0
    while was_killed:
        copy = home.copy_to(tmp_path / "copy")
        for path, content in contents.items():
            path.write_bytes(content)

        def wipe(copy=copy):
            vault = copy.open()
            take_to_the_end(vault, begin(vault, episode))

        was_killed = killed_before(number, wipe)
        with copy.open() as vault:
            assert vault.damage == ()
            has_begun = not vault.episodes.unfinished()[1:]
            if has_begun:
                for pending in vault.wiping.pending():
                    take_to_the_end(vault, pending)
                    resumed += 1
                (certificate,) = vault.certificates.all()
                assert certificate.complete
                assert not any(path.exists() for path in paths)
                assert vault.patients.find_by_nhs_number(patient.nhs_number) is None
            else:
                assert all(vault.captures.image(one) == image for one, image in saved.items())
            assert not vault.wiping.is_rotation_due()
            assert all(vault.captures.image(one) == image for one, image in kept.items())
        assert copy.keys().next is None
        assert (copy.keys().current != home.keys().current) == has_begun
        number += 1
    assert resumed > (30 if killed_before.is_thorough else 20)
    assert number > (60 if killed_before.is_thorough else 40)


# what is left in the files


def decrypted_anywhere(content, key):
    """Decrypt bytes as AES-256-CBC at each of the sixteen alignments.

    SQLCipher encrypts pages so (the IV, at a page's end, matters to the first block alone),
    wherever in the file or journal a page lies.
    """
    for shift in range(16):
        usable = len(content) - shift - (len(content) - shift) % 16
        decryptor = Cipher(AES(bytes(key)), CBC(bytes(16))).decryptor()
        yield decryptor.update(content[shift : shift + usable])


def holds(home, index_key, wanted):
    """Return whether `wanted` is in any file of the vault, in the clear or under `index_key`."""
    for path in home.files():
        content = path.read_bytes()
        if wanted in content:
            return True
        if any(wanted in plain for plain in decrypted_anywhere(content, index_key)):
            return True
    return False


def test_after_a_wipe_the_old_index_key_finds_neither_episode_key_nor_patient(
    home, handed_over, samples, tmp_path
):
    with home.open() as vault:
        samples.fill(vault, which=1)
        patient, episode, _, _ = handed_over(vault, tmp_path / "out")
        episode_key = bytes(vault.episodes.place(episode.id).key)
    old_key = bytes(home.keys().current)
    name = patient.family_name.encode()
    assert holds(home, old_key, episode_key)  # the search does find what is there
    assert holds(home, old_key, name)
    with home.open() as vault:
        take_to_the_end(vault, begin(vault, episode))
        # while it is open, and so after a crash, as well as when it is closed; the index itself
        # is copied by its own process's rule: nobody opens it beside SQLite
        vault.close()
    new_key = bytes(home.keys().current)
    for key in (old_key, new_key):
        assert not holds(home, key, episode_key)
        assert not holds(home, key, name)
        assert not holds(home, key, patient.nhs_number.digits.encode())


def test_without_the_rotation_the_old_key_would_still_find_the_patient(home, handed_over, tmp_path):
    """Why the rotation is there; should this fail, the search above proves nothing."""
    with home.open() as vault:
        patient, episode, _, _ = handed_over(vault, tmp_path / "out")
        pending = begin(vault, episode)
        for path in pending.files_left:
            vault.wiping.note(pending.id, WipedItem(PACKAGE_FILE, str(path), None, "x", True))
        vault.wiping.remove_episode_file(pending.id)
        vault.wiping.finish(pending.id)
    assert holds(home, home.keys().current, patient.family_name.encode())


def test_what_was_wiped_does_not_come_back_with_the_old_keys_and_files(home, handed_over, tmp_path):
    """Somebody kept a copy of the key files and the index key of before the wipe."""
    with home.open() as vault:
        patient, episode, _, _ = handed_over(vault, tmp_path / "out")
    before = home.keys()
    with home.open() as vault:
        take_to_the_end(vault, begin(vault, episode))
    assert home.keys().current != before.current
    assert not holds(home, before.current, patient.family_name.encode())
    assert not holds(home, secrets.token_bytes(32), patient.family_name.encode())


def test_the_kinds_of_items_are_those_of_the_domain():
    assert wiping.CAPTURE == "capture"
    assert wiping.EPISODE_FILE == "episode file"
    assert wiping.IDENTITY == "identity"
    assert EpisodeState.HANDED_OVER.value == "handed_over"
