"""Send an episode's pictures to the image archive, and prove that they are there.

`queue` notes what is to be sent; `take` makes the files and notes that they are on their way;
`note` writes down what became of them. These run on the vault's thread. In between, the archive is
spoken to (`archive.delivery`), on any thread. Whatever cuts this off, what was on its way is asked
for first when it is tried again.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from dermstation.archive.connection import access_of
from dermstation.archive.couriers import courier_of, host_of
from dermstation.archive.delivery import Courier, Delivered, deliver
from dermstation.archive.objects import ArchiveObject
from dermstation.archive.token import find_token
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.outgoing import Outgoing, OutgoingState, is_for_good, next_try
from dermstation.domain.presets import Limits
from dermstation.domain.records import Operator, now
from dermstation.domain.rights import Right, require
from dermstation.domain.states import EpisodeState
from dermstation.handover.options import PackageOptions
from dermstation.security.keystore import Keystore
from dermstation.settings import Settings
from dermstation.vault.store import Vault
from dermstation.workflow.package_choice import Practice
from dermstation.workflow.packaging import package_contents
from dermstation.workflow.viewing import view_of

log = logging.getLogger(__name__)

_LOAD_BYTES = 64 << 20
_NOTHING_MADE_SMALLER = PackageOptions(own_limits=Limits(file_bytes=1 << 40))
# of one episode alone: the others can still be sent
_OF_THE_EPISODE = frozenset(
    {
        ErrorCode.CAPTURE_CHANGED,
        ErrorCode.EPISODE_FILE_MISSING,
        ErrorCode.IMAGE_TOO_LARGE,
        ErrorCode.IMAGE_UNREADABLE,
        ErrorCode.PACKAGE_DEVICE_UNKNOWN,
    }
)
_OF_AN_OBJECT = frozenset(
    {
        ErrorCode.ARCHIVE_NOT_STORED,
        ErrorCode.ARCHIVE_DIFFERS,
        ErrorCode.ARCHIVE_OTHER,
        ErrorCode.ARCHIVE_FORMAT,
    }
)


@dataclass(frozen=True, slots=True, repr=False)
class Load:
    """The objects of one episode that are due, ready to be sent."""

    episode_id: str
    objects: tuple[ArchiveObject, ...]


def is_offered(settings: Settings) -> bool:
    """Return whether there is an archive for the patients here: made-up ones must not reach it."""
    is_set = bool(settings.archive_address or settings.archive_node)
    return is_set and not settings.demo_mode


def host_in(settings: Settings) -> str:
    """Return the host of the archive."""
    return host_of(access_of(settings))


def delivered(settings: Settings, keystore: Keystore | None, load: Load) -> tuple[Delivered, ...]:
    """Send a load and read it back; a trouble with the archive is that of each object."""
    access = access_of(settings)
    try:
        with courier_of(access, find_token(keystore, access.address)) as courier:
            return tuple(deliver(courier, load.objects))
    except StationError as trouble:
        return tuple(Delivered(one.uid, trouble) for one in load.objects)


def is_away(troubles: Iterable[StationError | None]) -> bool:
    """Return whether one of some troubles is with the archive itself, not with an object."""
    return any(one is not None and one.code not in _OF_AN_OBJECT for one in troubles)


def queue(vault: Vault, operator: Operator, episode_id: str, practice: Practice) -> None:
    """Note that an episode's pictures go to the archive, and try at once what had failed.

    Raises StationError RIGHT_MISSING, STEP_NOT_ALLOWED for an episode that is not packaged,
    PACKAGE_DEVICE_UNKNOWN, CAPTURE_CHANGED, EPISODE_FILE_MISSING, IMAGE_UNREADABLE.
    """
    require(operator, Right.COMPLETE)
    state = vault.episodes.get(episode_id).state
    if state is not EpisodeState.PACKAGED:
        raise StationError(ErrorCode.STEP_NOT_ALLOWED, state=state.value, event="archived")
    known = {one.instance_uid: one for one in vault.outgoing.of_episode(episode_id)}
    made = _made(vault, operator, episode_id, practice)
    rows = tuple(_row(episode_id, *each, known.get(each[1].uid)) for each in made)
    vault.outgoing.queue(operator.id, episode_id, rows)
    log.info("episode %s: %d objects queued for the archive", episode_id, len(rows))


def take(
    vault: Vault,
    operator: Operator,
    practice: Practice,
    at: datetime,
    *,
    episode_id: str | None = None,
) -> Load | None:
    """Return what is due, of one episode, and note that it is on its way; None if nothing is.

    An episode whose pictures cannot be made has failed, and does not keep the others waiting.
    Raises StationError RIGHT_MISSING.
    """
    require(operator, Right.COMPLETE)
    due = vault.outgoing.due(at)
    for one in dict.fromkeys(row.episode_id for row in due):
        if episode_id not in (None, one):
            continue
        rows = {row.instance_uid: row for row in due if row.episode_id == one}
        try:
            objects = _loaded(vault, operator, practice, one, rows)
        except StationError as trouble:
            if trouble.code not in _OF_THE_EPISODE:
                raise
            vault.outgoing.put(_failed(row, trouble) for row in rows.values())
            continue
        if objects:
            return Load(one, objects)
    return None


def _loaded(
    vault: Vault,
    operator: Operator,
    practice: Practice,
    episode_id: str,
    rows: Mapping[str, Outgoing],
) -> tuple[ArchiveObject, ...]:
    """Make the objects of some rows, as many as go in one load, and note each row's new state."""
    left, objects = dict(rows), []
    for _, made in _made(vault, operator, episode_id, practice):
        if made.uid in left:
            objects.append(replace(made, known=left.pop(made.uid).datasets))
        if sum(len(one.data) for one in objects) > _LOAD_BYTES:
            break
    else:  # another patient's or site's object would have another UID
        corrected = StationError(ErrorCode.ARCHIVE_CORRECTED)
        vault.outgoing.put(_failed(one, corrected) for one in left.values())
    vault.outgoing.put(_on_its_way(rows[one.uid], one.fingerprint.dataset) for one in objects)
    return tuple(objects)


