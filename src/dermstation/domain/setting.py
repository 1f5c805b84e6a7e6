"""The type of a setting: its words, its allowed values, and who may change it. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dermstation.domain.errors import ErrorCode, StationError

Value = bool | int | str
SET_BY_IT = "Set by the practice\u2019s IT."
NONE = "none"  # the value of a setting for several choices if none is chosen


class Who(StrEnum):
    """The people who can change a setting in the station, unless IT has fixed it for the PC.

    IT can change every one in the file.
    """

    ADMINISTRATOR = "administrator"  # on the settings page
    OPERATOR = "operator"  # on the capture page


class Kind(StrEnum):
    """The kind of field for a setting."""

    TICK = "tick"
    NUMBER = "number"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table of settings.

    `help` explains what the title leaves open. `bounds` are the smallest and the largest number.
    `choices` maps each value to its words; if `several` is set, a value names any of them,
    separated by spaces, or is "none". `form` describes the format of a text; `check` raises
    StationError for an invalid text. If `changed_by` is empty, only IT changes it, in the file.
    `strictest` is the value in force if IT's policy for the PC cannot be read; None: the policy
    then leaves this setting alone.
    """

    group: str
    title: str
    help: str = ""
    unit: str = ""
    bounds: tuple[int, int] = (0, 0)
    choices: Mapping[str, str] = field(default_factory=dict)
    several: bool = False
    form: str = ""
    check: Callable[[str], object] | None = None
    changed_by: tuple[Who, ...] = ()
    name: str = ""
    default: Value = ""
    strictest: Value | None = None

    @property
    def kind(self) -> Kind:
        """Return the kind of field for this setting."""
        if isinstance(self.default, bool):
            return Kind.TICK
        if isinstance(self.default, int):
            return Kind.NUMBER
        if self.choices:
            return Kind.CHOICES if self.several else Kind.CHOICE
        return Kind.TEXT

    @property
    def range_words(self) -> str:
        """Return the smallest and largest number with the unit: "1 to 30 minutes"."""
        least, most = self.bounds
        return f"{least:,} to {most:,} {self.unit}".rstrip()

    def checked(self, value: object) -> Value:
        """Return the value if it is allowed.

        Raises StationError SETTING_INVALID (`setting`, and `choices` or `least` and `most`).
        """
        if not isinstance(value, bool | int | str) or type(value) is not type(self.default):
            raise StationError(ErrorCode.SETTING_INVALID, setting=self.name)
        if isinstance(value, str):
            self._check_text(value)
        elif self.kind is Kind.NUMBER:
            least, most = self.bounds
            if not least <= value <= most:
                raise StationError(
                    ErrorCode.SETTING_INVALID, setting=self.name, least=least, most=most
                )
        return value

    def _check_text(self, value: str) -> None:
        named = named_in(value) if self.several else (value,)
        is_empty = self.several and not value.split()
        if self.choices and (is_empty or not set(named) <= set(self.choices)):
            raise StationError(
                ErrorCode.SETTING_INVALID, setting=self.name, choices=", ".join(self.choices)
            )
        if self.check is not None:
            self.check(value)


def named_in(value: str) -> tuple[str, ...]:
    """Return the choices that the value of a setting names, in lower case."""
    words = tuple(value.lower().split())
    return () if words == (NONE,) else words
