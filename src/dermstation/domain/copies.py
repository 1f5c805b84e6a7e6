"""Copies drawn from a capture: marked to show the lesion, or covered so that nobody is recognised.

The capture itself is never changed. Places are shares of the upright picture's width and height,
0 to 1, so that they are valid at every display size.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from dermstation.domain.shots import ShotKind

SHAPES_MOST = 40  # more must be a slip of the hand, and each costs time whenever it is drawn


class CopyKind(StrEnum):
    """The kind of a copy."""

    MARKED = "marked"
    COVERED = "covered"


COPY_WORDS: dict[CopyKind, str] = {
    CopyKind.MARKED: "marked copy",
    CopyKind.COVERED: "covered copy",
}
# for the reader of a package, who sees neither the station nor the original
COPY_MEANING: dict[CopyKind, str] = {
    CopyKind.MARKED: "The arrow or ring was drawn on this copy.",
    CopyKind.COVERED: "The plain areas were covered on this copy, to hide identifying features.",
}


class ShapeKind(StrEnum):
    """A shape that can be drawn."""

    ARROW = "arrow"  # from its tail to its tip
    RING = "ring"
    RECTANGLE = "rectangle"
    ELLIPSE = "ellipse"


SHAPES_OF: dict[CopyKind, tuple[ShapeKind, ...]] = {
    CopyKind.MARKED: (ShapeKind.ARROW, ShapeKind.RING),
    CopyKind.COVERED: (ShapeKind.RECTANGLE, ShapeKind.ELLIPSE),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """One thing drawn, from one place of the upright picture to another."""

    kind: ShapeKind
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Return the left, upper, right and lower edge."""
        left, right = sorted((self.x0, self.x1))
        upper, lower = sorted((self.y0, self.y1))
        return left, upper, right, lower

    def turned(self) -> "Shape":
        """Return the shape as it lies after a quarter turn of the picture to the right."""
        return Shape(self.kind, 1 - self.y0, self.x0, 1 - self.y1, self.x1)


@dataclass(frozen=True, slots=True)
class Derivation:
    """The origin of a copy: its capture, the picture it was drawn on, and by whom and when.

    `base_id` is `origin_id`, or a covered copy of it: no mark is drawn on a covered original.
    """

    kind: CopyKind
    origin_id: str
    base_id: str
    shapes: tuple[Shape, ...]
    made_at: datetime
    made_by: str

    @property
    def kinds(self) -> tuple[CopyKind, ...]:
        """Return every kind that applies: a mark may be drawn on a covered copy."""
        on_covered = self.kind is CopyKind.MARKED and self.base_id != self.origin_id
        return (self.kind, CopyKind.COVERED) if on_covered else (self.kind,)

    @property
    def words(self) -> str:
        """Return the kind of copy: "marked copy", "marked and covered copy"."""
        return f"{' and '.join(self.kinds)} copy"

    @property
    def meaning(self) -> str:
        """Return what was done, in words for the reader of a package."""
        return " ".join(COPY_MEANING[kind] for kind in self.kinds)


@dataclass(frozen=True, slots=True)
class PictureChoices:
    """The decisions about an episode's pictures in their review.

    `left_out` holds the reasons by capture id; `nothing_to_cover` holds the captures that somebody
    confirmed to identify nobody; `orders` holds the order of the shots by lesion id; `with_ruler`
    holds the close-ups in which somebody saw the ruler that the station did not.
    """

    left_out: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    nothing_to_cover: frozenset[str] = frozenset()
    orders: Mapping[str, tuple[ShotKind, ...]] = field(default_factory=lambda: MappingProxyType({}))
    with_ruler: frozenset[str] = frozenset()


NO_CHOICES = PictureChoices()
