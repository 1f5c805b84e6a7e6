"""Write an e-mail draft with a package beside it, journalled like the package itself.

Runs on the vault's thread. The draft is a second copy of the package in the clear, so it is
removed together with the package.
"""

import contextlib
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Package
from dermstation.files import new_file, sync_folder
from dermstation.handover.email_draft import DRAFT_NAME, checked_domain, email_draft
from dermstation.plain_files import read_plain
from dermstation.settings import Settings
from dermstation.vault.store import Vault
from dermstation.workflow.packaging import check_package

_FOLDER_SUFFIX = "-email"


def write_draft(vault: Vault, package: Package, address: str, settings: Settings) -> Path:
    """Write the draft in its own folder beside that of the package, and return its path.

    An earlier draft is replaced. Raises StationError EMAIL_ADDRESS, EMAIL_DOMAIN,
    PACKAGE_NOT_VERIFIED (a file was changed or moved), PACKAGE_WRITE_FAILED.
    """
    domain = checked_domain(address, settings.email_domains.split())
    accredited = domain in settings.email_accredited_domains.lower().split()
    check_package(package)
    folder = Path(package.folder)
    try:
        data = {
            file.name: read_plain(folder / file.name, file.size_bytes) for file in package.files
        }
    except OSError as error:
        raise StationError(ErrorCode.PACKAGE_NOT_VERIFIED, errno=error.errno) from None
    draft = email_draft(address, package.files, data, accredited=accredited, token=package.id)
    place = folder.with_name(folder.name + _FOLDER_SUFFIX) / DRAFT_NAME
    vault.packages.note_file(package.id, place)
    try:
        _write(place, draft)
    except OSError as error:
        with contextlib.suppress(OSError):
            place.unlink(missing_ok=True)
        raise StationError(ErrorCode.PACKAGE_WRITE_FAILED, errno=error.errno) from None
    return place


def _write(place: Path, draft: bytes) -> None:
    """Write the draft straight to its final path, the only one that is journalled."""
    place.parent.mkdir(exist_ok=True)
    place.unlink(missing_ok=True)
    with new_file(place) as file:
        file.write(draft)
    sync_folder(place.parent)
