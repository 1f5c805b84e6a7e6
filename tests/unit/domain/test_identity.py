import unicodedata
from collections.abc import Callable
from datetime import date
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermstation.domain.birth_dates import check_birth_date
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.identity import (
    NhsNumber,
    Patient,
    check_name,
)
from dermstation.domain.text_limits import NAME_MAX_CHARS

T = TypeVar("T")
TODAY = date(2026, 3, 1)
NINE_DIGITS = st.text("0123456789", min_size=9, max_size=9)


def check_digit(nine: str) -> int:
    """Return the check digit, worked out independently by the rule in the NHS Data Dictionary."""
    remainder = 0
    for place in range(9):
        remainder += int(nine[place]) * (10 - place)
    return (11 - remainder % 11) % 11


def in_scottish_range(digits: str) -> bool:
    return 101_010_000 <= int(digits) <= 3_112_999_999


def refusal(text: str) -> ErrorCode:
    with pytest.raises(StationError) as caught:
        NhsNumber.parse(text)
    return caught.value.code


def outcome(check: Callable[[], T]) -> T | ErrorCode:
    """Return the result of the check, or the code of its refusal; anything else is a bug."""
    try:
        return check()
    except StationError as error:
        return error.code


# NHS numbers


@pytest.mark.parametrize("digits", ["9990000018", "9990000026", "9990000034", "9990000123"])
def test_numbers_of_the_test_range_are_read_and_known_as_such(digits: str) -> None:
    number = NhsNumber.parse(digits)
    assert number.digits == digits
    assert number.is_test


@given(NINE_DIGITS)
def test_the_right_check_digit_is_accepted(nine: str) -> None:
    check = check_digit(nine)
    whole = f"{nine}{check}"
    if check == 10 or len(set(whole)) == 1 or in_scottish_range(whole):
        return
    assert NhsNumber.parse(whole).digits == whole


@given(NINE_DIGITS, st.integers(0, 9))
def test_every_other_check_digit_is_refused(nine: str, last: int) -> None:
    whole = f"{nine}{last}"
    if last == check_digit(nine) or len(set(whole)) == 1:
        return
    assert refusal(whole) is ErrorCode.NHS_NUMBER_CHECK_DIGIT


@given(st.sampled_from(["9990000018", "4505577104", "6541003238"]), st.integers(0, 8))
def test_swapping_two_neighbouring_digits_is_noticed(good: str, place: int) -> None:
    swapped = good[:place] + good[place + 1] + good[place] + good[place + 2 :]
    if swapped == good:
        return
    assert refusal(swapped) is ErrorCode.NHS_NUMBER_CHECK_DIGIT


@given(st.integers(0, 999_999_999))
def test_no_number_whose_check_digit_would_be_ten_is_accepted(number: int) -> None:
    nine = f"{number:09d}"
    if check_digit(nine) != 10:
        return
    for last in range(10):
        whole = f"{nine}{last}"
        assert refusal(whole) in {ErrorCode.NHS_NUMBER_CHECK_DIGIT, ErrorCode.NHS_NUMBER_REPEATED}


@pytest.mark.parametrize("digit", "0123456789")
def test_a_repeated_digit_is_refused_for_what_it_is(digit: str) -> None:
    assert refusal(digit * 10) is ErrorCode.NHS_NUMBER_REPEATED


def test_a_scottish_number_must_begin_with_a_day_that_exists() -> None:
    assert NhsNumber.parse("0101010001").digits == "0101010001"
    nine = "310218000"  # 31 February
    assert check_digit(nine) < 10
    assert refusal(f"{nine}{check_digit(nine)}") is ErrorCode.NHS_NUMBER_CHECK_DIGIT


@pytest.mark.parametrize(
    "text",
    [
        *("999 000 0018", " 9990000018\n", "999-000-0018", "999\u00a0000\u00a00018"),
        *("\u202d999 000 0018\u202c", "999\u200b000\u200b0018", "999\u2011000\u20110018"),
        *("\ufeff9990000018", "NHS No. 999 000 0018", "NHS Number: 9990000018", "nhs 999 000 0018"),
    ],
)
def test_spaces_and_hyphens_are_ignored(text: str) -> None:
    assert NhsNumber.parse(text).digits == "9990000018"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", ErrorCode.NHS_NUMBER_EMPTY),
        (" - ", ErrorCode.NHS_NUMBER_EMPTY),
        ("999000001O", ErrorCode.NHS_NUMBER_CHARACTERS),
        (
            "\u0669\u0669\u0669\u0660\u0660\u0660\u0660\u0660\u0661\u0668",
            ErrorCode.NHS_NUMBER_CHARACTERS,
        ),
        ("999000001\u00b2", ErrorCode.NHS_NUMBER_CHARACTERS),
        ("+990000018", ErrorCode.NHS_NUMBER_CHARACTERS),
        ("999000001", ErrorCode.NHS_NUMBER_LENGTH),
        ("99900000180", ErrorCode.NHS_NUMBER_LENGTH),
    ],
)
def test_each_wrong_number_has_its_own_reason(text: str, code: ErrorCode) -> None:
    assert refusal(text) is code


