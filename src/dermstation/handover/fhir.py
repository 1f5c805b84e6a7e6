"""The referral as a FHIR document in XML, for systems that can read one.

It is written with the R4B models, but uses only resources and elements that are the same in 4.0.1
(UK Core). Codes come from the standard, from SNOMED CT for site and lesion, and from e-RS for the
priority; anything without a verified code is text. The same contents give the same bytes.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from fhir.resources.R4B.bundle import Bundle
from lxml import etree

from dermstation.handover import fhir_composition as front
from dermstation.handover import fhir_resources as made
from dermstation.handover.contents import PackageContents
from dermstation.handover.fhir_documents import picture_documents, summary_document
from dermstation.handover.fhir_parts import instant, url
from dermstation.handover.plan import PlannedImage

_DIGEST_CHARS = 32
_RESOURCES = (
    "Composition Consent DocumentReference Organization Patient Practitioner QuestionnaireResponse"
    " ServiceRequest"
)
_ELEMENTS = (
    "Address Annotation Attachment CodeableConcept Coding ContactPoint Extension HumanName"
    " Identifier Meta Narrative Period Quantity Range Ratio Reference Timing"
)
_MODELS = (*_RESOURCES.split(), *_ELEMENTS.split())  # each is imported on its first use


def referral_xml(
    contents: PackageContents, images: Sequence[PlannedImage], files: Mapping[str, bytes]
) -> bytes:
    """Return the document of a package; `files` maps the names of its picture files to their bytes.

    Raises ValueError if the document is not valid, which is a bug.
    """
    entries = _entries(contents, images, files)
    digest = hashlib.sha256(repr(entries).encode()).hexdigest()[:_DIGEST_CHARS]
    bundle = Bundle.model_validate(
        {
            "resourceType": "Bundle",
            "identifier": {
                "system": "urn:ietf:rfc:3986",
                "value": url("bundle", digest),
            },
            "type": "document",
            "timestamp": instant(contents.as_of),
            "entry": entries,
        }
    )
    xml: bytes = bundle.model_dump_xml(pretty_print=True)
    return xml


def load_models() -> None:
    """Import the models of everything a document can hold; the first call takes about 0.2 s."""
    for kind in _MODELS:
        get_fhir_model_class(kind).model_rebuild()


def is_valid_bundle(data: bytes) -> bool:
    """Return whether XML is a valid FHIR document.

    A document begins with a Composition, and each of its references leads to one of its entries.
    """
    try:
        bundle = _parsed(data)
        entries = bundle.entry or []
        urls = {entry.fullUrl for entry in entries}
        first = entries[0].resource.get_resource_type()
        root = etree.fromstring(data, _parser())
    except Exception:  # noqa: BLE001 - hostile bytes may make the library raise anything
        return False
    references = {one.get("value") for one in root.iter("{http://hl7.org/fhir}reference")}
    return bundle.type == "document" and first == "Composition" and references <= urls


def _parsed(data: bytes) -> Any:
    return Bundle.model_validate_xml(data, xmlparser=_parser())


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _entries(
    contents: PackageContents, images: Sequence[PlannedImage], files: Mapping[str, bytes]
) -> list[dict[str, Any]]:
    people = [made.patient(contents), made.organization(contents), *made.practitioners(contents)]
    consent = contents.episode.consent
    sections = {
        front.REQUEST: [made.service_request(contents)],
        front.HISTORY: [made.history(contents)],
        front.PICTURES: picture_documents(contents, images, files),
        front.SUMMARY: [summary_document(contents)],
        front.CONSENT: [made.consent(contents, consent)] if consent is not None else [],
    }
    first = front.composition(contents, images, sections)
    resources = [first, *people, *(one for listed in sections.values() for one in listed)]
    return [{"fullUrl": one.url, "resource": one.body} for one in resources]
