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
    quiet_dn=1.5,
    hidden_octaves=0.1,
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
        (1.69, 1.9, Verdict.FAIR, Cause.NOISY),  # a little noise hides a little blur
        (1.75, 1.9, Verdict.FAIR, Cause.DEFOCUS),
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


def test_with_few_tiles_the_skins_own_focus_is_open_and_the_order_is_kept() -> None:
    sharp, soft, softer = (
        judge_focus(Sharpness(radius, -1.0, 9, 0.5, 1.0, tells_skin=False), LIMITS)
        for radius in (0.7, 1.6, 4.0)
    )
    assert (sharp.verdict, sharp.cause) == (Verdict.FAIR, Cause.CANNOT_TELL)
    assert sharp.score > soft.score > softer.score
    assert softer.verdict is Verdict.POOR


def test_soft_skin_beside_something_sharp_comes_before_noise() -> None:
    assert judged(1.6, 5.0, soft=5.0).cause is Cause.DEFOCUS


@pytest.mark.parametrize("shot", ShotKind)
def test_the_shipped_limits_are_stricter_the_more_noise_there_is(shot: ShotKind) -> None:
    limits = table().limits[shot]
    quiet, strong = (limits.good_radius_px(noise_dn) for noise_dn in (limits.quiet_dn, 4.0))
    assert quiet == limits.blur_radius_px.good
    assert 0.5 <= strong <= quiet
    assert limits.noisy_dn > 0
