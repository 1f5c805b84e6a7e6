"""Degrade a good picture by known amounts of blur, exposure, noise, JPEG and more.

Blur, exposure and noise act on linear light, as in a lens and sensor. Pictures are (height, width)
or (height, width, 3) BGR. Pure functions; any thread or process.
"""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

Linear = NDArray[np.float32]
Picture = NDArray[np.uint8]
Kernel = NDArray[np.float32]

_FINE = 9  # kernels are drawn with this many subpixels along each side of a pixel
_LEVELS = 65535
_DARK_SKIN = np.array([0.30, 0.36, 0.42], np.float32) * 1.25  # reflected share of light in B, G, R
_MID_LIGHT = 0.2
_MID_SLOPE = 1.06  # of the sRGB curve at mid light
_DENOISED_PX = 5
_BANK_SEED, _BANK_SIZE = 5, 1 << 23
_READ_SHARE = 0.15  # share of the noise variance at mid light that does not come from the light


def _tables() -> tuple[Linear, NDArray[np.uint8]]:
    value = np.arange(256) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004 - IEC 61966-2-1
    light = np.arange(_LEVELS + 1) / _LEVELS
    srgb = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)  # noqa: PLR2004 - IEC 61966-2-1
    return linear.astype(np.float32), (srgb * 255 + 0.5).astype(np.uint8)


_LINEAR, _SRGB = _tables()


@dataclass(frozen=True, slots=True)
class Camera:
    """The effects of a camera on a scene's light on the way to a file.

    `noise_dn` is the standard deviation at mid grey in grey levels. `jpeg_quality` None means no
    JPEG. `ring` is the radius of a dermatoscope's field divided by the picture's height.
    `sharpening` is the amount of an unsharp mask of one pixel. `grain_px` is the sigma of the
    Gaussian that spreads the noise, as in cameras that interpolate. `stripes` is the share of the
    noise that is the same throughout a column, as in cheap sensors. `sigma` is the standard
    deviation, in linear light, of further noise: of its variance, `shot` is the share that grows
    with the light and is the same at mid light. `denoising` is the strength of a filter that
    smooths the noise but keeps edges, in multiples of the noise at mid grey.
    """

    ev: float = 0.0
    noise_dn: float = 1.0
    jpeg_quality: int | None = 92
    ring: float | None = None
    sharpening: float = 0.0
    grain_px: float = 0.0
    stripes: float = 0.0
    sigma: float = 0.0
    shot: float = 0.0
    denoising: float = 0.0


STANDARD = Camera()


def noise_dn(camera: Camera) -> float:
    """Return the standard deviation of all of a camera's noise at mid grey, in grey levels."""
    return math.hypot(camera.noise_dn, camera.sigma * _MID_SLOPE * 255)


def drawn_camera(rng: np.random.Generator) -> Camera:
    """Return a random camera with the protocol's nuisances.

    EV -1 to +0.5, noise 0.5 to 4 DN, JPEG quality 60 to 92, and sometimes a ring or sharpening.
    """
    return Camera(
        ev=float(rng.uniform(-1.0, 0.5)),
        noise_dn=float(rng.uniform(0.5, 4.0)),
        jpeg_quality=int(rng.integers(60, 93)),
        ring=float(rng.uniform(0.42, 0.56)) if rng.random() < 0.3 else None,  # noqa: PLR2004 - a share
        sharpening=float(rng.uniform(0.3, 1.0)) if rng.random() < 0.2 else 0.0,  # noqa: PLR2004 - a share
    )


def drawn_odd_camera(rng: np.random.Generator) -> Camera:
    """Return a random camera of the protocol, unusual in a third of the draws.

    With the unusual ones the models also learn cameras without JPEG, with grain or with stripes.
    """
    camera = drawn_camera(rng)
    kind = rng.random()
    if kind < 0.12:  # noqa: PLR2004 - a share
        return replace(camera, jpeg_quality=None)
    if kind < 0.22:  # noqa: PLR2004 - a share
        return replace(camera, grain_px=float(rng.uniform(0.4, 1.0)))
    if kind < 0.32:  # noqa: PLR2004 - a share
        return replace(camera, stripes=float(rng.uniform(0.3, 0.7)), ev=camera.ev - 0.5)
    return camera


