"""Write the patient's copy: one PDF, opened only by its password, where the operator chooses.

Nothing is written to the disk before it is encrypted.
"""

from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.files import remove, write_file
from dermstation.handover.places import check_place
from dermstation.handover.sealing import opens_to, sealed_pdf

SUFFIX = ".pdf"


def write_patient_pdf(pdf: bytes, path: Path, password: str, *, network_allowed: bool) -> Path:
    """Encrypt a PDF with AES-256, write it, read it back, and return its path.

    The suffix `.pdf` is added if it is missing. Raises StationError PLACE_SYNCED, PLACE_NETWORK,
    PLACE_SHARED or COPY_NOT_SAVED.
    """
    place = path if path.suffix.lower() == SUFFIX else path.with_name(f"{path.name}{SUFFIX}")
    check_place(place.parent, network_allowed=network_allowed, sealed=True)
    sealed = sealed_pdf(pdf, password)
    try:
        write_file(place, sealed)
        is_whole = opens_to(place.read_bytes(), password, pdf)
    except OSError as error:
        remove_patient_pdf(place)
        raise StationError(ErrorCode.COPY_NOT_SAVED, errno=error.errno) from None
    if not is_whole:
        remove_patient_pdf(place)
        raise StationError(ErrorCode.COPY_NOT_SAVED)
    return place


def remove_patient_pdf(path: Path) -> None:
    """Remove a copy that is incomplete or was not recorded; its bytes are encrypted."""
    try:
        remove(path, missing_ok=True)
    except OSError:
        return  # harmless: unreadable without the password, which nobody was told
