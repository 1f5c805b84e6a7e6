"""The files beside a FHIR document: a description of each picture and of the summary. Pure."""

import base64
import hashlib
from collections.abc import Mapping, Sequence

from dermstation.domain.shots import SHOT_GUIDES, ShotKind
from dermstation.handover.contents import PackageContents
from dermstation.handover.fhir_items import words
from dermstation.handover.fhir_parts import Resource, coded, instant, resource, to
from dermstation.handover.picture_facts import quality_line
from dermstation.handover.plan import SUMMARY_DICOM_NAME, SUMMARY_NAME, PlannedImage

SUMMARY_TITLE = "Referral summary"
SUMMARY_WORDS = "The whole referral to read, with smaller copies of the pictures"
_DERMOSCOPY = ("446078004", "Dermoscopic photography")
_JPEG, _DICOM, _PDF = "image/jpeg", "application/dicom", "application/pdf"


def picture_documents(
    contents: PackageContents, images: Sequence[PlannedImage], files: Mapping[str, bytes]
) -> list[Resource]:
    """Return a description of each picture file that comes with the document."""
    return [
        _picture(contents, image, name, kind, files[name])
        for image in images
        for name, kind in ((image.name, _JPEG), (image.dicom_name, _DICOM))
        if name in files
    ]


def picture_words(image: PlannedImage) -> str:
    """Return what a picture shows, how good it is, why it was kept, and what was drawn on it."""
    capture = image.capture
    quality = quality_line(capture, image.report, shrunk=image.shrunk)
    meaning = f" {capture.derivation.meaning}" if capture.derivation is not None else ""
    title = f"{image.lesion.label} {capture.title}, {image.lesion.told_site}"
    return words(f"{title}. {quality}{meaning}")


def summary_document(contents: PackageContents) -> Resource:
    """Return a description of the summary.

    It has neither size nor hash: the summary lists this document's own, and is made after it.
    """
    names = [(SUMMARY_NAME, _PDF)]
    names += [(SUMMARY_DICOM_NAME, _DICOM)] if contents.options.dicom else []
    attached = [{"contentType": kind, "url": name, "title": SUMMARY_TITLE} for name, kind in names]
    return resource(
        "DocumentReference",
        f"{contents.episode.id}/{SUMMARY_NAME}",
        status="current",
        type={"text": SUMMARY_TITLE},
        subject=to("Patient", contents.patient.id),
        date=instant(contents.as_of),
        author=[to("Practitioner", contents.created_by)],
        description=SUMMARY_WORDS,
        content=[{"attachment": one} for one in attached],
    )


def _picture(
    contents: PackageContents, image: PlannedImage, name: str, kind: str, data: bytes
) -> Resource:
    capture = image.capture
    code = coded(*_DERMOSCOPY) if capture.shot is ShotKind.DERMOSCOPIC else {}
    sha1 = hashlib.sha1(data, usedforsecurity=False).digest()  # the algorithm that FHIR prescribes
    attachment = {
        "contentType": kind,
        "url": name,
        "size": len(data),
        "hash": base64.b64encode(sha1).decode(),
        "title": f"{image.lesion.label} {capture.title}",
        "creation": instant(capture.captured_at),
    }
    return resource(
        "DocumentReference",
        f"{capture.id}/{name}",
        status="current",
        type={**code, "text": SHOT_GUIDES[capture.shot].title},
        subject=to("Patient", contents.patient.id),
        date=instant(capture.captured_at),
        author=[to("Practitioner", capture.captured_by)],
        description=picture_words(image),
        content=[{"attachment": attachment}],
    )
