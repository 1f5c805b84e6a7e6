"""Parse the text of a barcode scanner by the formats that the practice declared. Pure.

A format is text with fields in braces: `{nhs_number}|{family_name}|{given_name}|{born_on}`.
`{born_on}` is day first, `{born_on_iso}` year first; `{skip}` is any text to ignore.
"""

import re
from dataclasses import dataclass

from dermstation.domain.errors import ErrorCode, StationError

SEPARATOR = ";;"  # between the formats of one setting
_FIELD = re.compile(r"\{(\w+)\}")
_PATTERNS = {
    "nhs_number": r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}",
    "family_name": r".+?",
    "given_name": r".+?",
    "born_on": r"[0-9]{1,2}[-/. ]?[0-9]{1,2}[-/. ]?[0-9]{4}",
    "born_on_iso": r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}",
}
_SKIP = r".*?"


@dataclass(frozen=True, slots=True)
class BarcodeFormats:
    """The formats that a scanner may send, tried in order."""

    patterns: tuple[re.Pattern[str], ...]

    @classmethod
    def parse(cls, setting: str) -> "BarcodeFormats":
        """Read formats, separated by `;;`.

        Raises StationError SETTING_INVALID for a format without the NHS number, with an unknown or
        repeated field, or with two fields that nothing separates.
        """
        return cls(tuple(_pattern(one.strip()) for one in setting.split(SEPARATOR) if one.strip()))

    def read(self, scanned: str) -> dict[str, str] | None:
        """Return the fields of a scan by name, `born_on` day first, or None if no format fits."""
        for pattern in self.patterns:
            found = pattern.fullmatch(scanned.strip())
            if found is not None:
                fields = {name: text.strip() for name, text in found.groupdict().items()}
                if "born_on_iso" in fields:
                    digits = fields.pop("born_on_iso").replace("-", "")
                    fields["born_on"] = f"{digits[6:]}/{digits[4:6]}/{digits[:4]}"
                return fields
        return None


def _pattern(wanted: str) -> re.Pattern[str]:
    names = [name for name in _FIELD.findall(wanted) if name != "skip"]
    is_known = set(names) <= set(_PATTERNS) and len(set(names)) == len(names)
    born_twice = {"born_on", "born_on_iso"} <= set(names)
    if "nhs_number" not in names or not is_known or born_twice or "}{" in wanted:
        raise StationError(ErrorCode.SETTING_INVALID, setting="barcode_formats")
    parts = _FIELD.split(wanted)
    regex = "".join(
        re.escape(part) if place % 2 == 0 else _group(part) for place, part in enumerate(parts)
    )
    return re.compile(regex)


def _group(name: str) -> str:
    return _SKIP if name == "skip" else f"(?P<{name}>{_PATTERNS[name]})"
