"""Choose the way to the archive: DICOMweb, which needs no open port, before DICOM's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from dermstation.archive.connection import ArchiveAccess
from dermstation.archive.delivery import Courier
from dermstation.domain.errors import ErrorCode, StationError


@contextmanager
def courier_of(access: ArchiveAccess, token: str) -> Iterator[Courier]:
    """Hold a way to the archive. Raises StationError ARCHIVE_NOT_SET, ARCHIVE_OWN_CERTIFICATE."""
    if access.address:
        from dermstation.archive.stow import WebCourier  # noqa: PLC0415 - slow to import

        courier = WebCourier(access, token)
        try:
            yield courier
        finally:
            courier.close()
    elif access.node is not None:
        from dermstation.archive.dimse_store import DimseCourier  # noqa: PLC0415 - as above

        yield DimseCourier(access, access.node)
    else:
        raise StationError(ErrorCode.ARCHIVE_NOT_SET)


def host_of(access: ArchiveAccess) -> str:
    """Return the host of the archive, as a certificate of wipe names it."""
    if access.address:
        return urlsplit(access.address).hostname or ""
    return access.node.host if access.node is not None else ""
