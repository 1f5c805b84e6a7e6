"""Review a lesion's pictures: leave one out with a reason, put them in order, cover or clear them.

Also finds earlier pictures of the same lesion to compare with, while the vault has them.
Plain functions on an open vault, run on the vault's thread.
"""

from dataclasses import dataclass

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Capture, Lesion, Operator
from dermstation.domain.shots import ShotKind
from dermstation.domain.text_limits import SHORT_REASON_MAX_CHARS, check_length
from dermstation.imaging.codec import Bgr, decode
from dermstation.imaging.orientation import upright
from dermstation.vault.store import Vault
from dermstation.workflow.deriving import open_view
from dermstation.workflow.viewing import view_after_change, view_of
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
    return upright(decode(image, reduce=reduce), capture.details.orientation)


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
