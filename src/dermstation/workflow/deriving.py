"""Copies drawn from captures: an arrow or ring on a marked copy, plain areas on a covered one.

The bytes are read on the vault's thread, the copy is drawn on the thread for slow work, and it is
stored durably, on the vault's thread again, before anything refers to it. The mark of a covered
picture is drawn again on the covered copy: a covered area is in nothing that is made later.
"""

import hashlib
from dataclasses import dataclass, field, replace

from dermstation.domain.copies import SHAPES_MOST, SHAPES_OF, CopyKind, Derivation, Shape
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Capture, MediaType, Operator, new_id, now
from dermstation.domain.rights import Right, require
from dermstation.imaging.codec import Bgr, decode
from dermstation.imaging.colour_space import Profile, carried, encoded, profile_of
from dermstation.imaging.covering import covered
from dermstation.imaging.marking import marked
from dermstation.imaging.orientation import upright
from dermstation.vault.columns import from_shapes, to_shapes
from dermstation.vault.store import Vault
from dermstation.workflow.own_work import require_wipe
from dermstation.workflow.viewing import check_changeable, view_after_change, view_of
from dermstation.workflow.walk import EpisodeView

_JPEG_QUALITY = 95


@dataclass(frozen=True, slots=True)
class Drawing:
    """The picture that a copy is drawn on, and the shapes so far.

    `marks` are the shapes of the marked copy: they are drawn again on a covered one.
    """

    kind: CopyKind
    origin: Capture
    base: Capture
    image: bytes = field(repr=False)
    shapes: tuple[Shape, ...] = ()
    marks: tuple[Shape, ...] = ()
    is_draft: bool = False  # the shapes were drawn before and not saved


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn copy that is not stored yet."""

    capture: Capture
    data: bytes = field(repr=False)


def begin_drawing(vault: Vault, episode_id: str, capture_id: str, kind: CopyKind) -> Drawing:
    """Return the picture that a copy of this kind is drawn on, with the shapes drawn earlier.

    Raises StationError STEP_NOT_ALLOWED (packaged, or the picture is gone), CAPTURE_CHANGED,
    EPISODE_FILE_MISSING.
    """
    view = open_view(vault, episode_id)
    origin = _capture_of(view, capture_id)
    base = view.shown(origin)
    if kind is CopyKind.COVERED and origin.wiped_at is None:
        base = origin  # the cover is drawn afresh, so that it can also be made smaller
    newest = view.newest_copy(origin, kind)
    shapes: tuple[Shape, ...] = ()
    if newest is not None and newest.derivation and newest.id not in view.choices.left_out:
        is_anew = kind is CopyKind.MARKED or newest.derivation.base_id == base.id
        shapes = newest.derivation.shapes if is_anew else ()
    kept = vault.drafts.get(drawing_draft(episode_id, capture_id, kind))
    drawing = Drawing(
        kind, origin, base, vault.captures.image(base.id), shapes, _marks(view, origin)
    )
    if kept is None:
        return drawing
    return replace(drawing, shapes=to_shapes(kept["shapes"]), is_draft=True)


def keep_drawing(
    vault: Vault, episode_id: str, capture_id: str, kind: CopyKind, shapes: tuple[Shape, ...]
) -> None:
    """Keep the shapes drawn so far, so that neither a crash nor a lock loses them."""
    key = drawing_draft(episode_id, capture_id, kind)
    vault.drafts.put(key, {"shapes": from_shapes(shapes)}, episode_id=episode_id)


def drawing_draft(episode_id: str, capture_id: str, kind: CopyKind) -> str:
    """Return the key of a drawing's draft."""
    return f"drawing:{kind.value}:{episode_id}:{capture_id}"


def draw(drawing: Drawing, shapes: tuple[Shape, ...], operator: Operator) -> tuple[Drawn, ...]:
    """Make the copy and, if it is a covered one, the marked copy again; store nothing yet.

    A copy takes only the pixels of the original's file: no EXIF, no thumbnail. Slow; needs no
    vault. Raises StationError NOTHING_DRAWN, IMAGE_UNREADABLE, IMAGE_TOO_LARGE.
    """
    if not 1 <= len(shapes) <= SHAPES_MOST or any(
        one.kind not in SHAPES_OF[drawing.kind] for one in shapes
    ):
        raise StationError(ErrorCode.NOTHING_DRAWN, shapes=len(shapes), most=SHAPES_MOST)
    profile = profile_of(drawing.image)
    if drawing.kind is CopyKind.MARKED:
        whole = upright(decode(drawing.image), drawing.base.details.orientation)
        pixels, profile = carried(whole, profile)
        return (_drawn(drawing, marked(pixels, shapes), profile, shapes, operator),)
    pixels = covered(drawing.image, drawing.base.details.orientation, shapes)
    first = _drawn(drawing, pixels, profile, shapes, operator)
    if not drawing.marks:
        return (first,)
    over = replace(drawing, kind=CopyKind.MARKED, base=first.capture)
    # from the stored bytes: the mark then lies on exactly the picture that is sent beside it
    pixels, profile = decode(first.data), profile_of(first.data)
    marks = drawing.marks
    return first, _drawn(over, marked(pixels, marks), profile, marks, operator)


