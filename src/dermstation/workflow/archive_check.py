"""Try whether the archive and the worklist server let this station in, and say why not.

An echo alone says little: Orthanc answers it to an AE title that it does not know, and breaks off
only at the first question. So each server is asked something that concerns nobody. Any thread.
"""

from dataclasses import replace
from datetime import date

from pydicom.dataset import Dataset
from pynetdicom.presentation import build_context
from pynetdicom.sop_class import (  # type: ignore[attr-defined]
    StudyRootQueryRetrieveInformationModelFind,
    Verification,
)

from dermstation.archive.connection import ARCHIVE, ArchiveAccess, access_of
from dermstation.archive.dimse import asked, associated, check_status
from dermstation.archive.finding import find_pictures
from dermstation.archive.token import find_token
from dermstation.archive.worklist import expected_on
from dermstation.domain.archive_place import DicomNode
from dermstation.domain.errors import StationError
from dermstation.security.keystore import Keystore
from dermstation.settings import Settings

NOBODY = "0000000000"  # no NHS number: its digits are all the same


def try_servers(
    settings: Settings, keystore: Keystore | None, wait_s: float | None = None
) -> dict[str, StationError | None]:
    """Return what is wrong with each server that is set, by the name of its setting."""
    access = access_of(settings)
    if wait_s is not None:
        access = replace(access, wait_s=min(wait_s, access.wait_s))
    found: dict[str, StationError | None] = {}
    if access.address:
        found["archive_address"] = _trouble_of_web(access, keystore)
    if access.node is not None:
        found["archive_node"] = _trouble_of_node(access, access.node)
    if access.worklist is not None:
        found["worklist_node"] = _trouble_of_worklist(access)
    return found


def _trouble_of_web(access: ArchiveAccess, keystore: Keystore | None) -> StationError | None:
    try:
        find_pictures(access, find_token(keystore, access.address), NOBODY)
    except StationError as trouble:
        return trouble
    return None


def _trouble_of_node(access: ArchiveAccess, node: DicomNode) -> StationError | None:
    question = StudyRootQueryRetrieveInformationModelFind
    query = Dataset()
    query.QueryRetrieveLevel = "STUDY"
    query.PatientID, query.StudyInstanceUID = NOBODY, ""
    contexts = [build_context(Verification), build_context(question)]
    try:
        with associated(access, node, contexts) as association:
            check_status(association.send_c_echo().get("Status"))
            if any(one.abstract_syntax == question for one in association.accepted_contexts):
                list(asked(access, association, query, question, ARCHIVE))
    except StationError as trouble:
        return trouble
    return None


def _trouble_of_worklist(access: ArchiveAccess) -> StationError | None:
    try:
        expected_on(access, date.today())  # noqa: DTZ011 - the local day
    except StationError as trouble:
        return trouble
    return None