def drawn_wide_camera(
    rng: np.random.Generator, sigmas: tuple[float, float] = (0.002, 0.02)
) -> Camera:
    """Return a random camera of the widened protocol.

    EV -1 to +0.5, noise of `sigmas` in linear light, up to all of it shot noise, JPEG quality 50
    to 95; a ring in 30 %, denoising in 25 %, sharpening in 25 % and coarse noise in 25 %.
    """
    return Camera(
        ev=float(rng.uniform(-1.0, 0.5)),
        noise_dn=0.0,
        jpeg_quality=int(rng.integers(50, 96)),
        ring=float(rng.uniform(0.42, 0.56)) if rng.random() < 0.3 else None,  # noqa: PLR2004 - a share
        sharpening=float(rng.uniform(0.3, 1.0)) if rng.random() < 0.25 else 0.0,  # noqa: PLR2004 - a share
        grain_px=float(rng.uniform(0.3, 0.8)) if rng.random() < 0.25 else 0.0,  # noqa: PLR2004 - a share
        sigma=float(rng.uniform(*sigmas)),
        shot=float(rng.uniform(0, 1)) if rng.random() < 0.5 else 0.0,  # noqa: PLR2004 - a share
        denoising=float(rng.uniform(1, 3)) if rng.random() < 0.25 else 0.0,  # noqa: PLR2004 - a share
    )


def linear_of(picture: Picture) -> Linear:
    """Return linear light 0-1 of sRGB values 0-255."""
    return np.asarray(cv2.LUT(picture, _LINEAR), np.float32)


def srgb_of(linear: Linear) -> Picture:
    """Return sRGB values (uint8) of linear light, clipped to 0-1."""
    return np.asarray(_SRGB[(np.clip(linear, 0, 1) * _LEVELS + 0.5).astype(np.uint16)])


def disk(radius_px: float) -> Kernel:
    """Return the kernel of a lens out of focus, with an antialiased edge."""
    reach = int(np.ceil(radius_px + 0.5))
    side = (2 * reach + 1) * _FINE
    y, x = (np.mgrid[:side, :side] + 0.5) / _FINE - (reach + 0.5)
    return _averaged((x * x + y * y <= radius_px * radius_px).astype(np.float32))


def shake(length_px: float, angle: float) -> Kernel:
    """Return the kernel of a hand that moves along a line; `angle` is in radians."""
    side = (2 * int(np.ceil(length_px / 2 + 1)) + 1) * _FINE
    kernel = np.zeros((side, side), np.float32)
    half = np.array([np.cos(angle), np.sin(angle)]) * length_px * _FINE / 2
    begin, end = (tuple(int(v) for v in side / 2 + sign * half) for sign in (-1, 1))
    cv2.line(kernel, begin, end, 1.0, _FINE)
    return _averaged(kernel)


def _averaged(fine: Kernel) -> Kernel:
    cells = fine.shape[0] // _FINE
    kernel = fine.reshape(cells, _FINE, cells, _FINE).mean((1, 3))
    return np.asarray(kernel / kernel.sum(), np.float32)


def blurred(linear: Linear, kernel: Kernel) -> Linear:
    """Blur linear light by a kernel."""
    return np.asarray(cv2.filter2D(linear, -1, kernel, borderType=cv2.BORDER_REFLECT), np.float32)


def darkened(linear: Linear) -> Linear:
    """Return the same scene with brown skin in good light."""
    return np.asarray(linear * _DARK_SKIN, np.float32)


def tinted(linear: Linear, stops: tuple[float, float, float]) -> Linear:
    """Return the scene in light of another colour; `stops` are the gains of B, G and R."""
    return np.asarray(linear * np.exp2(np.array(stops, np.float32)), np.float32)


