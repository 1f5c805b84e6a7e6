"""A full disk keeps nobody out: the change of the index key waits, and is told and tried again."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import ConsentForm, Operator, Role
from dermstation.security.keyfile import read_key_file
from dermstation.vault.audit import AuditFilter
from dermstation.vault.connection import Database
from dermstation.workflow import deriving, episodes, unlocking
from dermstation.workflow.notices import outstanding_words
from dermstation.workflow.outstanding import outstanding
from dermstation.workflow.unlocking import SignedIn
from tests.unit.workflow.conftest import PASSPHRASE, an_episode, ready
from tests.unit.workflow.derived import BOX, cover

ADMIN = Operator("a" * 32, "Test Administrator", Role.ADMINISTRATOR)
WAITS = "the change of the index key waits: vault_disk_full"


def fill_up(disk: Path) -> None:
    with (disk / "filler").open("wb", buffering=0) as filler, suppress(OSError):
        while True:
            filler.write(bytes(4096))


def withdraw(signed_in: SignedIn) -> None:
    (episode,) = signed_in.vault.episodes.unfinished()
    episodes.record_consent(
        signed_in.vault,
        signed_in.operator,
        episode.id,
        given=False,
        form=ConsentForm.VERBAL,
        secondary_use=False,
    )


def wipe_covered(signed_in: SignedIn) -> None:
    (episode,) = signed_in.vault.episodes.unfinished()
    deriving.wipe_covered(signed_in.vault, signed_in.operator, episode.id)


@contextmanager
def no_room_for_a_new_key(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def full(*_args: object) -> None:
        raise StationError(ErrorCode.VAULT_DISK_FULL)

    with monkeypatch.context() as patch:
        patch.setattr(Database, "rekey", full)
        yield


def sign_in(folder: Path, operator_id: str) -> SignedIn:
    return unlocking.sign_in(folder, operator_id, PASSPHRASE, keystore=None)


@pytest.mark.expects_log(WAITS)
@pytest.mark.parametrize("act", [withdraw, wipe_covered])
def test_the_change_of_the_key_waits_and_the_next_sign_in_with_room_makes_it(
    signed_in, view, monkeypatch, act
) -> None:
    ready(signed_in, view)
    cover(signed_in, view, BOX, keep=True)
    folder, before = signed_in.vault.folder, read_key_file(signed_in.vault.folder).current_id
    with no_room_for_a_new_key(monkeypatch):
        with suppress(StationError):  # a withdrawal says at once that its last step is missing
            act(signed_in)
        unlocking.lock(signed_in)
        again = sign_in(folder, signed_in.operator.id)
        found = outstanding(again.vault, again.operator)
        assert found.key_change_waits
        (words,) = filter(None, [outstanding_words(0, 0, key_change_waits=True)])
        assert "disk is full" in words.what
        for one in episodes.view_of(again.vault, view.episode.id).captures:
            if one.wiped_at is None:
                assert again.vault.captures.image(one.id)
        unlocking.lock(again)
    last = sign_in(folder, signed_in.operator.id)
    with last.vault as vault:
        assert not outstanding(vault, last.operator).key_change_waits
        assert vault.withdrawals.pending() == ()
    content = read_key_file(folder)
    assert content.next_id is None
    assert content.current_id != before


@pytest.mark.expects_log(WAITS)
def test_the_lock_tries_again_when_there_is_room(signed_in, view, monkeypatch) -> None:
    ready(signed_in, view)
    folder = signed_in.vault.folder
    with no_room_for_a_new_key(monkeypatch):
        with suppress(StationError):
            withdraw(signed_in)
        unlocking.lock(signed_in)
        again = sign_in(folder, signed_in.operator.id)
    assert again.vault.key_change_waits is not None
    unlocking.lock(again)
    assert read_key_file(folder).next_id is None


@pytest.mark.expects_log("the opening is not recorded yet: vault_disk_full")
def test_an_opening_that_could_not_be_recorded_is_recorded_at_the_lock(
    signed_in, monkeypatch
) -> None:
    folder, operator_id = signed_in.vault.folder, signed_in.operator.id
    signed_in.vault.close()

    def full(*_args: object, **_named: object) -> None:
        raise StationError(ErrorCode.VAULT_DISK_FULL)

    with monkeypatch.context() as patch:
        patch.setattr("dermstation.vault.audit.Audit.append", full)
        again = sign_in(folder, operator_id)
    recorded = AuditFilter(events=(AuditEvent.SIGNED_IN,))
    before = len(again.vault.audit.entries(recorded))
    unlocking.lock(again)
    last = sign_in(folder, operator_id)
    with last.vault as vault:
        assert len(vault.audit.entries(recorded)) == before + 2
        assert vault.audit.verify() == ()


@pytest.mark.parametrize("act", [withdraw, wipe_covered])
@pytest.mark.expects_log(WAITS)
def test_with_a_disk_that_is_really_full_sign_in_works(
    tmp_path, recovery, small_disk, act, monkeypatch
) -> None:
    disk = small_disk(tmp_path / "disk", "6m")
    made = unlocking.set_up_station(disk / "vault", ADMIN, PASSPHRASE, recovery, keystore=None)
    view = an_episode(made)
    ready(made, view)
    cover(made, view, BOX, keep=True)
    for number in range(80):  # so that the change of the key needs more room than the journal has
        made.vault.drafts.put(f"draft {number}", {"typed": "x" * 3_000})
    remove = made.vault.withdrawals.remove_files

    def remove_and_fill() -> None:
        remove()  # this makes room, which others take
        fill_up(disk)

    monkeypatch.setattr(made.vault.withdrawals, "remove_files", remove_and_fill)
    with suppress(StationError):
        act(made)
    unlocking.lock(made)
    again = sign_in(disk / "vault", made.operator.id)
    assert again.vault.key_change_waits is not None
    unlocking.lock(again)
    (disk / "filler").unlink()
    last = sign_in(disk / "vault", made.operator.id)
    with last.vault as vault:
        assert vault.key_change_waits is None
        assert vault.withdrawals.pending() == ()
        assert vault.damage == ()
        assert vault.audit.verify() == ()
    assert read_key_file(disk / "vault").next_id is None
