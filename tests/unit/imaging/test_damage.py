"""A band or a seam is found in every light, and no whole picture is called damaged."""

import cv2
import numpy as np
import pytest

from dermstation.domain.advice import advice_for
from dermstation.domain.quality import Aspect, Cause, Verdict
from dermstation.domain.shots import ShotKind
from dermstation.imaging.assessment import assess, assess_parts
from dermstation.imaging.damage import has_blank_end, has_flat_band, is_damaged, seam_rows
from dermstation.imaging.scale import to_grey
from tests.skin_pictures import exposed, pictures, skin
from tests.torn_pictures import RAW_TEARS, jpeg, view

FINDERS = (has_flat_band, has_blank_end, seam_rows)
LOOKS = ("plain", "dark", "bright", "ring")


def again(picture: np.ndarray, quality: int) -> np.ndarray:
    packet = np.frombuffer(jpeg(picture, quality), np.uint8)
    return np.asarray(cv2.imdecode(packet, cv2.IMREAD_COLOR), np.uint8)


def is_torn(picture: np.ndarray) -> bool:
    return is_damaged(picture) or bool(seam_rows(picture))


@pytest.mark.parametrize("way", ["cut_short", "zero_filled", "flat_band", "shifted"])
@pytest.mark.parametrize("look", LOOKS)
def test_a_torn_picture_is_damaged(way: str, look: str) -> None:
    rng = np.random.default_rng(7)
    for width, height in ((640, 480), (1280, 720)):
        for _ in range(3):
            whole = view(rng, width, height, (look,)).frame(rng)
            assert not is_torn(whole)
            assert is_torn(RAW_TEARS[way](whole, whole, rng)), (width, height)


@pytest.mark.parametrize("quality", [50, 75, 92])
def test_a_band_is_found_after_a_lossy_coding(quality: int) -> None:
    rng = np.random.default_rng(8)
    for look in LOOKS:
        torn = RAW_TEARS["flat_band"](view(rng, 800, 600, (look,)).frame(rng), np.empty(0), rng)
        assert has_flat_band(to_grey(again(torn, quality))), look


def test_a_decoder_that_fills_with_grey_leaves_a_band() -> None:
    rng = np.random.default_rng(9)
    packet = jpeg(view(rng, 1280, 720, ("plain",)).frame(rng))
    for share in (0.2, 0.5, 0.8):
        cut = np.frombuffer(packet[: int(len(packet) * share)] + b"\xff\xd9", np.uint8)
        filled = cv2.imdecode(cut, cv2.IMREAD_COLOR)
        assert has_flat_band(to_grey(np.asarray(filled, np.uint8))), share


@pytest.mark.parametrize("look", ["plain", "dark", "bright", "ring", "flat", "flash", "black"])
def test_no_light_is_taken_for_damage(look: str) -> None:
    rng = np.random.default_rng(10)
    for width, height in ((640, 480), (800, 600), (1600, 1200)):
        whole = view(rng, width, height, (look,)).frame(rng)
        for picture in (whole, again(whole, 60), again(whole, 92)):
            assert not is_torn(picture), (width, height)


@pytest.mark.parametrize("level", [0, 1, 128, 255])
def test_a_picture_without_anything_in_it_is_not_damaged(level: int) -> None:
    assert not is_torn(np.full((480, 640, 3), level, np.uint8))


def test_the_bars_of_a_wide_picture_in_a_tall_format_are_not_damage() -> None:
    barred = exposed(skin(480, 640))
    barred[:60] = barred[-60:] = 0
    assert not is_torn(barred)
    barred[-60:] = exposed(skin(480, 640))[-60:]
    assert is_torn(barred)


def test_the_border_of_a_drawing_is_not_a_tear() -> None:
    drawn = exposed(skin(480, 640))
    cv2.rectangle(drawn, (100, 100), (250, 300), (255, 255, 255), -1)  # a white label
    assert not is_torn(drawn)


def test_a_part_of_the_last_row_that_is_blank_is_found() -> None:
    grey = to_grey(exposed(skin(480, 640)))
    assert not has_blank_end(grey)
    grey[-1, 300:] = 0
    assert has_blank_end(grey)
    assert not has_flat_band(grey)


def test_no_real_picture_is_damaged() -> None:
    for kind in ("dermoscopic", "clinical_closeup"):
        for file in pictures(kind)[:20]:
            picture = cv2.imread(str(file))
            assert picture is not None
            grey = to_grey(np.asarray(picture, np.uint8))
            found = [find.__name__ for find in FINDERS if find(grey)]
            assert found == [], file.name


@pytest.mark.parametrize("shot", list(ShotKind))
def test_damage_makes_a_picture_poor_and_the_cable_is_the_first_advice(shot: ShotKind) -> None:
    torn = exposed(skin())
    torn[142:] = 128
    report = assess(torn, shot)
    assert report.verdict is Verdict.POOR
    assert report.causes[0] is Cause.DAMAGED
    assert report.causes[0] is Cause.DAMAGED
    assert advice_for(Cause.DAMAGED, report.shot) == "The picture is damaged. Check the cable."
    half = cv2.resize(torn, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    live = assess_parts(to_grey(torn), np.asarray(half, np.uint8), shot, 1280, 960)
    assert live.judgement(Aspect.FRAMING).cause is Cause.DAMAGED
