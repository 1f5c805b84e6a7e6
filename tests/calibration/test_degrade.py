import numpy as np
import pytest

from calibration.degrade import (
    Camera,
    blurred,
    darkened,
    disk,
    drawn_camera,
    drawn_wide_camera,
    linear_of,
    noise_bank,
    noise_dn,
    shake,
    srgb_of,
    taken,
    tinted,
    with_glare,
)

PICTURE = np.random.default_rng(1).integers(0, 256, (120, 160, 3)).astype(np.uint8)
GREY = np.full((200, 200, 3), 0.2, np.float32)


RNG = np.random.default_rng(3)


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_the_curve_and_its_inverse_change_nothing() -> None:
    assert np.array_equal(srgb_of(linear_of(PICTURE)), PICTURE)


@pytest.mark.parametrize("radius", [1.7, 2.3, 4, 8])
def test_a_disk_spreads_light_as_its_radius_says(radius: float) -> None:
    kernel = disk(radius)
    y, x = np.mgrid[: kernel.shape[0], : kernel.shape[1]] - kernel.shape[0] // 2
    assert kernel.sum() == pytest.approx(1, abs=1e-5)
    # half of r squared, plus a pixel's own variance of a twelfth in x and in y
    assert (kernel * (x * x + y * y)).sum() == pytest.approx(radius**2 / 2 + 1 / 6, rel=0.12)


@pytest.mark.parametrize("angle", [0.0, 0.7, 1.57, 2.6])
def test_a_shake_spreads_light_only_along_its_line(angle: float) -> None:
    kernel = shake(16, angle)
    y, x = np.mgrid[: kernel.shape[0], : kernel.shape[1]] - kernel.shape[0] // 2
    along = x * np.cos(angle) + y * np.sin(angle)
    across = y * np.cos(angle) - x * np.sin(angle)
    assert (kernel * along**2).sum() == pytest.approx(16**2 / 12, rel=0.2)
    assert (kernel * across**2).sum() < 0.5


def test_exposure_acts_on_light() -> None:
    dark = taken(GREY, Camera(ev=-2, noise_dn=0, jpeg_quality=None), rng())
    assert linear_of(dark).mean() == pytest.approx(0.05, rel=0.03)


def test_noise_has_the_requested_strength() -> None:
    noisy = taken(GREY, Camera(noise_dn=3, jpeg_quality=None), rng())
    assert noisy.std() == pytest.approx(3, rel=0.1)


@pytest.mark.parametrize("shot", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("bank", [False, True])
def test_noise_in_linear_light_has_its_sigma_at_mid_light(shot: float, *, bank: bool) -> None:
    camera = Camera(noise_dn=0, jpeg_quality=None, sigma=0.01, shot=shot)
    noisy = taken(GREY, camera, rng(), noise_bank() if bank else None)
    assert linear_of(noisy).std() == pytest.approx(0.01, rel=0.1)
    assert noisy.std() == pytest.approx(noise_dn(camera), rel=0.1)


def test_shot_noise_is_weaker_in_the_dark_and_read_noise_is_not() -> None:
    for shot, ratio in ((0.0, 1.0), (1.0, 0.5)):
        camera = Camera(ev=-2, noise_dn=0, jpeg_quality=None, sigma=0.01, shot=shot)
        assert linear_of(taken(GREY, camera, rng())).std() == pytest.approx(0.01 * ratio, rel=0.1)


def test_denoising_takes_noise_and_keeps_an_edge() -> None:
    step = np.where(np.arange(200)[None, :, None] < 100, 0.1, 0.4).astype(np.float32)
    scene = np.broadcast_to(step, (200, 200, 3)).copy()
    noisy, smooth = (
        taken(scene, Camera(0, 0, None, sigma=0.01, denoising=strength), rng())
        for strength in (0.0, 2.0)
    )
    assert smooth[:, 10:90].std() < 0.8 * noisy[:, 10:90].std()
    assert smooth[:, 101].mean() - smooth[:, 98].mean() > 0.9 * (
        noisy[:, 101].mean() - noisy[:, 98].mean()
    )


def test_widened_cameras_stay_within_the_protocol() -> None:
    for _ in range(200):
        camera = drawn_wide_camera(RNG, (0.006, 0.02))
        assert 0.006 <= camera.sigma <= 0.02
        assert -1 <= camera.ev <= 0.5
        assert camera.jpeg_quality is not None
        assert 50 <= camera.jpeg_quality <= 95


def test_blur_keeps_the_light() -> None:
    linear = linear_of(PICTURE)
    assert blurred(linear, disk(3)).mean() == pytest.approx(linear.mean(), rel=0.02)


def test_darkened_skin_reflects_least_blue() -> None:
    blue, green, red = darkened(GREY).mean(axis=(0, 1)) / 0.2
    assert (blue, green, red) == pytest.approx((0.375, 0.45, 0.525), rel=1e-3)


def test_glare_covers_the_share_and_saturates() -> None:
    picture = srgb_of(with_glare(GREY, 0.02, rng()))
    assert (picture.min(axis=2) == 255).mean() == pytest.approx(0.02, rel=0.6)


def test_a_tint_is_in_stops() -> None:
    assert tinted(GREY, (1.0, 0.0, -1.0))[0, 0] == pytest.approx([0.4, 0.2, 0.1])


def test_the_same_seed_takes_the_same_picture() -> None:
    camera = drawn_camera(rng())
    first, second = (taken(linear_of(PICTURE), camera, rng()) for _ in range(2))
    assert np.array_equal(first, second)


def test_a_ring_leaves_the_middle_and_blackens_the_corners() -> None:
    picture = taken(GREY, Camera(ring=0.4, noise_dn=0), rng())
    assert picture[100, 100].min() > 110
    assert picture[0, 0].max() < 12
