"""The printed sheet holds both charts, and a picture of it is read as it was drawn."""

import hashlib

from dermstation.handover.chart_sheet import chart_sheet


def test_the_sheet_is_the_same_on_every_pc() -> None:
    first, again = chart_sheet(), chart_sheet()
    assert first.startswith(b"%PDF")
    assert hashlib.sha256(first).digest() == hashlib.sha256(again).digest()
