"""How sharp a picture is: its blur as a radius in pixels, and whether shake or defocus made it.

A picture with too little detail is said to be one, never to be sharp. Pure functions on arrays;
any thread or process.
"""

from dataclasses import dataclass

import numpy as np

from dermstation.imaging.bands import anisotropy, band_energies, features
from dermstation.imaging.focus_model import RADIUS_MODEL, SHAKE_MODEL
from dermstation.imaging.noise import noise_variance
from dermstation.imaging.scale import Grey
from dermstation.imaging.tiles import Floats, TileGrid, cut, flattest_tiles, textured_tiles

_MEASURED_TILES = 32
_NOISE_TILES = 12
# a tile has texture from this gradient energy on (grey levels squared at quarter scale), plus
# what the picture's own noise can bring about
_TEXTURE_FLOOR = 2.0
_TEXTURE_PER_NOISE = 0.1
# a shaken picture keeps its detail across the shake, so that a disk's radius understates it
_SHAKE_SURPLUS = 0.3
_SMALLEST_RADIUS_PX, _LARGEST_RADIUS_PX = 0.3, 30.0


@dataclass(frozen=True, slots=True)
class Sharpness:
    """What was measured at working scale.

    `blur_radius_px` is that of a disk that blurs as much; `shake_log_odds` is positive for shake
    rather than defocus and means something only in a blurred picture; `textured_tiles` is how
    many tiles there were to judge by; `noise_dn` is the sensor noise in grey levels.
    """

    blur_radius_px: float
    shake_log_odds: float
    textured_tiles: int
    noise_dn: float


def measure_sharpness(grey: Grey, grid: TileGrid) -> Sharpness:
    """Measure a grey picture at working scale; `grid` is its own tile grid."""
    chosen = textured_tiles(grid, _MEASURED_TILES)
    variance = noise_variance(cut(grey, grid, flattest_tiles(grid, _NOISE_TILES)))
    noise_dn = float(np.sqrt(variance))
    if len(chosen) == 0:
        return Sharpness(_LARGEST_RADIUS_PX, 0.0, 0, noise_dn)
    floor = _TEXTURE_FLOOR + _TEXTURE_PER_NOISE * variance
    textured = int((grid.gradient.flat[chosen] >= floor).sum())
    energies = band_energies(cut(grey, grid, chosen), variance)
    inputs = features(energies)
    shake = SHAKE_MODEL.apply(np.concatenate([inputs, anisotropy(energies)]))
    radius_log2 = RADIUS_MODEL.apply(np.concatenate([inputs, inputs * inputs]))
    radius_px = 2.0**radius_log2 * (1 + _SHAKE_SURPLUS / (1 + np.exp(-shake)))
    radius_px = float(np.clip(radius_px, _SMALLEST_RADIUS_PX, _LARGEST_RADIUS_PX))
    return Sharpness(radius_px, shake, textured, noise_dn)


def local_blur_px(grey: Grey, grid: TileGrid) -> Floats:
    """Estimate the blur radius of each tile, (rows, columns) px at working scale.

    Tiles that are not usable or have too little detail to judge are 0.
    """
    variance = noise_variance(cut(grey, grid, flattest_tiles(grid, _NOISE_TILES)))
    radius = np.zeros(grid.mean.shape, np.float32)
    floor = _TEXTURE_FLOOR + _TEXTURE_PER_NOISE * variance
    for index in np.flatnonzero(grid.usable & (grid.gradient >= floor)):
        inputs = features(band_energies(cut(grey, grid, np.array([index])), variance))
        log2 = RADIUS_MODEL.apply(np.concatenate([inputs, inputs * inputs]))
        radius.flat[index] = np.clip(2.0**log2, _SMALLEST_RADIUS_PX, _LARGEST_RADIUS_PX)
    return radius
