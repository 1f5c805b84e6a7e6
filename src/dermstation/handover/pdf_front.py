"""The head of the referral summary: what the consultant needs first.

Route and priority, then the question, then the patient and the sender.
"""

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Spacer, Table, TableStyle

from dermstation.domain.identity import SEX_WORDS
from dermstation.domain.opinion import NO_OPINION
from dermstation.domain.routes import ROUTE_GUIDES
from dermstation.handover.contents import PackageContents
from dermstation.handover.pdf_page import (
    ACCENT,
    ALERT,
    CONTENT_WIDTH,
    GAP,
    MUTED,
    PANEL,
    Sheet,
)
from dermstation.handover.told import told_words
from dermstation.handover.uk_time import day_in_words, uk_time

_URGENT = frozenset({"URGENT", "TWO_WEEK_WAIT"})
_PAD = 4 * mm
_LONG_NAME_CHARS = 28
_LONG_QUESTION_CHARS = 1_200  # a longer one in large type would push the patient off the first page


def front(contents: PackageContents, sheet: Sheet) -> list[Flowable]:
    """Lay out route, question and patient."""
    question = contents.episode.question
    size = 10.5 if len(question) <= _LONG_QUESTION_CHARS else 9
    return [
        _route_band(contents, sheet),
        *_told(contents, sheet),
        Spacer(1, 3 * mm),
        *_opinions(contents, sheet),
        sheet.text("Question", 11, bold=True, colour=ACCENT, keep_with_next=True),
        sheet.text(question or "No question recorded.", size, leading=1.42),
        Spacer(1, GAP),
        _patient_panel(contents, sheet),
        Spacer(1, GAP),
    ]


def _opinions(contents: PackageContents, sheet: Sheet) -> list[Flowable]:
    """Lay out what the referrer thinks each lesion is; the question comes after it."""
    known = [one.lesion for one in contents.lesions if one.lesion.facts.opinion != NO_OPINION]
    return [
        sheet.text(f"{one.label}. {one.facts.opinion.words}.", 10.5, bold=True, leading=1.42)
        for one in known
    ]


def _route_band(contents: PackageContents, sheet: Sheet) -> Flowable:
    route = contents.episode.route
    guide = ROUTE_GUIDES[route] if route else None
    title = guide.title if guide else "Route not chosen"
    priority = (guide.ers_priority if guide else None) or ""
    urgent = priority in _URGENT
    shown = f"e-RS priority: {priority}" if priority else "No e-RS priority"
    cells = [
        [
            [sheet.text(title, 15.5, bold=True, colour=ALERT if urgent else ACCENT, leading=1.2)],
            [_right(sheet, shown, bold=urgent)],
        ]
    ]
    return Table(
        cells,
        colWidths=[CONTENT_WIDTH * 0.62, CONTENT_WIDTH * 0.38],
        style=TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
            ]
        ),
    )


def _told(contents: PackageContents, sheet: Sheet) -> list[Flowable]:
    """Lay out whether the patient knows what the route may lead to; empty for other routes."""
    words = told_words(contents.episode.route, contents.told)
    if not words:
        return []
    return [Spacer(1, 0.5 * mm), sheet.text(words, 9, colour=MUTED)]


def _right(sheet: Sheet, words: str, *, bold: bool) -> Paragraph:
    style = sheet.style(10, bold=bold, colour=ALERT if bold else MUTED)
    style.alignment = 2
    return Paragraph(sheet.fonts.markup(words, bold=bold), style)


def _patient_panel(contents: PackageContents, sheet: Sheet) -> Flowable:
    patient = contents.patient
    seen_on = uk_time(contents.as_of).date()
    age = f"age {patient.age_on(seen_on)}, {SEX_WORDS[patient.sex]}"
    born = f"{day_in_words(patient.born_on)}  ({age})"
    practice = contents.practice_name or "Practice not named"
    if contents.practice_code:
        practice = f"{practice} ({contents.practice_code})"
    name = patient.full_name
    name_size = 14 if len(name) <= _LONG_NAME_CHARS else 11
    number = str(patient.nhs_number)
    review = contents.reviewer or contents.not_reviewed
    return Table(
        [
            [
                _fact(sheet, "Patient", name, name_size, bold=True),
                _fact(sheet, "NHS number", number, 14, bold=True),
            ],
            [
                _fact(sheet, "Date of birth", born, 11),
                _fact(sheet, "Referring practice", practice, 11),
            ],
            [
                _fact(sheet, "Referrer", contents.referrer_words, 10),
                _fact(sheet, "Direct line", contents.referrer.direct_line or "Not recorded", 10),
            ],
            [
                _fact(sheet, "Reviewed by" if contents.reviewer else "Review", review, 10),
                _fact(sheet, "Pictures taken by", _takers(contents), 10),
            ],
        ],
        colWidths=[CONTENT_WIDTH * 0.6, CONTENT_WIDTH * 0.4],
        style=TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), PANEL),
                ("LINEBEFORE", (0, 0), (0, -1), 3, ACCENT),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), _PAD),
                ("RIGHTPADDING", (0, 0), (-1, -1), _PAD),
                ("TOPPADDING", (0, 0), (-1, 0), _PAD),
                ("TOPPADDING", (0, 1), (-1, -1), 0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), _PAD * 0.5),
            ]
        ),
    )


def _fact(
    sheet: Sheet, name: str, words: str, size: float, *, bold: bool = False
) -> list[Flowable]:
    return [sheet.label(name), sheet.text(words, size, bold=bold, leading=1.25)]


def _takers(contents: PackageContents) -> str:
    """Return who took the pictures, and on which days."""
    takers = dict.fromkeys(contents.operator_name(one.captured_by) for one in contents.captures)
    days = dict.fromkeys(
        day_in_words(uk_time(one.captured_at))
        for one in sorted(contents.captures, key=lambda one: one.captured_at)
    )
    return f"{', '.join(takers)}; {', '.join(days)}" if takers else "No pictures"
