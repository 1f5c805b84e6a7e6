"""The draft of a package's e-mail, read by programs that are not the station's own."""

import importlib.util
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from dermstation.domain.records import Package
from dermstation.handover.contents import PackageContents
from dermstation.handover.email_draft import attached, email_draft, message_bytes

ADDRESS = "derm.test@nhs.net"


def draft_of(package: Package) -> bytes:
    """Return the draft as the station would write it."""
    files = attached(package.files)
    data = {one.name: (Path(package.folder) / one.name).read_bytes() for one in files}
    return email_draft(ADDRESS, files, data, accredited=True, token=package.id)


def complaints(package: Package, contents: PackageContents) -> Iterator[str]:
    """Compare the attachments as mail programs see them with the files; no name is in the words."""
    draft = draft_of(package)
    files = {one.name: Path(package.folder, one.name).read_bytes() for one in package.files}
    expected = {name: data for name, data in files.items() if name.endswith((".pdf", ".jpg"))}
    if len(draft) > message_bytes(attached(package.files)):
        yield "the draft is larger than was said"
    for name, read in PARSERS.items():
        if importlib.util.find_spec(name) is None:
            continue
        subject, words, found = read(draft)
        if found != expected:
            yield f"{name}: attached are {sorted(found)}"
        who = contents.patient
        for word in (*who.family_name.split(), *who.given_name.split(), who.nhs_number.digits):
            if word.casefold() in f"{subject}\n{words}".casefold().split():
                yield f"{name}: the words name the patient"


Read = Callable[[bytes], tuple[str, str, dict[str, bytes]]]


def _by_email(draft: bytes) -> tuple[str, str, dict[str, bytes]]:
    message = message_from_bytes(draft, policy=default)
    found = {one.get_filename(): one.get_content() for one in message.iter_attachments()}
    body = message.get_body()
    return str(message["Subject"]), body.get_content() if body else "", found


def _by_mail_parser(draft: bytes) -> tuple[str, str, dict[str, bytes]]:
    import base64

    import mailparser

    message = mailparser.parse_from_bytes(draft)
    found = {one["filename"]: base64.b64decode(one["payload"]) for one in message.attachments}
    return message.subject, "\n".join(message.text_plain), found


PARSERS: dict[str, Read] = {"email": _by_email, "mailparser": _by_mail_parser}
