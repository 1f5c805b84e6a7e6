"""Review a lesion's pictures: leave out with a reason, put in order, turn, cover or clear.

Also finds earlier pictures of the same lesion to compare with, while the vault has them.
Plain functions on an open vault, run on the vault's thread.
"""

from dataclasses import dataclass, replace

from dermstation.domain.copies import CopyKind
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Capture, Lesion, Operator
from dermstation.domain.shots import ShotKind
from dermstation.domain.text_limits import SHORT_REASON_MAX_CHARS, check_length
from dermstation.imaging.codec import Bgr
from dermstation.imaging.colour_space import decode_srgb
from dermstation.imaging.orientation import next_orientation, upright
from dermstation.vault.columns import from_shapes, to_shapes
from dermstation.vault.store import Vault
from dermstation.workflow.deriving import drawing_draft, open_view
from dermstation.workflow.viewing import end_review, view_after_change, view_of
from dermstation.workflow.walk import EpisodeView

_PIXELS_MOST = 12_500_000  # a small PC can hold six pictures of this size at once
_REDUCED_MOST = 8


@dataclass(frozen=True, slots=True)
class Earlier:
    """A picture to compare with: one of this episode replaced since, or one of another visit."""

    capture: Capture  # as it may be shown: the covered copy, if there is one
    lesion: Lesion
    is_same_visit: bool
    is_same_site: bool
    is_archived: bool = False  # fetched from the archive, and nowhere on this PC


def leave_out(
    vault: Vault, operator: Operator, episode_id: str, capture_id: str, because: str
) -> EpisodeView:
    """Leave a picture out of the package; the reason is printed there.

    Raises StationError LEFT_OUT_REASON_MISSING, TEXT_TOO_LONG, STEP_NOT_ALLOWED.
    """
    reason = " ".join(because.split())
    if not reason:
        raise StationError(ErrorCode.LEFT_OUT_REASON_MISSING)
    check_length(reason, SHORT_REASON_MAX_CHARS)
    capture = _taken(open_view(vault, episode_id), capture_id)
    vault.picture_choices.leave_out(capture, reason, by=operator.id)
    return view_after_change(vault, episode_id)


def put_back(vault: Vault, operator: Operator, episode_id: str, capture_id: str) -> EpisodeView:
    """Put a left-out picture back into the package. Raises StationError STEP_NOT_ALLOWED."""
    view = open_view(vault, episode_id)
    capture = _taken(view, capture_id)
    if capture.id in view.choices.left_out:
        vault.picture_choices.leave_out(capture, None, by=operator.id)
    return view_after_change(vault, episode_id)


def say_nothing_to_cover(
    vault: Vault, operator: Operator, episode_id: str, capture_id: str, *, holds: bool
) -> EpisodeView:
    """Note that a picture identifies nobody, or undo that. Raises StationError STEP_NOT_ALLOWED."""
    capture = _taken(open_view(vault, episode_id), capture_id)
    vault.picture_choices.say_nothing_to_cover(capture, holds=holds, by=operator.id)
    return view_after_change(vault, episode_id)


def say_ruler(vault: Vault, operator: Operator, episode_id: str, capture_id: str) -> EpisodeView:
    """Note that a close-up has a ruler that the station does not see.

    No review is void afterwards: no picture and no answer changes. Raises StationError
    STEP_NOT_ALLOWED.
    """
    capture = _taken(open_view(vault, episode_id), capture_id)
    vault.picture_choices.say_ruler(capture, by=operator.id)
    return view_of(vault, episode_id)


def move(vault: Vault, episode_id: str, lesion_id: str, shot: ShotKind, by: int) -> EpisodeView:
    """Move a lesion's picture by `by` places, later if positive, at most to the end.

    Raises StationError STEP_NOT_ALLOWED; LookupError.
    """
    view = open_view(vault, episode_id)
    lesion = next((one for one in view.lesions if one.id == lesion_id), None)
    if lesion is None or shot not in view.taken(lesion):
        raise LookupError("no such picture")
    order = list(view.taken(lesion))
    place = order.index(shot)
    order.insert(max(0, min(place + by, len(order) - 1)), order.pop(place))
    vault.picture_choices.put_in_order(lesion_id, order)
    return view_after_change(vault, episode_id)


