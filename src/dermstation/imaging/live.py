"""Judge live frames one after the other; what did not change is not measured again.

The focus is measured on every frame. Light, colour and framing are measured on the picture in
colour, and are kept while each part of it stays as bright as it was, for a few frames at most.
While it changes, its light, glare and skin are measured on every frame, and what changes slowly
takes turns, one thing on each frame: in between the parts of what the picture shows as a whole,
whether the skin's own focus is in doubt, the tint, and the lesion. For one thread.
"""

from dataclasses import replace
from enum import Enum, auto
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from dermstation.domain.quality import QualityReport
from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import (
    Measures,
    asks_for_lesion,
    background_of,
    measure,
    measure_focus,
    reported,
    tint_of,
)
from dermstation.imaging.codec import Bgr
from dermstation.imaging.damage import is_damaged
from dermstation.imaging.exposure import measure_light
from dermstation.imaging.field import Field, field_of
from dermstation.imaging.glare import measure_glare
from dermstation.imaging.lesion import find_lesion
from dermstation.imaging.scale import luma
from dermstation.imaging.shot_scene import SceneMemory
from dermstation.imaging.sight import Thumbnail
from dermstation.imaging.skin import measure_skin
from dermstation.imaging.table import table
from dermstation.imaging.tiles import TileGrid, tile_grid

_LEAST_CHANGE_DN = 2  # of any part; a strong noise changes a part's mean by less
_MOST_KEPT = 5  # frames, half a second


class _Turn(Enum):
    """What changes slowly, and takes turns."""

    SCENE = auto()
    DOUBT = auto()
    TINT = auto()
    LESION = auto()


# before each of them a part of the scene
_TURNS = (_Turn.DOUBT, _Turn.TINT)
_TURNS_WITH_LESION = (*_TURNS, _Turn.DOUBT, _Turn.LESION)


class LiveAssessor:
    """Judges a stream of frames as `assess_parts` would, with less work."""

    def __init__(self) -> None:
        self._memory = SceneMemory()
        self._measures: Measures | None = None
        self._scene: Thumbnail | None = None
        self._of: tuple[ShotKind, tuple[int, ...]] | None = None
        self._kept = 0
        self._turns: tuple[_Turn, ...] = _TURNS
        self._turn = 0
        self._due = 0  # turns since the scene last changed that were not taken

    def assess(
        self,
        source: NDArray[np.uint8],
        small_bgr: Bgr,
        scene: Thumbnail,
        shot: ShotKind,
        size: tuple[int, int],
    ) -> QualityReport:
        """Judge a frame of `size` (width, height); `scene` is the thumbnail of `small_bgr`."""
        started = perf_counter()
        grey = luma(source)
        grid = tile_grid(grey)
        if self._measures is None or self._of != (shot, grey.shape):
            self._of = (shot, grey.shape)
            measures = self._first(grid, field_of(small_bgr), scene, shot)
        elif self._kept < _MOST_KEPT and self._is_as_before(scene):
            self._kept += 1
            measures = self._again(self._measures, grid, small_bgr, shot)
        else:
            measures = self._anew(self._measures, grid, field_of(small_bgr), scene, shot)
        self._measures = measures
        measures = replace(measures, is_damaged=is_damaged(grey))
        return reported(measures, shot, size, started)

    def _first(self, grid: TileGrid, field: Field, scene: Thumbnail, shot: ShotKind) -> Measures:
        """Measure all of a frame: the first one for a shot."""
        self._memory = SceneMemory()
        self._scene, self._kept = scene, 0
        self._turns = _TURNS_WITH_LESION if asks_for_lesion(table().limits[shot]) else _TURNS
        self._turn = self._due = 0
        return measure(grid, field, shot, table(), seen=self._memory.see)

    def _again(self, known: Measures, grid: TileGrid, small_bgr: Bgr, shot: ShotKind) -> Measures:
        """Return `known` with the focus of a frame of the same scene, and what was left out."""
        if self._due:
            return self._with_turn(known, grid, field_of(small_bgr), shot)
        return (_doubted if self._kept % 2 else _focused)(known, grid, shot)

    def _anew(
        self, known: Measures, grid: TileGrid, field: Field, scene: Thumbnail, shot: ShotKind
    ) -> Measures:
        """Measure a frame of another scene; of what changes slowly one thing alone."""
        if not self._is_as_before(scene):
            self._due = 2 * max(len(self._turns), self._memory.parts)
        self._scene, self._kept = scene, 0
        measures = replace(
            known,
            light=measure_light(field),
            glare=measure_glare(field),
            skin=measure_skin(field, grid),
            dark_share=field.dark_share,
            background=background_of(field, grid, shot, table()),
        )
        return self._with_turn(measures, grid, field, shot)

    def _with_turn(self, known: Measures, grid: TileGrid, field: Field, shot: ShotKind) -> Measures:
        """Return `known` with the focus, and the next thing that changes slowly, of a frame."""
        self._due = max(0, self._due - 1)
        place, self._turn = self._turn, (self._turn + 1) % (2 * len(self._turns))
        turn = self._turns[place // 2] if place % 2 else _Turn.SCENE
        if turn is _Turn.DOUBT:
            return _doubted(known, grid, shot)
        known = _focused(known, grid, shot)
        if turn is _Turn.TINT:
            return replace(known, tint=tint_of(field, shot, table()))
        if turn is _Turn.LESION:
            return replace(known, lesion=find_lesion(field))
        return replace(known, scene=self._memory.see(field, grid.small, shot))

    def _is_as_before(self, scene: Thumbnail) -> bool:
        return (
            self._scene is not None and int(np.abs(scene - self._scene).max()) <= _LEAST_CHANGE_DN
        )


def _focused(known: Measures, grid: TileGrid, shot: ShotKind) -> Measures:
    """Return `known` with the focus of a frame, and the doubt of the one before."""
    focus = measure_focus(grid, known.background, shot, table(), known.sharpness)
    return replace(known, sharpness=focus)


def _doubted(known: Measures, grid: TileGrid, shot: ShotKind) -> Measures:
    """Return `known` with the focus of a frame, and whether the skin's own is in doubt."""
    return replace(known, sharpness=measure_focus(grid, known.background, shot, table()))
