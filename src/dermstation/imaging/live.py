"""Judge live frames one after the other; what did not change is not measured again.

The focus is measured on every frame. Light, colour and framing are measured on the picture in
colour, and are kept while each part of it stays as bright as it was, for a few frames at most. Of
what a picture shows as a whole, one part is measured on each frame until all are. For one thread.
"""

from dataclasses import replace
from functools import partial
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from dermstation.domain.quality import QualityReport
from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import Measures, measure, measure_focus, reported
from dermstation.imaging.codec import Bgr
from dermstation.imaging.damage import is_damaged
from dermstation.imaging.field import field_of
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
        is_same = self._is_as_before(grid, scene, shot)
        if self._measures is not None and is_same and self._kept < _MOST_KEPT:
            self._kept += 1
            if not self._memory.is_whole:
                scene_seen = self._memory.see(field_of(small_bgr), grid.small, shot, changed=False)
                self._measures = replace(self._measures, scene=scene_seen)
            focus = measure_focus(grid, self._measures.background, shot, table())
            measures = replace(self._measures, sharpness=focus)
        else:
            see = partial(self._memory.see, changed=not is_same)
            measures = measure(grid, field_of(small_bgr), shot, table(), see)
            self._measures, self._scene, self._kept = measures, scene, 0
            self._of = (shot, grey.shape)
        measures = replace(measures, is_damaged=is_damaged(grey))
        return reported(measures, shot, size, started)

    def _is_as_before(self, grid: TileGrid, scene: Thumbnail, shot: ShotKind) -> bool:
        if self._of != (shot, grid.source.shape) or self._scene is None:
            return False
        return int(np.abs(scene - self._scene).max()) <= _LEAST_CHANGE_DN
