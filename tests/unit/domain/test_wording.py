"""Every advice fits its shot, and none reads like a diagnosis or like a risk of the lesion."""

from itertools import product

import pytest

from dermstation.domain.advice import ADVICE, advice_for
from dermstation.domain.quality import Cause
from dermstation.domain.shots import ShotKind

MATRIX = [*product(ShotKind, Cause)]
DIAGNOSTIC = (
    *("risk", "cancer", "melanoma", "malign", "benign", "suspicious", "carcinoma", "naevus"),
    *("diagnos", "harmless", "dangerous", "abnormal", "normal", "healthy", "mole"),
)
# What cannot be done at the distance of a shot, or spoils it.
NOT_AT = {
    ShotKind.GENERAL: (
        *("rest your hand", "gel", "tilt", "polarised", "glass", "slide", "room light off"),
        *("nearer", "20 cm", "contact"),
    ),
    ShotKind.CLOSEUP: (
        *("rest your hand", "gel", "tilt", "polarised", "glass", "slide", "room light off"),
        *("step back", "body part", "contact", "patient"),
    ),
    ShotKind.DERMOSCOPIC: (
        *("tilt", "step back", "move back", "nearer", "further", "elbows", "lamp", "lay one"),
        *("cm", "shadow", "one kind of light", "off the camera", "more light on"),
    ),
    ShotKind.LATERAL: (
        *("rest your hand", "gel", "tilt", "polarised", "glass", "slide", "room light off"),
        *("step back", "body part", "contact", "patient", "straight"),
    ),
}


def test_every_cause_has_an_advice_for_every_shot() -> None:
    assert {(shot, cause) for shot, texts in ADVICE.items() for cause in texts} == set(MATRIX)


@pytest.mark.parametrize(("shot", "cause"), MATRIX)
def test_an_advice_is_short_and_about_the_hand_and_the_room(shot: ShotKind, cause: Cause) -> None:
    words = advice_for(cause, shot)
    assert 1 <= len(words.split()) <= 10
    assert words.endswith(".")
    assert not any(word in words.lower() for word in DIAGNOSTIC)


@pytest.mark.parametrize(("shot", "cause"), MATRIX)
def test_an_advice_can_be_followed_at_its_shot(shot: ShotKind, cause: Cause) -> None:
    words = advice_for(cause, shot).lower()
    assert [one for one in NOT_AT[shot] if one in words] == []


@pytest.mark.parametrize(
    ("shot", "cause", "part"),
    [
        (ShotKind.GENERAL, Cause.SHAKE, "elbows"),
        (ShotKind.GENERAL, Cause.TOO_CLOSE, "body part"),
        (ShotKind.CLOSEUP, Cause.CAST, "one kind of light"),
        (ShotKind.CLOSEUP, Cause.NO_RULER, "beside the lesion"),
        (ShotKind.CLOSEUP, Cause.NO_FIELD, "dermatoscope off the camera"),
        (ShotKind.DERMOSCOPIC, Cause.SHAKE, "hand on the skin"),
        (ShotKind.DERMOSCOPIC, Cause.CAST, "room light off"),
        (ShotKind.DERMOSCOPIC, Cause.GLARE, "gel, or use polarised light"),
        (ShotKind.DERMOSCOPIC, Cause.NO_FIELD, "flat on the skin"),
        (ShotKind.LATERAL, Cause.GLARE, "lamp"),
    ],
)
def test_the_same_cause_is_mended_differently(shot: ShotKind, cause: Cause, part: str) -> None:
    assert part in advice_for(cause, shot)
