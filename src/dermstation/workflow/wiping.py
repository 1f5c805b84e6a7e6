"""Record the hand-over, wipe every local copy, and finish wipes that a crash interrupted.

Runs on the vault's thread. The order is that of the threat model: the hand-over is recorded and
the episode key destroyed in one commit, exported files are removed, then the episode file, then
the rows as the certificate is written, and last the index key is changed. Every step is
journalled in the vault and can be repeated.
"""

import logging
from dataclasses import dataclass
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Certificate, HandOver, Operator, now
from dermstation.domain.rights import Right, require
from dermstation.domain.routes import confirmations_of
from dermstation.domain.states import EpisodeEvent
from dermstation.vault.reconciling import DamageKind
from dermstation.vault.store import Vault
from dermstation.vault.wiping import PendingWipe
from dermstation.workflow.archive_standing import archive_proof
from dermstation.workflow.clearing import check_not_moved, clear_exports
from dermstation.workflow.own_work import require_wipe
from dermstation.workflow.package_files import remove_half_written
from dermstation.workflow.viewing import view_of

log = logging.getLogger(__name__)

_PASSING = {
    ErrorCode.VAULT_DISK_FULL,
    ErrorCode.VAULT_READ_ONLY,
    ErrorCode.VAULT_WRITE_FAILED,
}


@dataclass(frozen=True, slots=True)
class Resumed:
    """The wipes that were finished when the vault was opened, and what is left."""

    certificates: tuple[Certificate, ...] = ()
    files_left: int = 0  # in the clear, and impossible to remove at present
    trouble: StationError | None = None  # what prevented a wipe from being finished, except files


def hand_over(
    vault: Vault,
    operator: Operator,
    episode_id: str,
    *,
    in_record: bool,
    in_ers: bool,
    sent: bool = False,
    moved_is_known: bool = False,
) -> Certificate:
    """Record the confirmed hand-over, then wipe the episode.

    Raises StationError RIGHT_MISSING, HANDOVER_NOT_CONFIRMED unless everything that the episode's
    route requires is confirmed, PACKAGE_NOT_VERIFIED if a file of the package was changed,
    PACKAGE_MOVED for a file that is gone, unless `moved_is_known`; ARCHIVE_NOT_PROVEN for pictures
    that were sent to the archive and not yet proven to be there; STEP_NOT_ALLOWED for an episode
    that is not packaged, WIPE_INCOMPLETE.
    """
    from dermstation.workflow.packaging import check_package  # noqa: PLC0415 - not for a sign-in

    require(operator, Right.COMPLETE)
    view = view_of(vault, episode_id)
    archived = archive_proof(vault, view)
    confirmed = HandOver(in_record, in_ers, now(), operator.id, sent, archived)
    if not set(confirmations_of(view.episode.route)) <= set(confirmed.confirmed):
        raise StationError(ErrorCode.HANDOVER_NOT_CONFIRMED)
    if view.package is not None:
        check_package(view.package)
        if not moved_is_known:
            check_not_moved(vault, episode_id)
    with vault.transaction():
        vault.hand_overs.save(episode_id, confirmed)
        vault.episodes.change_state(episode_id, EpisodeEvent.HANDED_OVER)
        pending = vault.wiping.begin(
            episode_id, wiped_by=operator.id, hand_over=confirmed, reason="handed over"
        )
    return _finish(vault, pending)


def abandon(
    vault: Vault, operator: Operator, episode_id: str, *, moved_is_known: bool = False
) -> Certificate:
    """Wipe an episode that will not be handed over.

    An operator without the right to complete may abandon only their own work (`own_work`).
    Raises StationError RIGHT_MISSING, PACKAGE_MOVED unless `moved_is_known`, WIPE_INCOMPLETE.
    """
    require_wipe(vault, operator, episode_id)
    if not moved_is_known:
        check_not_moved(vault, episode_id)
    with vault.transaction():
        vault.episodes.change_state(episode_id, EpisodeEvent.ABANDONED)
        vault.set_scores.forget(episode_id)
        pending = vault.wiping.begin(
            episode_id, wiped_by=operator.id, hand_over=None, reason="abandoned"
        )
    return _finish(vault, pending)


def resume(vault: Vault) -> Resumed:
    """Finish every wipe that was begun, and remove packages that were never finished.

    If something cannot be finished now (a file is open elsewhere, the disk is full), it waits for
    the next opening; it never prevents an operator from signing in.
    """
    certificates = []
    files_left = remove_half_written(vault)
    trouble = None
    for pending in vault.wiping.pending():
        try:
            certificates.append(_removed(vault, pending))
            vault.change_key_or_wait()
        except StationError as found:
            if found.code is ErrorCode.WIPE_INCOMPLETE:
                files_left += len(vault.wiping.get(pending.id).files_left)
            elif found.code in _PASSING:
                log.warning("wipe %s waits: %s", pending.id, found.code.value)
                trouble = found
            else:
                raise
    return Resumed(tuple(certificates), files_left, trouble)


def damaged_episodes(vault: Vault) -> tuple[str, ...]:
    """List the episodes whose file of pictures is missing, damaged or an older copy."""
    lost = (DamageKind.EPISODE_FILE_MISSING, DamageKind.EPISODE_FILE_OLDER)
    return tuple(damage.reference for damage in vault.damage if damage.kind in lost)


def _finish(vault: Vault, pending: PendingWipe) -> Certificate:
    certificate = _removed(vault, pending)
    try:
        vault.rotate_index_key()
    except StationError as trouble:  # the next opening does it before anything else
        facts = {**trouble.facts, "step": "key change"}
        raise StationError(trouble.code, **facts) from trouble
    return certificate


def _removed(vault: Vault, pending: PendingWipe) -> Certificate:
    clear_exports(vault, pending.id)
    vault.wiping.remove_episode_file(pending.id)
    return vault.wiping.finish(pending.id)


def printed_certificate(
    operator: Operator, certificate: Certificate, practice_name: str, *, wiped_by: str = ""
) -> tuple[bytes, ...]:
    """Return a certificate's pages for a printer. Raises StationError RIGHT_MISSING."""
    from dermstation.handover.pdf_certificate import certificate_pages  # noqa: PLC0415 - as below

    require(operator, Right.CAPTURE)
    return certificate_pages(certificate, wiped_by or operator.name, practice_name)


def save_certificate(
    operator: Operator,
    certificate: Certificate,
    path: Path,
    practice_name: str,
    *,
    wiped_by: str = "",
) -> None:
    """Write a certificate as a PDF; `wiped_by` names who wiped if it was not `operator`.

    Raises StationError RIGHT_MISSING, CERTIFICATE_NOT_SAVED.
    """
    # not for a sign-in, which finishes wipes with this module
    from dermstation.handover.pdf_certificate import write_certificate_pdf  # noqa: PLC0415

    require(operator, Right.CAPTURE)  # whoever wiped their own work keeps the proof of it
    try:
        write_certificate_pdf(certificate, path, wiped_by or operator.name, practice_name)
    except OSError as error:
        raise StationError(ErrorCode.CERTIFICATE_NOT_SAVED, errno=error.errno) from None
