"""Where noise hides the answer, more light is asked for, and nothing is called sharp."""

from dataclasses import replace

import pytest

from dermstation.domain.quality import Cause, Judgement, Verdict
from dermstation.domain.shots import ShotKind
from dermstation.imaging.focus import Doubt, Sharpness
from dermstation.imaging.judging import judge_focus
from dermstation.imaging.table import table
from dermstation.imaging.thresholds import Limit

LIMITS = replace(
    table().limits[ShotKind.DERMOSCOPIC],
    blur_radius_px=Limit(1.7, 2.7),
    noisy_radius_px=1.4,
    noisy_dn=2.0,
)


def judged(radius_px: float, noise_dn: float, *, tiles: int = 24, soft: float = 0) -> Judgement:
    doubt = Doubt(soft, -1.0) if soft else None
    return judge_focus(Sharpness(radius_px, -1.0, tiles, 0.5, noise_dn, doubt), LIMITS)


@pytest.mark.parametrize(
    ("radius_px", "noise_dn", "verdict", "cause"),
    [
        (1.2, 5.0, Verdict.GOOD, None),  # sharp for all the noise
        (1.6, 1.0, Verdict.GOOD, None),
        (1.6, 5.0, Verdict.FAIR, Cause.NOISY),
        (2.2, 5.0, Verdict.FAIR, Cause.NOISY),
        (2.2, 1.0, Verdict.FAIR, Cause.DEFOCUS),
        (4.0, 5.0, Verdict.POOR, Cause.DEFOCUS),  # soft for all the noise
    ],
)
def test_noise_takes_the_good_from_what_it_may_hide(radius_px, noise_dn, verdict, cause) -> None:
    found = judged(radius_px, noise_dn)
    assert (found.verdict, found.cause) == (verdict, cause)


def test_scores_keep_the_order_of_the_blur_with_noise_and_without() -> None:
    for noise_dn in (1.0, 5.0):
        scores = [judged(radius, noise_dn).score for radius in (0.5, 1.3, 1.5, 1.65, 2, 2.5, 4)]
        assert scores == sorted(scores, reverse=True)
        assert len(set(scores)) == len(scores)


def test_too_little_detail_comes_before_noise() -> None:
    assert judged(1.2, 5.0, tiles=2).cause is Cause.CANNOT_TELL


def test_soft_skin_beside_something_sharp_comes_before_noise() -> None:
    assert judged(1.6, 5.0, soft=5.0).cause is Cause.DEFOCUS


@pytest.mark.parametrize("shot", ShotKind)
def test_the_shipped_limits_are_stricter_under_noise(shot: ShotKind) -> None:
    limits = table().limits[shot]
    assert 1.0 <= limits.noisy_radius_px <= limits.blur_radius_px.good
    assert limits.noisy_dn > 0
