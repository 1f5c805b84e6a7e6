"""The blur of the skin above which a contact picture is doubted."""

import numpy as np
import pytest

from calibration.limits import doubt_limit
from calibration.samples import Samples

COUNT = 400


def contact(blur_px: np.ndarray, beside_scale: np.ndarray) -> Samples:
    nothing = np.zeros(len(blur_px), bool)
    return Samples(
        inputs=np.zeros((len(blur_px), 2)),
        joined=np.zeros((len(blur_px), 4)),
        names=np.full(len(blur_px), "one"),
        folders=np.full(len(blur_px), "dermoscopic"),
        blur_px=blur_px,
        shaken=nothing,
        standard=nothing,
        scale=np.zeros(len(blur_px), np.int64),
        beside_scale=beside_scale,
    )


def test_few_sharp_pictures_are_harmed_and_soft_ones_do_not_count() -> None:
    rng = np.random.default_rng(1)
    soft = np.arange(COUNT) % 2 == 1
    samples = contact(np.where(soft, 5.0, 0.5), np.zeros(COUNT, bool))
    skin_log2 = np.where(soft, 3.0, 1.0 + rng.uniform(0, 1, COUNT))
    limit = np.log2(doubt_limit(samples, skin_log2, np.zeros(COUNT), good_px=1.7))
    assert (skin_log2 > limit)[~soft].sum() <= 0.02 * (~soft).sum() + 1
    assert (skin_log2 > limit - 0.05)[~soft].any()


def test_a_picture_that_was_not_called_good_cannot_be_harmed() -> None:
    samples = contact(np.full(COUNT, 0.5), np.arange(COUNT) % 2 == 0)
    skin_log2 = np.full(COUNT, np.log2(6))
    assert doubt_limit(samples, skin_log2, np.full(COUNT, 2.0), good_px=1.7) == 1.7


def test_more_pictures_are_given_up_next_to_a_scale() -> None:
    beside = np.arange(COUNT) % 2 == 0
    samples = contact(np.full(COUNT, 0.5), beside)
    skin_log2 = np.where(beside, 1 + np.arange(COUNT) / COUNT, 0.0)
    limit = np.log2(doubt_limit(samples, skin_log2, np.zeros(COUNT), good_px=1.7))
    assert (skin_log2 > limit)[beside].mean() == pytest.approx(0.03, abs=0.01)
