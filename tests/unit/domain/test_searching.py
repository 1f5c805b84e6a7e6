"""The parsing of a search: accents, numbers, dates as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermstation.domain.searching import folded, parse_search, words_of_name

TODAY = date(2026, 9, 4)
BORN = date(1980, 2, 1)


def days(text: str) -> tuple[tuple[date, ...], ...]:
    return parse_search(text, today=TODAY).days


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Zoe", "Zoë"),
        ("ZOË", "Zoe"),
        ("lukasz", "Łukasz"),
        ("oneill", "O'Neill"),
        ("o'neill", "O\u2019Neill"),
        ("neill", "O'Neill"),
        ("smith-o'neill", "Smith-O'Neill"),
        ("jones", "Smith-Jones"),
        ("smith-jones", "Smith-Jones"),
        ("strasse", "Straße"),
        ("sorensen", "Sørensen"),
        ("featherstone", "Featherstonehaugh-Cholmondeley"),
        ("de la test", "De La Test"),
    ],
)
def test_a_name_is_found_by_its_beginnings_without_accents_and_case(typed, name) -> None:
    words = words_of_name(name)
    wanted = parse_search(typed, today=TODAY).words
    assert wanted
    assert all(any(word.startswith(one) for word in words) for one in wanted)


@pytest.mark.parametrize(
    "typed",
    [
        *("1/2/1980", "01/02/1980", "1-2-1980", "1.2.1980", "1980-02-01", "01-Feb-1980"),
        *("1 feb 1980", "1 February 1980"),
    ],
)
def test_a_date_is_read_day_first_however_it_is_written(typed) -> None:
    assert days(typed) == ((BORN,),)
    assert parse_search(f"smith {typed}", today=TODAY).words == ("smith",)


def test_a_year_of_two_digits_may_be_of_either_century() -> None:
    assert days("01.02.80") == ((date(2080, 2, 1), BORN),)


def test_today_and_yesterday_are_dates() -> None:
    assert days("today") == ((TODAY,),)
    assert days("Yesterday") == ((date(2026, 9, 3),),)


def test_an_impossible_day_finds_nobody() -> None:
    assert days("31/2/1980") == ((),)


def test_eight_digits_are_part_of_a_number_or_a_date() -> None:
    assert parse_search("01021980", today=TODAY).digits == (("01021980", (BORN,)),)


@pytest.mark.parametrize("typed", ["999 000 0018", "9990000018", "999-000-0018", " 999  0000018 "])
def test_an_nhs_number_is_one_group_of_digits_with_spaces_or_without(typed) -> None:
    assert parse_search(typed, today=TODAY).digits == (("9990000018", ()),)


def test_all_of_it_together() -> None:
    found = parse_search("Zoë  test 1/2/1980 0018", today=TODAY)
    assert found.words == ("zoe", "test")
    assert found.days == ((BORN,),)
    assert found.digits == (("0018", ()),)


@given(st.text(max_size=300))
def test_whatever_is_typed_is_read_and_never_shown_by_its_repr(text) -> None:
    found = parse_search(text, today=TODAY)
    assert repr(found) == "Search()"
    assert all(word == folded(word) for word in found.words)


@given(st.text(min_size=1, max_size=40))
def test_a_whole_name_always_finds_itself(name) -> None:
    words = words_of_name(name)
    typed = [
        word
        for word in parse_search(name, today=TODAY).words
        if not any(character.isdigit() for character in name)
    ]
    assert all(any(word.startswith(one) for word in words) for one in typed)
