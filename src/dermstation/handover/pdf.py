"""The referral summary: one PDF that a GP or consultant can take in at a glance.

Route, question and patient come first, then the lesions with their pictures, the consent, and the
list of files. There are no scripts or links, and the title does not name the patient. Works in
memory, on the caller's thread.
"""

from collections.abc import Sequence

from reportlab.lib.units import mm
from reportlab.platypus import (
    Flowable,
    HRFlowable,
    ImageAndFlowables,
    KeepTogether,
    Spacer,
    Table,
    TableStyle,
)

from dermstation.domain.consents import circumstance_words, use_words
from dermstation.domain.lesion_facts import Note, safeguard_words
from dermstation.domain.opinion import NO_OPINION
from dermstation.domain.records import Consent, PackageFile
from dermstation.domain.shots import SHOT_GUIDES, STANDARD_SHOTS, ShotKind
from dermstation.domain.sites import body_site
from dermstation.handover.contents import LesionContents, PackageContents, left_out_words
from dermstation.handover.pdf_body import body_figure
from dermstation.handover.pdf_fonts import DocumentFonts
from dermstation.handover.pdf_front import front
from dermstation.handover.pdf_manifest import keywords, sealed
from dermstation.handover.pdf_page import (
    ACCENT,
    ALERT,
    CONTENT_WIDTH,
    GAP,
    MUTED,
    RULE,
    PageMarks,
    Sheet,
    built_pdf,
)
from dermstation.handover.pdf_pictures import picture_rows
from dermstation.handover.plan import PackagePlan
from dermstation.handover.uk_time import in_words

TITLE = "Referral summary"
_NOT_ASKED = "Not asked: "
# the consultant looks for these with every lesion; other questions are listed as not asked
_LOOKED_FOR = {Note.SIZE_MM: "size in mm", Note.ELEVATION: "flat or raised"}


def summary_pdf(
    contents: PackageContents, plan: PackagePlan, files: Sequence[PackageFile]
) -> bytes:
    """Return the summary of a package whose other files are `files`.

    The same contents give the same bytes on every PC. Raises StationError IMAGE_UNREADABLE.
    """
    sheet = Sheet(DocumentFonts())
    story = front(contents, sheet)
    if not contents.captures:
        story += _no_pictures(contents, sheet)
    for one in contents.lesions:
        images = [image for image in plan.images if image.lesion.id == one.lesion.id]
        rows = picture_rows(images, contents.operators, sheet, plan)
        head = _lesion(one, sheet)
        kept = 0 if plan.options.one_pdf else 1  # a large picture has a page of its own
        story += [KeepTogether([*head, *rows[:kept]]), *rows[kept:]]
    story += _section("Consent", _consent_words(contents), sheet)
    if contents.copies_given:
        words = f"Given at the patient's request: {'; '.join(contents.copies_given)}."
        story += _section("Copies for the patient", words, sheet)
    if files:
        story.append(KeepTogether(_file_list(files, sheet)))
    marks = PageMarks(
        head_left=TITLE,
        head_right=f"NHS number {contents.patient.nhs_number}",
        foot_left=f"As of {in_words(contents.as_of)}, {contents.answered_for}",
    )
    pdf = built_pdf(
        story,
        marks,
        sheet,
        title=TITLE,
        subject="Images of skin lesions",
        keywords=keywords(files, plan.options.limits),
    )
    return sealed(pdf)


def _section(title: str, words: str, sheet: Sheet) -> list[Flowable]:
    return [
        sheet.text(title, 11, bold=True, colour=ACCENT, keep_with_next=True),
        sheet.text(words, 10.5, leading=1.42),
        Spacer(1, GAP),
    ]


def _no_pictures(contents: PackageContents, sheet: Sheet) -> list[Flowable]:
    consent = contents.episode.consent
    reason = consent.no_pictures_because if consent else ""
    if not reason:
        declined = consent is not None and not consent.given
        reason = "The patient declined." if declined else "No reason was written."
    return [
        sheet.text("No pictures", 11, bold=True, colour=ALERT, keep_with_next=True),
        sheet.text(reason, 10.5, leading=1.42),
        Spacer(1, GAP),
    ]


