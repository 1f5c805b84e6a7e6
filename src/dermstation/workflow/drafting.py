"""Write an e-mail draft with a package beside it, journalled like the package itself.

Runs on the vault's thread. The draft is a second copy of the package in the clear, so it is
removed together with the package. The text of a message to copy comes from here as well.
"""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, Package
from dermstation.domain.rights import Right, require
from dermstation.files import OWNER_ONLY, make_private, new_file, remove, sync_folder
from dermstation.handover.email_draft import (
    DRAFT_NAME,
    attached,
    checked_domain,
    email_draft,
    message_bytes,
)
from dermstation.handover.message_text import message_text
from dermstation.plain_files import read_plain
from dermstation.settings import Settings
from dermstation.vault.store import Vault
from dermstation.workflow.packaging import check_package
from dermstation.workflow.walk import EpisodeView

_FOLDER_SUFFIX = "-email"


@dataclass(frozen=True, slots=True)
class DraftSize:
    """What a draft would carry: how many files, and its size beside the limit for e-mails."""

    files: int
    size_bytes: int
    limit_bytes: int

    @property
    def fits(self) -> bool:
        """Return whether the e-mail is within the limit."""
        return self.size_bytes <= self.limit_bytes


def draft_size(package: Package, settings: Settings) -> DraftSize:
    """Return how large the draft of a package would be."""
    files = attached(package.files)
    return DraftSize(len(files), message_bytes(files), settings.email_bytes)


def message_to_copy(operator: Operator, view: EpisodeView) -> str:
    """Return the text for the message in e-RS. Raises StationError RIGHT_MISSING."""
    require(operator, Right.COMPLETE)
    lesions = [(lesion, list(view.packed(lesion))) for lesion in view.lesions]
    files = [file.name for file in view.package.files] if view.package else []
    left_out = {lesion.id: view.left_out(lesion) for lesion in view.lesions}
    return message_text(view.episode, lesions, files, view.told, left_out=left_out)


def write_draft(
    vault: Vault, operator: Operator, package: Package, address: str, settings: Settings
) -> Path:
    """Write the draft in its own folder beside that of the package, and return its path.

    An earlier draft is replaced. Nobody but its owner can read it. Raises StationError
    RIGHT_MISSING, EMAIL_ADDRESS, EMAIL_DOMAIN, EMAIL_TOO_BIG, PACKAGE_NOT_VERIFIED (a file was
    changed or moved), PACKAGE_WRITE_FAILED.
    """
    require(operator, Right.COMPLETE)
    domain = checked_domain(address, settings.email_domains.split())
    accredited = domain in settings.email_accredited_domains.lower().split()
    size = draft_size(package, settings)
    if not size.fits:
        raise StationError(
            ErrorCode.EMAIL_TOO_BIG, size_bytes=size.size_bytes, limit=size.limit_bytes
        )
    check_package(package)
    folder, files = Path(package.folder), attached(package.files)
    try:
        data = {file.name: read_plain(folder / file.name, file.size_bytes) for file in files}
    except OSError as error:
        raise StationError(ErrorCode.PACKAGE_NOT_VERIFIED, errno=error.errno) from None
    draft = email_draft(address, files, data, accredited=accredited, token=package.id)
    place = folder.with_name(folder.name + _FOLDER_SUFFIX) / DRAFT_NAME
    vault.packages.note_file(package.id, place)
    try:
        _write(place, draft)
    except OSError as error:
        with contextlib.suppress(OSError):
            remove(place, missing_ok=True)
        raise StationError(ErrorCode.PACKAGE_WRITE_FAILED, errno=error.errno) from None
    return place


def _write(place: Path, draft: bytes) -> None:
    """Write the draft straight to its final path, the only one that is journalled."""
    make_private(place.parent)  # not encrypted, so closed to other users of this PC
    remove(place, missing_ok=True)
    with new_file(place, OWNER_ONLY) as file:
        file.write(draft)
    sync_folder(place.parent)
