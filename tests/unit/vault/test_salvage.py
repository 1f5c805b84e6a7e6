"""A damaged index: what is readable goes into a new vault that opens as the old one did."""

import json

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security.accounts import unlock_with_secret
from dermstation.vault.checking import check_vault
from dermstation.vault.salvage import salvage
from dermstation.vault.store import Vault
from tests.unit.vault.conftest import PASSPHRASE, Home

PAGE = 4096


def damage(home, page):
    path = home.folder / "vault.db"
    content = bytearray(path.read_bytes())
    content[page * PAGE + 200] ^= 0xFF
    path.write_bytes(content)


def test_a_whole_vault_is_salvaged_whole(home, samples, tmp_path):
    with home.open() as vault:
        saved = {}
        for which in range(3):
            saved |= samples.fill(vault, which=which)[3]
        audited = vault.audit.count()
    found = salvage(home.folder, home.keys(), tmp_path / "new")
    assert found.not_whole == ()
    assert found.episode_files == 3
    keys = unlock_with_secret(tmp_path / "new", home.operator.id, PASSPHRASE, keystore=None)
    with Vault.open(tmp_path / "new", keys) as vault:
        assert {one: vault.captures.image(one) for one in saved} == saved
        assert vault.audit.count() == audited + 3  # the three views just now
        assert vault.audit.verify() == ()
        assert check_vault(vault).ok


@pytest.mark.expects_log("an old copy was put back")
def test_with_any_one_page_damaged_all_captures_that_are_named_are_whole(home, samples, tmp_path):
    with home.open() as vault:
        saved = {}
        for which in range(4):
            saved |= samples.fill(vault, which=which, captures=4)[3]
    pages = (home.folder / "vault.db").stat().st_size // PAGE
    rescued = 0
    for page in range(0, pages, 3):
        copy = home.copy_to(tmp_path / "copy")
        damage(copy, page)
        before = {path: path.read_bytes() for path in copy.files() if path.suffix == ".db"}
        target = tmp_path / f"new-{page}"
        salvage(copy.folder, copy.keys(), target)
        assert {path: path.read_bytes() for path in before} == before
        with Home(target, home.recovery, home.operator).open() as vault:
            kept = [one.id for e in vault.episodes.unfinished() for one in captures_of(vault, e)]
            assert all(vault.captures.image(one) == saved[one] for one in kept)
            rescued += len(kept) == len(saved)
    assert pages > 20
    assert rescued > pages // 3 // 2  # most pages hold none of the rows that captures need


@pytest.mark.parametrize("spoil", [slice(0, 16), slice(16, PAGE), slice(0, PAGE)])
def test_without_its_first_page_everything_is_rescued(home, samples, tmp_path, spoil):
    with home.open() as vault:
        saved, patients = {}, []
        for which in range(3):
            patient, _, _, images = samples.fill(vault, which=which)
            saved |= images
            patients.append(patient)
    home.open().close()  # as every day: the shape was noted at an opening before
    path = home.folder / "vault.db"
    content = bytearray(path.read_bytes())
    content[spoil] = bytes(len(content[spoil]))
    path.write_bytes(content)
    with pytest.raises(StationError):
        home.open()
    found = salvage(home.folder, home.keys(), tmp_path / "new")
    assert found.not_whole == ()
    with Home(tmp_path / "new", home.recovery, home.operator).open() as vault:
        assert {one: vault.captures.image(one) for one in saved} == saved
        assert vault.audit.verify() == ()
    assert {one.name for one in tmp_path.iterdir()} == {"vault", "new"}
    written = b"".join(one.read_bytes() for one in tmp_path.rglob("*") if one.is_file())
    assert not any(one.family_name.encode() in written for one in patients)
    assert not any(image[5000:5100] in written for image in saved.values())


def test_a_shape_that_is_not_there_or_not_ours_leads_nowhere(home, samples, tmp_path):
    with home.open() as vault:
        samples.fill(vault)
    damage(home, 0)
    salt, forged = "00" * 16, "CREATE VIRTUAL TABLE patients USING fts5(x)"
    table = {"name": "patients", "root": 4, "sql": forged}
    virtual = json.dumps({"salt": salt, "tables": [table]}).encode()
    for left in (b"", b"{}", b'{"salt": "00", "tables": []}', virtual, None):
        shape = home.folder / "index.shape"
        shape.unlink() if left is None else shape.write_bytes(left)
        with pytest.raises(StationError) as caught:
            salvage(home.folder, home.keys(), tmp_path / "new")
        assert caught.value.code is ErrorCode.VAULT_DAMAGED
        assert not (tmp_path / "new").exists()


def test_the_shape_says_nothing_of_what_is_in_the_index(home, samples):
    with home.open() as vault:
        patient, episode, _, _ = samples.fill(vault)
    noted = (home.folder / "index.shape").read_text()
    assert "patients" in noted
    for one in (patient.family_name, patient.nhs_number.digits, patient.id, episode.id):
        assert one not in noted


def captures_of(vault, episode):
    return vault.captures.of_episode(episode.id)
