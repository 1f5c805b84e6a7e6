"""Light, glare, colour, skin and lesion, each on its own, on rendered pictures."""

import cv2
import numpy as np
import pytest

from dermstation.imaging.colour import measure_tint
from dermstation.imaging.exposure import measure_light
from dermstation.imaging.field import field_of
from dermstation.imaging.glare import measure_glare
from dermstation.imaging.lesion import find_lesion
from dermstation.imaging.scale import to_grey
from dermstation.imaging.skin import measure_skin
from dermstation.imaging.table import SkinModel
from dermstation.imaging.tiles import tile_grid

MODEL = SkinModel(np.array([4.0, -1.3]), -5.8, np.array([0.66, 0.44]), 10 * np.eye(2))
# sRGB (R, G, B) of skin from very fair to very dark in even white light
TONES = [(244, 208, 188), (224, 172, 140), (180, 128, 95), (130, 84, 58), (78, 50, 36)]


def plain(rgb: tuple[int, int, int], noise_dn: float = 2.0) -> np.ndarray:
    rng = np.random.default_rng(5)
    picture = np.array(rgb[::-1], np.float32) + noise_dn * rng.standard_normal((480, 640, 3))
    return np.clip(picture, 0, 255).astype(np.uint8)


def skin_share(bgr: np.ndarray) -> float:
    return measure_skin(field_of(bgr), tile_grid(to_grey(bgr))).share


@pytest.mark.parametrize("rgb", TONES)
def test_skin_of_every_tone_is_skin(rgb) -> None:
    assert skin_share(plain(rgb)) > 0.95


@pytest.mark.parametrize("rgb", TONES[1:])
def test_skin_in_light_that_is_half_a_stop_off_is_still_skin(rgb, light) -> None:
    for stops in ((0.5, 0.0, -0.2), (-0.5, 0.0, 0.2)):
        linear = light.linear_of(plain(rgb)) * np.exp2(np.array(stops, np.float32))
        assert skin_share(light.exposed(linear)) > 0.8


@pytest.mark.parametrize(
    "rgb", [(128, 128, 128), (250, 250, 250), (60, 120, 50), (40, 90, 200), (200, 20, 10)]
)
def test_paper_leaf_sky_and_paint_are_not_skin(rgb) -> None:
    assert skin_share(plain(rgb)) < 0.1


def test_bricks_are_rougher_than_skin(light, scenes) -> None:
    bricks = np.random.default_rng(3).integers(60, 180, (40, 30, 1), np.uint8)
    shades = cv2.resize(bricks, (1280, 960), interpolation=cv2.INTER_NEAREST)[..., None]
    wall = (shades * np.array((0.6, 0.75, 1.0))).astype(np.uint8)
    rough = measure_skin(field_of(wall), tile_grid(to_grey(wall))).roughness
    bgr = light.exposed(scenes[0])
    smooth = measure_skin(field_of(bgr), tile_grid(to_grey(bgr))).roughness
    assert rough > smooth + 0.7


def test_the_share_of_glare_and_its_place_are_measured(light, scenes) -> None:
    bgr = light.exposed(scenes[0])
    none = measure_glare(field_of(bgr))
    for centre in ((400, 300), (430, 330), (460, 300)):
        cv2.circle(bgr, centre, 14, (255, 255, 255), -1, cv2.LINE_AA)
    found = measure_glare(field_of(bgr))
    assert none.share == 0
    assert found.spots == 3
    assert found.share == pytest.approx(3 * np.pi * 14**2 / bgr[..., 0].size, rel=0.25)
    assert (found.x, found.y) == pytest.approx((430 / 1280, 310 / 960), abs=0.02)
    assert found.centre_share == pytest.approx(found.share)


def test_paper_and_a_bright_picture_are_not_glare(light, scenes) -> None:
    bgr = light.exposed(scenes[0])
    cv2.rectangle(bgr, (0, 0), (1279, 200), (250, 250, 250), -1)
    assert measure_glare(field_of(bgr)).share == 0
    assert measure_glare(field_of(np.full((480, 640, 3), 255, np.uint8))).share == 0


def test_a_white_ruler_with_marks_is_not_glare(light, scenes) -> None:
    bgr = light.exposed(scenes[0])
    cv2.rectangle(bgr, (0, 700), (1279, 900), (232, 238, 240), -1)
    for x in range(10, 1280, 30):
        cv2.line(bgr, (x, 700), (x, 700 + (90 if x % 150 == 10 else 50)), (30, 30, 30), 4)
    assert measure_glare(field_of(bgr)).share == 0


def test_light_is_in_stops_below_saturation(light, scenes) -> None:
    bright, dark = (measure_light(field_of(light.exposed(scenes[0], ev=ev))) for ev in (0, -2))
    assert dark.highlight_stops - bright.highlight_stops == pytest.approx(2, abs=0.1)
    assert bright.highlight_stops >= 0


