"""What a picture shows as a whole: its kind, a dermatoscope left on, and similar lesions.

It changes more slowly than focus and light, so the live view looks at every third frame only.
"""

from dataclasses import dataclass

from dermstation.domain.shots import ShotKind
from dermstation.imaging.field import Field
from dermstation.imaging.lesion import find_lesion
from dermstation.imaging.scope_ring import scope_roundness
from dermstation.imaging.shot_kind import KindChances, kind_chances
from dermstation.imaging.spots import similar_spots

_EVERY = 3


@dataclass(frozen=True, slots=True)
class ShotScene:
    """How likely the picture is of each kind, and what else its kind of shot asks for.

    `scope_roundness` is 0 for a contact picture. `similar` counts lesions like the one that stands
    out most, itself included; it is 0 if none is found or the shot does not ask. `middle_stops` is
    the contrast of something in the middle of a close-up, None for other shots.
    """

    kind: KindChances
    scope_roundness: float = 0.0
    similar: int = 0
    middle_stops: float | None = None


def see_scene(field: Field, shot: ShotKind) -> ShotScene:
    """Return what a picture that is to be a shot of kind `shot` shows."""
    kind = kind_chances(field)
    if shot is ShotKind.DERMOSCOPIC:
        return ShotScene(kind)
    roundness = scope_roundness(field)
    if shot is ShotKind.GENERAL:
        return ShotScene(kind, roundness, similar_spots(field))
    if shot is ShotKind.CLOSEUP:
        lesion = find_lesion(field)
        return ShotScene(kind, roundness, lesion.alike + 1, lesion.middle_stops)
    return ShotScene(kind, roundness)


class SceneMemory:
    """The scene of the live view, seen anew on each third frame; for one thread."""

    def __init__(self) -> None:
        self._shot: ShotKind | None = None
        self._scene: ShotScene | None = None
        self._age = 0

    def see(self, field: Field, shot: ShotKind) -> ShotScene:
        """Return what is seen, or was seen a moment ago for the same shot."""
        self._age += 1
        if self._scene is None or shot is not self._shot or self._age >= _EVERY:
            self._scene, self._shot, self._age = see_scene(field, shot), shot, 0
        return self._scene
