"""Two real accounts of a PC, each in a process of its own, work in one home by turns."""

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from dermstation.domain.errors import ErrorCode
from dermstation.domain.records import Operator, Role
from dermstation.paths import StationPaths, close_to_others
from dermstation.settings_file import load_settings, remember
from dermstation.vault.setup import set_up
from dermstation.workflow import unlocking, wiping
from tests.faults.children import in_child
from tests.ui.desk import CHEAP
from tests.unit.sharing import share_home
from tests.unit.vault.conftest import Samples

NURSE, GP, OUTSIDER, GROUP = 60_001, 60_002, 60_003, 60_100
PHRASE = "copper lantern river seventeen"
ADMIN = Operator(Samples.operator_id, "Test Administrator", Role.ADMINISTRATOR)

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root can be two accounts"
)


def begin(paths: StationPaths) -> None:
    close_to_others(paths)
    vault, _ = set_up(paths.vault, ADMIN, PHRASE, keystore=None, kdf=CHEAP)
    with vault:
        Samples().fill(vault)
    remember(paths.settings, sounds=False)


def go_on(paths: StationPaths) -> bool:
    """Change a setting, look at each picture of an episode, and wipe it."""
    close_to_others(paths)
    assert load_settings(paths.settings).sounds is False
    remember(paths.settings, lock_after_minutes=7)
    with unlocking.sign_in(paths.vault, ADMIN.id, PHRASE, keystore=None).vault as vault:
        episode, *_ = vault.episodes.unfinished()
        for capture in vault.captures.of_episode(episode.id):
            vault.captures.image(capture.id)
        return wiping.abandon(vault, ADMIN, episode.id).complete


def unfinished(paths: StationPaths) -> int:
    with unlocking.sign_in(paths.vault, ADMIN.id, PHRASE, keystore=None).vault as vault:
        return len(vault.episodes.unfinished())


@pytest.fixture(scope="module", autouse=True)
def _loaded(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Import what is imported late: these accounts may not read where Python lies."""
    paths = StationPaths(tmp_path_factory.mktemp("loaded"))
    begin(paths)
    assert go_on(paths)


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> Iterator[StationPaths]:
    """A shared home that belongs to root and a group, where every account may pass."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    paths = share_home(folder, monkeypatch)
    os.chown(paths.home, 0, GROUP)
    paths.home.chmod(0o2770)
    (folder / "data").mkdir()
    (folder / "data").chmod(0o777)
    yield paths
    shutil.rmtree(folder)


def by(account: int, job: Callable[[], Any], *, groups: tuple[int, ...] = (GROUP,)) -> Any:
    """Return what a job returns that runs in a process of this account."""

    def run(_: object) -> Any:
        os.setgroups(groups)
        os.setgid(account)
        os.setuid(account)
        os.umask(0o077)
        os.environ["XDG_DATA_HOME"] += f"/{account}"
        return job()

    outcome = in_child(run)
    assert not outcome.bug, outcome.bug
    return outcome.refused or outcome.value


def test_what_one_account_begins_another_goes_on_with_and_wipes(shared: StationPaths) -> None:
    by(NURSE, partial(begin, shared))
    before = by(NURSE, partial(unfinished, shared))
    assert by(GP, partial(go_on, shared)) is True
    assert by(NURSE, partial(unfinished, shared)) == before - 1
    assert load_settings(shared.settings).lock_after_minutes == 7
    owners = {one.stat().st_uid for one in shared.home.rglob("*") if one.is_file()}
    assert owners == {NURSE, GP}
    assert not any(
        one.stat().st_mode & stat.S_IRWXO for one in (shared.home, *shared.home.rglob("*"))
    )


def test_the_second_is_told_and_an_outsider_sees_nothing(shared: StationPaths) -> None:
    vault, _ = set_up(shared.vault, ADMIN, PHRASE, keystore=None, kdf=CHEAP)
    with vault:
        assert by(GP, partial(unfinished, shared)) == ErrorCode.VAULT_IN_USE.value
    assert by(GP, partial(unfinished, shared)) == 0
    assert by(OUTSIDER, lambda: os.access(shared.home, os.X_OK), groups=()) is False
