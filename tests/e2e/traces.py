"""A made-up patient whose data cannot be confused with anything else, and the search for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Planted:
    """The texts typed into the station, using words that appear nowhere else."""

    nhs_number: str = "9990000018"
    family_name: str = "Zweigelt-Planted"
    given_name: str = "Quillonne"
    born_on: date = date(1953, 11, 7)
    history: str = "Velvetgrain spot, grew over the summer."
    question: str = "Umberquill asks: is it suspicious?"

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the texts that identify the patient, as people and programs write them."""
        number, born_on = self.nhs_number, self.born_on
        return (
            number,
            f"{number[:3]} {number[3:6]} {number[6:]}",
            f"{number[:3]}-{number[3:6]}-{number[6:]}",
            *("Zweigelt", "Quillonne", "Velvetgrain", "Umberquill"),
            *(f"{born_on:{form}}" for form in ("%d/%m/%Y", "%Y-%m-%d", "%d-%b-%Y", "%d %B %Y")),
            *(f"{born_on:{form}}" for form in ("%d%m%Y", "%Y%m%d", "%d.%m.%Y")),
            *(f"{born_on.day}{born_on:{form}}" for form in ("/%m/%Y", " %b %Y", " %B %Y")),
        )


def traces(planted: Planted, places: Mapping[str, bytes]) -> list[str]:
    """Return where a text of the planted patient is readable: place, text and encoding."""
    written = {
        (text, case(text), encoding): case(text).encode(encoding)
        for text in planted.texts
        for case in (str, str.upper, str.lower)
        for encoding in ("utf-8", "utf-16-le", "utf-16-be")
    }
    return sorted(
        f"{place}: {text} in {encoding}"
        for place, data in places.items()
        for (text, cased, encoding), needle in written.items()
        if needle in data or cased in place
    )


def files_below(*folders: Path) -> dict[str, bytes]:
    """Return the content of every file below some folders, by path, as a name can identify too."""
    return {
        str(file): file.read_bytes()
        for folder in folders
        for file in folder.rglob("*")
        if file.is_file() and not file.is_symlink()
    }


def same_blocks(before: bytes, after: bytes, block_bytes: int = 512) -> int:
    """Return the number of non-empty blocks of a file that are still in place."""
    return sum(
        before[start : start + block_bytes] == after[start : start + block_bytes]
        for start in range(0, len(before), block_bytes)
        if any(before[start : start + block_bytes])
    )
