"""Words for troubles with the archive and the worklist server."""

from dermstation.domain.errors import ErrorCode as E
from dermstation.workflow.words.message import SAVED, Message

_TELL_IT = "Tell IT."

WORDS: dict[E, Message] = {
    E.ARCHIVE_NOT_SET: Message(
        "No archive is set for this station, or it is in demo mode.",
        SAVED,
        "Ask IT to enter it in the settings.",
    ),
    E.ARCHIVE_UNREACHABLE: Message(
        "The {partner} cannot be reached.", SAVED, "Check the network, then try again."
    ),
    E.ARCHIVE_CERTIFICATE: Message(
        "The {partner} could not prove who it is, so nothing was sent or asked.", SAVED, _TELL_IT
    ),
    E.ARCHIVE_OWN_CERTIFICATE: Message(
        "The {partner} does not accept this station\u2019s certificate.",
        SAVED,
        "Tell IT: it may have expired.",
    ),
    E.ARCHIVE_REFUSED: Message(
        "The {partner} does not let this station in (status {status}).",
        SAVED,
        "Tell IT: the token is missing, wrong or expired (dermstation archive token).",
    ),
    E.ARCHIVE_TITLE: Message(
        "The {partner} answers, but does not know this station by the AE title {title}.",
        SAVED,
        "Tell IT: the title must be entered there (with Orthanc, in DicomModalities).",
    ),
    E.ARCHIVE_FORMAT: Message(
        "The {partner} does not accept this kind of file or question.",
        SAVED,
        "Tell IT: {classes} must be allowed there.",
    ),
    E.ARCHIVE_FULL: Message("The {partner} is full.", SAVED, _TELL_IT),
    E.ARCHIVE_FAILED: Message(
        "The {partner} failed (status {status}).", SAVED, "Try again in a while, or tell IT."
    ),
    E.ARCHIVE_ANSWER: Message(
        "The answer of the {partner} does not fit what was asked, so it is not used.",
        SAVED,
        "Do not rely on that server. Tell IT.",
    ),
    E.ARCHIVE_TOKEN: Message(
        "The archive\u2019s token was not kept.",
        "",
        "A keystore of this account is needed, and a token without spaces, or name:password.",
    ),
}

WHAT: dict[tuple[E, str, object], str] = {
    (E.ARCHIVE_CERTIFICATE, "fault", "expired"): "By this PC\u2019s clock the certificate of the"
    " {partner} has expired, so nothing was sent or asked.",
    (E.ARCHIVE_CERTIFICATE, "fault", "not_yet"): "By this PC\u2019s clock the certificate of the"
    " {partner} is not valid yet, so nothing was sent or asked.",
    (E.ARCHIVE_CERTIFICATE, "fault", "name"): "The certificate of the {partner} is for another"
    " server, so nothing was sent or asked.",
    (E.ARCHIVE_TITLE, "whose", "theirs"): "The {partner} has another AE title than {title}.",
    (E.ARCHIVE_OWN_CERTIFICATE, "fault", "file"): "A certificate file that the settings name cannot"
    " be used.",
    (E.ARCHIVE_FAILED, "status", "late"): "The {partner} did not answer in time.",
    (E.ARCHIVE_FAILED, "status", "aborted"): "The {partner} broke off.",
}

TODO: dict[tuple[E, str, object], str] = {
    **{
        (E.ARCHIVE_CERTIFICATE, "fault", fault): "Check the date of this PC. If it is right, tell"
        " IT."
        for fault in ("expired", "not_yet")
    },
    (E.ARCHIVE_CERTIFICATE, "fault", "name"): "Tell IT: the address in the settings must be that"
    " of the certificate.",
    (E.ARCHIVE_TITLE, "whose", "theirs"): "Tell IT: archive_node or worklist_node must name it.",
    (E.ARCHIVE_OWN_CERTIFICATE, "fault", "file"): "Tell IT: archive_ca_file and"
    " archive_certificate_file must be PEM files that the station may read.",
}