def with_glare(linear: Linear, share: float, rng: np.random.Generator) -> Linear:
    """Add mirror reflections of the lamp, blobs with sharp edges, over `share` of the picture."""
    height, width = linear.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    while mask.mean() < share:
        centre = (int(rng.uniform(0.15, 0.85) * width), int(rng.uniform(0.15, 0.85) * height))
        size = rng.uniform(0.006, 0.04, 2) * width
        axes = (max(2, int(size[0])), max(2, int(size[1])))
        cv2.ellipse(mask, centre, axes, float(rng.uniform(0, 180)), 0, 360, 1, -1)
    light = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 1.2) * 3.0
    return np.asarray(linear + (light[..., None] if linear.ndim > 2 else light), np.float32)  # noqa: PLR2004 - colour


@lru_cache(maxsize=1)
def noise_bank() -> Linear:
    """Return random numbers of variance 1, to be taken from a random place: far faster to make."""
    bank = np.random.default_rng(_BANK_SEED).standard_normal(_BANK_SIZE, np.float32)
    bank.setflags(write=False)
    return bank


def taken(
    linear: Linear, camera: Camera, rng: np.random.Generator, bank: Linear | None = None
) -> Picture:
    """Return a picture of the light: exposed, noisy, sharpened and coded as by the camera.

    The noise is that of `bank` from a random place, or made anew.
    """
    light = linear * np.float32(2.0**camera.ev)
    if camera.ring is not None:
        ring = _ring(linear.shape[0], linear.shape[1], camera.ring)
        light = light * (ring[..., None] if linear.ndim > 2 else ring)  # noqa: PLR2004 - colour
    if camera.noise_dn > 0 or camera.sigma > 0:
        at_mid = (camera.noise_dn / 255 / _MID_SLOPE) ** 2
        from_light = at_mid * (1 - _READ_SHARE) + camera.sigma**2 * camera.shot
        read = at_mid * _READ_SHARE + camera.sigma**2 * (1 - camera.shot)
        variance = np.clip(light, 0, 1) * np.float32(from_light / _MID_LIGHT) + np.float32(read)
        light = light + _noise(light.shape, camera, rng, bank) * np.sqrt(variance)
    picture = srgb_of(np.asarray(light, np.float32))
    if camera.denoising:
        reach = camera.denoising * max(1.0, noise_dn(camera))
        reach *= 1 if picture.ndim == 2 else picture.shape[2]  # noqa: PLR2004 - differences are summed
        smooth = cv2.bilateralFilter(picture, _DENOISED_PX, reach, _DENOISED_PX / 2)
        picture = np.asarray(smooth, np.uint8)
    if camera.sharpening:
        soft = cv2.GaussianBlur(picture, (0, 0), 1.0)
        sharp = cv2.addWeighted(picture, 1 + camera.sharpening, soft, -camera.sharpening, 0)
        picture = np.asarray(sharp, np.uint8)
    if camera.jpeg_quality is not None:
        options = [cv2.IMWRITE_JPEG_QUALITY, camera.jpeg_quality]
        packet = cv2.imencode(".jpg", picture, options)[1]
        picture = np.asarray(cv2.imdecode(packet, cv2.IMREAD_UNCHANGED), np.uint8)
    return picture


def _ring(height: int, width: int, radius: float) -> Linear:
    y, x = np.mgrid[:height, :width].astype(np.float32)
    outside = np.hypot(x - width / 2, y - height / 2) - radius * height
    inside = 1 / (1 + np.exp(np.clip(outside / 2.5, -30, 30)))
    return np.asarray(0.003 + 0.997 * inside, np.float32)


def _noise(
    shape: tuple[int, ...], camera: Camera, rng: np.random.Generator, bank: Linear | None
) -> Linear:
    """Return random noise of variance 1."""
    count = math.prod(shape)
    if bank is None or count >= len(bank):
        noise = rng.standard_normal(shape, np.float32)
    else:
        place = int(rng.integers(len(bank) - count))
        noise = bank[place : place + count].reshape(shape)
    if camera.stripes:
        columns = rng.standard_normal(shape[1:], np.float32)
        noise = noise * np.float32(np.sqrt(1 - camera.stripes**2)) + columns * np.float32(
            camera.stripes
        )
    if camera.grain_px:
        noise = np.asarray(cv2.GaussianBlur(noise, (0, 0), camera.grain_px), np.float32)
        noise = noise / noise.std()
    return np.asarray(noise, np.float32)
