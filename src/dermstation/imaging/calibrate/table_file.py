"""Fitting everything and writing the table that `imaging` ships; the same data, the same bytes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dermstation.domain.shots import ShotKind
from dermstation.imaging.bands import Values
from dermstation.imaging.calibrate.fit import fit_focus
from dermstation.imaging.calibrate.limits import blur_limit, choose_limits, fit_skin
from dermstation.imaging.calibrate.samples import Samples, draw_samples
from dermstation.imaging.calibrate.scenes import measure_scenes
from dermstation.imaging.calibrate.sources import NO_SKIN_FOLDER, SKIN_FOLDERS, Source, sources
from dermstation.imaging.table import Network, SkinModel
from dermstation.imaging.thresholds import ShotLimits, limits_json

SEED = 1
FOLDS = 5
SOFTEST_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is drawn, and by how many processes; less is for tests."""

    copies: float = 1.0
    workers: int = 2
    most_sources: int | None = None  # of each folder


def calibrate(data: Path, date: str, effort: Effort) -> dict[str, Any]:
    """Fit the models, choose the limits, and give the table as JSON values."""
    chosen = _training(data, effort.most_sources)
    samples = draw_samples(chosen, seed=SEED, copies=effort.copies, workers=effort.workers)
    soft = _softest(samples, _out_of_fold(samples))
    kept = _chosen(samples, ~np.isin(samples.names, soft))
    unseen = _out_of_fold(kept)
    blur = {shot: blur_limit(kept, unseen[:, 0], folder) for shot, folder in SKIN_FOLDERS.items()}
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
    return _json(made, fit_focus(kept, SEED), skin, choose_limits(scenes, skin, blur))


def write_table(table: Mapping[str, Any], path: Path) -> None:
    """Write the table: one line a key, sorted, so that a change can be read."""
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


def _out_of_fold(samples: Samples) -> Values:
    """Predict each sample by a network that has not seen its source: (n, 2)."""
    names = sorted(set(samples.names.tolist()))
    places = np.random.default_rng(SEED).permutation(len(names)) % FOLDS
    fold = dict(zip(names, places.tolist(), strict=True))
    own = np.array([fold[name] for name in samples.names.tolist()])
    predicted = np.zeros((len(own), 2))
    for number in range(FOLDS):
        if (own == number).any():
            network = fit_focus(_chosen(samples, own != number), SEED)
            predicted[own == number] = network.apply_all(samples.inputs[own == number])
    return predicted


def _softest(samples: Samples, predicted: Values) -> list[str]:
    """Name the tenth of each folder's sources that look softest when nothing was done to them."""
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
    skin: SkinModel,
    limits: Mapping[ShotKind, ShotLimits],
) -> dict[str, Any]:
    return {
        "made": dict(made),
        "focus": {field.name: getattr(focus, field.name).tolist() for field in fields(Network)},
        "skin": {
            "weights": skin.weights.tolist(),
            "offset": skin.offset,
            "chroma_centre": skin.chroma_centre.tolist(),
            "chroma_inverse": skin.chroma_inverse.tolist(),
        },
        "limits": {shot.value: limits_json(asked) for shot, asked in limits.items()},
    }


def read_json(path: Path) -> dict[str, Any]:
    """Read a table as it was written."""
    return dict(json.loads(path.read_text(encoding="utf-8")))
