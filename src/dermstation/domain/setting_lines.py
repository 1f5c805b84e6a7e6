"""A settings file as lines: what each says, and what is wrong with it. Pure.

IT writes the file with whatever is at hand: Notepad, PowerShell, a deployment script. A line that
cannot be understood costs that line alone, and stays in the file as it is.
"""

import codecs
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_KEY = re.compile(r"""\s*(?:([A-Za-z0-9_-]+)|"([^"\\]*)"|'([^']*)')\s*=""")
_TRUTH = re.compile(r"=\s*(true|false)\s*(?:#.*)?$", re.IGNORECASE)
# A path as Windows shows it. TOML would take its backslashes for escapes: "C:\temp" has a tab.
_WINDOWS_PATH = re.compile(r'=\s*"((?:[A-Za-z]:\\(?!\\)|\\\\(?!\\))[^"]*)"\s*(?:#.*)?$')
_LONG_QUOTES = ('"""', "'''")
_NOT_USABLE = "# not usable: "


class LineFault(StrEnum):
    """The faults of a line."""

    FORM = "form"  # not name = value
    VALUE = "value"
    UNKNOWN = "unknown"
    TWICE = "twice"  # another value than in an earlier line
    UNREADABLE = "unreadable"  # the file as a whole


@dataclass(frozen=True, slots=True)
class SettingFault:
    """A line that has no effect; its value is not repeated."""

    line: int
    fault: LineFault
    setting: str = ""


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One line of the file, or several if a text goes over them.

    `name` is empty for a comment, an empty line, and a line whose name cannot be read.
    """

    number: int
    text: str
    name: str = ""
    value: object = None
    is_fault: bool = False


def decoded(data: bytes) -> str:
    """Return the text of a file in UTF-8 or UTF-16, with or without a byte order mark.

    A line that is no UTF-8 is read as Windows-1252, in which Notepad and PowerShell may write.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    if b"\0" in data[:4]:
        is_little = data[1:2] == b"\0"
        return data.decode("utf-16-le" if is_little else "utf-16-be", "replace")
    raw = data.removeprefix(codecs.BOM_UTF8)
    return "".join(map(_decoded_line, raw.splitlines(keepends=True)))


def _decoded_line(raw: bytes) -> str:
    for encoding in ("utf-8", "windows-1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def parsed(text: str) -> list[SettingLine]:
    """Part a text into its lines, with the value of each."""
    found: list[SettingLine] = []
    lines = re.findall(r"[^\n]*\n|[^\n]+$", text)
    place = 0
    while place < len(lines):
        end = _end_of_text(lines, place)
        whole = "".join(lines[place:end])
        found.append(_parsed_line(place + 1, whole))
        place = end
    return found


def _end_of_text(lines: list[str], place: int) -> int:
    """Return the place behind a line, or behind the text of several lines that it begins."""
    first = lines[place]
    for quotes in _LONG_QUOTES:
        opening = re.search(rf"=\s*{quotes}", first)
        if opening is None or quotes in first[opening.end() :]:
            continue
        closing = (n for n in range(place + 1, len(lines)) if quotes in lines[n])
        return next(closing, place) + 1
    return place + 1


def _parsed_line(number: int, text: str) -> SettingLine:
    bare = text.strip()
    if not bare or bare.startswith("#"):
        return SettingLine(number, text)
    key = _KEY.match(bare)
    if key is None:
        return SettingLine(number, text, is_fault=True)
    name = next(one for one in key.groups() if one is not None)
    rest = bare[key.end() - 1 :]
    if (path := _WINDOWS_PATH.match(rest)) is not None:
        return SettingLine(number, text, name, path[1])
    if (truth := _TRUTH.match(rest)) is not None:
        return SettingLine(number, text, name, truth[1].lower() == "true")
    try:
        value = tomllib.loads(f"value {rest.replace(chr(13), '')}")["value"]
    except (tomllib.TOMLDecodeError, RecursionError):
        return SettingLine(number, text, name, is_fault=True)
    return SettingLine(number, text, name, value)


def changed(lines: list[SettingLine], changes: Mapping[str, object | None]) -> str:
    """Return the text with settings changed, or removed if their new value is None.

    All other lines stay as they are, and so do the comments. A line of a changed setting that had
    no effect stays as a comment: it may say what was meant.
    """
    end = "\r\n" if any(line.text.endswith("\r\n") for line in lines) else "\n"
    left = {name: value for name, value in changes.items() if value is not None}
    parts: list[str] = []
    for line in lines:
        if line.name not in changes:
            parts.append(line.text)
        elif line.is_fault:
            parts += [_NOT_USABLE + one for one in line.text.splitlines(keepends=True)]
        elif line.name in left:
            parts.append(f"{line.name} = {as_toml(left.pop(line.name))}{end}")
    if parts and left and not parts[-1].endswith("\n"):
        parts.append(end)
    parts += [f"{name} = {as_toml(value)}{end}" for name, value in sorted(left.items())]
    return "".join(parts)


def as_toml(value: object) -> str:
    """Write a text, number or truth value as TOML does."""
    # JSON's escapes are valid in TOML, but only TOML requires DEL to be escaped
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
