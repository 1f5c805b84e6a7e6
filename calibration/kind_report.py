"""The figures of telling the kind of a shot, for the terminal and for docs/quality.md."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from calibration.kind_figures import KindCase, kind_figures, kind_rows
from calibration.report import figure_line, table_rows, target_words, value_words

BEGIN = "<!-- kinds, written by calibration: from here -->"
END = "<!-- kinds: to here -->"


def plain_kinds(cases: Sequence[KindCase]) -> str:
    """Return the figures as lines for a terminal."""
    lines = ["\nkind of shot: test half, and general pictures rendered with its skin"]
    return "\n".join([*lines, *map(figure_line, kind_figures(cases))])


def write_kind_docs(path: Path, cases: Sequence[KindCase], table: Mapping[str, Any]) -> None:
    """Replace the section on kinds in the document."""
    words = path.read_text(encoding="utf-8")
    before, after = words.split(BEGIN)[0], words.split(END)[1]
    rows = [
        (found.name, value_words(found), target_words(found), str(found.count))
        for found in kind_figures(cases)
    ]
    head, *done = kind_rows(cases)
    parts = (
        _fitted(table["made"]),
        table_rows(("figure", "value", "target", "judged"), rows),
        table_rows(head, done),
        _unseen(table["made"]["unseen"]),
        _features(table["features"]),
    )
    section = "\n\n".join(parts)
    path.write_text(f"{before}{BEGIN}\n\n{section}\n\n{END}{after}", encoding="utf-8")


def _fitted(made: Mapping[str, Any]) -> str:
    counts = ", ".join(f"{count} {kind}" for kind, count in made["copies"].items())
    return f"Fitted on {counts} copies of the training half. On the test half:"


def _unseen(shares: Mapping[str, Mapping[str, float]]) -> str:
    names = list(next(iter(shares.values())))
    rows = [(kind, *(f"{100 * own[name]:.1f} %" for name in names)) for kind, own in shares.items()]
    head = ("kind", *(name.replace("_", " ") for name in names))
    return (
        "The training half, cross-validated by source, by the kind alone and on stronger changes:"
        f"\n\n{table_rows(head, rows)}"
    )


def _features(features: Mapping[str, Mapping[str, float]]) -> str:
    kinds = [name for name in next(iter(features.values())) if name not in ("centre", "spread")]
    rows = [
        (f"`{name}`", *(f"{own[kind]:+.2f}" for kind in kinds)) for name, own in features.items()
    ]
    return f"Weights of the standardised features:\n\n{table_rows(('feature', *kinds), rows)}"
