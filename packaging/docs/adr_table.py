"""Write docs/adr/README.md: every decision record in one table.

    .venv/bin/python packaging/docs/adr_table.py

A row holds the record's number and title, the first sentence of what was decided, and the records
that supersede it. A record that does not have the form described on the page is refused.
"""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "adr"
PAGE = FOLDER / "README.md"
HEAD = """\
# Decisions

One file for each decision that could have been taken otherwise. `make docs` writes this page from
them (`packaging/docs/adr_table.py`). Every record has the same form:

1. `# NNNN Title`.
2. If a later record replaces this one, wholly or in part, a line that says so:
   `Superseded by [NNNN](file)`, or `Superseded in part by [NNNN](file): what is replaced`.
3. `**Decided.**` and what was decided. The first sentence says it by itself; this page shows it.
4. `**Why.**`, if the decision does not explain itself: what was found and measured.
5. `**Refused:**` and a list of the other options, each in italics, with the reason.
6. `**Consequences.**`, if there are any that a reader would not expect.

A number is never used again. When a decision changes, its record stays, and a new one supersedes
it.

| | Decision | In one sentence | Superseded by |
|---|---|---|---|
"""
_FORM = re.compile(
    r"""\#\ (?P<number>\d{4})\ (?P<title>[^\n]+)\n\n
    (?:(?P<superseded>Superseded\ (?:in\ part\ )?by\ \[[^\n]+(?:\n[^\n]+)*)\n\n)?
    \*\*Decided\.\*\*\ (?P<decided>.+?)\n\n
    (?:\*\*Why\.\*\*\s.+?\n\n)?
    \*\*Refused:\*\*\n\n-\ \*.+?
    (?:\n\n\*\*Consequences\.\*\*\s.+?)?\n
    """,
    re.VERBOSE | re.DOTALL,
)
_SECTIONS = ("Decided.", "Why.", "Refused:", "Consequences.")


class Record(NamedTuple):
    """One record's row in the table."""

    number: str
    title: str
    file: str
    decision: str
    superseded_by: str

    def row(self) -> str:
        """Return the row in Markdown."""
        link = f"[{self.number}]({self.file})"
        return f"| {link} | {self.title} | {self.decision} | {self.superseded_by} |\n"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(FOLDER), "utf-8")


def page(folder: Path) -> str:
    """Return the text of the page for a folder of records, in the order of their numbers."""
    return HEAD + "".join(record_of(file).row() for file in sorted(folder.glob("[0-9]*.md")))


def record_of(file: Path) -> Record:
    """Read one record. Raises ValueError if it does not have the required form."""
    text = file.read_text("utf-8")
    found = _FORM.fullmatch(text)
    headings = re.findall(r"^\*\*(\w+[.:])\*\*", text, re.MULTILINE)
    known = [name for name in headings if name in _SECTIONS]
    if not found or known != sorted(set(known), key=_SECTIONS.index):
        raise ValueError(f"{file.name} does not have the form of {PAGE.name}")
    if not file.name.startswith(f"{found['number']}-"):
        raise ValueError(f"{file.name} is headed {found['number']}")
    decided = " ".join(found["decided"].split())
    return Record(
        found["number"],
        found["title"],
        file.name,
        re.split(r"(?<=\.)\s", decided, maxsplit=1)[0].replace("**", ""),
        _superseding(found["superseded"] or ""),
    )


def _superseding(line: str) -> str:
    links = ", ".join(re.findall(r"\[\d{4}\]\([^)]+\)", line))
    return f"{links} in part" if " in part " in line else links


if __name__ == "__main__":
    main()
