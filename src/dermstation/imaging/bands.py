"""Noise-compensated energies of a picture's detail by octave and direction.

What blurs a picture takes its finest octaves first; shake takes them along one direction alone,
the same in all of the picture. Pure functions on arrays; any thread or process.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.imaging.tiles import Floats

Values = NDArray[np.float64]

OCTAVES = 4
_BLOCK_PX = 8  # blocks in which the strongest edges are looked for
_LAPLACIAN_GAIN = 20.0  # energy of the five-point Laplacian on white noise of variance 1
_GRADIENT_GAIN = 0.5  # the same of (-1, 0, 1) / 2, in each direction
_LAPLACIAN_FLOOR = 0.25  # grey levels squared; whole levels alone make 20/12, less what is averaged
_GRADIENT_FLOOR = 0.05
_EDGE_SHARES = (0.03, 0.12)  # of the blocks: those with most gradient two octaves up
_PERCENTILES = (50, 85)
_FINE, _COARSE = [0, 0, 1, 1, 2], [1, 2, 2, 3, 3]  # pairs of octaves
_HALF_SQUARED = 0.25  # of the differences between next neighbours but one
_ANGLES = np.arange(8) * np.pi / 8
# gradient energy along each angle from a structure tensor (xx, yy, xy)
_ALONG = np.stack([np.cos(_ANGLES) ** 2, np.sin(_ANGLES) ** 2, np.sin(2 * _ANGLES)])


@dataclass(frozen=True, slots=True)
class BandEnergies:
    """Mean squared differences, less noise, in grey levels squared.

    `laplacian` (octaves, n) and `tensor` (octaves, 3, n), the gradient's xx, yy and xy, are of each
    tile; `edges` (6, blocks) is of each 8 px block: Laplacian, then gradient, of three octaves.
    """

    laplacian: Values
    tensor: Values
    edges: Values
    noise: float


def band_energies(tiles: Floats, noise: float) -> BandEnergies:
    """Measure tiles (n, 64, 64) over four octaves; `noise` is the picture's noise variance."""
    laplacian, tensor, lap_blocks, gradient_blocks = [], [], [], []
    count, side, _ = tiles.shape
    level = tiles.reshape(count * side, side)
    for octave in range(OCTAVES):
        variance = noise / 4**octave  # each halving averages four pixels
        lap = _within(cv2.Laplacian(level, cv2.CV_32F, ksize=1), side)
        across = _within(_differences(level, 1), side)
        down = _within(_differences(level, side), side)
        squared = cv2.multiply(lap, lap)
        across_squared = cv2.multiply(across, across, scale=_HALF_SQUARED)
        down_squared = cv2.multiply(down, down, scale=_HALF_SQUARED)
        laplacian.append(_energy(squared, side) - _LAPLACIAN_GAIN * variance)
        tensor.append(
            [
                np.maximum(_energy(across_squared, side) - _GRADIENT_GAIN * variance, 0),
                np.maximum(_energy(down_squared, side) - _GRADIENT_GAIN * variance, 0),
                _energy(cv2.multiply(across, down, scale=_HALF_SQUARED), side),
            ]
        )
        if octave < OCTAVES - 1:
            block = _BLOCK_PX >> octave
            gradient = cv2.add(across_squared, down_squared)
            lap_blocks.append(_blocks(squared, block) - _LAPLACIAN_GAIN * variance)
            gradient_blocks.append(_blocks(gradient, block) - 2 * _GRADIENT_GAIN * variance)
            side //= 2
            size = (side, count * side)
            level = np.asarray(cv2.resize(level, size, interpolation=cv2.INTER_AREA), np.float32)
    return BandEnergies(
        np.maximum(np.array(laplacian, np.float64), 0),
        np.array(tensor, np.float64),
        np.maximum(np.array(lap_blocks + gradient_blocks, np.float64), 0),
        noise,
    )


def by_tile(energies: BandEnergies) -> Iterator[BandEnergies]:
    """Give the energies of each tile alone, in order."""
    for place in range(energies.laplacian.shape[1]):
        yield of_tiles(energies, np.array([place]))


def of_tiles(energies: BandEnergies, places: NDArray[np.intp]) -> BandEnergies:
    """Give the energies of some of the tiles."""
    count = energies.laplacian.shape[1]
    edges = energies.edges.reshape(len(energies.edges), count, -1)[:, places]
    return BandEnergies(
        energies.laplacian[:, places],
        energies.tensor[..., places],
        edges.reshape(len(edges), -1),
        energies.noise,
    )


