"""The resources of a FHIR document, as plain values: people, request, history, files, consent.

Uses only elements that are the same in FHIR 4.0.1 and R4B. Pure functions.
"""

import base64
import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dermstation.domain.consents import use_words
from dermstation.domain.identity import Sex
from dermstation.domain.opinion import NO_OPINION
from dermstation.domain.records import Capture, Consent, Lesion
from dermstation.domain.routes import ROUTE_GUIDES
from dermstation.domain.shots import SHOT_GUIDES, ShotKind
from dermstation.domain.sites import body_site
from dermstation.handover.contents import PackageContents, Referrer, left_out_words
from dermstation.handover.fhir_items import SNOMED_CT, SYSTEMS, item, single_items, words
from dermstation.handover.plan import image_names
from dermstation.handover.uk_time import uk_time

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ODS_CODE = "https://fhir.nhs.uk/Id/ods-organization-code"
ERS_PRIORITY = "https://fhir.nhs.uk/STU3/CodeSystem/eRS-Priority-1"
CONSENT_SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope"
_SKIN_LESION = ("95324001", "Skin lesion")
_DERMOSCOPY = ("446078004", "Dermoscopic photography")
# generated once, at random, for this program; the ids of all resources are derived from it
_NAMESPACE = uuid.UUID("b9c4f4e8-2f62-4ac8-9d0b-6b8b2f7a7f11")
_URGENT = frozenset({"URGENT", "TWO_WEEK_WAIT"})
_ATTACHED = {".jpg": "image/jpeg", ".dcm": "application/dicom"}


@dataclass(frozen=True, slots=True, repr=False)
class Resource:
    """A resource with the URL by which the document's other resources refer to it."""

    url: str
    body: dict[str, Any]

    @property
    def kind(self) -> str:
        """Return the resource's type."""
        return str(self.body["resourceType"])


def url(*parts: str) -> str:
    """Derive a URL from the station's own ids; the same ids give the same URL."""
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, '/'.join(parts))}"


def instant(at: datetime) -> str:
    """Format an instant as FHIR does, in UK local time."""
    return uk_time(at).isoformat(timespec="seconds")