def _lesion(one: LesionContents, sheet: Sheet) -> list[Flowable]:
    heading = f"{one.lesion.label} \u00b7 {one.lesion.site_words}"
    history = one.lesion.history_words or "No history recorded."
    story = [
        sheet.text(heading, 13, bold=True, keep_with_next=True),
        HRFlowable(width="100%", thickness=0.6, color=RULE, spaceBefore=1 * mm, spaceAfter=2 * mm),
        *_history(history, sheet),
    ]
    safeguards = safeguard_words(one.lesion.facts.safeguards)
    if safeguards:
        story.append(sheet.text(safeguards, 9, colour=MUTED))
    if one.score is not None:
        story.append(sheet.text(one.score.printed, 9, colour=MUTED))
    if one.left_out:
        story.append(sheet.text(f"Left out: {left_out_words(one.left_out)}.", 9, bold=True))
    gap = one.lesion.facts.no_dermoscopy
    if gap is not None and _lacks_dermoscopy(one):
        story.append(sheet.text(f"No dermoscopic picture: {gap.words}.", 9, bold=True))
    unknown = _unknowns(one)
    if unknown:
        story.append(sheet.text(f"Not recorded: {', '.join(unknown)}.", 9, colour=MUTED))
    figure = body_figure(one.lesion, sheet)
    if figure is not None:
        beside = ImageAndFlowables(
            figure, story, imageLeftPadding=GAP, imageRightPadding=0, imageBottomPadding=0
        )
        story = [beside]
    return [*story, Spacer(1, 3 * mm)]


def _history(words: str, sheet: Sheet) -> list[Flowable]:
    """Lay out a history; the questions not asked are there, and do not fill the page."""
    told = [line for line in words.splitlines() if not line.startswith(_NOT_ASKED)]
    rest = [line for line in words.splitlines() if line.startswith(_NOT_ASKED)]
    return [
        *([sheet.text("\n".join(told), 10.5, leading=1.42)] if told else []),
        *(sheet.text(line, 8.5, colour=MUTED) for line in rest),
    ]


def _unknowns(one: LesionContents) -> list[str]:
    """List what a reader may look for but will not find."""
    unknown = []
    if one.lesion.side is None and body_site(one.lesion.site_code).has_side:
        unknown.append("the side")
    notes = one.lesion.facts.history.notes
    if one.lesion.facts.opinion == NO_OPINION:
        unknown.append("working diagnosis")
    unknown += [words for note, words in _LOOKED_FOR.items() if note not in notes]
    shots = {held.capture.shot for held in one.captures} | set(one.left_out)
    if one.captures:
        unknown += [
            f"{SHOT_GUIDES[shot].title.lower()} picture"
            for shot in STANDARD_SHOTS
            if shot not in shots
            and not (shot is ShotKind.DERMOSCOPIC and one.lesion.facts.no_dermoscopy is not None)
        ]
    return unknown


def _lacks_dermoscopy(one: LesionContents) -> bool:
    shots = {held.capture.shot for held in one.captures} | set(one.left_out)
    return bool(shots) and ShotKind.DERMOSCOPIC not in shots


def _consent_words(contents: PackageContents) -> str:
    consent: Consent | None = contents.episode.consent
    if consent is None:
        return "Not recorded."
    by = contents.operator_name(consent.recorded_by)
    when = in_words(consent.recorded_at)
    if not consent.given:
        said = circumstance_words(consent.circumstances)
        return f"The patient did not consent to images. Recorded {when} by {by}. {said}"
    uses = use_words(consent.uses, any_use=consent.secondary_use)
    return (
        f"{consent.form.value.capitalize()} consent to images for direct care, recorded {when} "
        f"by {by}. Use beyond care: {uses}. "
        f"{circumstance_words(consent.circumstances)}"
    )


def _file_list(files: Sequence[PackageFile], sheet: Sheet) -> list[Flowable]:
    rows = [[sheet.label("File"), sheet.label("Bytes"), sheet.label("SHA-256")]]
    rows += [
        [
            sheet.text(f"{file.name}\n{file.note}" if file.note else file.name, 8),
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