def features(energies: BandEnergies) -> Values:
    """Reduce the energies of n >= 1 tiles to the models' inputs, all logarithms, most of ratios."""
    lap = energies.laplacian + _LAPLACIAN_FLOOR
    gradient = energies.tensor[:, :2].sum(axis=1) + _GRADIENT_FLOOR
    lap_all, gradient_all = lap.sum(axis=1), gradient.sum(axis=1)
    ratios = np.concatenate([np.log(lap[:-1] / lap[1:]), np.log(gradient[:-1] / gradient[1:])])
    strengths = np.log(np.concatenate([lap, gradient]))
    return np.concatenate(
        [
            np.log(lap_all[:-1] / lap_all[1:]),
            np.log(lap_all / gradient_all),
            np.log(gradient_all[:-1] / gradient_all[1:]),
            _percentiles(ratios, _PERCENTILES).ravel(),
            _percentiles(strengths, (75,)).ravel(),
            _edge_ratios(energies.edges),
            _directions(energies.tensor),
            [0.5 * np.log(energies.noise + 0.02)],
        ]
    )


def _edge_ratios(edges: Values) -> Values:
    """Give how much fine detail the blocks with the strongest edges have."""
    coarse = edges[5]
    floors = np.array([_LAPLACIAN_FLOOR, _GRADIENT_FLOOR]).repeat(3)
    values = []
    for share in _EDGE_SHARES:
        first = coarse.size - max(1, int(share * coarse.size))
        strongest = edges[:, np.argpartition(coarse, first)[first:]].mean(axis=1) + floors
        logs = np.log(strongest)
        values += [logs[0] - logs[5], logs[1] - logs[5], logs[3] - logs[5], logs[4] - logs[5]]
        values.append(logs[5])
    return np.array(values)


def _directions(tensor: Values) -> Values:
    """Give how unequally the directions lose fine detail, over all tiles and tile by tile.

    Hairs and furrows are long in all octaves and lie differently in each tile; shake takes fine
    detail along one angle everywhere.
    """
    along = np.einsum("otn,ta->oan", tensor, _ALONG)
    along = np.maximum(along, 0) + _GRADIENT_FLOOR / 2
    whole = np.log(along.sum(axis=2))
    by_tile = np.log(along)
    kept = whole[_FINE] - whole[_COARSE]
    each = by_tile[_FINE] - by_tile[_COARSE]
    best = _percentiles(each, (85,))[..., 0]
    mean = each.mean(axis=2)
    least = mean.argmin(axis=1)
    pairs = np.arange(len(least))
    across = mean[pairs, (least + mean.shape[1] // 2) % mean.shape[1]]
    return np.concatenate(
        [
            kept.min(axis=1),
            kept.max(axis=1),
            best.min(axis=1),
            best.max(axis=1) - best.min(axis=1),
            mean[pairs, least],
            across - mean[pairs, least],
            whole.max(axis=1) - whole.min(axis=1),
        ]
    )


def _percentiles(values: Values, percentiles: tuple[int, ...]) -> Values:
    """Give nearest-rank percentiles along the last axis: (..., n) -> (..., percentiles)."""
    ordered = np.sort(values, axis=-1)
    ranks = [round(percentile / 100 * (values.shape[-1] - 1)) for percentile in percentiles]
    return np.asarray(ordered[..., ranks])


def _differences(level: Floats, step: int) -> Floats:
    """Subtract the values `step` places before from those after, in the order of memory.

    Along rows (a step of 1) and along columns (of a row's length) it is far faster than a filter;
    what wraps around lies on the border, which is blanked.
    """
    values = level.ravel()
    differences = np.zeros_like(values)
    np.subtract(values[2 * step :], values[: -2 * step], out=differences[step:-step])
    return differences.reshape(level.shape)


def _within(values: cv2.typing.MatLike, side: int) -> Floats:
    """Blank each tile's border, where a filter has seen the tile stacked next to it."""
    tiles = np.asarray(values, np.float32).reshape(-1, side, side)
    tiles[:, [0, -1]] = 0
    tiles[:, :, [0, -1]] = 0
    return tiles.reshape(-1, side)


def _energy(products: cv2.typing.MatLike, side: int) -> Values:
    sums = np.add.reduce(np.asarray(products, np.float32).reshape(-1, side * side), axis=1)
    return np.asarray(sums, np.float64) / (side - 2) ** 2


def _blocks(values: cv2.typing.MatLike, block: int) -> Values:
    size = (values.shape[1] // block, values.shape[0] // block)
    return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_AREA), np.float64).ravel()
