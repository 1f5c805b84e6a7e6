"""A white ruler or card shows the colour of the light; pale skin or a coloured thing does not."""

import cv2
import numpy as np
import pytest

from dermstation.domain.advice import advice_for
from dermstation.domain.quality import Aspect, Cause, Judgement, Verdict
from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import assess
from tests.skin_pictures import exposed, skin

PAPER = (0.82, 0.83, 0.84)  # BGR, linear
GLOVE = (0.9, 0.5, 0.3)
LIGHTS = {  # gains of B, G and R in stops
    Cause.YELLOWISH: (-0.6, 0.0, 0.3),
    Cause.BLUISH: (0.5, 0.0, -0.4),
    Cause.GREENISH: (-0.3, 0.3, -0.3),
    Cause.PINKISH: (0.3, -0.3, 0.3),
}


def bare(tone: float = 1.0) -> np.ndarray:
    return skin(480, 640, tone=tone)


def beside_skin(colour=PAPER, *, degrees: float = 15, round_one: bool = False) -> np.ndarray:
    """Return skin (linear) with a thing of one colour on it."""
    scene = bare() * np.float32(0.7)
    ink = tuple(0.8 * value for value in colour)
    if round_one:
        for x in range(50, 600, 95):  # six spots, none of them large
            cv2.circle(scene, (x, 380), 22, ink, -1)
        return scene
    corners = cv2.boxPoints(((320, 380), (310, 90), degrees))
    cv2.fillConvexPoly(scene, np.rint(corners).astype(np.int32), ink)
    return scene


def colour_of(scene: np.ndarray, shot=ShotKind.CLOSEUP, stops=(0, 0, 0), ev=-0.4) -> Judgement:
    tinted = scene * np.exp2(np.array(stops, np.float32))
    return assess(exposed(tinted, ev=ev), shot).judgement(Aspect.COLOUR)


@pytest.mark.parametrize("cause", LIGHTS)
@pytest.mark.parametrize("shot", [ShotKind.CLOSEUP, ShotKind.GENERAL, ShotKind.LATERAL])
def test_the_light_on_a_card_is_named(cause: Cause, shot: ShotKind) -> None:
    found = colour_of(beside_skin(), shot, LIGHTS[cause])
    assert (found.verdict, found.cause) == (Verdict.FAIR, cause)
    assert advice_for(cause, shot).startswith(f"The light is {cause.value}.")


@pytest.mark.parametrize("degrees", [0, 37, 80])
def test_white_light_on_a_card_is_white_whatever_the_tone_of_the_skin(degrees: float) -> None:
    for tone in (1.0, 0.6, 0.35):
        scene = beside_skin(degrees=degrees)
        is_card = (scene[..., 0] > 0.5)[..., None]
        found = colour_of(np.where(is_card, scene, bare(tone) * np.float32(0.7)))
        assert found.cause is None
        assert found.measures["reference_share"] == pytest.approx(0.09, abs=0.03)
        assert abs(found.measures["yellowish_stops"]) < 0.1


def test_what_a_card_shows_counts_and_not_how_red_the_skin_is() -> None:
    scene = beside_skin()
    is_card = (scene[..., 0] > 0.5)[..., None]
    red = scene * np.exp2(np.array((-0.5, -0.4, 0.3), np.float32))
    assert colour_of(np.where(is_card, scene, red)).cause is None


@pytest.mark.parametrize("scene", [bare(), beside_skin(GLOVE), beside_skin(round_one=True)])
def test_bare_skin_a_glove_and_small_spots_are_no_reference(scene: np.ndarray) -> None:
    for stops in ((0, 0, 0), *LIGHTS.values()):
        assert "reference_share" not in colour_of(scene, stops=stops).measures


def test_a_card_that_is_burnt_out_tells_nothing() -> None:
    assert "reference_share" not in colour_of(beside_skin(), ev=1.5).measures


def test_no_card_is_looked_for_in_contact() -> None:
    found = colour_of(beside_skin(), ShotKind.DERMOSCOPIC, LIGHTS[Cause.YELLOWISH])
    assert "reference_share" not in found.measures
