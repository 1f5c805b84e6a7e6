"""Judge the key files and who unlocked them once the index is open, and record what is wrong.

Runs in the vault's thread.
"""

import logging
from collections.abc import Iterable

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security.slots import IndexKeys
from dermstation.vault.audit import Audit, Rollback
from dermstation.vault.key_files import FoundFault, KeyFiles

log = logging.getLogger(__name__)


def settle_key_files(key_files: KeyFiles, audit: Audit, keys: IndexKeys) -> Rollback:
    """Bring the key files in line with the index; return whether an old copy was put back.

    Whoever unlocked the vault by what the index does not accept is refused, and what is wrong with
    the files is recorded before they are changed. Raises StationError: OPERATOR_REFUSED
    (`reason`), KEYS_DAMAGED, KEYS_ASIDE_FULL, and the errors of a write.
    """
    try:
        key_files.examine(keys)
    except StationError as error:
        if error.code is ErrorCode.OPERATOR_REFUSED:
            reason = str(error.facts["reason"])
            audit.append(AuditEvent.SIGN_IN_REFUSED, operator_id=keys.holder, reason=reason)
        raise
    rollback = Rollback.NONE
    if key_files.genuine is not None:
        rollback = audit.compare(key_files.genuine)
    if rollback is not Rollback.NONE:
        log.warning("an old copy was put back: %s", rollback.value)
    _record(audit, key_files.faults, keys.holder)
    key_files.settle(
        keys,
        beyond=audit.newest_generation(),
        is_index_older=rollback in (Rollback.INDEX_OLDER, Rollback.INDEX_OTHER),
    )
    audit.anchor_first()
    return rollback


def record_exchanged(key_files: KeyFiles, audit: Audit) -> None:
    """Record key files that were exchanged while the vault was open."""
    exchanged, key_files.exchanged = key_files.exchanged, []
    try:
        _record(audit, exchanged)
    except StationError as trouble:  # the files are set aside all the same
        log.warning("exchanged key files were not recorded: %s", trouble.code.value)


def _record(audit: Audit, faults: Iterable[FoundFault], operator_id: str = "") -> None:
    for one in faults:
        event = AuditEvent.KEY_FILE_REFUSED if one.was_there else AuditEvent.KEY_FILE_MENDED
        audit.append(event, operator_id=operator_id, file=one.name, fault=one.fault.value)
