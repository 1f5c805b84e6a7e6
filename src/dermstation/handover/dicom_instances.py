"""Which DICOM instance a picture is: the same one whenever the same picture is packaged again.

The id comes from the capture's own id and from what a reader relies on: whose picture it is, and
of which lesion. Pixels that differ from the capture's are another instance, which names its source.
Neither the destination nor the rest of the package has any say. Pure functions.
"""

import hashlib

from pydicom.uid import UID

from dermstation.domain.identity import Patient
from dermstation.domain.records import Capture, Lesion
from dermstation.handover.dicom_study import derived_uid


def instance_uid(
    patient: Patient, lesion: Lesion, capture_id: str, changed: bytes | None = None
) -> UID:
    """Return the id of a capture as the vault holds it or, with `changed`, of other pixels of it.

    A correction of the patient or the site gives another id: archives keep the first file of an
    id, so that a corrected one would be lost.
    """
    of_whom = (
        patient.nhs_number.digits,
        patient.family_name,
        patient.given_name,
        patient.born_on.isoformat(),
        patient.sex.value,
        lesion.id,
        lesion.label,
        lesion.site_code,
        lesion.side.value if lesion.side else "",
    )
    pixels = () if changed is None else (hashlib.sha256(changed).hexdigest(),)
    return derived_uid("instance", capture_id, *of_whom, *pixels)


def sources_of(
    patient: Patient, lesion: Lesion, capture: Capture, *, is_as_stored: bool
) -> list[UID]:
    """Return the ids of the images that a picture was made of; empty for an original."""
    ids = [] if is_as_stored else [capture.id]
    ids += [capture.derivation.base_id] if capture.derivation is not None else []
    return [instance_uid(patient, lesion, one) for one in ids]