@given(st.text())
def test_no_typed_text_breaks_the_check(text: str) -> None:
    result = outcome(lambda: NhsNumber.parse(text))
    if isinstance(result, NhsNumber):
        assert int(result.digits[9]) == check_digit(result.digits[:9])
    else:
        assert result.value.startswith("nhs_number_")


def test_a_number_is_shown_three_three_four_and_never_by_repr() -> None:
    number = NhsNumber.parse("9990000018")
    assert str(number) == "999 000 0018"
    assert "999" not in repr(number)


# names

PEOPLE = [
    "Test Patient-One",
    "O'Brien",
    "O\u2019Brien",
    "de la Cruz Jr.",
    "Müller-Lüdenscheidt",
    "Łukasz Żółć",
    "Þórður",
    "Nguyễn Thị Ánh",
    "Ελένη Παπαδοπούλου",
    "Олександр Шевченко",
    "محمد بن سلمان",
    "דוד בן-גוריון",
    "सुनीता देवी",
    "தமிழ்ச்செல்வி",
    "ਗੁਰਪ੍ਰੀਤ ਕੌਰ",
    "মোহাম্মদ রহমান",
    "王小明",
    "たなか はなこ",
    "김민준",
    "สมชาย",
    "\u02bbAka\u02bbula",
    "X",
]


@pytest.mark.parametrize("name", PEOPLE)
def test_names_of_every_script_are_kept_as_they_are(name: str) -> None:
    assert check_name(name) == unicodedata.normalize("NFC", name)


@given(st.text(st.characters(categories=["L"]), min_size=1, max_size=NAME_MAX_CHARS // 4))
def test_letters_of_any_script_make_a_name(text: str) -> None:
    assert check_name(text) == unicodedata.normalize("NFC", text)


def test_white_space_is_folded_and_characters_are_composed() -> None:
    assert check_name("  Zoe\u0308 \t\n Test  ") == "Zoë Test"


@pytest.mark.parametrize("text", ["", "   ", "\u00a0", "\t\n"])
def test_an_empty_name_is_refused(text: str) -> None:
    with pytest.raises(StationError) as caught:
        check_name(text)
    assert caught.value.code is ErrorCode.NAME_EMPTY


@pytest.mark.parametrize(
    "text",
    [
        "-",
        "...",
        "\u0301",
        "Test1",
        "9990000018",
        "a@b",
        "a/b",
        "..\\a",
        "<b>",
        "A\x00B",
        "A\x1bB",
        "A\ue000B",
        "\U0001f642",
    ],
)
def test_text_that_is_not_a_name_is_refused(text: str) -> None:
    with pytest.raises(StationError) as caught:
        check_name(text)
    assert caught.value.code is ErrorCode.NAME_CHARACTERS


def test_a_name_may_have_a_hundred_characters_and_no_more() -> None:
    assert check_name("a" * NAME_MAX_CHARS) == "a" * NAME_MAX_CHARS
    with pytest.raises(StationError) as caught:
        check_name("a" * (NAME_MAX_CHARS + 1))
    assert caught.value.code is ErrorCode.NAME_TOO_LONG
    assert caught.value.facts == {"limit": NAME_MAX_CHARS}


@given(st.text(max_size=150))
def test_an_accepted_name_is_clean_and_accepted_again_unchanged(text: str) -> None:
    name = outcome(lambda: check_name(text))
    if isinstance(name, ErrorCode):
        assert name.value.startswith("name_")
        return
    assert check_name(name) == name
    assert name.isprintable() or {"\u200c", "\u200d"} & set(name)
    assert not set(name) & set('\\/:*?"<>|\n\r\t\x00')


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("O`Test", "O'Test"),
        ("O\u00b4Test", "O'Test"),
        ("O\u2018Test", "O'Test"),
        ("Test\u2013One", "Test-One"),
        ("Test\u2011One", "Test-One"),
        ("\u202aTest\u200b\u202c", "Test"),
        ("Te\u00adst\ufeff", "Test"),
        ("Test\u200dOne", "TestOne"),
        ("Test\u00a0One", "Test One"),
    ],
)
def test_signs_that_nobody_sees_or_meant_are_taken_out_of_a_name(text: str, name: str) -> None:
    assert check_name(text) == name


# dates of birth