def note(
    vault: Vault, load: Load, delivered: Iterable[Delivered], archive: str, at: datetime
) -> None:
    """Write down what became of objects; one that was withdrawn meanwhile stays so."""
    told = {one.uid: one.trouble for one in delivered}
    rows = vault.outgoing.of_episode(load.episode_id)
    moved = [one for one in rows if one.state is OutgoingState.SENT and one.instance_uid in told]
    noted = {one.instance_uid: _outcome(one, told[one.instance_uid], archive, at) for one in moved}
    with vault.transaction():
        vault.outgoing.put(noted.values())
        now_there = [noted.get(one.instance_uid, one) for one in rows]
        wanted = [one for one in now_there if one.state is not OutgoingState.WITHDRAWN]
        if noted and all(one.state is OutgoingState.PROVEN for one in wanted):
            vault.outgoing.note_proven(load.episode_id, len(wanted), archive)


def send_due(
    vault: Vault,
    operator: Operator,
    practice: Practice,
    courier: Courier,
    *,
    archive: str,
    episode_id: str | None = None,
) -> StationError | None:
    """Send what is due, of one episode or of all, and return the last trouble if there was one.

    A trouble with the archive itself ends it; what is left stays queued. Raises StationError
    RIGHT_MISSING and what the vault raises.
    """
    trouble = None
    while (load := take(vault, operator, practice, now(), episode_id=episode_id)) is not None:
        delivered = list(deliver(courier, load.objects))
        note(vault, load, delivered, archive, now())
        found = [one.trouble for one in delivered if one.trouble is not None]
        trouble = found[-1] if found else trouble
        if is_away(found):
            break
    return trouble


def _made(
    vault: Vault, operator: Operator, episode_id: str, practice: Practice
) -> Iterator[tuple[str, ArchiveObject]]:
    """Make the DICOM files of an episode, each with the id of its capture."""
    # slow to import, and few stations have an archive
    from dermstation.handover.dicom_original import archived_pictures  # noqa: PLC0415

    view = view_of(vault, episode_id)
    contents = package_contents(vault, operator, view, practice, _NOTHING_MADE_SMALLER)
    for one in archived_pictures(contents):
        yield one.capture_id, ArchiveObject(one.data)


def _row(episode_id: str, capture_id: str, made: ArchiveObject, known: Outgoing | None) -> Outgoing:
    if known is not None and known.state is OutgoingState.PROVEN:
        return known
    return Outgoing(
        made.uid,
        episode_id,
        capture_id,
        OutgoingState.QUEUED,
        now() if known is None else known.queued_at,
        made.fingerprint.pixels,
        () if known is None else known.datasets,
    )


def _on_its_way(row: Outgoing, dataset: str) -> Outgoing:
    """Return a row that is on disk before its object is sent: it may arrive and nobody be told."""
    datasets = row.datasets if dataset in row.datasets else (*row.datasets, dataset)
    return replace(row, state=OutgoingState.SENT, datasets=datasets, next_try_at=None)


def _outcome(row: Outgoing, trouble: StationError | None, archive: str, at: datetime) -> Outgoing:
    if trouble is None:
        proven = replace(row, state=OutgoingState.PROVEN, proven_at=at, archive=archive)
        return replace(proven, trouble="", facts={}, next_try_at=None)
    log.info("object of capture %s: %s", row.capture_id, trouble.code.value)
    if is_for_good(trouble.code):
        return _failed(row, trouble)
    tries = row.tries + 1
    waiting = replace(row, state=OutgoingState.QUEUED, tries=tries)
    return replace(_told(waiting, trouble), next_try_at=next_try(tries, at))


def _failed(row: Outgoing, trouble: StationError) -> Outgoing:
    return replace(_told(row, trouble), state=OutgoingState.FAILED, next_try_at=None)


def _told(row: Outgoing, trouble: StationError) -> Outgoing:
    return replace(row, trouble=trouble.code.value, facts=trouble.facts)
