"""A tip is shown to people who are new to a shot or take it rarely; closing it is remembered."""

from datetime import UTC, datetime, timedelta

from dermstation.domain.records import Operator, Role, new_id
from dermstation.domain.shots import ShotKind
from dermstation.workflow import wiping
from dermstation.workflow.tipping import FIRST_TIMES, close_tip, is_rare, tip_due
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView
from tests.unit.workflow.conftest import take

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


def ago(*days: int) -> tuple[datetime, ...]:
    return tuple(AT - timedelta(days=one) for one in days)


def test_a_tip_is_due_for_the_first_times() -> None:
    assert is_rare((), None, AT, 4)
    assert is_rare(ago(1, 2), None, AT, 4)
    assert not is_rare(ago(1, 2, 3), None, AT, 4)


def test_a_tip_is_due_again_after_weeks_without_the_shot() -> None:
    assert not is_rare(ago(27, 30, 31), None, AT, 4)
    assert is_rare(ago(29, 30, 31), None, AT, 4)


def test_a_closed_tip_stays_away_for_the_same_weeks() -> None:
    assert not is_rare((), ago(27)[0], AT, 4)
    assert is_rare((), ago(29)[0], AT, 4)


def test_no_weeks_is_no_tips() -> None:
    assert not is_rare((), None, AT, 0)


def test_use_is_counted_by_operator_and_shot_and_outlives_the_episode(
    signed_in: SignedIn, view: EpisodeView
) -> None:
    vault, operator = signed_in.vault, signed_in.operator
    assert tip_due(vault, operator, ShotKind.GENERAL, 4)
    take(signed_in, view, *[ShotKind.GENERAL] * FIRST_TIMES)
    wiping.abandon(vault, operator, view.episode.id)
    assert not tip_due(vault, operator, ShotKind.GENERAL, 4)
    assert tip_due(vault, operator, ShotKind.CLOSEUP, 4)
    other = Operator(new_id(), "Another Test", Role.NURSE)
    assert tip_due(vault, other, ShotKind.GENERAL, 4)


def test_closing_is_remembered_by_operator_and_shot(signed_in: SignedIn) -> None:
    vault, operator = signed_in.vault, signed_in.operator
    close_tip(vault, operator, ShotKind.GENERAL)
    close_tip(vault, operator, ShotKind.GENERAL)
    assert not tip_due(vault, operator, ShotKind.GENERAL, 4)
    assert tip_due(vault, operator, ShotKind.CLOSEUP, 4)