def save_copies(vault: Vault, copies: tuple[Drawn, ...]) -> EpisodeView:
    """Store copies durably: each is on the disk when this returns. The original is not changed.

    After an error, the same copies may be saved again.
    Raises StationError STEP_NOT_ALLOWED, CAPTURE_CHANGED, VAULT_*.
    """
    first = copies[0].capture
    view = open_view(vault, first.episode_id)
    derivation = first.derivation
    if derivation is None:
        raise ValueError("not a copy")
    _capture_of(view, derivation.origin_id)
    for one in copies:
        vault.captures.save(one.capture, one.data)
    vault.drafts.drop(drawing_draft(first.episode_id, derivation.origin_id, derivation.kind))
    return view_after_change(vault, first.episode_id)


def drop_copy(
    vault: Vault, operator: Operator, episode_id: str, capture_id: str, kind: CopyKind
) -> EpisodeView:
    """Stop using a copy, so that its arrow or cover is not shown any more.

    The copy itself stays in the vault until the wipe. Raises StationError STEP_NOT_ALLOWED,
    ORIGINAL_WIPED if there would be no picture left to show.
    """
    view = open_view(vault, episode_id)
    origin = _capture_of(view, capture_id)
    copy = view.newest_copy(origin, kind)
    if kind is CopyKind.COVERED and origin.wiped_at is not None:
        raise StationError(ErrorCode.ORIGINAL_WIPED)
    vault.drafts.drop(drawing_draft(episode_id, capture_id, kind))
    if copy is not None and copy.id not in view.choices.left_out:
        vault.picture_choices.leave_out(copy, "", by=operator.id)
    return view_after_change(vault, episode_id)


def wipe_covered(vault: Vault, operator: Operator, episode_id: str) -> EpisodeView:
    """Wipe the original of each covered picture, and every copy of it that is no longer used.

    After an error nothing is lost, and the call may be repeated. Raises StationError RIGHT_MISSING
    if there is anything to wipe and the operator may not do so alone (`own_work`), VAULT_*.
    """
    require(operator, Right.CAPTURE)
    view = view_of(vault, episode_id)
    gone = {
        one.id
        for origin in view.captures
        if view.shown(origin) is not origin
        for one in (origin, *_older_copies(view, origin))
        if one.wiped_at is None
    }
    if gone:
        require_wipe(vault, operator, episode_id)
        vault.originals.wipe(episode_id, gone, by=operator.id)
        vault.withdrawals.remove_files()
        vault.change_key_or_wait()
    return view_of(vault, episode_id)


def open_view(vault: Vault, episode_id: str) -> EpisodeView:
    """Read an episode that may still be changed. Raises StationError STEP_NOT_ALLOWED otherwise."""
    view = view_of(vault, episode_id)
    check_changeable(view.episode)
    return view


def _older_copies(view: EpisodeView, origin: Capture) -> list[Capture]:
    used = {view.shown(origin).id}
    if (mark := view.marked(origin)) is not None:
        used.add(mark.id)
    return [
        one
        for one in view.copies
        if one.derivation and one.derivation.origin_id == origin.id and one.id not in used
    ]


def _capture_of(view: EpisodeView, capture_id: str) -> Capture:
    found = next((one for one in view.captures if one.id == capture_id), None)
    if found is None:  # wiped meanwhile: the consent was withdrawn
        raise StationError(ErrorCode.STEP_NOT_ALLOWED, state="picture gone", event="copied")
    return found


def _marks(view: EpisodeView, origin: Capture) -> tuple[Shape, ...]:
    mark = view.newest_copy(origin, CopyKind.MARKED)
    if mark is None or mark.derivation is None or mark.id in view.choices.left_out:
        return ()
    return mark.derivation.shapes


def _drawn(
    drawing: Drawing, pixels: Bgr, profile: Profile, shapes: tuple[Shape, ...], operator: Operator
) -> Drawn:
    """Encode a copy and describe it; it keeps the time and operator of the original."""
    data = encoded(pixels, _JPEG_QUALITY, profile)
    origin = drawing.origin
    made = Derivation(drawing.kind, origin.id, drawing.base.id, shapes, now(), operator.id)
    capture = replace(
        origin,
        id=new_id(),
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=MediaType.JPEG,
        size_bytes=len(data),
        width=pixels.shape[1],
        height=pixels.shape[0],
        details=replace(origin.details, camera_bytes=False, orientation=None),
        derivation=made,
        wiped_at=None,
    )
    return Drawn(capture, data)
