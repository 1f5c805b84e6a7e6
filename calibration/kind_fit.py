"""Fit the model that tells the kind of a shot, and write its table; same data, same bytes.

The pictures are the dermoscopic and close-up ones of the training half, and general ones that are
rendered with the skin of the same close-ups (there are no real ones).
"""

import json
import zlib
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.degrade import Picture
from calibration.fit import rounded
from calibration.kind_copies import LONG_SIDE_PX, rendered, training_copy
from calibration.sources import NO_SKIN_FOLDER, SKIN_FOLDERS, Source, read, sources
from dermstation.camera.sources.simulated.knobs import Knobs, Scene
from dermstation.camera.sources.simulated.scenes import SceneKey, render
from dermstation.domain.shots import ShotKind
from dermstation.imaging.bands import Values
from dermstation.imaging.field import field_of
from dermstation.imaging.shot_kind import FEATURES, KINDS, KindModel, kind_features

SEED = 3
COPIES = 20  # of each picture, the first one untouched
RENDERED = 10  # general pictures with the skin of one close-up
LEAST_OWN = 0.5
SURELY = 0.9
_FOLDS = 5
_RIDGE = 1e-2
_NEWTON_ROUNDS = 12
_ROOM_PX = 500
_WEIGHT = 8  # of a drawn scene: few of them stand against hundreds of copies
_SEEDS, _TONES = (11, 12, 13), (0.1, 0.5)  # not those of the tests
_SIZES = ((1600, 1200), (1920, 1080), (640, 480), (320, 240))

_Row = tuple[Values, int, str]


@dataclass(frozen=True, slots=True)
class KindSamples:
    """All copies: features (n, k), the place of the kind in `KINDS` (n), the source's name (n)."""

    features: Values
    kinds: NDArray[np.intp]
    names: NDArray[np.str_]


def fit_kinds(data: Path, *, workers: int, copies: int = COPIES) -> dict[str, Any]:
    """Fit the model and return its table as JSON values."""
    samples = draw_kinds(data, copies=copies, workers=workers)
    model = fitted(samples)
    return _json(model, samples, unseen(samples))


