"""An e-mail draft with the package attached, for the practice's own mail program to send.

A draft goes only to domains that the practice allows, with nothing about the patient in its subject
or body. NHSmail encrypts a message to an address outside the accredited domains if the subject
contains [secure]. Pure functions.
"""

import re
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.policy import SMTP

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import PackageFile

DRAFT_NAME = "draft.eml"
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
