"""The referral summary: one page that a triaging consultant takes in at a glance.

In the consultant's order: who and on which route, what the referrer thinks and asks, the pictures,
each lesion, the consent, and last the list of files. There are no scripts or links, and the title
does not name the patient. Works in memory, on the caller's thread.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from dermstation.domain.consents import circumstance_words, use_words
from dermstation.domain.identity import SEX_WORDS
from dermstation.domain.opinion import NO_OPINION
from dermstation.domain.purpose import PURPOSE
from dermstation.domain.records import PackageFile
from dermstation.domain.routes import ROUTE_GUIDES
from dermstation.handover.contents import PackageContents
from dermstation.handover.pdf_lesion import SummaryLesion
from dermstation.handover.pdf_manifest import keywords, sealed
from dermstation.handover.pdf_pictures import GUTTER_MM, SummaryPictures
from dermstation.handover.plan import PackagePlan
from dermstation.handover.told import told_words
from dermstation.handover.typesetting import PrintHead, typeset
from dermstation.handover.uk_time import day_in_words, in_words, uk_time

TITLE = "Referral summary"
_URGENT = frozenset({"URGENT", "TWO_WEEK_WAIT"})
_NAME_SIZES = ((18, 14), (26, 11), (60, 9))  # longest word or half the name in characters, points
_NAME_SIZE = 7.5
_TIMES_MOST = 3


def summary_pdf(
    contents: PackageContents, plan: PackagePlan, files: Sequence[PackageFile]
) -> bytes:
    """Return the summary of a package whose other files are `files`.

    The same contents give the same bytes on every PC. Raises StationError IMAGE_UNREADABLE.
    """
    pictures = SummaryPictures(plan, contents.operators)
    lesions = [SummaryLesion(one, pictures) for one in contents.lesions]
    told = {
        "band": _band(contents),
        "thinks": list(_opinions(contents)),
        "question": contents.episode.question or "No question recorded.",
        "no_pictures": "" if contents.captures else _no_pictures(contents),
        "lesions": [one.words for one in lesions],
        "gutter_mm": GUTTER_MM,
        "facts": [{"name": name, "words": words} for name, words in _facts(contents)],
        "purpose": PURPOSE,
        "files": [_listed(file) for file in files],
        "large": pictures.large() if plan.options.one_pdf else [],
    }
    head = PrintHead(
        TITLE,
        f"{TITLE}. NHS number {contents.patient.nhs_number}. "
        f"As of {in_words(contents.as_of)}, {contents.answered_for}",
        "Images of skin lesions",
        keywords(files, plan.options.limits),
    )
    pdf = typeset(
        "referral-summary.typ",
        head,
        told,
        dated=contents.as_of,
        is_archival=not plan.options.sealed,
        pictures=pictures.copies,
        drawings={name: svg for one in lesions for name, svg in one.drawings.items()},
    )
    return sealed(pdf)


def _band(contents: PackageContents) -> dict[str, Any]:
    route, patient = contents.episode.route, contents.patient
    guide = ROUTE_GUIDES[route] if route else None
    priority = (guide.ers_priority if guide else None) or ""
    seen_on = uk_time(contents.as_of).date()
    practice = contents.practice_name or "Practice not named"
    if contents.practice_code:
        practice = f"{practice} ({contents.practice_code})"
    return {
        "route": guide.title if guide else "Route not chosen",
        "priority": f"e-RS priority: {priority}" if priority else "No e-RS priority",
        "urgent": priority in _URGENT,
        "patient": patient.full_name,
        "name_size": _name_size(patient.full_name),
        "age": f"age {patient.age_on(seen_on)}, {SEX_WORDS[patient.sex]}",
        "nhs_number": str(patient.nhs_number),
        "born": day_in_words(patient.born_on),
        "seen": day_in_words(uk_time(contents.episode.opened_at)),
        "practice": practice,
        "referrer": contents.referrer_words,
        "direct_line": contents.referrer.direct_line,
    }


def _name_size(name: str) -> float:
    """Return the size of type in points at which a name takes at most a few lines of the band."""
    longest = max(max(map(len, name.split()), default=0), len(name) // 2)
    return next((size for chars, size in _NAME_SIZES if longest <= chars), _NAME_SIZE)


def _opinions(contents: PackageContents) -> Iterator[str]:
    """Yield what the referrer thinks each lesion is; the question comes after it."""
    who = "GP" if contents.referrer.registration.startswith("GMC") else "Referrer"
    for lesion in (one.lesion for one in contents.lesions):
        opinion = lesion.facts.opinion
        if opinion != NO_OPINION:
            thinks = opinion.diagnosis or "no working diagnosis"
            unsure = f"; uncertain: {opinion.uncertain}" if opinion.uncertain else ""
            yield f"{who} thinks {lesion.label}: {thinks}{unsure}"


def _no_pictures(contents: PackageContents) -> str:
    consent = contents.episode.consent
    reason = consent.no_pictures_because if consent else ""
    declined = consent is not None and not consent.given
    return reason or ("The patient declined." if declined else "No reason was written.")


def _facts(contents: PackageContents) -> Iterator[tuple[str, str]]:
    """Yield what was told, agreed, taken and reviewed, in a line each."""
    yield "Told", told_words(contents.episode.route, contents.told)
    yield "Consent", _consent_words(contents)
    yield "Taken by", _takers(contents)
    yield (
        "Review",
        f"Reviewed by {contents.reviewer}" if contents.reviewer else (contents.not_reviewed),
    )
    if contents.copies_given:
        words = f"Given at the patient's request: {'; '.join(contents.copies_given)}."
        yield "For the patient", words


def _consent_words(contents: PackageContents) -> str:
    consent = contents.episode.consent
    if consent is None:
        return "Not recorded."
    by, when = contents.operator_name(consent.recorded_by), in_words(consent.recorded_at)
    said = circumstance_words(consent.circumstances)
    if not consent.given:
        return f"The patient did not consent to images. Recorded {when} by {by}. {said}"
    uses = use_words(consent.uses, any_use=consent.secondary_use)
    return (
        f"{consent.form.value.capitalize()} consent to images for direct care, recorded {when} "
        f"by {by}. Use beyond care: {uses}. {said}"
    )


def _takers(contents: PackageContents) -> str:
    """Return who took the pictures, and when."""
    if not contents.captures:
        return "No pictures"
    takers = dict.fromkeys(contents.operator_name(one.captured_by) for one in contents.captures)
    taken = sorted(one.captured_at for one in contents.captures)
    times = list(dict.fromkeys(map(in_words, taken)))
    when = ", ".join(times) if len(times) <= _TIMES_MOST else f"{times[0]} to {times[-1]}"
    return f"{', '.join(takers)}; {when}"


def _listed(file: PackageFile) -> dict[str, str]:
    name = f"{file.name} ({file.note})" if file.note else file.name
    return {"name": name, "bytes": f"{file.size_bytes:,}", "sha256": file.sha256}
