"""Energy of a picture's detail by octave and direction, corrected for noise.

Blur removes the finest octaves first. Shake removes them along one direction only, the same
throughout the picture. Pure functions on arrays; any thread or process.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.imaging.tiles import TILE_PX, Floats

Values = NDArray[np.float64]

OCTAVES = 4
_EDGE_OCTAVE = 2
_BLOCK_PX = 8  # side of the blocks that are searched for the strongest edges
_LAPLACIAN_GAIN = 20.0  # energy of the five-point Laplacian on white noise of variance 1
_GRADIENT_GAIN = 0.5  # the same for (-1, 0, 1) / 2 in each direction
_LAPLACIAN_FLOOR = 0.25  # grey levels squared; rounding to levels gives 20/12, less after averaging
_GRADIENT_FLOOR = 0.05
_RANKS = (0.5, 0.75, 0.85)
_BEST_SHARE = 0.85
_EDGE_SHARES = (0.03, 0.12)  # of the blocks, those with the most gradient two octaves up
_FINER, _COARSER = [0, 1, 2, 4, 5, 6], [1, 2, 3, 5, 6, 7]  # Laplacian, then gradient
_FINE, _COARSE = [0, 0, 1, 1, 2], [1, 2, 2, 3, 3]  # pairs of octaves
_PAIRS = np.arange(5)[:, None]
_HALF_SQUARED = 0.25  # differences span two pixels, so their squares are divided by 4
_ANGLES = np.arange(8) * np.pi / 8
# gradient energy along each angle from a structure tensor (xx, yy, xy)
_ALONG = np.stack([np.cos(_ANGLES) ** 2, np.sin(_ANGLES) ** 2, np.sin(2 * _ANGLES)], axis=1)
_EDGE_FLOORS = np.array([_LAPLACIAN_FLOOR, _GRADIENT_FLOOR]).repeat(3)[:, None]


@dataclass(frozen=True, slots=True)
class BandEnergies:
    """Mean squared differences of groups of n tiles, less noise, in grey levels squared.

    `laplacian` (octaves, groups, n) and `tensor` (octaves, 3, groups, n: the gradient's xx, yy and
    xy) have one value for each tile. `edges` (6, groups, blocks) has one for each block of 8 px:
    the Laplacian in three octaves, then the gradient in three octaves.
    """

    laplacian: Values
    tensor: Values
    edges: Values
    noise: float


def block_energies(tiles: Floats) -> list[Floats]:
    """Measure tiles (n, 64, 64) in blocks of 8 x 8 px: for each octave, an array (4, n, 64).

    These are the mean squares of the Laplacian, of the differences across and down, and of the
    product of the last two.
    """
    count, side, _ = tiles.shape
    level, found = tiles, []
    for octave in range(OCTAVES):
        found.append(_block_means(_products(level), _BLOCK_PX >> octave))
        if octave < OCTAVES - 1:
            level = _halved(level.reshape(-1, side)).reshape(count, side // 2, side // 2)
            side //= 2
    return found


def plain_blocks(blocks: list[Floats]) -> list[Floats]:
    """Return the half of each tile's blocks with the weaker edges two octaves up.

    The lines of a scale, and hairs, lie in the other half.
    """
    edges = blocks[_EDGE_OCTAVE][1] + blocks[_EDGE_OCTAVE][2]
    half = edges.shape[1] // 2
    order = np.argpartition(edges, half, axis=1)[None, :, :half]
    return [np.take_along_axis(octave, order, axis=2) for octave in blocks]


def band_energies(blocks: list[Floats], noise: float) -> BandEnergies:
    """Sum the blocks of each tile as one group of tiles; `noise` is the noise variance."""
    laplacian, tensor, edges = [], [], []
    for octave, own in enumerate(blocks):
        variance = noise / 4**octave  # each halving averages four pixels
        side = TILE_PX >> octave
        sums = np.add.reduce(own, axis=2)
        sums *= (side / (side - 2)) ** 2 / own.shape[2]
        laplacian.append(sums[0] - _LAPLACIAN_GAIN * variance)
        sums[1:] *= _HALF_SQUARED
        np.maximum(sums[1:3] - _GRADIENT_GAIN * variance, 0, out=sums[1:3])
        tensor.append(sums[1:])
        if octave < OCTAVES - 1:
            lap, across, down = own[:3].reshape(3, -1)
            edges.append(lap - _LAPLACIAN_GAIN * variance)
            edges.append(_HALF_SQUARED * (across + down) - 2 * _GRADIENT_GAIN * variance)
    return BandEnergies(
        np.maximum(np.array(laplacian, np.float64), 0)[:, None],
        np.array(tensor, np.float64)[:, :, None],
        np.maximum(np.array(edges[::2] + edges[1::2], np.float64), 0)[:, None],
        noise,
    )


def grouped(energies: BandEnergies, places: NDArray[np.intp]) -> BandEnergies:
    """Return the energies of several groups of tiles, picked from those of one group.

    `places` (groups, n) are indices of tiles; a tile may be in several groups.
    """
    groups = len(places)
    edges = energies.edges.reshape(len(energies.edges), energies.laplacian.shape[2], -1)
    return BandEnergies(
        energies.laplacian[:, 0, places],
        energies.tensor[:, :, 0, places],
        edges[:, places].reshape(len(edges), groups, -1),
        energies.noise,
    )


def features(*energies: BandEnergies) -> Values:
    """Reduce the energies of groups of n >= 1 tiles to the models' inputs: (groups, 75).

    All inputs are logarithms, most of them of ratios. Several energies with the same n and noise
    take little more time than one.
    """
    tensor = np.concatenate([one.tensor for one in energies], axis=2)
    lap = np.concatenate([one.laplacian for one in energies], axis=1) + _LAPLACIAN_FLOOR
    gradient = tensor[:, 0] + tensor[:, 1] + _GRADIENT_FLOOR
    both = np.concatenate([lap, gradient])
    strengths, whole = np.log(both), np.log(np.add.reduce(both, axis=2))
    ordered = np.concatenate([strengths[_FINER] - strengths[_COARSER], strengths])
    ordered.sort(axis=2)
    last = both.shape[2] - 1
    ranked = ordered[:, :, [round(share * last) for share in _RANKS]]
    ratios, absolute = ranked[:6], ranked[6:]
    values = np.concatenate(
        [
            whole[:3] - whole[1:4],
            whole[:4] - whole[4:],
            whole[4:7] - whole[5:],
            ratios[..., [0, 2]].transpose(0, 2, 1).reshape(12, -1),
            absolute[..., 1],
            np.concatenate([_edge_ratios(one.edges) for one in energies], axis=1),
            _directions(tensor),
            np.full((1, both.shape[1]), 0.5 * np.log(energies[0].noise + 0.02)),
        ]
    )
    return np.asarray(values.T)


def _edge_ratios(edges: Values) -> Values:
    """Return how much fine detail the blocks with the strongest edges have: (10, groups)."""
    count = edges.shape[2]
    few, many = (max(1, int(share * count)) for share in _EDGE_SHARES)
    order = np.argpartition(edges[5], (count - many, count - few), axis=1)[:, count - many :]
    strongest = edges[:, np.arange(len(order))[:, None], order]
    values = []
    for number in (few, many):
        means = np.add.reduce(strongest[:, :, many - number :], axis=2) / number
        logs = np.log(means + _EDGE_FLOORS)
        values += [logs[[0, 1, 3, 4]] - logs[5], logs[5:]]
    return np.concatenate(values)


def _directions(tensor: Values) -> Values:
    """Return how differently the directions lose fine detail, overall and by tile: (35, groups).

    Hairs and furrows are long in all octaves and run in a different direction in each tile; shake
    removes fine detail along the same angle everywhere.
    """
    octaves, _, groups, count = tensor.shape
    along = (_ALONG @ tensor.reshape(octaves, 3, -1)).reshape(octaves, -1, groups, count)
    along = np.maximum(along, 0) + _GRADIENT_FLOOR / 2
    whole, by_tile = np.log(np.add.reduce(along, axis=3)), np.log(along)
    kept = whole[_FINE] - whole[_COARSE]
    each = by_tile[_FINE] - by_tile[_COARSE]
    mean = np.add.reduce(each, axis=3) / count
    place = round(_BEST_SHARE * (count - 1))
    each.partition(place, axis=3)
    best = each[..., place]
    least = mean.argmin(axis=1)
    pair, group = _PAIRS, np.arange(groups)
    lowest = mean[pair, least, group]
    across = mean[pair, (least + len(_ANGLES) // 2) % len(_ANGLES), group]
    lowest_best = best.min(axis=1)
    return np.concatenate(
        [
            kept.min(axis=1),
            kept.max(axis=1),
            lowest_best,
            best.max(axis=1) - lowest_best,
            lowest,
            across - lowest,
            whole.max(axis=1) - whole.min(axis=1),
        ]
    )


def _products(level: Floats) -> Floats:
    """Square the Laplacian and the differences across and down, and multiply the last two.

    Takes tiles (n, side, side) and returns (4, n, side, side). Each tile's border is set to 0,
    because values there mix with the next tile in the stack. Differences in memory order are far
    faster than a filter; where they wrap around, they fall on the border.
    """
    count, side, _ = level.shape
    stacked = level.reshape(-1, side)
    found = np.empty((4, count, side, side), np.float32)
    laplacian, across, down, product = found.reshape(4, *stacked.shape)
    cv2.Laplacian(stacked, cv2.CV_32F, dst=laplacian, ksize=1)
    values = level.ravel()
    for into, step in ((across.ravel(), 1), (down.ravel(), side)):
        np.subtract(values[2 * step :], values[: -2 * step], out=into[step:-step])
    differences = found[:3]
    for border in (np.s_[:, :, 0], np.s_[:, :, -1], np.s_[:, :, :, 0], np.s_[:, :, :, -1]):
        differences[border] = 0
    np.multiply(across, down, out=product)
    np.square(differences, out=differences)
    return found


def _block_means(products: Floats, block: int) -> Floats:
    """Average over square blocks of each tile: (4, n, side, side) -> (4, n, blocks)."""
    means = products.reshape(-1, products.shape[3])
    for _ in range(block.bit_length() - 1):
        means = _halved(means)
    return means.reshape(*products.shape[:2], -1)


def _halved(values: Floats) -> Floats:
    size = (values.shape[1] // 2, values.shape[0] // 2)
    return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_AREA), np.float32)