def patient(contents: PackageContents) -> Resource:
    """Return the patient's resource."""
    who = contents.patient
    return _resource(
        "Patient",
        who.id,
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
    return _resource("Organization", "practice", identifier=identifier, name=name)


def practitioners(contents: PackageContents) -> list[Resource]:
    """Return a resource for each operator who took part in the episode."""
    consent = contents.episode.consent
    ids = [contents.created_by, *(one.captured_by for one in contents.captures)]
    ids += [one.derivation.made_by for one in contents.captures if one.derivation is not None]
    if consent is not None:
        ids.append(consent.recorded_by)
    made = {one: {"name": [{"text": words(contents.operator_name(one))}]} for one in ids}
    made[contents.created_by] |= _referrer(contents.referrer)
    return [_resource("Practitioner", one, **known) for one, known in made.items()]


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
    coded = {"coding": [{"system": ERS_PRIORITY, "code": priority}]} if priority else None
    return _resource(
        "ServiceRequest",
        contents.episode.id,
        status="active",
        intent="order",
        priority="urgent" if priority in _URGENT else "routine",
        code={"text": guide.title if guide else "Route not chosen"},
        orderDetail=[coded] if coded else None,
        subject=_to("Patient", contents.patient.id),
        authoredOn=instant(contents.as_of),
        requester=_to("Practitioner", contents.created_by),
        reasonCode=[_coded(*_SKIN_LESION), *_opinions(contents)],
        bodySite=[_site(one.lesion) for one in contents.lesions] or None,
        note=[{"text": question}] if question else None,
    )


def history(contents: PackageContents) -> Resource:
    """Return each lesion's history as it was written; an item that was not asked has no answer."""
    items = []
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
    return _resource(
        "QuestionnaireResponse",
        contents.episode.id,
        status="completed",
        subject=_to("Patient", contents.patient.id),
        authored=instant(contents.as_of),
        author=_to("Practitioner", contents.created_by),
        item=items or None,
    )


def _opinions(contents: PackageContents) -> list[dict[str, str]]:
    return [
        {"text": words(f"{one.lesion.label}: {one.lesion.facts.opinion.words}")}
        for one in contents.lesions
        if one.lesion.facts.opinion != NO_OPINION
    ]


def documents(contents: PackageContents, files: Mapping[str, bytes]) -> list[Resource]:
    """Return a description of each picture file that comes with the document."""
    pairs = [(one.lesion, held.capture) for one in contents.lesions for held in one.captures]
    found = []
    for (lesion, capture), name in zip(pairs, image_names(pairs), strict=True):
        stem = name.removesuffix(".jpg")
        found += [
            _document(contents, lesion, capture, stem + suffix, files[stem + suffix])
            for suffix in _ATTACHED
            if stem + suffix in files
        ]
    return found


def consent(contents: PackageContents, given: Consent) -> Resource:
    """Return whether and how the patient consented to images; no verified code says how."""
    uses = use_words(given.uses, any_use=given.secondary_use)
    policy = f"{given.form.value.capitalize()} answer. Use beyond direct care: {uses}."
    return _resource(
        "Consent",
        contents.episode.id,
        status="active" if given.given else "rejected",
        scope={"coding": [{"system": CONSENT_SCOPE, "code": "treatment"}]},
        category=[{"text": "Images of the skin for direct care"}],
        patient=_to("Patient", contents.patient.id),
        dateTime=instant(given.recorded_at),
        performer=[_to("Patient", contents.patient.id)],
        organization=[_to("Organization", "practice")],
        policyRule={"text": policy},
        provision={"type": "permit" if given.given else "deny"},
    )


def composition(contents: PackageContents, resources: Sequence[Resource]) -> Resource:
    """Return the table of contents: request, history, pictures and consent, in that order."""
    sections = [
        ("Request", ("ServiceRequest",)),
        ("History", ("QuestionnaireResponse",)),
        ("Pictures", ("DocumentReference",)),
        ("Consent", ("Consent",)),
    ]
    listed = []
    for title, kinds in sections:
        entries = [{"reference": one.url} for one in resources if one.kind in kinds]
        if entries:
            listed.append({"title": title, "entry": entries})
    return _resource(
        "Composition",
        contents.episode.id,
        status="final",
        type={"text": "Referral summary"},
        subject=_to("Patient", contents.patient.id),
        date=instant(contents.as_of),
        author=[_to("Practitioner", contents.created_by)],
        title="Referral summary",
        custodian=_to("Organization", "practice"),
        section=listed,
    )


def _document(
    contents: PackageContents, lesion: Lesion, capture: Capture, name: str, data: bytes
) -> Resource:
    copy = capture.derivation
    title = f"{lesion.label} {capture.title}"
    meaning = f". {copy.meaning}" if copy is not None else ""
    is_dermoscopic = capture.shot is ShotKind.DERMOSCOPIC
    kind = _coded(*_DERMOSCOPY) if is_dermoscopic else {}
    sha1 = hashlib.sha1(data, usedforsecurity=False).digest()  # the algorithm that FHIR prescribes
    attachment = {
        "contentType": _ATTACHED[name[name.rindex(".") :]],
        "url": name,
        "size": len(data),
        "hash": base64.b64encode(sha1).decode(),
        "title": title,
        "creation": instant(capture.captured_at),
    }
    return _resource(
        "DocumentReference",
        f"{capture.id}/{name}",
        status="current",
        type={**kind, "text": SHOT_GUIDES[capture.shot].title},
        subject=_to("Patient", contents.patient.id),
        date=instant(capture.captured_at),
        author=[_to("Practitioner", capture.captured_by)],
        description=f"{title}, {lesion.site_words}{meaning}",
        content=[{"attachment": attachment}],
    )


def _resource(kind: str, key: str, **elements: object) -> Resource:
    known = {name: value for name, value in elements.items() if value is not None}
    return Resource(url(kind, key), {"resourceType": kind, **known})


def _to(kind: str, key: str) -> dict[str, str]:
    return {"reference": url(kind, key)}


def _coded(code: str, display: str, system: str = SNOMED_CT) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": display}]}


def _site(lesion: Lesion) -> dict[str, Any]:
    site = body_site(lesion.site_code)
    return {
        **_coded(site.code, site.meaning, SYSTEMS[site.scheme]),
        "text": f"{lesion.label}: {lesion.site_words}",
    }
