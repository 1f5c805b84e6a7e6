"""A picture in the review: its title, verdict and the reasons for the verdict. GUI thread."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dermstation.domain.quality_words import reasons_of
from dermstation.domain.records import LIGHT_TITLES, Capture, Lesion
from dermstation.domain.shots import SHOT_GUIDES, ShotKind
from dermstation.ui.parts.icon import IconBox
from dermstation.ui.parts.text import ElidedLabel, day_words, label
from dermstation.ui.parts.verdict import VerdictBadge
from dermstation.ui.review.shared_zoom import SharedZoom
from dermstation.ui.review.still import Still
from dermstation.ui.theme import Colour, Space
from dermstation.workflow.picture_review import Earlier
from dermstation.workflow.walk import EpisodeView

TO_COVER = "Cover it, or tick \u201cNot identifying\u201d"


@dataclass(frozen=True, slots=True)
class TileContents:
    """The contents of a tile: a capture or a copy of it, its shot, and notes on it."""

    key: str  # the id of the capture whose pixels are shown
    origin_id: str
    shot: ShotKind
    capture: Capture
    notes: tuple[str, ...] = ()
    warning: str = ""
    is_left_out: bool = False
    is_earlier: bool = False
    is_of_pair: bool = False  # titled by its light, because a pair shares its shot

    @property
    def title(self) -> str:
        """Return the title of the picture."""
        light, copy = self.capture.details.polarisation, self.capture.derivation
        name = SHOT_GUIDES[self.shot].title
        if self.is_of_pair and light is not None:
            name = LIGHT_TITLES[light]
        return ", ".join((name, *([copy.words] if copy is not None else []), *self.notes))

    @property
    def reasons(self) -> str:
        """Return the reasons for the verdict, worst first."""
        causes = reasons_of(self.capture.report)
        said = f"{causes[:1].upper()}{causes[1:]}." if causes else "No fault was found."
        if self.capture.override_reason:
            said = f"{said} Used because: {self.capture.override_reason}"
        return said

    @property
    def when(self) -> str:
        """Return when the picture was taken, in the time zone of this PC."""
        at = self.capture.captured_at.astimezone()
        return f"{day_words(at.date())} {at:%H:%M}"


def tiles_of(view: EpisodeView, lesion: Lesion) -> list[TileContents]:
    """Return the tiles of a lesion: each shot, or its covered copy, and its marked copy."""
    to_cover = {one.id for one in view.to_cover(lesion)}
    listed = []
    for taken in view.reviewed(lesion):
        reason = view.choices.left_out.get(taken.id)
        warning = f"Left out: {reason}" if reason is not None else ""
        if taken.id in to_cover:
            warning = TO_COVER
        shown, marked = view.shown(taken), view.marked(taken)
        tile = partial(
            TileContents,
            origin_id=taken.id,
            shot=taken.shot,
            is_of_pair=view.pair_of(taken) is not None,
        )
        is_out = reason is not None
        listed.append(tile(shown.id, capture=shown, warning=warning, is_left_out=is_out))
        if marked is not None and not is_out:
            listed.append(tile(marked.id, capture=marked))
    return listed


def earlier_tile(earlier: Earlier) -> TileContents:
    """Return the tile of an earlier picture, to compare with."""
    capture = earlier.capture
    return TileContents(
        capture.id, capture.id, capture.shot, capture, ("earlier",), is_earlier=True
    )


def earlier_words(earlier: Earlier) -> str:
    """Return a short description of an earlier picture."""
    at = earlier.capture.captured_at.astimezone()
    when = day_words(at.date())
    if earlier.is_same_visit:
        return f"{at:%H:%M}, before a retake"
    if earlier.is_archived:
        return f"{when}, from the archive"
    where = "the same site" if earlier.is_same_site else earlier.lesion.site_words
    return f"{when}, {where}"


class PictureTile(QWidget):
    """Title and verdict above the picture; the reasons or what is still to be settled below it."""

    def __init__(self, contents: TileContents, zoom: SharedZoom, *, dated: bool = False) -> None:
        super().__init__()
        self.contents = contents
        self.still = Still(zoom, f"{contents.title}. {contents.reasons}")
        self.still.set_dim(contents.is_left_out)
        badge = VerdictBadge(18)
        badge.show_verdict(contents.capture.report.verdict)
        top = QHBoxLayout()
        top.setSpacing(Space.S)
        top.addWidget(ElidedLabel(contents.title, "strong"), 1)
        top.addWidget(badge)
        below = QHBoxLayout()
        below.setSpacing(Space.S)
        if contents.warning:
            below.addWidget(IconBox("fair", Colour.FAIR, 16), 0, Qt.AlignmentFlag.AlignVCenter)
            below.addWidget(ElidedLabel(contents.warning, "fair"), 1)
        else:
            below.addWidget(ElidedLabel(contents.reasons, "small"), 1)
        if dated:
            below.addWidget(label(contents.when, "small"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        layout.addLayout(top)
        layout.addWidget(self.still, 1)
        layout.addLayout(below)
