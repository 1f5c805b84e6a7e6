"""Fit everything and write the table that ships in `imaging`; same data, same bytes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibration.fit import NETWORKS, fit_focus
from calibration.limits import (
    MOST_HARMED,
    BlurLimits,
    blur_limit,
    choose_limits,
    doubt_limit,
    fit_skin,
    hidden_octaves,
)
from calibration.samples import Samples, draw_samples
from calibration.scenes import measure_scenes
from calibration.sources import NO_SKIN_FOLDER, SKIN_FOLDERS, Source, sources
from dermstation.domain.shots import ShotKind
from dermstation.imaging.bands import Values
from dermstation.imaging.table import Doubter, Network, SkinModel
from dermstation.imaging.thresholds import ShotLimits, limits_json

SEED = 1
FOLDS = 5
SOFTEST_SHARE = 0.1
_ROUGHLY = 2  # this many networks are enough to find the softest pictures


@dataclass(frozen=True, slots=True)
class Effort:
    """How many copies are made and by how many processes; tests use less."""

    copies: float = 1.0
    workers: int = 2
    most_sources: int | None = None  # of each folder


def calibrate(data: Path, date: str, effort: Effort) -> dict[str, Any]:
    """Fit the models, choose the limits and return the table as JSON values."""
    chosen = _training(data, effort.most_sources)
    drawn = draw_samples(chosen, seed=SEED, copies=effort.copies, workers=effort.workers)
    plain = _chosen(drawn, ~drawn.is_composed)
    soft = _softest(plain, _out_of_fold(plain.inputs, plain, effort.workers, _ROUGHLY))
    samples = _chosen(drawn, ~np.isin(drawn.names, soft))
    kept = _chosen(samples, ~samples.is_composed)
    unseen = _out_of_fold(samples.inputs, samples, effort.workers)
    blur: dict[ShotKind, BlurLimits] = {}
    doubters: dict[ShotKind, Doubter] = {}
    for shot, folder in SKIN_FOLDERS.items():
        clear = blur_limit(kept, unseen[~samples.is_composed], folder)
        doubters[shot], doubted = _doubter(samples, unseen[:, 0], shot, clear.good, effort.workers)
        lowered = hidden_octaves(samples, unseen, doubted, shot, clear.good)
        blur[shot] = BlurLimits(clear, lowered)
    scenes = measure_scenes(chosen, seed=SEED, workers=effort.workers)
    skin = fit_skin(scenes)
    made = {
        "date": date,
        "data": _digest(chosen),
        "training_pictures": {
            folder: sum(source.folder == folder for source in chosen) for folder in _FOLDERS
        },
        "left_out_as_soft": soft,
        "samples": len(kept.names),
        "seed": SEED,
    }
    focus = fit_focus(kept.inputs, kept, SEED)
    return _json(made, focus, doubters, skin, choose_limits(scenes, skin, blur))


def write_table(table: Mapping[str, Any], path: Path) -> None:
    """Write the table sorted, one line for each key, so that changes are easy to read."""
    path.write_text(json.dumps(table, indent=1, sort_keys=True) + "\n", encoding="utf-8")


_FOLDERS = (*SKIN_FOLDERS.values(), NO_SKIN_FOLDER)


def _training(data: Path, most: int | None) -> list[Source]:
    return [
        source
        for folder in _FOLDERS
        for source in [one for one in sources(data, folder) if one.is_training][:most]
    ]


def _digest(chosen: Sequence[Source]) -> str:
    digest = hashlib.sha256()
    for source in chosen:
        digest.update(source.name.encode())
        digest.update(hashlib.sha256(source.path.read_bytes()).digest())
    return f"sha256 {digest.hexdigest()}"


def _doubter(
    samples: Samples, unseen_log2: Values, shot: ShotKind, good_px: float, workers: int
) -> tuple[Doubter, NDArray[np.bool_]]:
    """Fit the model for skin beside something sharp, on one kind of shot with and without it.

    `unseen_log2` (n,) is the focus network's output for samples of pictures it had not seen.
    Also returns which samples (n,) are doubted by models that had not seen their picture.
    """
    folder = SKIN_FOLDERS[shot]
    mask = (samples.folders == folder) & np.isfinite(samples.joined[:, 0])
    own = _chosen(samples, mask)
    soft = _out_of_fold(own.joined, own, workers, fitted_on_composed=True)[:, 2]
    limit = doubt_limit(own, soft, unseen_log2[mask], good_px, MOST_HARMED[shot])
    doubted = np.zeros(len(mask), bool)
    doubted[mask] = soft > limit
    return Doubter(fit_focus(own.joined, own, SEED), limit), doubted


def _out_of_fold(
    inputs: Values,
    samples: Samples,
    workers: int,
    networks: int = NETWORKS,
    *,
    fitted_on_composed: bool = False,
) -> Values:
    """Return predictions (n, 4) for each sample by a network that had not seen its source."""
    names = sorted(set(samples.names.tolist()))
    places = np.random.default_rng(SEED).permutation(len(names)) % FOLDS
    fold = dict(zip(names, places.tolist(), strict=True))
    own = np.array([fold[name] for name in samples.names.tolist()])
    numbers = [number for number in range(FOLDS) if (own == number).any()]
    seen = [(own != number) & (fitted_on_composed | ~samples.is_composed) for number in numbers]
    jobs = [(inputs[mask], _chosen(samples, mask), SEED, networks) for mask in seen]
    predicted = np.zeros((len(own), 4))
    for number, network in zip(numbers, _fitted(jobs, workers), strict=True):
        predicted[own == number] = network.apply_all(inputs[own == number])
    return predicted


_Job = tuple[Values, Samples, int, int]


def _fitted(jobs: Sequence[_Job], workers: int) -> list[Network]:
    if workers > 1:
        with ProcessPoolExecutor(workers) as pool:
            return list(pool.map(_fit, jobs))
    return [_fit(job) for job in jobs]


def _fit(job: _Job) -> Network:
    return fit_focus(*job)


def _softest(samples: Samples, predicted: Values) -> list[str]:
    """Return the names of the tenth of each folder's sources that look softest as taken."""
    soft = []
    for folder in SKIN_FOLDERS.values():
        own = (samples.folders == folder) & ~samples.shaken & (samples.blur_px == 0)
        names = sorted(set(samples.names[own].tolist()))
        radius = [float(np.median(predicted[own & (samples.names == name), 0])) for name in names]
        order = np.argsort(radius, kind="stable")[::-1]
        soft += [names[place] for place in order[: round(len(names) * SOFTEST_SHARE)]]
    return sorted(soft)


