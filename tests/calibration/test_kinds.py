"""Copies for telling the kind of shot are repeatable, and the fit tells simple kinds apart."""

import numpy as np
import pytest

from calibration.kind_copies import protocol_copies, rendered, training_copy
from calibration.kind_figures import KindCase, kind_figures, kind_rows
from calibration.kind_fit import KindSamples, fitted, unseen
from dermstation.domain.shots import ShotKind
from dermstation.imaging.shot_kind import FEATURES, KINDS


def skin(seed: int = 1) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 6, (90, 120, 1))
    return np.clip(np.array((120, 150, 200)) + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_makes_the_same_copy(kind: ShotKind) -> None:
    first, second = (
        training_copy(skin(), kind, [skin(2)], np.random.default_rng(5)) for _ in range(2)
    )
    assert np.array_equal(first, second)


def test_a_general_picture_is_rendered_the_same_and_shows_more_than_skin() -> None:
    first, second = (rendered(skin(), [skin(2)], np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(first, second)
    assert max(first.shape) >= 600
    assert first.std() > 3 * skin().std(axis=(0, 1)).mean()


def test_the_protocol_has_each_change() -> None:
    made = list(protocol_copies(skin(), np.random.default_rng(1)))
    assert {done for done, _ in made} == {
        *("as taken", "cropped", "rotated", "dimmed", "noisy", "darker skin", "tone V", "tone VI")
    }
    assert np.array_equal(made[0][1], skin())


def test_a_fit_tells_separate_clouds_apart_and_does_not_depend_on_order() -> None:
    rng = np.random.default_rng(1)
    kinds = np.repeat(np.arange(3), 60)
    features = rng.normal(0, 1, (180, len(FEATURES))) + 4 * np.eye(len(FEATURES))[kinds]
    names = np.array([f"picture {number % 20}" for number in range(180)])
    samples = KindSamples(features, kinds, names)
    model, chances = fitted(samples), unseen(samples)
    assert (chances.argmax(axis=1) == kinds).mean() > 0.9
    assert np.allclose(chances.sum(axis=1), 1)
    order = rng.permutation(180)
    again = fitted(KindSamples(features[order], kinds[order], names[order]))
    assert np.allclose(model.weights, again.weights, rtol=1e-2, atol=1e-3)


def test_the_figures_count_pairs_and_wrong_calls() -> None:
    contact, near = ShotKind.DERMOSCOPIC, ShotKind.CLOSEUP
    cases = [
        KindCase("one", contact, "as taken", near, True, None, False, True),
        KindCase("two", contact, "as taken", near, False, contact, False, False),
        KindCase("one", contact, "as taken", contact, True, None, False, True),
        KindCase("two", contact, "as taken", contact, False, near, False, False),
    ]
    found = {figure.name: figure for figure in kind_figures(cases)}
    assert found["dermoscopic passed as closeup"].value == pytest.approx(0.5)
    assert not found["dermoscopic passed as closeup"].holds
    assert found["dermoscopic called another kind"].value == pytest.approx(0.5)
    head, *rows = kind_rows(cases)
    assert head == ("figure", "as taken")
    assert ("dermoscopic passed as closeup", "50 %") in rows
