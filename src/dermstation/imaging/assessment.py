"""The quality report of a picture: its measurements, judged by the limits for its kind of shot.

The same code judges live frames and stills. It never changes a pixel and says nothing about the
nature of the lesion. Pure functions; any thread or process.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dermstation.domain.quality import Judgement, QualityReport
from dermstation.domain.shots import ShotKind
from dermstation.imaging.background import background_tiles
from dermstation.imaging.codec import Bgr
from dermstation.imaging.colour import Tint, measure_tint
from dermstation.imaging.damage import is_damaged
from dermstation.imaging.exposure import Light, measure_light
from dermstation.imaging.field import Field, field_of
from dermstation.imaging.focus import Sharpness, measure_sharpness
from dermstation.imaging.glare import Glare, measure_glare
from dermstation.imaging.judging import (
    judge_colour,
    judge_focus,
    judge_framing,
    judge_glare,
    judge_light,
    with_damage,
    with_kind,
    with_lesion_note,
    with_ruler_note,
    with_scope,
)
from dermstation.imaging.lesion import NO_LESION, LesionArea, find_lesion
from dermstation.imaging.scale import Grey, luma, to_grey
from dermstation.imaging.shot_kind import kind_model
from dermstation.imaging.shot_scene import ShotScene, see_scene
from dermstation.imaging.skin import Skin, measure_skin, skin_doubt
from dermstation.imaging.table import ModelTable, table
from dermstation.imaging.thresholds import ShotLimits
from dermstation.imaging.tiles import Mask, TileGrid, tile_grid

SceneSeer = Callable[[Field, Grey, ShotKind], ShotScene]


@dataclass(frozen=True, slots=True)
class Measures:
    """All measurements of a picture, before anything is judged."""

    sharpness: Sharpness
    light: Light
    glare: Glare
    tint: Tint
    skin: Skin
    lesion: LesionArea
    dark_share: float
    scene: ShotScene
    background: Mask | None = None
    is_damaged: bool = False


def assess(bgr: Bgr, shot: ShotKind) -> QualityReport:
    """Measure and judge a picture, (height, width, 3) BGR uint8, as a shot of kind `shot`."""
    started = time.perf_counter()
    height, width = bgr.shape[:2]
    grey = to_grey(bgr)
    measures = measure(tile_grid(grey), field_of(bgr), shot, table())
    measures = replace(measures, is_damaged=is_damaged(grey))
    return reported(measures, shot, (width, height), started)


def assess_parts(
    source: NDArray[np.uint8],
    small_bgr: Bgr,
    shot: ShotKind,
    width: int,
    height: int,
) -> QualityReport:
    """Measure and judge a picture that is given as two parts, as the live view decodes it.

    `source` is the full-size luma (height, width) uint8, or the full-size colour picture;
    `small_bgr` is the same picture in colour, reduced by averaging to a long side of at least 400
    px; `width` and `height` are those of the picture itself. The verdicts are those of `assess`;
    the scores differ from it by a few points at most.
    """
    started = time.perf_counter()
    grey = luma(source)
    measures = measure(tile_grid(grey), field_of(small_bgr), shot, table())
    measures = replace(measures, is_damaged=is_damaged(grey))
    return reported(measures, shot, (width, height), started)


def reported(
    measures: Measures, shot: ShotKind, size: tuple[int, int], started: float
) -> QualityReport:
    """Return the report on a picture of `size` (width, height), begun at `started`."""
    judgements = judge(measures, shot, table())
    return QualityReport(shot, *size, judgements, (time.perf_counter() - started) * 1000)


def measure(
    grid: TileGrid,
    field: Field,
    shot: ShotKind,
    by: ModelTable,
    *,
    seen: SceneSeer = see_scene,
) -> Measures:
    """Measure what `shot` requires, from the tile grid and the small colour version.

    `seen` looks at what the picture shows as a whole.
    """
    background = background_of(field, grid, shot, by)
    return Measures(
        sharpness=measure_focus(grid, background, shot, by),
        light=measure_light(field),
        glare=measure_glare(field),
        tint=tint_of(field, shot, by),
        skin=measure_skin(field, grid),
        lesion=find_lesion(field) if asks_for_lesion(by.limits[shot]) else NO_LESION,
        dark_share=field.dark_share,
        background=background,
        scene=seen(field, grid.small, shot),
    )


def measure_focus(
    grid: TileGrid,
    background: Mask | None,
    shot: ShotKind,
    by: ModelTable,
    known: Sharpness | None = None,
) -> Sharpness:
    """Measure the focus alone, without the tiles that are background.

    With `known`, what was measured of the frame before, its doubt about the skin's own focus is
    kept.
    """
    contact = is_contact(by.limits[shot])
    return measure_sharpness(grid, by, contact=contact, left_out=background, known=known)


def tint_of(field: Field, shot: ShotKind, by: ModelTable) -> Tint:
    """Measure the tint, from something white if `shot` may show it."""
    return measure_tint(field, by.skin, from_afar=not is_contact(by.limits[shot]))


def background_of(field: Field, grid: TileGrid, shot: ShotKind, by: ModelTable) -> Mask | None:
    """Return the tiles that are background; None if the skin is to fill the picture."""
    return None if is_contact(by.limits[shot]) else background_tiles(field, grid)


def asks_for_lesion(limits: ShotLimits) -> bool:
    """Return whether a lesion is looked for, and not only as a part of the scene."""
    return limits.least_lesion_stops is not None or limits.most_lesion_share is not None


def is_contact(limits: ShotLimits) -> bool:
    """Return whether the limits are for a picture that the skin fills."""
    return limits.skin_doubt is not None


def judge(measures: Measures, shot: ShotKind, by: ModelTable) -> tuple[Judgement, ...]:
    """Judge the measurements of a picture as a shot of kind `shot`."""
    limits = by.limits[shot]
    doubt = skin_doubt(measures.skin, by.skin)
    framing = judge_framing(measures.skin, doubt, measures.dark_share, measures.lesion, limits)
    framing = with_ruler_note(framing, measures.scene.ruler, limits)
    framing = with_lesion_note(framing, measures.scene)
    framing = with_scope(framing, measures.scene.scope_roundness, limits)
    framing = with_kind(framing, measures.scene.kind, shot, kind_model())
    return (
        judge_focus(measures.sharpness, limits),
        judge_light(measures.light, measures.tint, limits),
        judge_glare(measures.glare, limits),
        judge_colour(measures.tint, limits),
        with_damage(framing, damaged=measures.is_damaged),
    )
