"""DICOM's own protocol, over TLS: associations, and what their failures mean."""

import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pydicom.dataset import Dataset
from pydicom.uid import UID
from pynetdicom import AE, _config, build_role, evt
from pynetdicom.association import Association
from pynetdicom.pdu import A_ABORT_RQ
from pynetdicom.presentation import (
    AllStoragePresentationContexts,
    PresentationContext,
    build_context,
)
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

from dermstation.archive.connection import ARCHIVE, ArchiveAccess, keep_quiet
from dermstation.archive.tls_faults import tls_trouble, why_not
from dermstation.domain.archive_place import DicomNode
from dermstation.domain.errors import ErrorCode, StationError

# The library would format every data set for its log: they name patients.
keep_quiet("pynetdicom")
_config.LOG_HANDLER_LEVEL = "none"
_config.LOG_REQUEST_IDENTIFIERS = False
_config.LOG_RESPONSE_IDENTIFIERS = False

_STORED = frozenset(one.abstract_syntax for one in AllStoragePresentationContexts)
_PDU_BYTES = 128 << 10  # that we take: the library needs as long for a small one
_SUCCESS = 0x0000
_PENDING = {0xFF00, 0xFF01}  # PS3.4: another answer follows
_FULL = range(0xA700, 0xA800)  # PS3.4: out of resources
_OUR_TITLE_UNKNOWN, _THEIR_TITLE_UNKNOWN = 3, 7  # PS3.8, A-ASSOCIATE-RJ, by the service user


class _ClosedByShutdown(ssl.SSLSocket):
    """Close even if nothing was connected: the library leaves such a socket to the collector."""

    def shutdown(self, how: int) -> None:
        try:
            super().shutdown(how)
        except OSError:
            self.close()
            raise


@contextmanager
def associated(
    access: ArchiveAccess,
    node: DicomNode,
    contexts: Sequence[PresentationContext],
    partner: str = ARCHIVE,
    *,
    on_store: Callable[[evt.Event], int] | None = None,
) -> Iterator[Association]:
    """Hold an association with a partner, and release it.

    `on_store` takes what the partner sends back when it is asked for objects.

    Raises StationError ARCHIVE_UNREACHABLE, ARCHIVE_CERTIFICATE, ARCHIVE_OWN_CERTIFICATE,
    ARCHIVE_TITLE, ARCHIVE_FORMAT (no context accepted), ARCHIVE_FAILED.
    """
    tls = access.tls()
    tls.sslsocket_class = _ClosedByShutdown
    entity = AE(access.title)
    entity.connection_timeout = entity.acse_timeout = access.wait_s
    entity.maximum_pdu_size = _PDU_BYTES
    entity.dimse_timeout = entity.network_timeout = access.wait_s
    try:
        association = entity.associate(
            node.host,
            node.port,
            list(contexts),
            ae_title=node.title,
            tls_args=(tls, node.host),
            **_taking(contexts, on_store),
        )
    except OSError as error:  # no such name
        raise tls_trouble(error, partner) from None
    try:
        if not association.is_established:
            if association.is_rejected:
                raise _rejected(association, access, node, partner)
            if association.rejected_contexts and not association.accepted_contexts:
                raise format_trouble(association.rejected_contexts, partner)
            raise why_not(node.host, node.port, tls, access.wait_s, partner)
        yield association
        if association.is_established:
            association.release()
    finally:
        if association.is_established:  # it did not come to the end
            association.abort()


def _taking(
    contexts: Sequence[PresentationContext], on_store: Callable[[evt.Event], int] | None
) -> dict[str, Any]:
    """Return what an association needs on which the partner stores objects here."""
    if on_store is None:
        return {}
    classes = {one.abstract_syntax for one in contexts if one.abstract_syntax is not None}
    roles = [build_role(one, scp_role=True) for one in classes if one in _STORED]
    return {"ext_neg": roles, "evt_handlers": [(evt.EVT_C_STORE, on_store)]}


def echo(access: ArchiveAccess, node: DicomNode, partner: str = ARCHIVE) -> None:
    """Ask whether the partner is there. One that is may still refuse everything else.

    Raises StationError as `associated` does, or ARCHIVE_FAILED.
    """
    with associated(access, node, [build_context(Verification)], partner) as association:
        answer = association.send_c_echo()
        check_status(answer.get("Status"), partner)


def asked(
    access: ArchiveAccess, association: Association, query: Dataset, sop_class: UID, partner: str
) -> Iterator[Dataset]:
    """List the answers to a C-FIND.

    Raises StationError ARCHIVE_TITLE: the partner broke off instead of the first answer, as Orthanc
    does to an AE title that its DicomModalities do not name, while an echo succeeds;
    ARCHIVE_FAILED, ARCHIVE_FULL, ARCHIVE_ANSWER.
    """
    aborts: list[object] = []

    def note(event: evt.Event) -> None:
        if isinstance(event.pdu, A_ABORT_RQ):
            aborts.append(event)

    association.bind(evt.EVT_PDU_RECV, note)
    is_first = True
    for answered, found in association.send_c_find(query, sop_class):
        status = answered.get("Status")
        if status is None and aborts and is_first:
            raise title_trouble(access, partner)
        if status is None and not association.is_established:
            raise StationError(ErrorCode.ARCHIVE_FAILED, partner=partner, status="aborted")
        if status not in _PENDING:
            check_status(status, partner)
        elif found is None:
            raise StationError(ErrorCode.ARCHIVE_ANSWER, partner=partner)
        else:
            yield found
        is_first = False


def check_status(status: int | None, partner: str = ARCHIVE) -> None:
    """Raise StationError ARCHIVE_FULL or ARCHIVE_FAILED unless a status means success."""
    if status == _SUCCESS:
        return
    if status is None:
        raise StationError(ErrorCode.ARCHIVE_FAILED, partner=partner, status="late")
    code = ErrorCode.ARCHIVE_FULL if status in _FULL else ErrorCode.ARCHIVE_FAILED
    raise StationError(code, partner=partner, status=f"{status:04X}")


def title_trouble(access: ArchiveAccess, partner: str) -> StationError:
    """Return the trouble for a partner that does not know the AE title of this station."""
    return StationError(ErrorCode.ARCHIVE_TITLE, partner=partner, title=access.title)


def format_trouble(contexts: Sequence[PresentationContext], partner: str) -> StationError:
    """Return the trouble for contexts that a partner refused, by the names of their classes."""
    names = {one.abstract_syntax.name for one in contexts if one.abstract_syntax is not None}
    return StationError(ErrorCode.ARCHIVE_FORMAT, partner=partner, classes=", ".join(sorted(names)))


def _rejected(
    association: Association, access: ArchiveAccess, node: DicomNode, partner: str
) -> StationError:
    answer = association.acceptor.primitive
    reason = None if answer is None else answer.diagnostic
    if reason == _OUR_TITLE_UNKNOWN:
        return title_trouble(access, partner)
    if reason == _THEIR_TITLE_UNKNOWN:
        facts = {"partner": partner, "title": node.title, "whose": "theirs"}
        return StationError(ErrorCode.ARCHIVE_TITLE, **facts)
    return StationError(ErrorCode.ARCHIVE_FAILED, partner=partner, status=f"rejected {reason}")
