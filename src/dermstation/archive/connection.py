"""How this station reaches the archive and the worklist server: always over TLS, always verified.

There is no way to turn the verification off. Certificates are checked against the authority that
the settings name, or those that the PC trusts; neither environment variables nor a proxy count.
"""

import logging
import ssl
from dataclasses import dataclass

from dermstation.domain.archive_place import DicomNode
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.settings import Settings

ARCHIVE = "archive"  # the partner, as the words of a trouble name it
WORKLIST = "worklist server"


def keep_quiet(library: str) -> None:
    """Let nothing out that a library logs: an address that it asked may hold a patient's number."""
    logger = logging.getLogger(library)
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class ArchiveAccess:
    """Where archive and worklist are, and by what this station proves who it is."""

    title: str  # the AE title of this station
    address: str = ""  # https, for DICOMweb
    node: DicomNode | None = None
    worklist: DicomNode | None = None
    ca_file: str = ""
    certificate_file: str = ""
    wait_s: float = 20.0

    def tls(self) -> ssl.SSLContext:
        """Return what verifies a server and shows it our certificate.

        Raises StationError ARCHIVE_OWN_CERTIFICATE: a file cannot be used.
        """
        try:
            context = ssl.create_default_context(cafile=self.ca_file or None)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            if self.certificate_file:
                # without a password: an encrypted key must not ask for one at the terminal
                context.load_cert_chain(self.certificate_file, password="")
        except (OSError, ssl.SSLError, ValueError):
            raise StationError(ErrorCode.ARCHIVE_OWN_CERTIFICATE, fault="file") from None
        return context


def access_of(settings: Settings) -> ArchiveAccess:
    """Return what the settings say, without the token."""
    return ArchiveAccess(
        title=settings.station_title,
        address=settings.archive_address.strip().rstrip("/"),
        node=DicomNode.parse(settings.archive_node),
        worklist=DicomNode.parse(settings.worklist_node),
        ca_file=settings.archive_ca_file,
        certificate_file=settings.archive_certificate_file,
        wait_s=float(settings.archive_wait_seconds),
    )
