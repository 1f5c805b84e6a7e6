"""A scan is parsed by the declared formats, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermstation.domain.barcodes import BarcodeFormats
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.settings import Settings

STANDARD = BarcodeFormats.parse(Settings().barcode_formats)


def test_a_bare_number_is_a_scan() -> None:
    assert STANDARD.read("9990000018") == {"nhs_number": "9990000018"}
    assert STANDARD.read(" 999 000 0018 ") == {"nhs_number": "999 000 0018"}


def test_a_scan_may_name_the_whole_patient() -> None:
    assert STANDARD.read("9990000018|Patient-One|Test Ann|03/09/1958") == {
        "nhs_number": "9990000018",
        "family_name": "Patient-One",
        "given_name": "Test Ann",
        "born_on": "03/09/1958",
    }


def test_a_date_with_the_year_first_is_turned() -> None:
    formats = BarcodeFormats.parse("{skip}^{nhs_number}^{born_on_iso}")
    for born_on in ("19580903", "1958-09-03"):
        found = formats.read(f"PAT7^9990000018^{born_on}")
        assert found == {"nhs_number": "9990000018", "born_on": "03/09/1958"}


@pytest.mark.parametrize(
    "typed", ["", "Patient-One", "999000001", "99900000188", "999000001a", "9990000018|", "|||"]
)
def test_text_that_fits_no_format_is_not_a_scan(typed: str) -> None:
    assert STANDARD.read(typed) is None


def test_special_characters_of_a_format_stand_for_themselves() -> None:
    formats = BarcodeFormats.parse("[.*]{nhs_number}$")
    assert formats.read("[.*]9990000018$") == {"nhs_number": "9990000018"}
    assert formats.read("xx9990000018$") is None


@pytest.mark.parametrize(
    "wrong",
    [
        "{family_name}",
        "{nhs_number}|{nhs_number}",
        "{nhs_number}|{shoe_size}",
        "{nhs_number}{family_name}",
        "{nhs_number}|{born_on}|{born_on_iso}",
    ],
)
def test_an_ambiguous_format_is_refused(wrong: str) -> None:
    with pytest.raises(StationError) as trouble:
        BarcodeFormats.parse(wrong)
    assert trouble.value.code is ErrorCode.SETTING_INVALID


def test_no_formats_read_nothing() -> None:
    assert BarcodeFormats.parse("").read("9990000018") is None


@given(st.text(max_size=60))
def test_no_scan_breaks_the_reader(text: str) -> None:
    found = STANDARD.read(text)
    assert found is None or "nhs_number" in found
