"""An e-mail draft with the package attached, for the practice's own mail program to send.

A draft goes only to domains that the practice allows, with nothing about the patient in its subject
or body. NHSmail encrypts a message to an address outside the accredited domains if the subject
contains [secure]. It carries the summary and its pictures; DICOM and FHIR files hold the same once
more, for programs that nobody reads mail with. Pure functions.
"""

import re
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.policy import SMTP

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import PackageFile

DRAFT_NAME = "draft.eml"
_KINDS = ("application/pdf", "image/jpeg")
_LINE_BYTES, _CODED_LINE_BYTES = 57, 78  # of a file, and as base64 with its line's end
_HEADER_BYTES = 1_000  # at most: of the message with its words, and of each file
_SUBJECT = "Images for a dermatology referral"
_BODY = (
    "A referral with images of the skin is attached.\n\n"
    "It is confidential. If you received it by mistake, tell the sender and delete it.\n"
)
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@((?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63})"
)


def checked_domain(address: str, allowed: Sequence[str]) -> str:
    """Return an address's domain, in lower case.

    Raises StationError EMAIL_ADDRESS (not an address) or EMAIL_DOMAIN (not in `allowed`).
    """
    found = _ADDRESS.fullmatch(address.strip())
    if found is None:
        raise StationError(ErrorCode.EMAIL_ADDRESS)
    domain = found[1].lower()
    if domain not in {one.lower() for one in allowed}:
        raise StationError(
            ErrorCode.EMAIL_DOMAIN, domain=domain, allowed=" or ".join(allowed) or "no domain"
        )
    return domain


def attached(files: Sequence[PackageFile]) -> tuple[PackageFile, ...]:
    """Return the files that a draft carries: the summary, and the pictures if they are files."""
    return tuple(file for file in files if file.media_type.partition(";")[0] in _KINDS)


def message_bytes(files: Sequence[PackageFile]) -> int:
    """Return about how large a message with these files is; a mail system counts this size."""
    lines = sum(-(-file.size_bytes // _LINE_BYTES) for file in files)
    return lines * _CODED_LINE_BYTES + _HEADER_BYTES * (len(files) + 1)


def email_draft(
    address: str,
    files: Sequence[PackageFile],
    data: Mapping[str, bytes],
    *,
    accredited: bool,
    token: str,
) -> bytes:
    """Return the draft as bytes; `token` is part of the MIME boundary and must not occur in it.

    The subject begins with [secure] unless the address is in an accredited domain.
    """
    message = EmailMessage(policy=SMTP)
    message["To"] = address.strip()
    message["Subject"] = _SUBJECT if accredited else f"[secure] {_SUBJECT}"
    message["X-Unsent"] = "1"  # mail programs open it for sending, not as received
    message.set_content(_BODY)
    for file in files:
        kind, _, subtype = file.media_type.partition(";")[0].partition("/")
        message.add_attachment(data[file.name], maintype=kind, subtype=subtype, filename=file.name)
    message.set_boundary(f"part-{token}")
    return message.as_bytes()
