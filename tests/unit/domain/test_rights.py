import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.professional import parse_professional_number
from dermstation.domain.records import Operator, Role
from dermstation.domain.rights import Right, may, require

ALLOWED = {
    Role.NURSE: {Right.CAPTURE},
    Role.CLINICIAN: {Right.CAPTURE, Right.REVIEW, Right.COMPLETE},
    Role.ADMINISTRATOR: set(Right),
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("right", Right)
def test_each_role_has_its_rights_and_no_others(role, right) -> None:
    operator = Operator("1", "Test Operator", role)
    assert may(operator, right) is (right in ALLOWED[role])
    if right in ALLOWED[role]:
        require(operator, right)
    else:
        with pytest.raises(StationError) as caught:
            require(operator, right)
        assert caught.value.code is ErrorCode.RIGHT_MISSING
        assert caught.value.facts == {"right": right.value}


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("", ""),
        ("  ", ""),
        ("1234567", "1234567"),
        ("123 4567", "1234567"),
        ("12A3456B", "12A3456B"),
        (" 12a3456b ", "12A3456B"),
    ],
)
def test_professional_numbers_are_accepted_in_any_spelling(typed, number) -> None:
    assert parse_professional_number(typed) == number


@pytest.mark.parametrize(
    "typed", ["123456", "12345678", "A2A3456B", "12A34567", "12A345B", "12A3456BC", "١٢٣٤٥٦٧"]
)
def test_anything_else_is_no_professional_number(typed) -> None:
    with pytest.raises(StationError) as caught:
        parse_professional_number(typed)
    assert caught.value.code is ErrorCode.PROFESSIONAL_NUMBER_FORMAT
