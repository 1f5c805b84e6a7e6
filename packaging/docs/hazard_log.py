"""Write docs/assurance/hazard-log.md from the table of hazards beside it: make docs."""

import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "assurance"
TABLE = FOLDER / "hazards.toml"
PAGE = FOLDER / "hazard-log.md"
HEAD = """\
# Hazard log

**Intended purpose.** {purpose}

This log has the parts that DCB0129 asks of a hazard log, except one: severity, likelihood and the
acceptance of what remains are for a **clinical safety officer**, who has not been appointed yet; no
line here claims that a risk is acceptable. The practice keeps its own log (DCB0160); the lines
"In the practice" are meant for it. Each control names the tests that show it, and a test of ours
fails if one of them is gone. `make docs` writes this page from [hazards.toml](hazards.toml).

| | Hazard | Controls |
|---|---|---|
"""
_SCORES = (
    "Severity, likelihood, and whether what remains is acceptable:"
    " *for the clinical safety officer*."
)


def page(table: dict[str, Any]) -> str:
    """Return the text of the page for a table of hazards."""
    hazards: list[dict[str, Any]] = table["hazard"]
    rows = "".join(
        f"| [{one['id']}](#{one['id'].lower()}) | {one['name']} | {len(one['control'])} |\n"
        for one in hazards
    )
    return HEAD.format(purpose=table["purpose"]) + rows + "".join(map(_section, hazards))


def _section(hazard: dict[str, Any]) -> str:
    lines = [
        f"\n## {hazard['id']}\n\n**{hazard['name']}.** {hazard['effect']}\n",
        "\nCauses: " + "; ".join(hazard["causes"]) + ".\n",
        "\n| Control | Shown by |\n|---|---|\n",
    ]
    for control in hazard["control"]:
        tests = ", ".join(f"`{name}`" for name in control["shown_by"])
        lines.append(f"| {control['what']} | {tests} |\n")
    lines += ["\nIn the practice: ", " ".join(hazard["practice"]), f"\n\n{_SCORES}\n"]
    return "".join(lines)


def read_table() -> dict[str, Any]:
    """Return the table of hazards."""
    return tomllib.loads(TABLE.read_text("utf-8"))


if __name__ == "__main__":
    PAGE.write_text(page(read_table()), "utf-8")