def write_kinds(table: Mapping[str, Any], path: Path) -> None:
    """Write the table sorted, one line for each key, so that changes are easy to read."""
    path.write_text(json.dumps(table, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def rooms_of(data: Path, *, is_training: bool) -> list[Picture]:
    """Return the backgrounds of one half, small."""
    found = sources(data, NO_SKIN_FOLDER)
    return [read(one, _ROOM_PX) for one in found if one.is_training is is_training]


def draw_kinds(data: Path, *, copies: int, workers: int) -> KindSamples:
    """Return the features of copies of the training half."""
    jobs = [
        (data, source, shot, copies)
        for shot, folder in SKIN_FOLDERS.items()
        for source in sources(data, folder)
        if source.is_training
    ]
    if workers > 1:
        with ProcessPoolExecutor(workers) as pool:
            parts = list(pool.map(_copies_of, jobs))
    else:
        parts = [_copies_of(job) for job in jobs]
    rows = [row for part in parts for row in part] + _WEIGHT * simulated_rows()
    features, kinds, names = zip(*rows, strict=True)
    return KindSamples(np.array(features), np.array(kinds), np.array(names))


def simulated_rows() -> list[_Row]:
    """Return the features of the station's own drawn scenes, at usual sizes and tones."""
    rows = []
    for scene, seed, tone, size in product(Scene, _SEEDS, _TONES, _SIZES):
        knobs = replace(Knobs(), scene=scene, seed=seed, tone=tone)
        picture = render(SceneKey.of(knobs, *size))
        kind = KINDS.index(ShotKind(scene.value))
        rows.append((kind_features(field_of(picture)), kind, f"simulated {seed}"))
    return rows


def fitted(samples: KindSamples) -> KindModel:
    """Fit a ridge multinomial logistic regression; each kind weighs the same."""
    centre = rounded(samples.features.mean(axis=0))
    spread = rounded(samples.features.std(axis=0))
    given = np.clip((samples.features - centre) / spread, -4, 4)
    beta = _newton(np.column_stack([given, np.ones(len(given))]), samples.kinds)
    weights, offsets = rounded(beta[:, :-1]), rounded(beta[:, -1])
    return KindModel(centre, spread, weights, offsets, LEAST_OWN, SURELY)


def unseen(samples: KindSamples) -> Values:
    """Return the chances (n, kinds) by models that had not seen the source of the sample."""
    names = sorted(set(samples.names.tolist()))
    places = np.random.default_rng(SEED).permutation(len(names)) % _FOLDS
    fold = dict(zip(names, places.tolist(), strict=True))
    own = np.array([fold[name] for name in samples.names.tolist()])
    chances = np.zeros((len(own), len(KINDS)))
    for number in range(_FOLDS):
        seen = own != number
        part = KindSamples(samples.features[seen], samples.kinds[seen], samples.names[seen])
        chances[~seen] = fitted(part).chances(samples.features[~seen])
    return chances


def _copies_of(job: tuple[Path, Source, ShotKind, int]) -> list[_Row]:
    data, source, shot, copies = job
    cv2.setNumThreads(1)
    rng = np.random.default_rng([SEED, zlib.crc32(source.name.encode())])
    rooms = rooms_of(data, is_training=True)
    picture = read(source, LONG_SIDE_PX)
    rows = [_row(source, shot, picture)]
    rows += [
        _row(source, shot, training_copy(picture, shot, rooms, rng)) for _ in range(copies - 1)
    ]
    if shot is ShotKind.CLOSEUP:
        general = ShotKind.GENERAL
        for _ in range(max(1, round(copies * RENDERED / COPIES))):
            made = rendered(picture, rooms, rng)
            copy = training_copy(made, general, rooms, rng)
            rows += [_row(source, general, one) for one in (made, copy)]
    return rows


def _row(source: Source, shot: ShotKind, picture: Picture) -> _Row:
    return kind_features(field_of(picture)), KINDS.index(shot), source.name


def _newton(columns: Values, kinds: NDArray[np.intp]) -> Values:
    """Return coefficients (kinds, columns) by Newton's method on the cross-entropy."""
    count, width = len(KINDS), columns.shape[1]
    wanted = np.eye(count)[kinds]
    weight = 1 / np.bincount(kinds, minlength=count)[kinds]
    weight = weight / weight.sum()
    penalty = np.full(width, _RIDGE)
    penalty[-1] = 1e-9
    beta = np.zeros((count, width))
    for _ in range(_NEWTON_ROUNDS):
        odds = columns @ beta.T
        chance = np.exp(odds - odds.max(axis=1, keepdims=True))
        chance /= chance.sum(axis=1, keepdims=True)
        slope = (weight[:, None] * (chance - wanted)).T @ columns + penalty * beta
        curve = np.diag(np.tile(penalty, count)) + 1e-9 * np.eye(count * width)
        for one in range(count):
            for other in range(count):
                pull = weight * chance[:, one] * ((one == other) - chance[:, other])
                place = np.s_[one * width : (one + 1) * width, other * width : (other + 1) * width]
                curve[place] += (columns * pull[:, None]).T @ columns
        beta = beta - np.linalg.solve(curve, slope.ravel()).reshape(count, width)
    return beta


def _json(model: KindModel, samples: KindSamples, chances: Values) -> dict[str, Any]:
    return {
        "features": {
            name: {
                "centre": float(model.centre[place]),
                "spread": float(model.spread[place]),
                **{kind.value: float(model.weights[row, place]) for row, kind in enumerate(KINDS)},
            }
            for place, name in enumerate(FEATURES)
        },
        "offsets": {kind.value: float(model.offsets[row]) for row, kind in enumerate(KINDS)},
        "least_own": model.least_own,
        "surely": model.surely,
        "made": {
            "seed": SEED,
            "copies": {
                kind.value: int((samples.kinds == row).sum()) for row, kind in enumerate(KINDS)
            },
            "unseen": _unseen_shares(samples.kinds, chances, model),
        },
    }


def _unseen_shares(kinds: NDArray[np.intp], chances: Values, model: KindModel) -> dict[str, Any]:
    """Return how the training half fares by models that had not seen the source."""
    shares: dict[str, Any] = {}
    for row, kind in enumerate(KINDS):
        own = chances[kinds == row]
        others = np.delete(own, row, axis=1)
        shares[kind.value] = {
            "called_other": _share(others.max(axis=1) >= model.surely),
            **{
                f"passed_as_{asked.value}": _share(own[:, place] >= model.least_own)
                for place, asked in enumerate(KINDS)
            },
        }
    return shares


def _share(holds: NDArray[np.bool_]) -> float:
    return round(float(holds.mean()), 4)
