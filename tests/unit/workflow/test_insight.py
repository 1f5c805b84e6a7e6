"""What is counted of packed sets, what survives the wipe, and what the counts say."""

import csv
from datetime import date
from pathlib import Path

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import ConsentForm, Operator, Role
from dermstation.domain.set_score import CountedSet, SetPoint
from dermstation.domain.shots import STANDARD_SHOTS, ShotKind
from dermstation.workflow import episodes, insight, package_files, picture_review, wiping
from dermstation.workflow.episodes import view_of
from tests.unit.workflow.conftest import an_episode, pack, take

ADMIN = Operator("f" * 32, "Test Administrator", Role.ADMINISTRATOR)


def counted(month: int, *lacks: SetPoint, camera: str = "sim") -> CountedSet:
    return CountedSet(date(2026, month, 2), lacks, (ShotKind.GENERAL,), (camera,))


def test_a_package_is_counted_once_and_outlives_the_wipe(signed_in, view, packages) -> None:
    vault, operator, episode_id = signed_in.vault, signed_in.operator, view.episode.id
    made = pack(signed_in, view, packages)
    (first,) = vault.set_scores.all()
    assert first.week.weekday() == 0
    assert first.shots == STANDARD_SHOTS
    assert first.cameras == ("Simulated dermatoscope",)
    assert first.lacks == made.score(made.lesions[0]).lacks
    package_files.withdraw_package(vault, operator, episode_id)
    assert vault.set_scores.all() == ()
    pack(signed_in, view, packages)
    wiping.hand_over(vault, operator, episode_id, in_record=True, in_ers=True)
    assert vault.set_scores.all() == (first,)
    assert vault._database.values("SELECT episode_id FROM set_scores") == [None]


def test_what_is_given_up_is_not_counted(signed_in, view, packages) -> None:
    pack(signed_in, view, packages)
    wiping.abandon(signed_in.vault, signed_in.operator, view.episode.id)
    assert signed_in.vault.set_scores.all() == ()


def test_a_ruler_that_was_not_recognised_is_said_for_one_picture(signed_in, view) -> None:
    take(signed_in, view, ShotKind.CLOSEUP)
    vault, operator, episode_id = signed_in.vault, signed_in.operator, view.episode.id
    before = view_of(vault, episode_id)
    assert SetPoint.RULER in before.score(before.lesions[0]).lacks
    closeup = before.chosen(before.lesions[0])[ShotKind.CLOSEUP]
    after = picture_review.say_ruler(vault, operator, episode_id, closeup.id)
    assert SetPoint.RULER not in after.score(after.lesions[0]).lacks
    take(signed_in, view, ShotKind.CLOSEUP, seed=8)  # said of that picture, not of the next
    again = view_of(vault, episode_id)
    assert SetPoint.RULER in again.score(again.lesions[0]).lacks


def test_no_set_is_scored_if_there_are_no_pictures_by_choice(signed_in) -> None:
    view = an_episode(signed_in)
    lesion = view.lesions[0]
    assert view.score(lesion).points == 0
    vault, operator = signed_in.vault, signed_in.operator
    declined = episodes.record_consent(
        vault,
        operator,
        view.episode.id,
        given=False,
        form=ConsentForm.VERBAL,
        secondary_use=False,
    )
    assert declined.score(lesion) is None
    assert insight.counted_sets(declined, declined.episode.opened_at) == ()


def test_a_period_has_at_least_five_sets_of_whole_months() -> None:
    sets = [*[counted(1)] * 3, *[counted(2, SetPoint.RULER)] * 2, *[counted(3)] * 6, counted(4)]
    found = insight.insight_of(sets)
    assert [(one.first, one.last, len(one.sets)) for one in found.periods] == [
        (date(2026, 1, 1), date(2026, 2, 1), 5),
        (date(2026, 3, 1), date(2026, 3, 1), 6),
    ]
    assert found.periods[0].mean == pytest.approx(4.6)
    assert found.periods[0].count_lacking(SetPoint.RULER) == 2
    assert (found.periods[0].count_with(5), found.periods[0].count_with(4)) == (3, 2)
    assert found.waiting == 1


def test_a_camera_is_named_only_with_enough_sets() -> None:
    sets = [*[counted(1, SetPoint.FOCUS)] * 5, *[counted(1, camera="seldom used")] * 4]
    (camera,) = insight.insight_of(sets).cameras
    assert (camera.camera, camera.count, camera.mean) == ("sim", 5, 4.0)


def test_only_an_administrator_sees_and_saves_the_counts(signed_in, tmp_path: Path) -> None:
    vault = signed_in.vault
    for act in (
        lambda: insight.look_at_insight(vault, signed_in.operator),
        lambda: insight.export_insight(vault, signed_in.operator, tmp_path / "counts.csv"),
    ):
        with pytest.raises(StationError) as refused:
            act()
        assert refused.value.code is ErrorCode.RIGHT_MISSING
    assert not (tmp_path / "counts.csv").exists()


def test_the_file_has_the_periods_and_nothing_else(signed_in, view, tmp_path: Path) -> None:
    vault = signed_in.vault
    vault.set_scores.put(view.episode.id, [counted(1, SetPoint.RULER)] * 5 + [counted(2)])
    path = tmp_path / "counts.csv"
    assert insight.export_insight(vault, ADMIN, path) == 1
    header, row = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert dict(zip(header, row, strict=True)) == {
        "first_month": "2026-01",
        "last_month": "2026-01",
        "sets": "5",
        "mean_score": "4.00",
        **{f"score_{points}": "5" if points == 4 else "0" for points in range(6)},
        **{f"without_{one.value}": "5" if one is SetPoint.RULER else "0" for one in SetPoint},
    }
    with pytest.raises(StationError) as failed:
        insight.export_insight(vault, ADMIN, tmp_path / "absent" / "counts.csv")
    assert failed.value.code is ErrorCode.EXPORT_FAILED
