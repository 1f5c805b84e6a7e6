"""Fit the focus network by gradient descent and the skin model by Newton's method.

Plain numpy with fixed seeds and a fixed order, so that the same samples give the same numbers.
Reads no data.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.samples import Samples
from dermstation.imaging.bands import Values
from dermstation.imaging.table import LEAST_NOISE_DN, Network

NETWORKS = 5
HIDDEN = 16
_EPOCHS = 90
_BATCH = 128
_RATE = 5e-3
_DECAY = 2e-3
_CLIP = 3.0
_SHAKE_WEIGHT, _SOFT_WEIGHT, _NOISE_WEIGHT = 0.5, 1.0, 0.25
# chosen by predictions on pictures of the training half that the network had not seen; with the
# scale and the offset, the radius is still that of the blur
_SOFT_SHARE, _SCALED, _MOVED = 0.2, 0.695, 0.37
_SHARP_PX, _SOFT_PX = 1.05, 2.6  # what `soft` tells apart; in between it is not told
_LEAST_SHAKE_PX = 8.0  # shorter shake cannot be distinguished from smaller defocus
_LEAST_DEFOCUS_PX = 2.0
_OWN_BLUR_PX = 0.5  # of a picture that counts as sharp
_SECONDARY_WEIGHT = 0.5  # of pictures that do not show skin
_RIDGE = 1e-2
_NEWTON_ROUNDS = 30
_DIGITS = 4

_Parts = list[Values]


@dataclass(frozen=True, slots=True)
class _Targets:
    """Arrays of n: log2 of radius and noise; 1 for shake or soft, 0 for defocus or sharp; weight.

    `told` and `soft_told` are 0 for samples of which it cannot be said; their `shake` or `soft`
    does not count.
    """

    radius_log2: Values
    noise_log2: Values
    shake: Values
    told: Values
    soft: Values
    soft_told: Values
    weight: Values


def fit_focus(inputs: Values, samples: Samples, seed: int, networks: int = NETWORKS) -> Network:
    """Fit networks of 16 units from several seeds and join them into one that returns their mean.

    `inputs` (n, k) belong to `samples`. The outputs are those of `FocusReading`.
    """
    centre = inputs.mean(axis=0)
    spread = inputs.std(axis=0) + 1e-6
    standard = np.clip((inputs - centre) / spread, -_CLIP, _CLIP)
    targets = _targets(samples)
    fitted = [_descend(standard, targets, seed * 100 + number) for number in range(networks)]
    outward = np.concatenate([parts[2] for parts in fitted]) / networks
    offset = np.mean([parts[3] for parts in fitted], axis=0)
    outward[:, 0] = _told_radius(outward[:, 0], outward[:, 2])
    offset[0] = _told_radius(offset[0], offset[2]) + _MOVED
    return Network(
        centre=rounded(centre),
        spread=rounded(spread),
        inward=rounded(np.concatenate([parts[0] for parts in fitted], axis=1)),
        inward_offset=rounded(np.concatenate([parts[1] for parts in fitted])),
        outward=rounded(outward),
        outward_offset=rounded(offset),
    )


def _told_radius(radius_log2: Values, soft: Values) -> Values:
    """Mix the log odds of softness into the radius, as they tell more near the limit."""
    return np.asarray(_SCALED * (radius_log2 + _SOFT_SHARE * soft))


def fit_logistic(inputs: Values, positive: Values, weight: Values) -> tuple[Values, float]:
    """Fit a ridge logistic regression and return weights and offset.

    `inputs` are (n, k); `positive` holds labels 0 or 1.
    """
    columns = np.column_stack([inputs, np.ones(len(inputs))])
    penalty = _RIDGE * np.diag([1.0] * inputs.shape[1] + [0.0])
    beta = np.zeros(columns.shape[1])
    weight = weight / weight.sum()
    for _ in range(_NEWTON_ROUNDS):
        chance = 1 / (1 + np.exp(-columns @ beta))
        slope = columns.T @ (weight * (chance - positive)) + penalty @ beta
        curve = (columns * (weight * chance * (1 - chance))[:, None]).T @ columns + penalty
        beta = beta - np.linalg.solve(curve + 1e-9 * np.eye(len(beta)), slope)
    return rounded(beta[:-1]), float(rounded(beta[-1:])[0])


def rounded(values: NDArray[np.floating]) -> Values:
    """Return values rounded to four significant digits, as stored in the table."""
    return np.array([float(f"{value:.{_DIGITS}g}") for value in values.ravel()]).reshape(
        values.shape
    )


def _targets(samples: Samples) -> _Targets:
    radius = samples.radius_px
    shake = samples.shaken & (samples.blur_px >= _LEAST_SHAKE_PX)
    defocus = ~samples.shaken & (samples.blur_px >= _LEAST_DEFOCUS_PX)
    return _Targets(
        radius_log2=0.5 * np.log2(radius**2 + _OWN_BLUR_PX**2),
        noise_log2=np.log2(samples.noise_dn + LEAST_NOISE_DN),
        shake=shake.astype(np.float64),
        told=(shake | defocus).astype(np.float64),
        soft=(radius >= _SOFT_PX).astype(np.float64),
        soft_told=((radius <= _SHARP_PX) | (radius >= _SOFT_PX)).astype(np.float64),
        weight=np.where(samples.folders == "negative", _SECONDARY_WEIGHT, 1.0),
    )


def _descend(inputs: Values, targets: _Targets, seed: int) -> _Parts:
    """Minimise the (nearly absolute) errors and cross-entropies by Adam with cosine decay."""
    rng = np.random.default_rng(seed)
    count, width = inputs.shape
    parts: _Parts = [
        rng.standard_normal((width, HIDDEN)) / np.sqrt(width),
        np.zeros(HIDDEN),
        rng.standard_normal((HIDDEN, 4)) / np.sqrt(HIDDEN),
        np.array([1.5, 0.0, 0.0, 1.0]),
    ]
    first = [np.zeros_like(part) for part in parts]
    second = [np.zeros_like(part) for part in parts]
    batches = max(1, count // _BATCH)
    step = 0
    for _ in range(_EPOCHS):
        order = rng.permutation(count)
        for batch in range(batches):
            chosen = order[batch * _BATCH : (batch + 1) * _BATCH]
            slopes = _slopes(parts, inputs, targets, chosen)
            step += 1
            rate = _RATE * 0.5 * (1 + np.cos(np.pi * step / (_EPOCHS * batches)))
            for place, slope in enumerate(slopes):
                first[place] = 0.9 * first[place] + 0.1 * slope
                second[place] = 0.999 * second[place] + 0.001 * slope * slope
                mean = first[place] / (1 - 0.9**step)
                scale = np.sqrt(second[place] / (1 - 0.999**step)) + 1e-8
                parts[place] = parts[place] - rate * mean / scale
    return parts


def _slopes(parts: _Parts, inputs: Values, targets: _Targets, chosen: NDArray[np.int64]) -> _Parts:
    given = inputs[chosen]
    hidden = np.tanh(given @ parts[0] + parts[1])
    out = hidden @ parts[2] + parts[3]
    weight = targets.weight[chosen] / len(chosen)
    chance = 1 / (1 + np.exp(-np.clip(out[:, 1:3], -30, 30)))
    told, soft_told = targets.told[chosen], targets.soft_told[chosen]
    error = np.column_stack(
        [
            weight * np.clip(out[:, 0] - targets.radius_log2[chosen], -1, 1),
            weight * _SHAKE_WEIGHT * told * (chance[:, 0] - targets.shake[chosen]),
            weight * _SOFT_WEIGHT * soft_told * (chance[:, 1] - targets.soft[chosen]),
            weight * _NOISE_WEIGHT * np.clip(out[:, 3] - targets.noise_log2[chosen], -1, 1),
        ]
    )
    back = (error @ parts[2].T) * (1 - hidden * hidden)
    return [
        given.T @ back + _DECAY * parts[0],
        back.sum(axis=0),
        hidden.T @ error + _DECAY * parts[2],
        error.sum(axis=0),
    ]
