"""Live frames are judged like stills, but what did not change is not measured again."""

import sys
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from dermstation.domain.quality import Aspect, QualityReport, Verdict
from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import assess_parts
from dermstation.imaging.live import LiveAssessor
from dermstation.imaging.scale import small_colour, to_grey
from dermstation.imaging.sight import thumbnail

SIZE = (1280, 960)
EVERY_TURN = 8
MOST_CALLS_OF_ANOTHER = 430
MOST_CALLS = 800  # into OpenCV, NumPy and the interpreter's own functions, for one frame


def judged(
    assessor: LiveAssessor, frame: np.ndarray, scene: np.ndarray, shot=ShotKind.CLOSEUP
) -> QualityReport:
    return assessor.assess(
        to_grey(frame), small_colour(frame), thumbnail(small_colour(scene)), shot, SIZE
    )


@pytest.fixture
def sharp(light) -> np.ndarray:
    return light.exposed(light.skin())


def test_every_frame_has_the_judgements_of_a_still_in_parts(light, sharp) -> None:
    assessor = LiveAssessor()
    for frame in (sharp, light.exposed(light.skin(), ev=-3), sharp):
        for shot in ShotKind:
            report = judged(assessor, frame, frame, shot)
            whole = assess_parts(to_grey(frame), small_colour(frame), shot, *SIZE)
            assert report.judgements == whole.judgements


def test_the_focus_is_measured_on_every_frame(light, sharp) -> None:
    assessor = LiveAssessor()
    soft = light.exposed(light.blurred(light.skin(), light.disk(6)))
    assert judged(assessor, sharp, sharp).judgement(Aspect.FOCUS).verdict is Verdict.GOOD
    assert judged(assessor, soft, sharp).judgement(Aspect.FOCUS).verdict is not Verdict.GOOD


def test_a_scene_that_keeps_changing_is_judged_like_a_still_within_two_frames(light, sharp) -> None:
    assessor = LiveAssessor()
    other = light.exposed(light.skin(seed=8), ev=-1)
    judged(assessor, sharp, sharp, ShotKind.DERMOSCOPIC)
    moving = [np.roll(other, step * 40, axis=1) for step in range(4)]
    found = [judged(assessor, frame, frame, ShotKind.DERMOSCOPIC) for frame in moving]
    for frame, report in zip(moving, found, strict=True):
        whole = assess_parts(to_grey(frame), small_colour(frame), ShotKind.DERMOSCOPIC, *SIZE)
        for aspect in (Aspect.EXPOSURE, Aspect.GLARE):
            assert report.judgement(aspect) == whole.judgement(aspect)
    assert found[3].judgement(Aspect.COLOUR).cause == whole.judgement(Aspect.COLOUR).cause


@pytest.mark.parametrize("shot", ShotKind)
@pytest.mark.parametrize("rests", [True, False])
def test_within_eight_frames_all_of_another_scene_is_judged_like_a_still(
    light, sharp, shot, rests
) -> None:
    assessor = LiveAssessor()
    other = light.exposed(light.skin(seed=8), ev=-1)
    judged(assessor, sharp, sharp, shot)
    for step in range(EVERY_TURN):
        frame = other if rests else np.roll(other, (EVERY_TURN - 1 - step) * 40, axis=1)
        report = judged(assessor, frame, frame, shot)
    whole = assess_parts(to_grey(frame), small_colour(frame), shot, *SIZE)
    for now, then in zip(report.judgements, whole.judgements, strict=True):
        assert (now.verdict, now.cause) == (then.verdict, then.cause)
    assert not rests or report.judgements == whole.judgements


def test_the_light_is_kept_for_half_a_second_while_the_scene_seems_the_same(light, sharp) -> None:
    assessor = LiveAssessor()
    dark = light.exposed(light.skin(), ev=-3)
    first = judged(assessor, sharp, sharp).judgement(Aspect.EXPOSURE)
    kept = [judged(assessor, dark, sharp).judgement(Aspect.EXPOSURE) for _ in range(6)]
    assert kept[:5] == [first] * 5
    assert kept[5].verdict is Verdict.POOR


def test_a_change_in_a_small_part_of_the_scene_is_measured_at_once(light, sharp) -> None:
    assessor = LiveAssessor()
    judged(assessor, sharp, sharp)
    lit = sharp.copy()
    lit[:400, :600] = 255
    report = judged(assessor, lit, lit)
    assert report.judgement(Aspect.EXPOSURE).measures["clipped_share"] > 0.1


def test_the_noise_of_a_still_scene_counts_as_no_change(light, sharp) -> None:
    assessor = LiveAssessor()
    first = judged(assessor, sharp, sharp)
    noisy = light.exposed(light.skin(), noise_dn=3, seed=5)
    again = judged(assessor, noisy, noisy)
    assert again.judgement(Aspect.EXPOSURE) == first.judgement(Aspect.EXPOSURE)


@pytest.mark.parametrize("shot", ShotKind)
def test_a_frame_takes_few_calls(sharp, shot) -> None:
    judged(LiveAssessor(), sharp, sharp, shot)
    assert calls(lambda: judged(LiveAssessor(), sharp, sharp, shot)) < MOST_CALLS


@pytest.mark.parametrize("shot", ShotKind)
def test_a_frame_of_another_scene_takes_fewer_calls(light, sharp, shot) -> None:
    assessor = LiveAssessor()
    others = [sharp, light.exposed(light.skin(seed=8), ev=-1)]
    judged(assessor, sharp, sharp, shot)
    for frame in others * (EVERY_TURN // 2):
        found = calls(partial(judged, assessor, frame, frame, shot))
        assert found < MOST_CALLS_OF_ANOTHER


def calls(job: Callable[[], object]) -> int:
    """Count the calls of OpenCV and NumPy."""
    count = 0

    def note(_frame, event, called) -> None:
        nonlocal count
        if event == "c_call":  # Python's own modules do not count; those of OpenCV have no name
            count += getattr(called, "__module__", None) not in sys.stdlib_module_names

    sys.setprofile(note)
    try:
        job()
    finally:
        sys.setprofile(None)
    return count
