"""Check an operator's name, professional number and secret as typed. GUI thread."""

from dermstation.domain.errors import StationError
from dermstation.domain.professional import parse_professional_number
from dermstation.ui.parts.field import Field
from dermstation.ui.parts.new_secret import NewSecret


def typed_operator(
    name: Field, number: Field, secret: NewSecret, *, ask_name: str
) -> tuple[str, str, str] | None:
    """Return the name, number and secret, or None if one of them is wrong or missing.

    Each field then shows what is wrong, and the first of these gets the focus. `ask_name` is shown
    if the name is missing.
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
    """Return the professional number as registered, or None after showing what is wrong with it."""
    try:
        number = parse_professional_number(field.text())
    except StationError:
        field.show_error("Type 7 digits (GMC) or a number like 12A3456B (NMC), or leave it empty.")
        return None
    field.show_error("")
    return number
