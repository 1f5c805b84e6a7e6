"""A camera's clock is believed if it is plausible, and reported as wrong if it is not."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from dermstation.camera.card.pictures import CardFile, ExifFacts
from dermstation.domain.records import TimeSource
from dermstation.workflow.camera_clock import (
    ClockState,
    captured_at,
    check_clock,
    instant_of,
    span_words,
)

AT = datetime(2026, 9, 4, 10, 0, tzinfo=UTC)


def exif(**before: float) -> ExifFacts:
    """Return EXIF with a time by the camera's own clock, the given span before AT."""
    local = (AT - timedelta(**before)).astimezone()
    return ExifFacts(local.replace(tzinfo=None))


def test_a_time_without_a_zone_is_the_pc_s_local_time() -> None:
    assert instant_of(exif(minutes=5).taken_at) == AT - timedelta(minutes=5)


def test_a_time_with_a_zone_is_taken_as_said() -> None:
    taken = datetime(2026, 9, 4, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    assert instant_of(taken) == AT


@pytest.mark.parametrize(
    ("times", "state", "words"),
    [
        ([exif(minutes=3), exif(days=40)], ClockState.FINE, ()),
        ([exif(minutes=-1)], ClockState.FINE, ()),
        ([exif(hours=-1)], ClockState.AHEAD, ("1 hour in the future",)),
        ([exif(days=-400), exif(days=1)], ClockState.AHEAD, ("1 year 35 days",)),
        ([exif(hours=26)], ClockState.OLD, ("1 day 2 hours old",)),
        ([exif(days=365 * 16)], ClockState.NEVER_SET, ("not set", "2010")),
        ([], ClockState.NOT_KNOWN, ("do not say when",)),
        ([ExifFacts()], ClockState.NOT_KNOWN, ()),
    ],
)
def test_the_state_of_the_clock_is_shown_with_the_difference(
    times: list[ExifFacts], state: ClockState, words: tuple[str, ...]
) -> None:
    found = check_clock(times, AT)
    assert found.state is state
    assert all(part in found.words for part in words)
    assert bool(found.words) == (state is not ClockState.FINE)


def test_the_instant_is_the_camera_s_else_the_file_s_else_the_import_s() -> None:
    file = CardFile("a.jpg", 1, AT - timedelta(hours=2))
    assert captured_at(exif(minutes=5), file, AT) == (
        AT - timedelta(minutes=5),
        TimeSource.CAMERA,
    )
    for wrong in (exif(days=-2), exif(days=365 * 20), ExifFacts()):
        assert captured_at(wrong, file, AT) == (AT - timedelta(hours=2), TimeSource.FILE)
    never = CardFile("a.jpg", 1, datetime(1980, 1, 1, tzinfo=UTC))
    for file in (never, CardFile("a.jpg", 1)):
        assert captured_at(ExifFacts(), file, AT) == (AT, TimeSource.IMPORT)


def test_no_picture_is_taken_later_than_it_is_imported() -> None:
    file = CardFile("a.jpg", 1)
    assert captured_at(exif(minutes=-1), file, AT) == (AT, TimeSource.CAMERA)


def test_an_impossible_time_is_ignored() -> None:
    for moment in (datetime.min, datetime.max):  # noqa: DTZ901 - a camera knows no zone
        chosen, source = captured_at(ExifFacts(moment), CardFile("a.jpg", 1), AT)
        assert (chosen, source) == (AT, TimeSource.IMPORT)
        check_clock([ExifFacts(moment)], AT)  # any answer will do, as long as it raises nothing


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ({"seconds": 20}, "less than a minute"),
        ({"minutes": 1}, "1 minute"),
        ({"hours": 3, "minutes": 12}, "3 hours 12 minutes"),
        ({"days": 2, "minutes": 5}, "2 days"),
        ({"days": 800}, "2 years 70 days"),
    ],
)
def test_a_span_is_written_in_its_two_largest_units(span: dict[str, int], words: str) -> None:
    assert span_words(timedelta(**span)) == words
