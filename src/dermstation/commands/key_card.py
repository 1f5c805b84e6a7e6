"""Lay out the keys of the capture page on one A4 page, to print and keep beside the station."""

from datetime import UTC, datetime

from dermstation.handover.typesetting import PrintHead, typeset
from dermstation.workflow.capture_keys import KEY_TABLE, WHEN

TITLE = "Keys for taking pictures"
_UNDATED = datetime(2025, 1, 1, tzinfo=UTC)  # a PDF/A has a date, the card has none


def card_pdf() -> bytes:
    """Return the card as a PDF of one page, readable in grey. The same table gives the same bytes.

    Source: `workflow/capture_keys.py`.
    """
    told = {
        "title": TITLE,
        "rows": [{"keys": row.all_keys, "about": row.about, "when": row.when} for row in KEY_TABLE],
        "meanings": f"{'; '.join(f'{words}: {meaning}' for words, meaning in WHEN)}.",
    }
    head = PrintHead(TITLE, "Dermatoscope station. Made by: dermstation keys")
    return typeset("keys.typ", head, told, dated=_UNDATED)
