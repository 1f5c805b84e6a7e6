"""A damaged index: what is readable goes into a new vault that opens as the old one did."""

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
    rescued = unreadable = 0
    for page in range(0, pages, 3):
        copy = home.copy_to(tmp_path / "copy")
        damage(copy, page)
        before = {path: path.read_bytes() for path in copy.files() if path.suffix == ".db"}
        target = tmp_path / f"new-{page}"
        try:
            salvage(copy.folder, copy.keys(), target)
        except StationError as error:
            assert error.code is ErrorCode.VAULT_DAMAGED  # noqa: PT017
            unreadable += 1  # the pages of the schema, without which nothing can be read
            continue
        assert {path: path.read_bytes() for path in before} == before
        with Home(target, home.recovery, home.operator).open() as vault:
            kept = [one.id for e in vault.episodes.unfinished() for one in captures_of(vault, e)]
            assert all(vault.captures.image(one) == saved[one] for one in kept)
            rescued += len(kept) == len(saved)
    assert pages > 20
    assert unreadable < 8
    assert rescued > pages // 3 // 2  # most pages hold none of the rows that captures need


def captures_of(vault, episode):
    return vault.captures.of_episode(episode.id)
