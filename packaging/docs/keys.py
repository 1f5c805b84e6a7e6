"""Write docs/keys.md, the keys of the capture page, from the program's one table: make docs."""

from pathlib import Path

from dermstation.workflow.capture_keys import KEY_TABLE, WHEN

PAGE = Path(__file__).resolve().parents[2] / "docs" / "keys.md"
HEAD = """\
# Keys while you take pictures

Every button on the page has a key, so that one hand can stay on the patient. F1 shows the keys on
the page too; `dermstation keys --out keys.pdf` writes them on one A4 page to print. This page is
written by `make docs` from the table in `src/dermstation/workflow/capture_keys.py`.

| Key | What it does | When |
|---|---|---|
"""


def page() -> str:
    """Return the page."""
    rows = "".join(f"| {row.all_keys} | {row.about} | {row.when} |\n" for row in KEY_TABLE)
    when = "".join(f"| {words} | {meaning} |\n" for words, meaning in WHEN)
    return f"{HEAD}{rows}\nWhat *When* means:\n\n| | |\n|---|---|\n{when}"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8", newline="\n")
