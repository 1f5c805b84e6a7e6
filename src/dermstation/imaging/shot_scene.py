"""What a picture shows as a whole: its kind, a dermatoscope left on, a ruler, and similar lesions.

It changes more slowly than focus and light, so the live view measures one part of it at a time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dermstation.domain.shots import ShotKind
from dermstation.imaging.field import Field
from dermstation.imaging.lesion import find_lesion
from dermstation.imaging.ruler import NO_RULER, Ruler, find_ruler
from dermstation.imaging.scale import Grey
from dermstation.imaging.scope_ring import scope_roundness
from dermstation.imaging.shot_kind import (
    KindChances,
    chances_of,
    coarse_features,
    fine_features,
)
from dermstation.imaging.spots import similar_spots

_Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ShotScene:
    """How likely the picture is of each kind, and what else its kind of shot asks for.

    `scope_roundness` is 0 for a contact picture. `similar` counts lesions like the one that stands
    out most, itself included; it is 0 if none is found or the shot does not ask. `middle_stops` is
    the contrast of something in the middle of a close-up, None for other shots. A ruler is looked
    for in close-ups alone.
    """

    kind: KindChances
    scope_roundness: float = 0.0
    similar: int = 0
    middle_stops: float | None = None
    ruler: Ruler = NO_RULER


def _fine(field: Field, _: Grey, shot: ShotKind) -> _Part:
    contact = shot is ShotKind.DERMOSCOPIC
    return fine_features(field) | {"scope_roundness": 0.0 if contact else scope_roundness(field)}


def _coarse(field: Field, _: Grey, __: ShotKind) -> _Part:
    return coarse_features(field)


def _ruler(_: Field, grey: Grey, __: ShotKind) -> _Part:
    return {"ruler": find_ruler(grey)}


def _spots(field: Field, _: Grey, __: ShotKind) -> _Part:
    return {"similar": similar_spots(field)}


def _lesions(field: Field, _: Grey, __: ShotKind) -> _Part:
    lesion = find_lesion(field)
    return {"similar": lesion.alike + 1, "middle_stops": lesion.middle_stops}


# each takes a sixth or less of the time of a live frame
_PARTS: dict[ShotKind, tuple[Callable[[Field, Grey, ShotKind], _Part], ...]] = {
    ShotKind.GENERAL: (_fine, _coarse, _spots),
    ShotKind.CLOSEUP: (_fine, _coarse, _ruler, _lesions),
    ShotKind.DERMOSCOPIC: (_fine, _coarse),
    ShotKind.LATERAL: (_fine, _coarse),
}
_OTHERS = ("scope_roundness", "similar", "middle_stops", "ruler")


def see_scene(field: Field, grey: Grey, shot: ShotKind) -> ShotScene:
    """Return what a picture that is to be a shot of kind `shot` shows.

    `grey` is its luma at a long side of at most 400 px.
    """
    found: _Part = {}
    for part in _PARTS[shot]:
        found |= part(field, grey, shot)
    return _scene_of(found)


def _scene_of(found: _Part) -> ShotScene:
    others = {name: found[name] for name in _OTHERS if name in found}
    return ShotScene(kind=chances_of(found), **others)


class SceneMemory:
    """The scene of the live view, one part of which is seen anew at a time; for one thread."""

    def __init__(self) -> None:
        self._shot: ShotKind | None = None
        self._found: _Part = {}
        self._next = 0

    @property
    def parts(self) -> int:
        """Return how many looks see all of a scene that has changed."""
        return len(_PARTS[self._shot]) if self._shot is not None else 1

    def see(self, field: Field, grey: Grey, shot: ShotKind) -> ShotScene:
        """Return what is seen, or was seen a moment ago for the same shot."""
        parts = _PARTS[shot]
        turns: tuple[int, ...] = (self._next % len(parts),)
        if shot is not self._shot:
            self._shot, self._found, turns = shot, {}, tuple(range(len(parts)))
        for turn in turns:
            self._found |= parts[turn](field, grey, shot)
        self._next = turns[-1] + 1
        return _scene_of(self._found)
