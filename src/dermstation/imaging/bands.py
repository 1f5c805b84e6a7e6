"""Noise-compensated energies of a picture's detail by octave and direction.

What blurs a picture takes its finest octaves first; shake takes them along one direction alone.
Pure functions on arrays; any thread or process.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.imaging.noise import noise_variances
from dermstation.imaging.tiles import Floats

OCTAVES = 4
DIRECTIONS = 4  # across, down, and the two diagonals
_SECOND_GAIN = 6.0  # energy of 1, -2, 1 on white noise of variance 1
_FIRST_GAIN = 0.5  # the same of (-1, 0, 1) / 2
_SECOND_FLOOR = 0.08  # grey levels squared; quantisation to whole levels is 1/12
_FIRST_FLOOR = 0.02
_DETAIL_PERCENTILES = (50, 85)
_OCTAVE_PAIRS = ((0, 1), (0, 2), (1, 2), (1, 3), (2, 3))
_LEAST_RATIO = 1e-4


@dataclass(frozen=True, slots=True)
class BandEnergies:
    """Mean squared differences a tile, less noise: grey levels squared.

    `second` is (octaves, directions, n); `tensor` (octaves, 3, n) is the gradient's structure
    tensor, xx, yy and xy; `own_noise` (n,) is uncompensated.
    """

    second: NDArray[np.float32]
    tensor: NDArray[np.float32]
    own_noise: NDArray[np.float32]
    noise: float


def band_energies(tiles: Floats, noise: float) -> BandEnergies:
    """Measure tiles (n, 64, 64) over four octaves; `noise` is the picture's noise variance."""
    second, tensor = [], []
    level = tiles
    for octave in range(OCTAVES):
        variance = noise / 4**octave  # each halving averages four pixels
        centre = 2 * level[:, 1:-1, 1:-1]
        left, right = level[:, 1:-1, :-2], level[:, 1:-1, 2:]
        above, below = level[:, :-2, 1:-1], level[:, 2:, 1:-1]
        second.append(
            [
                _energy(centre - left - right) - _SECOND_GAIN * variance,
                _energy(centre - above - below) - _SECOND_GAIN * variance,
                _energy(centre - level[:, :-2, :-2] - level[:, 2:, 2:]) - _SECOND_GAIN * variance,
                _energy(centre - level[:, :-2, 2:] - level[:, 2:, :-2]) - _SECOND_GAIN * variance,
            ]
        )
        across, down = (right - left) / 2, (below - above) / 2
        tensor.append(
            [
                np.maximum(_energy(across) - _FIRST_GAIN * variance, 0),
                np.maximum(_energy(down) - _FIRST_GAIN * variance, 0),
                _energy(across, down),
            ]
        )
        if octave + 1 < OCTAVES:
            level = _halved(level)
    return BandEnergies(
        np.maximum(np.array(second, np.float32), 0),
        np.array(tensor, np.float32),
        noise_variances(tiles),
        noise,
    )


def features(energies: BandEnergies) -> NDArray[np.float64]:
    """Reduce the energies of n >= 1 tiles to the regressor's inputs, all logarithms of ratios."""
    second = energies.second.astype(np.float64) + _SECOND_FLOOR
    first = energies.tensor[:, :2].astype(np.float64).sum(axis=1) + _FIRST_FLOOR
    by_octave = second.sum(axis=(1, 2))
    by_tile = second.sum(axis=1)
    values = list(np.log(by_octave[:-1] / by_octave[1:]))
    values += list(np.log(by_octave[:-1] / first.sum(axis=1)[1:]))
    for octave in range(OCTAVES - 1):
        ratios = np.log(by_tile[octave] / by_tile[octave + 1])
        values += list(np.percentile(ratios, _DETAIL_PERCENTILES))
    by_direction = second.mean(axis=2)
    for fine, coarse in ((0, 2), (1, 2), (1, 3)):
        ratios = np.log(by_direction[fine] / by_direction[coarse])
        values += [ratios.min(), ratios.max() - ratios.min(), float(np.median(ratios))]
    values += [np.log(np.percentile(by_tile[octave], 75)) for octave in range(OCTAVES)]
    own = float(energies.own_noise.mean())
    values.append(0.5 * np.log(energies.noise + 0.02))
    values.append(np.log(own / (energies.noise + 0.05) + 0.05))
    return np.array(values, np.float64)


def anisotropy(energies: BandEnergies) -> NDArray[np.float64]:
    """Give how unequally the directions lose detail: inputs that tell shake from defocus."""
    by_direction = energies.second.astype(np.float64).mean(axis=2) + _SECOND_FLOOR
    values = []
    for fine, coarse in _OCTAVE_PAIRS:
        ratios = np.log(by_direction[fine] / by_direction[coarse])
        # shake weakens one direction and leaves the one across it: compare those two pairs
        values += [abs(ratios[0] - ratios[1]), abs(ratios[2] - ratios[3])]
        values.append(float(np.hypot(values[-2], values[-1])))
    return np.array(values + _tensor_ratios(energies), np.float64)


def _energy(differences: Floats, others: Floats | None = None) -> NDArray[np.float32]:
    size = differences.shape[1] * differences.shape[2]
    others = differences if others is None else others
    return np.asarray(np.einsum("nij,nij->n", differences, others) / size, np.float32)


def _tensor_ratios(energies: BandEnergies) -> list[float]:
    """Give the logarithm of strong over weak gradient energy, whatever the angle.

    First of each octave; then of each pair of octaves, the fine one seen in the axes in which the
    coarse one is equal all round, so that hairs and furrows, long in all octaves, cancel out.
    """
    xx, yy, xy = energies.tensor.astype(np.float64).mean(axis=2).T + np.array(
        [[_FIRST_FLOOR], [_FIRST_FLOOR], [0.0]]
    )
    tensors = np.stack([np.stack([xx, xy], -1), np.stack([xy, yy], -1)], -2)
    ratios = []
    for tensor in tensors:
        weak, strong = np.linalg.eigvalsh(tensor)
        ratios.append(float(np.log(strong / max(weak, _FIRST_FLOOR / 4))))
    for fine, coarse in _OCTAVE_PAIRS:
        weak, strong = np.sort(
            np.linalg.eigvals(np.linalg.solve(tensors[coarse], tensors[fine])).real
        )
        ratios.append(float(np.log(max(strong, _LEAST_RATIO) / max(weak, _LEAST_RATIO))))
    return ratios


def _halved(tiles: Floats) -> Floats:
    count, side, _ = tiles.shape
    stacked = tiles.reshape(count * side, side)
    size = (side // 2, count * side // 2)
    halved = cv2.resize(stacked, size, interpolation=cv2.INTER_AREA)
    return np.asarray(halved, np.float32).reshape(count, side // 2, side // 2)
