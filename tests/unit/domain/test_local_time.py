from datetime import UTC, date, datetime

import pytest

from dermstation.domain.local_time import local, midnight


@pytest.mark.parametrize("year", [1, 1958, 1969, 2026, 9999])
def test_an_instant_stays_the_same_instant_in_any_year(year: int) -> None:
    moment = datetime(year, 6, 15, 12, tzinfo=UTC)
    assert local(moment) == moment
    assert local(moment).utcoffset() is not None


@pytest.mark.parametrize("year", [1, 1958, 1970, 2026])
def test_a_day_of_any_year_begins_at_midnight(year: int) -> None:
    begin = midnight(date(year, 1, 1))
    assert begin.utcoffset() is not None
    assert (begin.date(), begin.hour, begin.minute) == (date(year, 1, 1), 0, 0)
