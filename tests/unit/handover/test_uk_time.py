from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermstation.handover.uk_time import in_words, uk_time


@given(st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1)))  # noqa: DTZ001 - made aware below
def test_uk_time_is_that_of_the_zone_database(naive) -> None:
    try:
        london = ZoneInfo("Europe/London")
    except ZoneInfoNotFoundError:
        pytest.skip("no zone database here")
    instant = naive.replace(tzinfo=UTC)
    assert uk_time(instant).utcoffset() == instant.astimezone(london).utcoffset()


def test_the_hour_changes_at_one_in_the_morning_utc() -> None:
    spring = datetime(2025, 3, 30, 1, tzinfo=UTC)
    assert in_words(spring) == "30 Mar 2025, 02:00 BST"
    assert in_words(spring - timedelta(minutes=1)) == "30 Mar 2025, 00:59 GMT"
