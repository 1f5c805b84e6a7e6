"""Copies drawn from captures: an arrow or ring on a marked one, plain areas on a covered one.

The bytes come from the vault's thread, the drawing is done on the thread for slow work, and what
was drawn is stored on the vault's thread again, durably, before anything refers to it. A covered
picture's mark is drawn anew on the covered copy: what is covered is in nothing that is made later.
"""

import hashlib
from dataclasses import dataclass, field, replace

from dermstation.domain.copies import SHAPES_MOST, SHAPES_OF, CopyKind, Derivation, Shape
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Capture, MediaType, Operator, new_id, now
from dermstation.imaging.codec import Bgr, decode, encode_jpeg
from dermstation.imaging.covering import covered
from dermstation.imaging.marking import marked
from dermstation.imaging.orientation import upright
from dermstation.vault.columns import from_shapes, to_shapes
from dermstation.vault.store import Vault
from dermstation.workflow.viewing import check_changeable, view_after_change, view_of
from dermstation.workflow.walk import EpisodeView

_JPEG_QUALITY = 95


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a copy is drawn on, and the shapes there are so far.

    `marks` are those of the marked copy: they are drawn again on a covered one.
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
    """A copy that is not stored yet."""

    capture: Capture
    data: bytes = field(repr=False)


def begin_drawing(vault: Vault, episode_id: str, capture_id: str, kind: CopyKind) -> Drawing:
    """Fetch what a copy of this kind is drawn on, with the shapes drawn before.

    Raises StationError STEP_NOT_ALLOWED (packaged, or the picture is gone), CAPTURE_CHANGED,
    EPISODE_FILE_MISSING.
    """
    view = open_view(vault, episode_id)
    origin = _capture_of(view, capture_id)
    base = view.shown(origin)
    if kind is CopyKind.COVERED and origin.wiped_at is None:
        base = origin  # the cover is drawn anew, so that it can be made smaller too
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
    """Keep the shapes that are drawn so far, so that neither a crash nor a lock loses them."""
    key = drawing_draft(episode_id, capture_id, kind)
    vault.drafts.put(key, {"shapes": from_shapes(shapes)}, episode_id=episode_id)


def drawing_draft(episode_id: str, capture_id: str, kind: CopyKind) -> str:
    """Name the draft of a drawing."""
    return f"drawing:{kind.value}:{episode_id}:{capture_id}"


def pixels_to_draw_on(drawing: Drawing) -> Bgr:
    """Decode what is drawn on, upright, (height, width, 3) BGR. Raises StationError IMAGE_*."""
    return upright(decode(drawing.image), drawing.base.details.orientation)


def draw(drawing: Drawing, shapes: tuple[Shape, ...], operator: Operator) -> tuple[Drawn, ...]:
    """Make the copy, and for a covered one the marked copy anew; nothing is stored yet.

    Nothing of the original's file but its pixels gets into a copy: no EXIF, no thumbnail. Slow;
    needs no vault. Raises StationError NOTHING_DRAWN, IMAGE_UNREADABLE, IMAGE_TOO_LARGE.
    """
    if not 1 <= len(shapes) <= SHAPES_MOST or any(
        one.kind not in SHAPES_OF[drawing.kind] for one in shapes
    ):
        raise StationError(ErrorCode.NOTHING_DRAWN, shapes=len(shapes), most=SHAPES_MOST)
    if drawing.kind is CopyKind.MARKED:
        return (_drawn(drawing, marked(pixels_to_draw_on(drawing), shapes), shapes, operator),)
    pixels = covered(drawing.image, drawing.base.details.orientation, shapes)
    first = _drawn(drawing, pixels, shapes, operator)
    if not drawing.marks:
        return (first,)
    over = replace(drawing, kind=CopyKind.MARKED, base=first.capture)
    # from the stored bytes: the mark then lies on exactly what goes along beside it
    return first, _drawn(over, marked(decode(first.data), drawing.marks), drawing.marks, operator)


def save_copies(vault: Vault, copies: tuple[Drawn, ...]) -> EpisodeView:
    """Store copies durably; each is on the disk when this returns. The original stays as it is.

    After an error they may be saved again as they are.
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
    """Use a copy no longer: the arrow, or the cover, is taken away again.

    The copy itself stays in the vault until the wipe. Raises StationError STEP_NOT_ALLOWED,
    ORIGINAL_WIPED where nothing would be left to show.
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
    """Wipe the original of each covered picture, and every copy that shows more than the last.

    After an error nothing is lost, and it may be asked again. Raises StationError VAULT_*.
    """
    view = view_of(vault, episode_id)
    gone = {
        one.id
        for origin in view.captures
        if view.shown(origin) is not origin
        for one in (origin, *_older_copies(view, origin))
        if one.wiped_at is None
    }
    if gone:
        vault.originals.wipe(episode_id, gone, by=operator.id)
        vault.withdrawals.remove_files()
        vault.change_key_or_wait()
    return view_of(vault, episode_id)


def open_view(vault: Vault, episode_id: str) -> EpisodeView:
    """Read an episode whose pictures may be reviewed. Raises StationError STEP_NOT_ALLOWED."""
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


def _drawn(drawing: Drawing, pixels: Bgr, shapes: tuple[Shape, ...], operator: Operator) -> Drawn:
    """Encode a copy and describe it; when and by whom the picture was taken stays said."""
    data = encode_jpeg(pixels, _JPEG_QUALITY)
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
