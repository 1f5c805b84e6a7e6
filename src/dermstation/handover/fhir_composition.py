"""The first resource of a FHIR document: its sections, each with the text that a reader sees. Pure.

A reader that knows nothing of the codes shows the texts of the patient and of the sections, in
order (FHIR, "Documents: Presentation").
"""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from dermstation.domain.consents import use_words
from dermstation.domain.opinion import NO_OPINION
from dermstation.domain.records import Consent
from dermstation.domain.routes import ROUTE_GUIDES
from dermstation.handover.contents import PackageContents, left_out_words
from dermstation.handover.fhir_documents import (
    SUMMARY_TITLE,
    SUMMARY_WORDS,
    picture_words,
)
from dermstation.handover.fhir_items import words
from dermstation.handover.fhir_parts import Resource, instant, resource, to
from dermstation.handover.plan import SUMMARY_NAME, PlannedImage
from dermstation.handover.told import told_words
from dermstation.handover.uk_time import day_in_words

REQUEST, HISTORY, PICTURES = "Request", "History", "Pictures"
SUMMARY, CONSENT = "Summary", "Consent"


def narrative(*paragraphs: str) -> dict[str, str]:
    """Return the text of a resource or section; each line of a paragraph stays a line."""
    said = [words(one).strip().splitlines() for one in paragraphs]
    body = "".join(f"<p>{'<br/>'.join(map(escape, lines))}</p>" for lines in said if lines)
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{body}</div>'}


def patient_narrative(contents: PackageContents) -> dict[str, str]:
    """Return who the patient is."""
    who = contents.patient
    born = day_in_words(who.born_on)
    return narrative(who.full_name, f"NHS number {who.nhs_number}, born {born}")


def composition(
    contents: PackageContents,
    images: Sequence[PlannedImage],
    sections: Mapping[str, Sequence[Resource]],
) -> Resource:
    """Return the table of contents; `sections` maps their titles to what they list, in order."""
    texts = {
        REQUEST: _request(contents),
        HISTORY: _history(contents),
        PICTURES: [f"{image.name}: {picture_words(image)}" for image in images],
        SUMMARY: [f"{SUMMARY_NAME}: {SUMMARY_WORDS}"],
        CONSENT: _consent(contents),
    }
    reviewer = contents.reviewed_by
    attester = [{"mode": "professional", "party": to("Practitioner", reviewer)}]
    return resource(
        "Composition",
        contents.episode.id,
        text=narrative(SUMMARY_TITLE, _made_by(contents)),
        status="final",
        type={"text": SUMMARY_TITLE},
        subject=to("Patient", contents.patient.id),
        date=instant(contents.as_of),
        author=[to("Practitioner", contents.created_by)],
        title=SUMMARY_TITLE,
        attester=attester if reviewer else None,
        custodian=to("Organization", "practice"),
        section=[
            {
                "title": title,
                "text": narrative(*texts[title]),
                "entry": [{"reference": one.url} for one in listed],
            }
            for title, listed in sections.items()
            if listed
        ],
    )


def _made_by(contents: PackageContents) -> str:
    answered = contents.answered_for
    said = [
        f"Referred by {contents.referrer_words}, {contents.practice_name or 'practice not named'}",
        f"{answered[0].upper()}{answered[1:]}",
    ]
    return "\n".join(said)


def _request(contents: PackageContents) -> list[str]:
    route = contents.episode.route
    guide = ROUTE_GUIDES[route] if route else None
    priority = f", e-RS priority {guide.ers_priority}" if guide and guide.ers_priority else ""
    return [
        f"{guide.title if guide else 'Route not chosen'}{priority}",
        contents.episode.question,
        *(
            f"{one.lesion.label}: {one.lesion.facts.opinion.words}"
            for one in contents.lesions
            if one.lesion.facts.opinion != NO_OPINION
        ),
        told_words(route, contents.told),
    ]


def _history(contents: PackageContents) -> list[str]:
    said = []
    for one in contents.lesions:
        lines = [f"{one.lesion.label}: {one.lesion.told_site}", one.lesion.history_words]
        lines += [f"Left out: {left_out_words(one.left_out)}"] if one.left_out else []
        said.append("\n".join(lines))
    return said or ["No lesion"]


def _consent(contents: PackageContents) -> list[str]:
    consent = contents.episode.consent
    if consent is None:
        return []
    given = "The patient agreed to pictures" if consent.given else "The patient declined pictures"
    return [f"{given}. {consent_words(consent)}"]


def consent_words(consent: Consent) -> str:
    """Return how the patient answered, and for which uses beyond direct care."""
    uses = use_words(consent.uses, any_use=consent.secondary_use)
    return f"{consent.form.value.capitalize()} answer. Use beyond direct care: {uses}."