@pytest.mark.parametrize("text", ["03/09/15", "030915", "3 Sep 09", "01/01/01"])
def test_a_year_of_two_digits_that_may_be_of_two_centuries_is_refused(text: str) -> None:
    with pytest.raises(StationError) as caught:
        check_birth_date(text, today=TODAY)
    assert caught.value.facts == {"year": "short"}


@pytest.mark.parametrize(
    "text",
    [
        *("03/09/1958", "3/9/1958", "3-9-1958", "03.09.1958", "3 9 1958", "03091958", " 3/9/1958 "),
        *("03-Sep-1958", "3 SEP 1958", "3 Sept. 1958", "03 September 1958", "3rd september, 1958"),
        *("September 3, 1958", "sep-3-1958", "1958-09-03", "1958/9/3", "19580903"),
        *("030958", "03/09/58", "3.9.58", "3 Sep 58", "Sep 3 58"),
        *("03-Sep-1958 (68y)", "3/9/1958 67 years", "DOB: 03/09/1958", "Born 03-Sep-1958 (68 yrs)"),
        *("\u202a03/09/1958\u202c", "\ufeff03\u201109\u20111958", "03\u201309\u20131958"),
    ],
)
def test_a_date_with_one_meaning_is_read(text: str) -> None:
    assert check_birth_date(text, today=TODAY) == date(1958, 9, 3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "310258",
        "1958-09",
        "58-09-03",
        "1958-03-Sepp",
        "3 Se 1958",
        "3 Sep Sep",
        "31/02/1990",
        "29/02/2023",
        "00/01/1990",
        "01/13/1990",
        "1/1/0000",
        "3//1958",
        "3/9/1958/1",
        "-3/9/1958",
        "3091958",
        "\u0663/9/1958",
        "\u00b2/9/1958",
    ],
)
def test_text_that_is_not_a_date_is_refused(text: str) -> None:
    with pytest.raises(StationError) as caught:
        check_birth_date(text, today=TODAY)
    assert caught.value.code is ErrorCode.BIRTH_DATE_FORMAT


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("02/03/2026", ErrorCode.BIRTH_DATE_FUTURE),
        ("01/01/9999", ErrorCode.BIRTH_DATE_FUTURE),
        ("31/12/1900", ErrorCode.BIRTH_DATE_TOO_LONG_AGO),
        ("01/01/0001", ErrorCode.BIRTH_DATE_TOO_LONG_AGO),
    ],
)
def test_a_date_nobody_can_have_been_born_on_is_refused(text: str, code: ErrorCode) -> None:
    with pytest.raises(StationError) as caught:
        check_birth_date(text, today=TODAY)
    assert caught.value.code is code


@pytest.mark.parametrize("text", ["01/03/2026", "01/01/1901", "29/02/2024"])
def test_the_newborn_the_oldest_and_the_leap_day_are_accepted(text: str) -> None:
    assert check_birth_date(text, today=TODAY).strftime("%d/%m/%Y") == text


@given(st.dates(date(1901, 1, 1), TODAY), st.sampled_from("/-. "), st.booleans())
def test_every_real_date_is_read_back(day: date, mark: str, padded: bool) -> None:
    parts = (f"{day.day:02d}", f"{day.month:02d}") if padded else (str(day.day), str(day.month))
    assert check_birth_date(mark.join((*parts, str(day.year))), today=TODAY) == day


@given(st.text(max_size=30))
def test_no_typed_text_breaks_the_date_check(text: str) -> None:
    result = outcome(lambda: check_birth_date(text, today=TODAY))
    assert isinstance(result, date) or result.value.startswith("birth_date_")


# the patient


def patient(born_on: date) -> Patient:
    return Patient("a" * 32, "Test", "Patient-One", born_on, NhsNumber.parse("9990000018"))


@pytest.mark.parametrize(
    ("born_on", "day", "years"),
    [
        (date(1958, 9, 3), date(2026, 9, 2), 67),
        (date(1958, 9, 3), date(2026, 9, 3), 68),
        (date(2000, 2, 29), date(2026, 2, 28), 25),
        (date(2000, 2, 29), date(2026, 3, 1), 26),
        (TODAY, TODAY, 0),
    ],
)
def test_age_is_counted_in_whole_years(born_on: date, day: date, years: int) -> None:
    assert patient(born_on).age_on(day) == years


def test_the_name_is_written_as_on_nhs_letters() -> None:
    assert patient(date(1958, 9, 3)).full_name == "PATIENT-ONE, Test"


def test_a_patient_shows_nothing_by_repr() -> None:
    shown = f"{patient(date(1958, 9, 3))!r} {patient(date(1958, 9, 3))}"
    for identity in ("Test", "Patient-One", "1958", "999"):
        assert identity not in shown
