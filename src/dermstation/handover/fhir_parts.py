"""The parts that every resource of a FHIR document is made of: ids, references, codes. Pure."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dermstation.handover.fhir_items import SNOMED_CT
from dermstation.handover.uk_time import uk_time

# generated once, at random, for this program; the ids of all resources are derived from it
_NAMESPACE = uuid.UUID("b9c4f4e8-2f62-4ac8-9d0b-6b8b2f7a7f11")


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


def resource(kind: str, key: str, **elements: object) -> Resource:
    """Return a resource of the elements that are not None; `key` makes its URL."""
    known = {name: value for name, value in elements.items() if value is not None}
    return Resource(url(kind, key), {"resourceType": kind, **known})


def to(kind: str, key: str) -> dict[str, str]:
    """Return a reference to the resource of this kind and key."""
    return {"reference": url(kind, key)}


def coded(code: str, display: str, system: str = SNOMED_CT) -> dict[str, Any]:
    """Return a concept with one code, usually of SNOMED CT."""
    return {"coding": [{"system": system, "code": code, "display": display}]}
