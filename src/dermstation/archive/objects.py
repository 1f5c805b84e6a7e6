"""The objects that an archive is given, and what shows that it gives the same ones back.

Archives may write a data set in another form, such as with other lengths of sequences; so what is
compared is what it says: every element, and the coded pixels; if it is not the same file anyway.
Pure functions.
"""

import hashlib
import json
import warnings
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING

from dermstation.domain.errors import ErrorCode, StationError

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_PIXELS = "PixelData"
_PADDING = b"\0"
_CHANNELS = 3
_ROOM_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The SHA-256 of an object's pixel data, and of everything else in it."""

    pixels: str
    dataset: str


@dataclass(frozen=True, repr=False)
class ArchiveObject:
    """A DICOM file for the archive. `known` has the data sets that were sent under its UID."""

    data: bytes
    known: tuple[str, ...] = ()

    @cached_property
    def dataset(self) -> "Dataset":
        """Return what the file holds."""
        return _read(self.data)

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """Return the hashes of what the file holds."""
        return fingerprint_of(self.dataset)

    @property
    def uid(self) -> str:
        """Return the SOP Instance UID."""
        return str(self.dataset.SOPInstanceUID)

    @property
    def place(self) -> tuple[str, str, str]:
        """Return the UIDs of study, series and instance, by which an archive finds it."""
        held = self.dataset
        return str(held.StudyInstanceUID), str(held.SeriesInstanceUID), self.uid

    @property
    def most_bytes(self) -> int:
        """Return how large the file can be in any coding, with room for other words."""
        pixels = int(self.dataset.Rows) * int(self.dataset.Columns) * _CHANNELS
        return len(self.data) + pixels + _ROOM_BYTES

    def check(self, file: bytes) -> None:
        """Compare a file that the archive gave back with what was sent under this UID.

        Raises StationError ARCHIVE_ANSWER (no DICOM file), ARCHIVE_OTHER (another object, or of
        another patient), ARCHIVE_DIFFERS (`part`: "pixels" or "dataset").
        """
        if file == self.data:
            return
        found = _read(file)
        for part in ("SOPInstanceUID", "PatientID"):
            if str(found.get(part, "")) != str(self.dataset[part].value):
                raise StationError(ErrorCode.ARCHIVE_OTHER, part=part)
        theirs = fingerprint_of(found)
        if theirs.pixels != self.fingerprint.pixels:
            raise StationError(ErrorCode.ARCHIVE_DIFFERS, part="pixels")
        if theirs.dataset not in {*self.known, self.fingerprint.dataset}:
            raise StationError(ErrorCode.ARCHIVE_DIFFERS, part="dataset")


def _read(file: bytes) -> "Dataset":
    import pydicom  # noqa: PLC0415 - slow to import, and few stations have an archive

    try:
        return pydicom.dcmread(BytesIO(file))
    except Exception:  # noqa: BLE001 - hostile bytes may make pydicom raise anything
        raise StationError(ErrorCode.ARCHIVE_ANSWER, partner="archive") from None


def fingerprint_of(dataset: "Dataset") -> Fingerprint:
    """Return the hashes of an object that was read. Raises StationError ARCHIVE_DIFFERS."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it is compared, not judged
            return Fingerprint(_pixels_sha256(dataset), _dataset_sha256(dataset))
    except Exception:  # noqa: BLE001 - what an archive gives back may make pydicom raise anything
        raise StationError(ErrorCode.ARCHIVE_DIFFERS, part="dataset") from None


def _pixels_sha256(dataset: "Dataset") -> str:
    from pydicom.encaps import generate_frames  # noqa: PLC0415 - as above

    syntax = dataset.file_meta.TransferSyntaxUID
    data = bytes(dataset.PixelData)
    if syntax.is_encapsulated:
        frames = generate_frames(data, number_of_frames=1)
        data = b"".join(frame.rstrip(_PADDING) for frame in frames)
    digest = hashlib.sha256(syntax.encode())  # the same bytes in another syntax are other pixels
    digest.update(data)
    return digest.hexdigest()


def _dataset_sha256(dataset: "Dataset") -> str:
    told = {
        f"{element.tag:08X}": element.to_json_dict(None, 0)
        for element in dataset
        if element.keyword != _PIXELS and element.tag.element != 0  # lengths of groups
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
