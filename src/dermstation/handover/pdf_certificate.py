"""The certificate of a wipe as a PDF: what was removed, how and by whom, and what could not be.

It contains ids, hashes and times, nothing about the patient, and claims no more than is true.
"""

from collections.abc import Sequence
from pathlib import Path

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table, TableStyle

from dermstation.domain.patient_copies import FORM_WORDS, GivenCopy
from dermstation.domain.records import Certificate, WipedItem
from dermstation.domain.wipe_claims import CLAIM_LINES, NO_MORE
from dermstation.files import write_file
from dermstation.handover.pdf_fonts import DocumentFonts
from dermstation.handover.pdf_page import (
    ACCENT,
    ALERT,
    CONTENT_WIDTH,
    GAP,
    MUTED,
    PANEL,
    RULE,
    PageMarks,
    Sheet,
    built_pdf,
)
from dermstation.handover.uk_time import in_words

TITLE = "Certificate of wipe"
_HASH_LINE_CHARS = 32


def certificate_pdf(certificate: Certificate, operator_name: str, practice_name: str = "") -> bytes:
    """Return a wipe's certificate. The same certificate gives the same bytes on every PC."""
    sheet = Sheet(DocumentFonts())
    removed = [item for item in certificate.items if item.removed]
    failed = [item for item in certificate.items if not item.removed]
    story: list[Flowable] = [
        _outcome(len(removed), len(failed), sheet),
        Spacer(1, GAP),
        _facts(certificate, operator_name, practice_name, sheet),
        Spacer(1, GAP),
    ]
    if failed:
        story += _items("Not removed by the station", failed, sheet, ALERT)
    story += _items("Removed", removed, sheet, ACCENT)
    marks = PageMarks(
        head_left=TITLE,
        head_right=f"Certificate {certificate.id}",
        foot_left=NO_MORE,
    )
    return built_pdf(
        story, marks, sheet, title=TITLE, subject="Removal of local copies", keywords=""
    )


def write_certificate_pdf(
    certificate: Certificate, path: Path, operator_name: str, practice_name: str = ""
) -> None:
    """Write the certificate to a file, whole or not at all. Raises OSError."""
    write_file(path, certificate_pdf(certificate, operator_name, practice_name))


def _outcome(removed: int, failed: int, sheet: Sheet) -> Flowable:
    words = f"All {removed} items were removed"
    if failed:
        words = f"{failed} of {removed + failed} items were not removed"
    colour = ALERT if failed else ACCENT
    head = sheet.text(words, 17, bold=True, colour=colour, leading=1.2)
    claims = [sheet.text(line, 9.5) for line in (*CLAIM_LINES, NO_MORE)]
    return Table(
        [[[head, *claims]]],
        colWidths=[CONTENT_WIDTH],
        style=TableStyle(
            [
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
            ]
        ),
    )


def _facts(
    certificate: Certificate, operator_name: str, practice_name: str, sheet: Sheet
) -> Flowable:
    hand_over = certificate.hand_over
    handed = "None: there was no hand-over."
    if hand_over is not None:
        places = " and ".join(hand_over.places) or "no place named"
        handed = f"Confirmed {in_words(hand_over.confirmed_at)}: {places}"
    rows = [
        ("Episode", certificate.episode_id),
        ("Reason", certificate.reason),
        ("Hand-over", handed),
        *(("For the patient", _given(one)) for one in certificate.given_copies),
        ("Wiped by", operator_name),
        ("Practice", practice_name or "Not named"),
        ("Begun", in_words(certificate.started_at)),
        ("Finished", in_words(certificate.finished_at)),
    ]
    return Table(
        [[sheet.text(name, 9, colour=MUTED), sheet.text(words, 10)] for name, words in rows],
        colWidths=[CONTENT_WIDTH * 0.16, CONTENT_WIDTH * 0.84],
        style=TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), PANEL),
                ("LINEBEFORE", (0, 0), (0, -1), 3, ACCENT),
                ("LEFTPADDING", (0, 0), (0, -1), 4 * mm),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("TOPPADDING", (0, 0), (-1, -1), 1.1 * mm),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.1 * mm),
                ("TOPPADDING", (0, 0), (-1, 0), 3 * mm),
                ("BOTTOMPADDING", (0, -1), (-1, -1), 3 * mm),
            ]
        ),
    )


def _given(copy: GivenCopy) -> str:
    """Describe a copy given to the patient, which is not among the wiped items."""
    form, when = FORM_WORDS[copy.form], in_words(copy.given_at)
    return f"Copy of capture {copy.capture_id}, {form}, given {when}; not the station's to wipe"


def _items(title: str, items: Sequence[WipedItem], sheet: Sheet, colour: object) -> list[Flowable]:
    rows = [[sheet.label(words) for words in ("What", "Id or file", "Method", "SHA-256")]]
    for item in items:
        digest = item.sha256 or ""
        starts = range(0, len(digest), _HASH_LINE_CHARS)
        lines = "\n".join(digest[at : at + _HASH_LINE_CHARS] for at in starts)
        rows.append(
            [
                sheet.text(item.kind, 8),
                sheet.text(item.reference, 7.5),
                sheet.text(item.method, 8),
                sheet.text(lines or "none", 6, colour=MUTED),
            ]
        )
    return [
        sheet.text(f"{title} ({len(items)})", 11, bold=True, colour=colour, keep_with_next=True),
        Table(
            rows,
            colWidths=[CONTENT_WIDTH * share for share in (0.12, 0.33, 0.25, 0.30)],
            repeatRows=1,
            style=TableStyle(
                [
                    ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE),
                    ("LEFTPADDING", (0, 0), (-1, -1), 0),
                    ("RIGHTPADDING", (0, 0), (-1, -1), 2 * mm),
                    ("TOPPADDING", (0, 0), (-1, -1), 1 * mm),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 1 * mm),
                    ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ]
            ),
        ),
        Spacer(1, GAP),
    ]
