"""Write docs/keys.md, the keys of the capture page, from the program's table: make docs."""

from pathlib import Path

from dermstation.workflow.capture_keys import KEY_TABLE, WHEN

PAGE = Path(__file__).resolve().parents[2] / "docs" / "keys.md"
HEAD = """\
# Keys while you take pictures

With these keys one hand can stay on the patient. At the pictures, F1 and then *Keys on this page*
lists them beside the live picture; `dermstation keys --out keys.pdf` writes them on one A4 page to
print. `make docs` writes this page from the table in `src/dermstation/workflow/capture_keys.py`.

| Key | What it does | When |
|---|---|---|
"""


def page() -> str:
    """Return the text of the page."""
    rows = "".join(f"| {row.all_keys} | {row.about} | {row.when} |\n" for row in KEY_TABLE)
    when = "".join(f"| {words} | {meaning} |\n" for words, meaning in WHEN)
    return f"{HEAD}{rows}\nWhat *When* means:\n\n| | |\n|---|---|\n{when}"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8", newline="\n")