def turn(vault: Vault, operator: Operator, episode_id: str, capture_id: str) -> EpisodeView:
    """Turn a picture and its copies a quarter turn to the right, with whatever is drawn on them.

    The turn is only noted: no byte of a picture changes. A review is void afterwards. Raises
    StationError STEP_NOT_ALLOWED.
    """
    view = open_view(vault, episode_id)
    capture = _taken(view, capture_id)
    of_it = [
        one for one in view.copies if one.derivation and one.derivation.origin_id == capture.id
    ]
    with vault.transaction():
        vault.captures.turn(_turned(capture), map(_turned, of_it), by=operator.id)
        for kind in CopyKind:
            key = drawing_draft(episode_id, capture_id, kind)
            if (kept := vault.drafts.get(key)) is not None:
                shapes = tuple(one.turned() for one in to_shapes(kept["shapes"]))
                vault.drafts.put(key, {"shapes": from_shapes(shapes)}, episode_id=episode_id)
        return end_review(vault, episode_id)


def turned_since(before: EpisodeView, after: EpisodeView) -> set[str]:
    """Return the ids of the pictures that were turned between two readings of an episode."""
    old, new = _ways_up(before), _ways_up(after)
    return {one for one in old.keys() & new.keys() if old[one] != new[one]}


def is_as_known(view: EpisodeView, capture: Capture) -> bool:
    """Return whether a picture has not been turned since this record of it was read."""
    way_up = capture.details.orientation
    return _ways_up(view).get(capture.id, way_up) == way_up


def _ways_up(view: EpisodeView) -> dict[str, int | None]:
    return {one.id: one.details.orientation for one in (*view.captures, *view.copies)}


def _turned(capture: Capture) -> Capture:
    details = replace(capture.details, orientation=next_orientation(capture.details.orientation))
    copy = capture.derivation
    if copy is not None:
        copy = replace(copy, shapes=tuple(shape.turned() for shape in copy.shapes))
    return replace(capture, details=details, derivation=copy)


def image_of(vault: Vault, capture_id: str) -> bytes:
    """Return a picture's bytes.

    Raises StationError CAPTURE_CHANGED, EPISODE_FILE_MISSING, ORIGINAL_WIPED, STEP_NOT_ALLOWED
    (the picture has gone in the meantime).
    """
    try:
        return vault.captures.image(capture_id)
    except LookupError:
        raise StationError(
            ErrorCode.STEP_NOT_ALLOWED, state="picture gone", event="looked at"
        ) from None


def pixels_to_review(capture: Capture, image: bytes) -> Bgr:
    """Decode a picture upright, reduced to at most about 12 megapixels. Needs no vault.

    Raises StationError IMAGE_UNREADABLE, IMAGE_TOO_LARGE.
    """
    reduce = 1
    while capture.width * capture.height / reduce**2 > _PIXELS_MOST and reduce < _REDUCED_MOST:
        reduce *= 2
    return upright(decode_srgb(image, reduce), capture.details.orientation)


def earlier_pictures(
    vault: Vault, view: EpisodeView, lesion: Lesion, shot: ShotKind
) -> tuple[Earlier, ...]:
    """List the pictures that one of `lesion` can be compared with, newest first.

    These are pictures that a retake has replaced, and pictures of this shot from the patient's
    other visits that are still in the vault; those of the same site come first.
    """
    now_shown = view.reviewed(lesion)
    found = [
        Earlier(view.shown(one), lesion, True, True)
        for one in view.captures
        if one.lesion_id == lesion.id and one.shot is shot and one not in now_shown
    ]
    unfinished = {one.id for one in vault.episodes.unfinished()}
    for episode in vault.episodes.of_patient(view.patient.id):
        if episode.id == view.episode.id or episode.id not in unfinished:
            continue
        other = view_of(vault, episode.id)
        found += [
            Earlier(other.shown(taken), one, False, _is_same_site(one, lesion))
            for one in other.lesions
            if (taken := other.taken(one).get(shot)) is not None
        ]
    readable = [one for one in found if one.capture.wiped_at is None]
    newest_first = sorted(readable, key=lambda one: one.capture.captured_at, reverse=True)
    return tuple(sorted(newest_first, key=lambda one: not one.is_same_site))


def _is_same_site(one: Lesion, other: Lesion) -> bool:
    return (one.site_code, one.side) == (other.site_code, other.side)


def _taken(view: EpisodeView, capture_id: str) -> Capture:
    for lesion in view.lesions:
        for capture in view.reviewed(lesion):
            if capture.id == capture_id:
                return capture
    raise StationError(ErrorCode.STEP_NOT_ALLOWED, state="picture gone", event="reviewed")
