"""Darker skin, by what melanin and blood absorb."""

import numpy as np
import pytest

from calibration.pigment import TONES, Tone, pigmented

LIGHT = np.tile(np.array([0.25, 0.35, 0.50], np.float32), (4, 4, 1))


def test_no_more_pigment_changes_nothing() -> None:
    assert pigmented(LIGHT, Tone("as it is", 0.0, 0.0)) == pytest.approx(LIGHT)


def test_melanin_takes_most_of_blue_and_least_of_red() -> None:
    blue, green, red = (pigmented(LIGHT, Tone("", 0.1, 0.0)) / LIGHT)[0, 0]
    assert blue < green < red < 1


def test_blood_takes_hardly_any_red() -> None:
    blue, green, red = (pigmented(LIGHT, Tone("", 0.0, 0.005)) / LIGHT)[0, 0]
    assert max(blue, green) < 0.8
    assert red > 0.95


def test_each_tone_is_darker_than_the_one_before_and_none_is_black() -> None:
    fifth, sixth = (pigmented(LIGHT, tone) for tone in TONES)
    assert (sixth < fifth).all()
    assert (sixth > 0.02).all()
    # stops of red: Fitzpatrick V and VI reflect about half and a third of light skin's
    assert -np.log2(fifth[0, 0, 2] / 0.5) == pytest.approx(0.8, abs=0.1)
    assert -np.log2(sixth[0, 0, 2] / 0.5) == pytest.approx(1.5, abs=0.2)


def test_what_is_darker_than_the_surface_stays_as_it_is() -> None:
    dark = np.full((2, 2, 3), 0.01, np.float32)
    assert pigmented(dark, TONES[1]) == pytest.approx(dark)