def test_losing_only_red_shows_in_its_channel(light, scenes) -> None:
    found = measure_light(field_of(light.exposed(scenes[0], ev=1.2)))
    blue, green, red = found.clipped_by_channel
    assert red > 0.5 > green >= blue
    assert found.clipped_share == pytest.approx((blue + green + red) / 3)


def test_a_ramp_of_two_stops_is_two_stops_uneven(light, scenes) -> None:
    ramp = np.logspace(-2, 0, 1280, base=2, dtype=np.float32)[None, :, None]
    even = measure_light(field_of(light.exposed(scenes[0]))).unevenness_stops
    uneven = measure_light(field_of(light.exposed(scenes[0] * ramp))).unevenness_stops
    assert even < 0.5
    assert uneven == pytest.approx(2, abs=0.4)


def test_a_tint_increases_the_distance_from_usual_skin(light, scenes) -> None:
    tints = [np.array(stops, np.float32) for stops in ((0, 0, 0), (0.6, 0, -0.3), (-0.6, 0, 0.4))]
    distances = [
        measure_tint(field_of(light.exposed(scenes[0] * np.exp2(tint))), MODEL).cast_distance
        for tint in tints
    ]
    assert distances[0] < min(distances[1:]) - 1


def test_a_white_object_that_looks_white_halves_the_cast(light, scenes) -> None:
    bgr = light.exposed(scenes[0] * np.exp2(np.array([-0.8, 0, 0.3], np.float32)))
    without = measure_tint(field_of(bgr), MODEL)
    cv2.rectangle(bgr, (0, 700), (1279, 900), (235, 235, 235), -1)
    found = measure_tint(field_of(bgr), MODEL)
    assert without.white_share == 0
    assert found.white_share == pytest.approx(0.2, abs=0.05)
    assert found.white_tint_stops < 0.1
    assert found.cast_distance < without.cast_distance


@pytest.mark.parametrize(("x", "y", "radius"), [(320, 240, 60), (420, 180, 40), (250, 300, 90)])
def test_a_lesion_is_located(x: int, y: int, radius: int) -> None:
    bgr = plain(TONES[1])
    cv2.circle(bgr, (x, y), radius, (60, 70, 110), -1, cv2.LINE_AA)
    found = find_lesion(field_of(cv2.GaussianBlur(bgr, (0, 0), 2)))
    assert found.share == pytest.approx(np.pi * radius**2 / (480 * 640), rel=0.55)
    assert found.offset == pytest.approx(np.hypot(x - 320, y - 240) / 400, abs=0.04)
    assert found.cut == 0
    assert found.stops > 1


def test_a_lesion_at_the_edge_is_cut() -> None:
    bgr = plain(TONES[1])
    cv2.circle(bgr, (0, 240), 110, (60, 70, 110), -1)
    assert find_lesion(field_of(bgr)).cut > 0.3


def test_plain_skin_and_fading_light_have_no_lesion(light) -> None:
    assert find_lesion(field_of(plain(TONES[1]))).stops == 0
    y, x = np.mgrid[:480, :640].astype(np.float32)
    fall = np.exp2(-1.2 * (((x - 320) / 320) ** 2 + ((y - 240) / 240) ** 2) / 2)[..., None]
    vignette = light.exposed(light.linear_of(plain(TONES[1])) * fall)
    assert find_lesion(field_of(vignette)).stops < 0.4


def test_the_dark_surround_is_left_out_of_every_measurement(light, scenes) -> None:
    y, x = np.mgrid[:960, :1280]
    scene = scenes[1].copy()
    scene[np.hypot(x - 640, y - 480) > 450] = 0.0005
    bare, ringed = (field_of(light.exposed(one)) for one in (scenes[1], scene))
    assert bare.dark_share == 0
    assert ringed.dark_share == pytest.approx(1 - np.pi * 450**2 / (960 * 1280), abs=0.08)
    assert measure_light(ringed).median_linear == pytest.approx(
        measure_light(bare).median_linear, rel=0.15
    )
    assert find_lesion(ringed).offset < 0.1


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (2, 2), (30, 500), (64, 64)])
@pytest.mark.parametrize("level", [0, 90, 255])
def test_any_shape_is_measured(shape: tuple[int, int], level: int) -> None:
    field = field_of(np.full((*shape, 3), level, np.uint8))
    tint = measure_tint(field, MODEL, from_afar=True)
    measured = (measure_light(field), measure_glare(field), tint)
    assert all(np.isfinite(value) for one in measured for value in np.hstack(_values(one)))
    assert find_lesion(field).stops == 0


def _values(measured: object) -> list[float]:
    values = (getattr(measured, name) for name in measured.__dataclass_fields__)
    return [np.ravel(value) for value in values if value is not None]
