"""Rendered skin for tests, blurred and lit in linear light; and where the real pictures are."""

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

Linear = NDArray[np.float32]
SKIN = (0.28, 0.38, 0.60)  # BGR, linear
LEVELS = 65535  # of linear light in the table: no step in the dark is more than 0.06 DN
_light = np.linspace(0, 1, LEVELS + 1)
SRGB_DN = np.where(_light <= 0.0031308, _light * 12.92, 1.055 * _light ** (1 / 2.4) - 0.055)
SRGB_DN = (SRGB_DN * 255).astype(np.float32)
_dn = np.arange(256, dtype=np.float32) / 255
LINEAR = np.where(_dn <= 0.04045, _dn / 12.92, ((_dn + 0.055) / 1.055) ** 2.4)


def skin(height: int = 960, width: int = 1280, seed: int = 0, tone: float = 1.0) -> Linear:
    """Render (height, width, 3) linear BGR: 1/f texture, 40 hairs and a dark lesion."""
    rng = np.random.default_rng(seed)
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None])
    frequency[0, 0] = 1
    spectrum = np.fft.rfft2(rng.standard_normal((height, width))) / frequency**1.1
    texture = np.fft.irfft2(spectrum, s=(height, width))
    scene = (0.85 + 0.12 * texture / texture.std()).astype(np.float32)
    hairs = np.ones((height, width), np.float32)
    for _ in range(40):
        x, y = rng.integers(0, width), rng.integers(0, height)
        end = (int(x + rng.integers(-300, 300)), int(y + rng.integers(-300, 300)))
        cv2.line(hairs, (int(x), int(y)), end, 0.35, 2, cv2.LINE_AA)
    y, x = np.mgrid[:height, :width]
    distance = np.hypot(x - width / 2, (y - height / 2) * 1.3)
    lesion = 1 - 0.6 / (1 + np.exp((distance - height * 0.2) / 4))
    scene = np.clip(scene * hairs * lesion, 0.02, 1.4)
    return (scene[..., None] * np.array(SKIN, np.float32) * tone).astype(np.float32)


def disk(radius_px: float) -> NDArray[np.float32]:
    """Return the kernel of a lens out of focus."""
    reach = int(np.ceil(radius_px)) + 1
    side = (2 * reach + 1) * 8
    y, x = (np.mgrid[:side, :side] + 0.5) / 8 - (reach + 0.5)
    fine = (np.hypot(x, y) <= radius_px).astype(np.float32)
    kernel = fine.reshape(2 * reach + 1, 8, 2 * reach + 1, 8).mean((1, 3))
    return np.asarray(kernel / kernel.sum(), np.float32)


def shake(length_px: int, angle: float) -> NDArray[np.float32]:
    """Return the kernel of a hand that moved along a line."""
    reach = length_px // 2 + 2
    side = (2 * reach + 1) * 8
    kernel = np.zeros((side, side), np.float32)
    half = np.array([np.cos(angle), np.sin(angle)]) * length_px * 4
    centre = np.array([side / 2, side / 2])
    begin, end = (tuple(int(v) for v in centre + sign * half) for sign in (-1, 1))
    cv2.line(kernel, begin, end, 1.0, 8)
    small = kernel.reshape(2 * reach + 1, 8, 2 * reach + 1, 8).mean((1, 3))
    return np.asarray(small / small.sum(), np.float32)


def blurred(linear: Linear, kernel: NDArray[np.float32]) -> Linear:
    return np.asarray(cv2.filter2D(linear, -1, kernel, borderType=cv2.BORDER_REFLECT), np.float32)


def exposed(linear: Linear, ev: float = 0.0, noise_dn: float = 1.0, seed: int = 1) -> np.ndarray:
    """Turn linear light into 8-bit sRGB with the sensor's gain, clipping and noise."""
    light = linear * np.float32(2.0**ev)
    np.clip(light, 0, 1, out=light)
    light *= LEVELS
    light += 0.5
    value = cv2.LUT(light.astype(np.uint16), SRGB_DN)
    value += np.float32(noise_dn) * unit_noise(light.shape, seed)
    value += 0.5
    return np.clip(value, 0, 255, out=value).astype(np.uint8)


@lru_cache(maxsize=8)  # as many as there are real pictures in a test; each is used several times
def unit_noise(shape: tuple[int, ...], seed: int) -> NDArray[np.float32]:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def darkened(linear: Linear) -> Linear:
    """Return the same scene with brown skin in good light: less reflected, least of all blue."""
    return np.asarray(linear * np.array([0.30, 0.36, 0.42], np.float32) * 1.25, np.float32)


def linear_of(bgr: np.ndarray) -> Linear:
    return np.asarray(cv2.LUT(bgr, LINEAR), np.float32)


# beside the project, or beside the folder that holds a second checkout of it
BESIDE = [folder / "shared" / "data" for folder in Path(__file__).resolve().parents[2:4]]


def pictures(folder: str) -> list[Path]:
    """List real pictures, or skip where the folder beside the project is missing."""
    found = sorted(path for beside in BESIDE for path in (beside / folder).glob("*.jpg"))
    if not found:
        pytest.skip(f"no real pictures in {folder} beside the project")
    return found
