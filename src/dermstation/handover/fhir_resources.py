"""The resources of a FHIR document, as plain values: people, request, history, consent.

Uses only elements that are the same in FHIR 4.0.1 and R4B. Pure functions.
"""

from typing import Any

from dermstation.domain.identity import Sex
from dermstation.domain.opinion import NO_OPINION
from dermstation.domain.records import Consent, Lesion
from dermstation.domain.routes import ROUTE_GUIDES
from dermstation.domain.sites import body_site
from dermstation.handover.contents import PackageContents, Referrer, left_out_words
from dermstation.handover.fhir_composition import consent_words, patient_narrative
from dermstation.handover.fhir_items import BOOLEAN, SYSTEMS, item, single_items, words
from dermstation.handover.fhir_parts import Resource, coded, instant, resource, to
from dermstation.handover.told import told_question

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ODS_CODE = "https://fhir.nhs.uk/Id/ods-organization-code"
ERS_PRIORITY = "https://fhir.nhs.uk/STU3/CodeSystem/eRS-Priority-1"
CONSENT_SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope"
_SKIN_LESION = ("95324001", "Skin lesion")
_URGENT = frozenset({"URGENT", "TWO_WEEK_WAIT"})


def patient(contents: PackageContents) -> Resource:
    """Return the patient's resource."""
    who = contents.patient
    return resource(
        "Patient",
        who.id,
        text=patient_narrative(contents),
        identifier=[{"system": NHS_NUMBER, "value": who.nhs_number.digits}],
        name=[{"use": "official", "family": who.family_name, "given": [who.given_name]}],
        gender=None if who.sex is Sex.NOT_RECORDED else who.sex.value,
        birthDate=who.born_on.isoformat(),
    )


def organization(contents: PackageContents) -> Resource:
    """Return the resource of the referring practice."""
    code = contents.practice_code
    identifier = [{"system": ODS_CODE, "value": code}] if code else None
    name = words(contents.practice_name) or "Practice not named"
    return resource("Organization", "practice", identifier=identifier, name=name)


def practitioners(contents: PackageContents) -> list[Resource]:
    """Return a resource for each operator who took part in the episode."""
    consent = contents.episode.consent
    ids = [contents.created_by, *(one.captured_by for one in contents.captures)]
    ids += [one.derivation.made_by for one in contents.captures if one.derivation is not None]
    if consent is not None:
        ids.append(consent.recorded_by)
    if contents.reviewed_by:
        ids.append(contents.reviewed_by)
    made = {one: {"name": [{"text": words(contents.operator_name(one))}]} for one in ids}
    made[contents.created_by] |= _referrer(contents.referrer)
    return [resource("Practitioner", one, **known) for one, known in made.items()]


def _referrer(who: Referrer) -> dict[str, Any]:
    """Return the number, role and line of the referrer; no verified code names a role."""
    known: dict[str, Any] = {}
    if who.registration:
        register, _, number = who.registration.partition(" ")
        known["identifier"] = [{"type": {"text": register}, "value": number}]
    if who.direct_line:
        line = words(who.direct_line)
        known["telecom"] = [{"system": "phone", "value": line, "use": "work"}]
    if who.role:
        known["qualification"] = [{"code": {"text": who.role}}]
    return known


def service_request(contents: PackageContents) -> Resource:
    """Return the request: the question, its urgency and the body sites."""
    route = contents.episode.route
    guide = ROUTE_GUIDES[route] if route else None
    priority = guide.ers_priority if guide else None
    question = words(contents.episode.question).strip()
    detail = {"coding": [{"system": ERS_PRIORITY, "code": priority}]} if priority else None
    return resource(
        "ServiceRequest",
        contents.episode.id,
        status="active",
        intent="order",
        priority="urgent" if priority in _URGENT else "routine",
        code={"text": guide.title if guide else "Route not chosen"},
        orderDetail=[detail] if detail else None,
        subject=to("Patient", contents.patient.id),
        authoredOn=instant(contents.as_of),
        requester=to("Practitioner", contents.created_by),
        reasonCode=[coded(*_SKIN_LESION), *_opinions(contents)],
        bodySite=[_site(one.lesion) for one in contents.lesions] or None,
        note=[{"text": question}] if question else None,
    )


def history(contents: PackageContents) -> Resource:
    """Return each lesion's history as it was written; an item that was not asked has no answer."""
    items = _told(contents)
    for one in contents.lesions:
        label, told = one.lesion.label, words(one.lesion.history_words).strip()
        site = body_site(one.lesion.site_code)
        coding = {"system": SYSTEMS[site.scheme], "code": site.code, "display": site.meaning}
        inside = [
            {"linkId": f"{label}.site", "text": "Site", "answer": [{"valueCoding": coding}]},
            item(f"{label}.side", "Side", one.lesion.side.value if one.lesion.side else ""),
            *single_items(one.lesion),
            item(f"{label}.history", "History", told),
        ]
        if one.left_out:
            left = words(left_out_words(one.left_out))
            inside.append(item(f"{label}.left-out", "Pictures left out", left))
        items.append({"linkId": label, "text": f"Lesion {label}", "item": inside})
    return resource(
        "QuestionnaireResponse",
        contents.episode.id,
        status="completed",
        subject=to("Patient", contents.patient.id),
        authored=instant(contents.as_of),
        author=to("Practitioner", contents.created_by),
        item=items or None,
    )


def _told(contents: PackageContents) -> list[dict[str, Any]]:
    """Return whether the patient knows that cancer is possible, for the routes that ask it."""
    question = told_question(contents.episode.route)
    if not question:
        return []
    asked = item("told", question, "")
    if contents.told.is_asked:
        asked["answer"] = [{"valueBoolean": BOOLEAN[contents.told]}]
    return [asked]


def _opinions(contents: PackageContents) -> list[dict[str, str]]:
    return [
        {"text": words(f"{one.lesion.label}: {one.lesion.facts.opinion.words}")}
        for one in contents.lesions
        if one.lesion.facts.opinion != NO_OPINION
    ]


def consent(contents: PackageContents, given: Consent) -> Resource:
    """Return whether and how the patient consented to images; no verified code says how."""
    return resource(
        "Consent",
        contents.episode.id,
        status="active" if given.given else "rejected",
        scope={"coding": [{"system": CONSENT_SCOPE, "code": "treatment"}]},
        category=[{"text": "Images of the skin for direct care"}],
        patient=to("Patient", contents.patient.id),
        dateTime=instant(given.recorded_at),
        performer=[to("Patient", contents.patient.id)],
        organization=[to("Organization", "practice")],
        policyRule={"text": consent_words(given)},
        provision={"type": "permit" if given.given else "deny"},
    )


def _site(lesion: Lesion) -> dict[str, Any]:
    site = body_site(lesion.site_code)
    return {
        **coded(site.code, site.meaning, SYSTEMS[site.scheme]),
        "text": f"{lesion.label}: {lesion.told_site}",
    }
