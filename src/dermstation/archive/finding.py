"""Find a patient's earlier pictures in the archive, and fetch one (DICOM PS3.18, 10.6 and 10.4).

Asked by number alone: an archive may not decode a name that is percent-encoded (Orthanc 1.10 with
DICOMweb 1.7 does not). What comes back is checked: a picture of anybody else is never used.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from dicomweb_client.web import DICOMwebClient
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEGBaseline8Bit

from dermstation.archive.connection import ARCHIVE, ArchiveAccess
from dermstation.archive.web import dicom_web, troubles_told, web_session
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.imaging.png import png_of

DERMOSCOPIC_CLASS = "1.2.840.10008.5.1.4.1.1.77.1.7"
PHOTOGRAPHIC_CLASS = "1.2.840.10008.5.1.4.1.1.77.1.4"
MOST_VISITS = 20  # the newest; a patient has a few
MOST_PIXELS = 64_000_000
_CHANNELS, _BITS = 3, 8
# what is read of an object's metadata; never its pixels
_WANTED = {
    *("00100020", "00100030", "0020000D", "0020000E", "00080018", "00080016"),
    *("0008002A", "00080023", "00080033", "00620021", "00082218", "00200062", "00280010"),
    *("00280011", "00082112", "00081155"),
}


@dataclass(frozen=True, slots=True)
class ArchivedPicture:
    """A picture of the patient as the archive describes it; nothing here names them."""

    study: str
    series: str
    uid: str
    is_dermoscopic: bool
    taken_at: datetime | None
    width: int
    height: int
    tracking_uid: str  # of the lesion
    site_code: str
    laterality: str  # L, R, U, B or ""
    sources: tuple[str, ...] = ()  # the pictures that it was made of: turned, marked, covered

    def is_of_lesion(self, tracking_uid: str, site_code: str, laterality: str) -> bool:
        """Return whether it shows this lesion: by its id, otherwise at this site and side."""
        if self.tracking_uid and self.tracking_uid == tracking_uid:
            return True
        return bool(site_code) and (self.site_code, self.laterality) == (site_code, laterality)


def find_pictures(
    access: ArchiveAccess, token: str, number: str, born_on: date | None = None
) -> tuple[ArchivedPicture, ...]:
    """Return the pictures of a patient, newest first; those with another birth date are left out.

    Raises StationError as `web_session` and `troubles_told` do; ARCHIVE_ANSWER also for an answer
    about somebody else.
    """
    with web_session(access, token) as session, troubles_told(access):
        services = dicom_web(access, session)
        found = list(_found(services, number, born_on))
    long_ago = datetime.min.replace(tzinfo=UTC)
    newest = sorted(found, key=lambda one: (one.taken_at or long_ago, one.uid), reverse=True)
    return tuple(newest)


def fetch_picture(
    access: ArchiveAccess, token: str, number: str, picture: ArchivedPicture
) -> bytes:
    """Return a picture as a file: the JPEG that the archive holds, or a PNG of plain pixels.

    Raises StationError as `find_pictures` does, or ARCHIVE_FORMAT for any other coding.
    """
    with web_session(access, token) as session, troubles_told(access):
        found = dicom_web(access, session).retrieve_instance(
            picture.study,
            picture.series,
            picture.uid,
            media_types=(("application/dicom", "*"),),
        )
    if (found.get("SOPInstanceUID"), found.get("PatientID")) != (picture.uid, number):
        raise StationError(ErrorCode.ARCHIVE_ANSWER, partner=ARCHIVE)
    syntax = found.file_meta.TransferSyntaxUID
    if syntax == JPEGBaseline8Bit:
        return next(generate_frames(found.PixelData, number_of_frames=1))
    if syntax in (ExplicitVRLittleEndian, ImplicitVRLittleEndian):
        return _png(found)
    raise StationError(ErrorCode.ARCHIVE_FORMAT, partner=ARCHIVE, classes="JPEG")


def _found(
    services: DICOMwebClient, number: str, born_on: date | None
) -> Iterator[ArchivedPicture]:
    studies = services.search_for_studies(search_filters={"PatientID": number})
    described = [_described(one) for one in studies]
    if any(one.get("PatientID") != number for one in described):
        raise StationError(ErrorCode.ARCHIVE_ANSWER, partner=ARCHIVE)
    described.sort(key=lambda one: str(one.get("StudyDate", "")), reverse=True)
    for study in described[:MOST_VISITS]:
        uid = str(study.StudyInstanceUID)
        for told in services.retrieve_study_metadata(uid):
            one = _described(told)
            if (one.get("PatientID"), one.get("StudyInstanceUID")) != (number, uid):
                raise StationError(ErrorCode.ARCHIVE_ANSWER, partner=ARCHIVE)
            is_picture = one.get("SOPClassUID") in (DERMOSCOPIC_CLASS, PHOTOGRAPHIC_CLASS)
            born = one.get("PatientBirthDate", "")
            if is_picture and (born_on is None or born == f"{born_on:%Y%m%d}"):
                yield _picture(one)


def _described(told: dict[str, Any]) -> Dataset:
    """Return what is wanted of an answer. Raises StationError ARCHIVE_ANSWER."""
    try:
        wanted = {tag: told[tag] for tag in [*_WANTED, "00080020"] if tag in told}
        return Dataset.from_json(wanted)
    except Exception:  # noqa: BLE001 - hostile JSON may make pydicom raise anything
        raise StationError(ErrorCode.ARCHIVE_ANSWER, partner=ARCHIVE) from None


def _picture(one: Dataset) -> ArchivedPicture:
    regions = one.get("AnatomicRegionSequence") or [Dataset()]
    sources = one.get("SourceImageSequence") or []
    return ArchivedPicture(
        study=str(one.StudyInstanceUID),
        series=str(one.get("SeriesInstanceUID", "")),
        uid=str(one.get("SOPInstanceUID", "")),
        is_dermoscopic=one.get("SOPClassUID") == DERMOSCOPIC_CLASS,
        taken_at=_instant(one),
        width=int(one.get("Columns") or 0),
        height=int(one.get("Rows") or 0),
        tracking_uid=str(one.get("TrackingUID", "")),
        site_code=str(regions[0].get("CodeValue", "")),
        laterality=str(one.get("ImageLaterality", "")),
        sources=tuple(str(source.get("ReferencedSOPInstanceUID", "")) for source in sources),
    )


def _instant(one: Dataset) -> datetime | None:
    """Return when a picture was taken; a time without an offset is the time of this PC."""
    whole = str(one.get("AcquisitionDateTime") or "")
    parts = f"{one.get('ContentDate', '')}{one.get('ContentTime', '')}".partition(".")[0]
    for text, form in ((whole, "%Y%m%d%H%M%S%z"), (whole, "%Y%m%d%H%M%S"), (parts, "%Y%m%d%H%M%S")):
        with suppress(ValueError, OverflowError):
            return datetime.strptime(text, form).astimezone(UTC)
    return None


def _png(found: Dataset) -> bytes:
    """Return plain pixels, 8 bits of red, green and blue, as a PNG."""
    rows, columns = int(found.get("Rows") or 0), int(found.get("Columns") or 0)
    shape = (found.get("SamplesPerPixel"), found.get("BitsAllocated"))
    size = rows * columns * _CHANNELS
    data = found.get("PixelData", b"")
    is_rgb = found.get("PhotometricInterpretation") == "RGB" and not found.get(
        "PlanarConfiguration"
    )
    if shape != (_CHANNELS, _BITS) or not is_rgb or not 0 < size <= MOST_PIXELS * _CHANNELS:
        raise StationError(ErrorCode.ARCHIVE_FORMAT, partner=ARCHIVE, classes="JPEG")
    if len(data) < size:
        raise StationError(ErrorCode.ARCHIVE_ANSWER, partner=ARCHIVE)
    pixels = np.frombuffer(data, np.uint8, size).reshape(rows, columns, _CHANNELS)
    return png_of(np.ascontiguousarray(pixels[:, :, ::-1]))
