"""The odds of softness above which a picture is doubted, and the stricter limit under noise."""

import numpy as np
import pytest

from calibration.limits import blur_limits, doubt_limit
from calibration.samples import Samples

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


def test_less_blur_is_good_where_noise_hides_it() -> None:
    blur = np.where(np.arange(COUNT) % 2 == 0, 0.5, 3.0)
    alone = np.zeros(COUNT, bool)
    clear, wide = contact(blur, alone), contact(blur, alone, is_wide=True)
    both = Samples(
        **{
            name: np.concatenate([getattr(clear, name), getattr(wide, name)])
            for name in Samples.__dataclass_fields__
        }
    )
    readings = np.zeros((2 * COUNT, 4))
    readings[:, 0] = np.log2(np.concatenate([blur * 0.7, blur * 0.5]))
    readings[COUNT:, 3] = np.log2(5)
    limits = blur_limits(both, readings, "dermoscopic")
    assert limits.noisy_px == pytest.approx(1.5, abs=0.01)
    assert limits.noisy_px < limits.good < (limits.clear.poor or 0)
