"""Parse the text of a barcode scanner by the formats that the practice declared. Pure.

A format is text with fields in braces: `{nhs_number}|{family_name}|{given_name}|{born_on}`.
`{born_on}` is day first, `{born_on_iso}` year first; `{skip}` is any text to ignore.
"""

import re
from dataclasses import dataclass

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.pasting import tidied, without_symbology

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
_NAMES = ("family_name", "given_name")
# what a PC with a UK keyboard shows for the keys of a scanner that types as a US one
_US_ON_UK = str.maketrans({"~": "|", "#": "\\", '"': "@", "@": '"', "\u00a3": "#", "\u00ac": "~"})
_LONG_SCAN = re.compile(r"[0-9]{10}[^0-9\s].*[^\W\d_]{2}")


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
        """Return the fields of a scan by name, `born_on` day first, or None if no format fits.

        A prefix that names the kind of barcode is left out. A scan that fits only if it was typed
        on a US keyboard for a PC with a UK one is read so, and a name that Caps Lock turned
        inside out is turned back.
        """
        text = tidied(scanned)
        bare = without_symbology(text)
        for typed in (text, bare, text.translate(_US_ON_UK), bare.translate(_US_ON_UK)):
            found = self._fields(typed)
            if found is not None:
                return {name: _name_as_meant(name, one) for name, one in found.items()}
        return None

    def is_like_a_scan(self, text: str) -> bool:
        """Return whether a text in the field of the number is a scan that no format fits."""
        return _LONG_SCAN.search(text) is not None and self.read(text) is None

    def _fields(self, typed: str) -> dict[str, str] | None:
        for pattern in self.patterns:
            found = pattern.fullmatch(typed)
            if found is not None:
                fields = {name: text.strip() for name, text in found.groupdict().items()}
                if "born_on_iso" in fields:
                    digits = fields.pop("born_on_iso").replace("-", "")
                    fields["born_on"] = f"{digits[6:]}/{digits[4:6]}/{digits[:4]}"
                return fields
        return None


def _name_as_meant(field: str, text: str) -> str:
    """Turn "o'nEILL" back to "O'Neill"; a name that is as names are stays as it is."""
    words = re.split(r"[ '\u2019-]", text) if field in _NAMES else []
    is_inside_out = any(len(one) > 1 and one[0].islower() and one[-1].isupper() for one in words)
    return text.swapcase() if is_inside_out else text


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