def _chosen(samples: Samples, mask: NDArray[np.bool_]) -> Samples:
    return Samples(**{field.name: getattr(samples, field.name)[mask] for field in fields(Samples)})


def _json(
    made: Mapping[str, Any],
    focus: Network,
    doubters: Mapping[ShotKind, Doubter],
    skin: SkinModel,
    limits: Mapping[ShotKind, ShotLimits],
) -> dict[str, Any]:
    return {
        "made": dict(made),
        "focus": _network_json(focus),
        "in_contact": _doubter_json(doubters[ShotKind.DERMOSCOPIC]),
        "from_afar": _doubter_json(doubters[ShotKind.CLOSEUP]),
        "skin": {
            "weights": skin.weights.tolist(),
            "offset": skin.offset,
            "chroma_centre": skin.chroma_centre.tolist(),
            "chroma_inverse": skin.chroma_inverse.tolist(),
        },
        "limits": {shot.value: limits_json(asked) for shot, asked in limits.items()},
    }


def _doubter_json(doubter: Doubter) -> dict[str, Any]:
    return {
        "network": _network_json(doubter.network),
        "most_log_odds": doubter.most_log_odds,
    }


def _network_json(network: Network) -> dict[str, Any]:
    return {field.name: getattr(network, field.name).tolist() for field in fields(Network)}


def read_json(path: Path) -> dict[str, Any]:
    """Return a table as JSON values."""
    return dict(json.loads(path.read_text(encoding="utf-8")))
