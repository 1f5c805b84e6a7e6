"""The referral summary: one PDF that a GP or consultant can take in at a glance.

Route, question and patient first, then the lesions, then the pictures, then the list of files.
No scripts, no links, a title without identity. In memory, on the caller's thread.
"""

from collections.abc import Sequence

from reportlab.lib.units import mm
from reportlab.platypus import (
    Flowable,
    HRFlowable,
    KeepTogether,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from dermstation.domain.records import Consent, PackageFile
from dermstation.domain.routes import ROUTE_GUIDES
from dermstation.handover.contents import LesionContents, PackageContents
from dermstation.handover.pdf_fonts import DocumentFonts
from dermstation.handover.pdf_manifest import keywords, sealed
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
from dermstation.handover.pdf_pictures import picture_rows
from dermstation.handover.plan import PackagePlan
from dermstation.handover.uk_time import day_in_words, in_words, uk_time

TITLE = "Referral summary"
_URGENT = frozenset({"URGENT", "TWO_WEEK_WAIT"})
_PAD = 4 * mm
_LONG_NAME_CHARS = 28


def summary_pdf(
    contents: PackageContents, plan: PackagePlan, files: Sequence[PackageFile]
) -> bytes:
    """Write the summary of a package whose picture files are `files`.

    The same contents give the same bytes on the same PC. Raises StationError IMAGE_UNREADABLE.
    """
    sheet = Sheet(DocumentFonts(_all_text(contents)))
    story: list[Flowable] = [
        _route_band(contents, sheet),
        Spacer(1, 4 * mm),
        _patient_panel(contents, sheet),
        Spacer(1, GAP),
        *_section("Question", contents.episode.question or "No question was written.", sheet),
    ]
    for one in contents.lesions:
        images = [image for image in plan.images if image.lesion.id == one.lesion.id]
        rows = picture_rows(images, contents.operators, sheet, plan.summary_picture_bytes)
        story += [*_lesion(one, sheet), *rows]
    story += _section("Consent", _consent_words(contents), sheet)
    story.append(KeepTogether(_file_list(files, sheet)))
    marks = PageMarks(
        head_left=TITLE,
        head_right=f"NHS number {contents.patient.nhs_number}",
        foot_left=f"Made {in_words(contents.created_at)} by "
        f"{contents.operator_name(contents.created_by)}",
    )
    pdf = built_pdf(
        story, marks, sheet, title=TITLE, subject="Images of skin lesions", keywords=keywords(files)
    )
    return sealed(pdf)


def _all_text(contents: PackageContents) -> str:
    """Gather every word of people, to choose a font that can show them."""
    captures = [held.capture for one in contents.lesions for held in one.captures]
    return "".join(
        [
            contents.patient.given_name,
            contents.patient.family_name.upper(),
            contents.episode.question,
            contents.practice_name,
            *contents.operators.values(),
            *(one.lesion.history for one in contents.lesions),
            *(capture.override_reason or "" for capture in captures),
        ]
    )


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


def _right(sheet: Sheet, words: str, *, bold: bool) -> Paragraph:
    style = sheet.style(10, bold=bold, colour=ALERT if bold else MUTED)
    style.alignment = 2
    return Paragraph(sheet.fonts.markup(words, bold=bold), style)


def _patient_panel(contents: PackageContents, sheet: Sheet) -> Flowable:
    patient = contents.patient
    made_on = uk_time(contents.created_at).date()
    born = f"{day_in_words(patient.born_on)}  (age {patient.age_on(made_on)})"
    practice = contents.practice_name or "Practice not named"
    name = patient.full_name
    name_size = 14 if len(name) <= _LONG_NAME_CHARS else 11
    cells = [
        [
            [sheet.label("Patient"), sheet.text(name, name_size, bold=True, leading=1.25)],
            [
                sheet.label("NHS number"),
                sheet.text(str(patient.nhs_number), 14, bold=True, leading=1.25),
            ],
        ],
        [
            [sheet.label("Date of birth"), sheet.text(born, 11)],
            [sheet.label("Referring practice"), sheet.text(practice, 11)],
        ],
    ]
    return Table(
        cells,
        colWidths=[CONTENT_WIDTH * 0.6, CONTENT_WIDTH * 0.4],
        style=TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), PANEL),
                ("LINEBEFORE", (0, 0), (0, -1), 3, ACCENT),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), _PAD),
                ("RIGHTPADDING", (0, 0), (-1, -1), _PAD),
                ("TOPPADDING", (0, 0), (-1, 0), _PAD),
                ("TOPPADDING", (0, 1), (-1, 1), 0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), _PAD * 0.8),
            ]
        ),
    )


def _section(title: str, words: str, sheet: Sheet) -> list[Flowable]:
    return [
        sheet.text(title, 11, bold=True, colour=ACCENT, keep_with_next=True),
        sheet.text(words, 10.5, leading=1.42),
        Spacer(1, GAP),
    ]


def _lesion(one: LesionContents, sheet: Sheet) -> list[Flowable]:
    heading = f"{one.lesion.label} \u00b7 {one.lesion.site_words}"
    history = one.lesion.history or "No history was written."
    return [
        sheet.text(heading, 13, bold=True, keep_with_next=True),
        HRFlowable(width="100%", thickness=0.6, color=RULE, spaceBefore=1 * mm, spaceAfter=2 * mm),
        sheet.text(history, 10.5, leading=1.42),
        Spacer(1, 3 * mm),
    ]


def _consent_words(contents: PackageContents) -> str:
    consent: Consent | None = contents.episode.consent
    if consent is None:
        return "Not recorded."
    by = contents.operator_name(consent.recorded_by)
    when = in_words(consent.recorded_at)
    if not consent.given:
        return f"The patient did not consent to images. Recorded {when} by {by}."
    secondary = "yes" if consent.secondary_use else "no"
    return (
        f"{consent.form.value.capitalize()} consent to images for direct care, recorded {when} "
        f"by {by}. Teaching, research or other use: {secondary}."
    )


def _file_list(files: Sequence[PackageFile], sheet: Sheet) -> list[Flowable]:
    rows = [[sheet.label("File"), sheet.label("Bytes"), sheet.label("SHA-256")]]
    rows += [
        [
            sheet.text(file.name, 8),
            sheet.text(f"{file.size_bytes:,}", 8),
            sheet.text(file.sha256, 6.5, leading=1.7),
        ]
        for file in files
    ]
    table = Table(
        rows,
        colWidths=[CONTENT_WIDTH * 0.26, CONTENT_WIDTH * 0.12, CONTENT_WIDTH * 0.62],
        repeatRows=1,
        style=TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 2 * mm),
                ("TOPPADDING", (0, 0), (-1, -1), 1 * mm),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1 * mm),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ]
        ),
    )
    note = (
        "The picture files hold the full pictures; the copies above are reduced. "
        "A file is unchanged if its SHA-256 is the one listed."
    )
    return [
        sheet.text("Files", 11, bold=True, colour=ACCENT),
        Spacer(1, 1 * mm),
        sheet.text(note, 8, colour=MUTED),
        Spacer(1, 1.5 * mm),
        table,
    ]
