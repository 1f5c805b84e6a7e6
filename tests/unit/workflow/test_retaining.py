"""An episode is kept with a reason, an owner and a date, and is continued or wiped later."""

from datetime import date, timedelta

import pytest

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, Role
from dermstation.domain.states import EpisodeState
from dermstation.workflow import retaining, wiping
from dermstation.workflow.outstanding import outstanding, reminder
from tests.unit.workflow.conftest import an_episode, pack

TODAY = date(2026, 9, 4)


def keep(signed_in, episode_id, **changes):
    wanted = {
        "reason": "Agreed  follow-up",
        "owner_id": signed_in.operator.id,
        "review_on": TODAY + timedelta(days=28),
        "today": TODAY,
    } | changes
    return retaining.retain(signed_in.vault, signed_in.operator, episode_id, **wanted)


def test_a_kept_episode_is_listed_with_reason_owner_and_day(signed_in):
    episode_id = an_episode(signed_in).episode.id
    assert keep(signed_in, episode_id).episode.state is EpisodeState.RETAINED
    before = retaining.retained(signed_in.vault, TODAY)[episode_id]
    assert before.retention.reason == "Agreed follow-up"
    assert before.owner_name == signed_in.operator.name
    assert not before.is_due
    assert retaining.retained(signed_in.vault, TODAY + timedelta(days=28))[episode_id].is_due
    assert episode_id in outstanding(signed_in.vault, signed_in.operator).retained
    entry = signed_in.vault.audit.newest(AuditEvent.RETAINED)
    assert entry.episode_id == episode_id
    assert "follow-up" not in str(entry)


def test_a_package_of_a_kept_episode_does_not_stay_in_the_clear(signed_in, packages):
    view = pack(signed_in, an_episode(signed_in), packages)
    assert reminder(signed_in.vault).folders_in_the_clear == (view.package.folder,)
    keep(signed_in, view.episode.id)
    assert list(packages.iterdir()) == []
    left = reminder(signed_in.vault)
    assert (left.not_handed_over, left.folders_in_the_clear) == (0, ())


def test_a_kept_episode_is_continued_or_wiped(signed_in):
    episode_id = an_episode(signed_in).episode.id
    keep(signed_in, episode_id)
    view = retaining.take_up(signed_in.vault, signed_in.operator, episode_id)
    assert view.episode.state is EpisodeState.OPEN
    assert retaining.retained(signed_in.vault, TODAY) == {}
    keep(signed_in, episode_id)
    assert wiping.abandon(signed_in.vault, signed_in.operator, episode_id).complete
    assert retaining.retained(signed_in.vault, TODAY) == {}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": " "}, ErrorCode.RETAIN_REASON_MISSING),
        ({"reason": "x" * 501}, ErrorCode.TEXT_TOO_LONG),
        ({"review_on": TODAY}, ErrorCode.REVIEW_DATE_FORMAT),
        ({"review_on": TODAY + timedelta(days=366)}, ErrorCode.REVIEW_DATE_FORMAT),
    ],
)
def test_an_incomplete_entry_keeps_nothing(signed_in, changes, code):
    episode_id = an_episode(signed_in).episode.id
    with pytest.raises(StationError) as caught:
        keep(signed_in, episode_id, **changes)
    assert caught.value.code is code
    assert retaining.retained(signed_in.vault, TODAY) == {}


def test_a_nurse_may_not_keep(signed_in):
    nurse = Operator("e" * 32, "Test Nurse-Two", Role.NURSE)
    for call in (retaining.take_up, lambda *arguments: retaining.possible_owners(*arguments[:2])):
        with pytest.raises(StationError) as caught:
            call(signed_in.vault, nurse, "f" * 32)
        assert caught.value.code is ErrorCode.RIGHT_MISSING
