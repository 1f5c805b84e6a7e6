"""The odds of softness above which a picture is doubted, and the stricter limits under noise."""

from dataclasses import replace

import numpy as np
import pytest

from calibration.limits import blur_limit, doubt_limit, hidden_octaves
from calibration.samples import Samples
from dermstation.domain.shots import ShotKind
from dermstation.imaging.table import LEAST_NOISE_DN

DERMOSCOPIC = ShotKind.DERMOSCOPIC

COUNT = 400


def contact(blur_px: np.ndarray, composed: np.ndarray, *, is_wide: bool = False) -> Samples:
    nothing = np.zeros(len(blur_px), bool)
    return Samples(
        inputs=np.zeros((len(blur_px), 2)),
        joined=np.zeros((len(blur_px), 6)),
        names=np.full(len(blur_px), "one"),
        folders=np.full(len(blur_px), "dermoscopic"),
        blur_px=blur_px,
        shaken=nothing,
        standard=nothing,
        is_wide=np.full(len(blur_px), is_wide),
        noise_dn=np.zeros(len(blur_px)),
        scale=np.zeros(len(blur_px), np.int64),
        is_composed=composed,
    )


def test_few_sharp_pictures_are_harmed_and_soft_ones_do_not_count() -> None:
    rng = np.random.default_rng(1)
    soft = np.arange(COUNT) % 2 == 1
    samples = contact(np.where(soft, 5.0, 0.5), np.zeros(COUNT, bool))
    odds = np.where(soft, 3.0, 1.0 + rng.uniform(0, 1, COUNT))
    limit = doubt_limit(samples, odds, np.zeros(COUNT), 1.7, (0.02, 0.03))
    assert (odds > limit)[~soft].sum() <= 0.02 * (~soft).sum() + 1
    assert (odds > limit - 0.05)[~soft].any()


def test_a_picture_that_was_not_called_good_cannot_be_harmed() -> None:
    samples = contact(np.full(COUNT, 0.5), np.arange(COUNT) % 2 == 0)
    assert doubt_limit(samples, np.full(COUNT, 6.0), np.full(COUNT, 2.0), 1.7, (0.02, 0.03)) == 0


def test_more_pictures_are_given_up_beside_something_sharp() -> None:
    beside = np.arange(COUNT) % 2 == 0
    samples = contact(np.full(COUNT, 0.5), beside)
    odds = np.where(beside, 1 + np.arange(COUNT) / COUNT, 0.0)
    limit = doubt_limit(samples, odds, np.zeros(COUNT), 1.7, (0.02, 0.03))
    assert (odds > limit)[beside].mean() == pytest.approx(0.03, abs=0.01)


def test_less_blur_is_good_the_more_noise_there_is() -> None:
    rng = np.random.default_rng(2)
    noise_dn = rng.uniform(2, 5, COUNT)
    wide = contact(np.full(COUNT, 4.0), np.zeros(COUNT, bool), is_wide=True)
    samples = replace(wide, noise_dn=noise_dn)
    readings = np.zeros((COUNT, 4))
    readings[:, 0] = np.log2(1.8) - 0.2 * (noise_dn - 1.5)  # the noise hides so much of the blur
    readings[:, 3] = np.log2(noise_dn + LEAST_NOISE_DN)
    nothing = np.zeros(COUNT, bool)
    slope = hidden_octaves(samples, readings, nothing, DERMOSCOPIC, 2.0)
    limits = 2.0 * np.exp2(-slope * np.maximum(0, noise_dn - 1.5))
    called_good = np.exp2(readings[:, 0]) <= limits
    assert 0.005 < called_good.mean() < 0.04
    assert hidden_octaves(samples, readings, ~nothing, DERMOSCOPIC, 2.0) == 0


def test_noise_lowers_nothing_where_it_hides_nothing() -> None:
    samples = contact(np.full(COUNT, 4.0), np.zeros(COUNT, bool), is_wide=True)
    quiet = np.zeros((COUNT, 4))
    assert hidden_octaves(samples, quiet, np.zeros(COUNT, bool), DERMOSCOPIC, 2.0) == 0


def test_the_clear_limits_are_good_below_and_poor_above() -> None:
    blur = np.where(np.arange(COUNT) % 2 == 0, 0.5, 3.0)
    readings = np.zeros((COUNT, 4))
    readings[:, 0] = np.log2(blur * 0.7)
    limit = blur_limit(contact(blur, np.zeros(COUNT, bool)), readings, "dermoscopic")
    assert 1.2 <= limit.good <= 2.1 < (limit.poor or 0)
