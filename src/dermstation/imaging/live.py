"""Judge live frames one after the other; what did not change is not measured again.

The focus is measured on every frame. Light, colour and framing are measured on the picture in
colour, and are kept while each part of it stays as bright as it was, for a few frames at most.
While it changes, frames take turns: one measures a part of what the picture shows as a whole, the
next the tint and whether the skin's own focus is in doubt. For one thread.
"""

from dataclasses import replace
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from dermstation.domain.quality import QualityReport
from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import Measures, measure, measure_focus, reported, tint_of
from dermstation.imaging.codec import Bgr
from dermstation.imaging.damage import is_damaged
from dermstation.imaging.field import Field, field_of
from dermstation.imaging.scale import luma
from dermstation.imaging.shot_scene import SceneMemory
from dermstation.imaging.sight import Thumbnail
from dermstation.imaging.table import table
from dermstation.imaging.tiles import TileGrid, tile_grid

_LEAST_CHANGE_DN = 2  # of any part; a strong noise changes a part's mean by less
_MOST_KEPT = 5  # frames, half a second


class LiveAssessor:
    """Judges a stream of frames as `assess_parts` would, with less work."""

    def __init__(self) -> None:
        self._memory = SceneMemory()
        self._measures: Measures | None = None
        self._scene: Thumbnail | None = None
        self._of: tuple[ShotKind, tuple[int, ...]] | None = None
        self._kept = 0
        self._sees_scene = False

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
        known = self._measures if self._of == (shot, grey.shape) else None
        is_same = self._is_as_before(scene)
        if known is not None and is_same and self._kept < _MOST_KEPT:
            self._kept += 1
            measures = self._with_focus(known, grid, small_bgr, shot)
        else:
            if not is_same:
                self._memory.outdate()
            measures = self._measured(known, grid, field_of(small_bgr), shot)
            self._scene, self._kept, self._of = scene, 0, (shot, grey.shape)
        self._measures = measures
        measures = replace(measures, is_damaged=is_damaged(grey))
        return reported(measures, shot, size, started)

    def _with_focus(
        self, known: Measures, grid: TileGrid, small_bgr: Bgr, shot: ShotKind
    ) -> Measures:
        """Return `known` with the focus of a frame of the same scene, and what was left out."""
        focus = measure_focus(grid, known.background, shot, table())
        if self._memory.is_whole:
            return replace(known, sharpness=focus)
        field = field_of(small_bgr)
        seen = self._memory.see(field, grid.small, shot)
        return replace(known, sharpness=focus, tint=tint_of(field, shot, table()), scene=seen)

    def _measured(
        self, known: Measures | None, grid: TileGrid, field: Field, shot: ShotKind
    ) -> Measures:
        """Measure a frame of another scene; only every second one as a whole.

        The others have their tint measured, and whether the skin's own focus is in doubt.
        """
        self._sees_scene = known is not None and not self._sees_scene
        if known is None or self._sees_scene:
            return measure(grid, field, shot, table(), seen=self._memory.see, known=known)
        scene = known.scene
        return measure(grid, field, shot, table(), seen=lambda *_: scene)

    def _is_as_before(self, scene: Thumbnail) -> bool:
        return (
            self._scene is not None and int(np.abs(scene - self._scene).max()) <= _LEAST_CHANGE_DN
        )
