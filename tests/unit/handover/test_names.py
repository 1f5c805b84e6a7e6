from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermstation.handover.names import is_allowed_name, tells_identity


@pytest.mark.parametrize(
    "name",
    [
        "9990000018.jpg",
        "L1-999-000-0018.jpg",
        "L1_999 000 0018.jpg",
        "x9990000123y.pdf",
        "1958-09-03.jpg",
        "03.09.1958.jpg",
        "L1-3_9_1958.jpg",
        "L1-19580903.jpg",
        "L1-03091958-closeup.jpg",
    ],
)
def test_nhs_numbers_and_dates_are_found_however_grouped(name) -> None:
    assert tells_identity(name)


@pytest.mark.parametrize(
    "name",
    [
        "L1-closeup.jpg",
        "referral-summary.pdf",
        "L12-dermoscopic-3.jpg",
        "9990000019.jpg",
        "99900000181.jpg",
        "1111111111.jpg",
        "img-20259999.jpg",
        "12-34.jpg",
    ],
)
def test_other_names_and_wrong_numbers_are_not(name) -> None:
    assert not tells_identity(name)


@given(
    st.dates(date(1900, 1, 1), date(2030, 1, 1)),
    st.sampled_from(["%d-%m-%Y", "%Y_%m_%d", "%Y%m%d", "%d%m%Y"]),
)
def test_every_date_is_found(day, form) -> None:
    assert tells_identity(f"L1-{day.strftime(form)}.jpg")


@given(st.text(max_size=60))
def test_any_text_can_be_checked(name) -> None:
    assert tells_identity(name) in (True, False)
    assert not is_allowed_name(name) or name.isascii()


@pytest.mark.parametrize(
    "name", ["", ".hidden", "a b.jpg", "é.jpg", "a/b.jpg", "x" * 256, "a\n.jpg"]
)
def test_names_that_break_systems_are_not_allowed(name) -> None:
    assert not is_allowed_name(name)
