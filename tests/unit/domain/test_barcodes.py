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


US_ON_UK = str.maketrans({"|": "~", "\\": "#", "@": '"', '"': "@", "#": "\u00a3", "~": "\u00ac"})
LABEL = "9990000018|O'Neill|Mary|03/09/1958"


@pytest.mark.parametrize(
    "typed",
    [
        LABEL,
        LABEL.translate(US_ON_UK),
        LABEL.swapcase(),
        LABEL.translate(US_ON_UK).swapcase(),
        f"]C1{LABEL}",
        f"]Q3{LABEL.translate(US_ON_UK)}",
        f"\ufeff{LABEL}",
    ],
)
def test_a_scanner_that_types_as_another_keyboard_is_understood(typed: str) -> None:
    assert STANDARD.read(typed) == {
        "nhs_number": "9990000018",
        "family_name": "O'Neill",
        "given_name": "Mary",
        "born_on": "03/09/1958",
    }


def test_every_sign_that_differs_between_the_keyboards_may_part_the_fields() -> None:
    for sign in US_ON_UK:
        formats = BarcodeFormats.parse(f"{{nhs_number}}{chr(sign)}{{given_name}}")
        typed = f"9990000018{chr(sign)}Test"
        assert formats.read(typed) == formats.read(typed.translate(US_ON_UK)), chr(sign)
        assert formats.read(typed) is not None


def test_a_number_with_the_name_of_its_barcode_is_the_number() -> None:
    assert STANDARD.read("]C19990000018") == {"nhs_number": "9990000018"}


@pytest.mark.parametrize("name", ["McTest", "de Test", "TEST", "test", "van der Test", "O'test"])
def test_a_name_that_caps_lock_did_not_touch_stays(name: str) -> None:
    read = STANDARD.read(f"9990000018|{name}|Test|03/09/1958")
    assert read is not None
    assert read["family_name"] == name


@pytest.mark.parametrize(
    ("text", "is_scan"),
    [
        ("9990000018^Test^One", True),
        ("9990000018;Test;One;03091958", True),
        (LABEL, False),
        ("9990000018", False),
        ("999 000 0018 (verified)", False),
        ("NHS No. 9990000018", False),
        ("", False),
    ],
)
def test_a_scan_that_no_format_fits_is_known_as_one(text: str, is_scan: bool) -> None:
    assert STANDARD.is_like_a_scan(text) is is_scan


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
