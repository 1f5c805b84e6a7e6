"""Check what was typed of an operator: name, professional number, secret. GUI thread."""

from dermstation.domain.errors import StationError
from dermstation.domain.professional import parse_professional_number
from dermstation.ui.parts.field import Field
from dermstation.ui.parts.new_secret import NewSecret


def typed_operator(
    name: Field, number: Field, secret: NewSecret, *, ask_name: str
) -> tuple[str, str, str] | None:
    """Give name, number and secret; else say below each what is wrong, and lead to the first.

    `ask_name` is said where the name is missing.
    """
    typed_name = name.text().strip()
    name.show_error("" if typed_name else ask_name)
    registered = _typed_number(number)
    typed_secret = secret.checked()
    if not typed_name:
        name.setFocus()
    elif registered is None:
        number.setFocus()
    elif typed_secret is not None:
        return typed_name, registered, typed_secret
    return None


def _typed_number(field: Field) -> str | None:
    """Give the professional number as registered; say below the field what is wrong with it."""
    try:
        number = parse_professional_number(field.text())
    except StationError:
        field.show_error("7 digits (GMC), or like 12A3456B (NMC), or nothing.")
        return None
    field.show_error("")
    return number
