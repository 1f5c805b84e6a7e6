"""The steps before the first patient, and what of the settings holds at once."""

from dataclasses import replace

import pytest

from dermstation.domain.records import Role
from dermstation.paths import StationPaths
from dermstation.settings import Settings
from dermstation.workflow.changing_settings import held_at_once, saved_words
from dermstation.workflow.first_steps import StepKind, first_steps, steps_of
from tests.unit.workflow.conftest import NURSE


def done(settings: Settings, operators: int = 1, **known: bool) -> set[StepKind]:
    told = {"has_camera": False, "has_backup": False, **known}
    return {one.kind for one in steps_of(settings, operators, **told) if one.is_done}


@pytest.mark.parametrize("code", ["", "A1234", "8A12345", "A123456"])
def test_the_practice_step_stays_open_until_name_and_code_are_whole(code: str) -> None:
    assert done(Settings(practice_name="Test Surgery", practice_code=code)) == {StepKind.RECOVERY}
    whole = Settings(practice_name="Test Surgery", practice_code="a12345")
    assert StepKind.PRACTICE in done(whole)


def test_each_step_is_seen_to_be_done_and_the_trial_stays() -> None:
    settings = Settings(practice_name="Test Surgery", practice_code="A12345")
    all_done = done(settings, 2, has_camera=True, has_backup=True)
    assert all_done == set(StepKind) - {StepKind.TRIAL}


def test_only_an_administrator_sees_the_steps_and_only_before_the_first_wipe(
    signed_in, tmp_path
) -> None:
    vault, paths = signed_in.vault, StationPaths(tmp_path)
    administrator = replace(signed_in.operator, role=Role.ADMINISTRATOR)
    assert first_steps(vault, NURSE, paths, Settings()) == ()
    assert [one.kind for one in first_steps(vault, administrator, paths, Settings())] == list(
        StepKind
    )


def test_what_is_read_at_each_page_holds_at_once_and_the_rest_is_named() -> None:
    changes = {"practice_name": "Test Surgery", "lock_after_minutes": 9, "direct_line": "1"}
    before = Settings(fixed=frozenset({"direct_line"}))
    held = held_at_once(before, changes)
    assert (held.practice_name, held.direct_line) == ("Test Surgery", "")
    assert held.lock_after_minutes == before.lock_after_minutes
    assert saved_words(("practice_name",)) == "Saved. It holds from now on."
    assert "Lock the station after" in saved_words(("lock_after_minutes", "practice_name"))
    assert saved_words(()) == "Nothing was changed."
