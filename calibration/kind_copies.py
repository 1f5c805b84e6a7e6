"""Make copies of pictures for telling the kind of shot: cropped, turned, dimmed, noisy, darker.

Real close-ups are shot so near that they show little around the lesion. Some copies are therefore
extended by their mirror image, and some lie before a background. Copies are drawn from a generator;
any process.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from calibration.bodies import general_picture
from calibration.composites import with_scale
from calibration.degrade import (
    STANDARD,
    Camera,
    Linear,
    Picture,
    blurred,
    darkened,
    disk,
    linear_of,
    taken,
    tinted,
)
from calibration.pigment import TONES, Tone, pigmented
from calibration.rulers import LEAST_LONG_SIDE_PX, with_drawn_ruler
from dermstation.domain.shots import ShotKind

LONG_SIDE_PX = 800  # twice that at which the features are measured
_UNTOUCHED_SHARE = 0.2
_BACKGROUND_SHARES = (0.05, 0.25)
_MELANOSOMES = (0.05, 0.27)  # from little more than light skin to more than tone VI


@dataclass(frozen=True, slots=True)
class Original:
    """A picture as it was taken, of a known kind."""

    name: str
    kind: ShotKind
    picture: Picture


def rendered(closeup: Picture, rooms: Sequence[Picture], rng: np.random.Generator) -> Picture:
    """Return a rendered general picture with the skin of a close-up, as a camera takes it."""
    room = rooms[int(rng.integers(len(rooms)))]
    return taken(general_picture(closeup, room, rng), STANDARD, rng)


def training_copy(
    picture: Picture, kind: ShotKind, rooms: Sequence[Picture], rng: np.random.Generator
) -> Picture:
    """Return a copy as it may come from another camera, hand, room or skin."""
    if rng.random() < _UNTOUCHED_SHARE:
        return picture
    picture = _turned(picture, rng)
    if _draws(rng, 0.5):
        picture = _cropped(picture, _least_crop(kind), rng)
    if kind is ShotKind.CLOSEUP:
        picture = _from_further(picture, rng)
    scale = float(rng.uniform(400, 1000)) / max(picture.shape[:2])
    if scale < 1:
        area = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        picture = np.asarray(area, np.uint8)
    linear = linear_of(picture)
    if kind is ShotKind.CLOSEUP and _draws(rng, 0.25):
        linear = _before(linear, rooms[int(rng.integers(len(rooms)))], rng)
    if kind is ShotKind.DERMOSCOPIC and _draws(rng, 0.15):
        linear = with_scale(linear, rng)
    if _draws(rng, 0.4):
        linear = _darker(linear, rng)
    if _draws(rng, 0.3):
        blue, green, red = rng.normal(0, 0.25, 3).tolist()
        linear = tinted(linear, (blue, green, red))
    if _draws(rng, 0.3):
        linear = blurred(linear, disk(float(rng.uniform(0.4, 1.3))))
    return taken(linear, _camera(kind, rng), rng)


def protocol_copies(picture: Picture, rng: np.random.Generator) -> Iterator[tuple[str, Picture]]:
    """Yield copies with what was done to each: the protocol of the figures."""
    yield "as taken", picture
    for least in (0.5, 0.6, 0.75):
        yield "cropped", _cropped(picture, least, rng, most=least + 0.1)
    yield "rotated", np.ascontiguousarray(np.rot90(picture, int(rng.integers(1, 4))))
    yield "rotated", _tilted(picture, float(rng.uniform(10, 45)))
    linear = linear_of(picture)
    for ev in (-1.0, -2.0):
        yield "dimmed", taken(linear, Camera(ev=ev), rng)
    yield "noisy", taken(linear, Camera(noise_dn=4.0, jpeg_quality=70), rng)
    yield "noisy", taken(linear, Camera(ev=-0.5, noise_dn=3.0, jpeg_quality=60), rng)
    yield "darker skin", taken(darkened(linear), STANDARD, rng)
    yield "darker skin", taken(darkened(linear), Camera(noise_dn=3.0, jpeg_quality=75), rng)
    for tone in TONES:
        dark = pigmented(linear, tone)
        yield f"tone {tone.name}", taken(dark, STANDARD, rng)
        yield f"tone {tone.name}", taken(dark, Camera(ev=0.5, noise_dn=3.0, jpeg_quality=75), rng)


def _draws(rng: np.random.Generator, share: float) -> bool:
    return bool(rng.random() < share)


def _camera(kind: ShotKind, rng: np.random.Generator) -> Camera:
    has_ring = kind is ShotKind.DERMOSCOPIC and _draws(rng, 0.3)
    return Camera(
        ev=float(rng.uniform(-2.0, 0.4)),
        noise_dn=float(rng.uniform(0.3, 4.0)),
        jpeg_quality=int(rng.integers(60, 95)),
        ring=float(rng.uniform(0.42, 0.6)) if has_ring else None,
        sharpening=float(rng.uniform(0.3, 1.0)) if _draws(rng, 0.2) else 0.0,
    )


def _least_crop(kind: ShotKind) -> float:
    return 0.6 if kind is ShotKind.GENERAL else 0.45  # less of a body is a close-up


def _turned(picture: Picture, rng: np.random.Generator) -> Picture:
    turns: tuple[Callable[[], Picture], ...] = (
        lambda: picture,
        lambda: np.ascontiguousarray(np.rot90(picture, int(rng.integers(1, 4)))),
        lambda: _tilted(picture, float(rng.uniform(-45, 45))),
    )
    return turns[int(rng.choice(3, p=(0.5, 0.3, 0.2)))]()


def _tilted(picture: Picture, degrees: float) -> Picture:
    """Return the inner part of a picture that was turned by an angle."""
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    tilted = cv2.warpAffine(picture, turn, (width, height), borderMode=cv2.BORDER_REFLECT)
    top, left = int(height * 0.15), int(width * 0.15)
    return np.ascontiguousarray(tilted[top : height - top, left : width - left])


def _cropped(
    picture: Picture, least: float, rng: np.random.Generator, *, most: float = 1.0
) -> Picture:
    height, width = picture.shape[:2]
    share = float(rng.uniform(least, most))
    rows, columns = int(height * share), int(width * share)
    top, left = int(rng.integers(height - rows + 1)), int(rng.integers(width - columns + 1))
    return np.ascontiguousarray(picture[top : top + rows, left : left + columns])


def _from_further(picture: Picture, rng: np.random.Generator) -> Picture:
    """Return a close-up with a ruler, or as seen from further away, more or less often."""
    if _draws(rng, 0.2) and max(picture.shape) >= LEAST_LONG_SIDE_PX:
        picture = with_drawn_ruler(picture, rng)
    if _draws(rng, 0.3):
        scale = float(rng.uniform(0.4, 0.9))
        height, width = picture.shape[:2]
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        down, across = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
        around = cv2.copyMakeBorder(small, down, down, across, across, cv2.BORDER_REFLECT)
        picture = np.asarray(around, np.uint8)
    return picture


def _darker(linear: Linear, rng: np.random.Generator) -> Linear:
    """Return darker skin, by a factor or by its pigment, in more or less light."""
    if _draws(rng, 0.4):
        dark, most = darkened(linear), 1.6
    else:
        dark, most = pigmented(linear, Tone("", float(rng.uniform(*_MELANOSOMES)), 0.001)), 3.0
    return np.asarray(dark * np.float32(rng.uniform(0.8, most)), np.float32)


def _before(linear: Linear, room: Picture, rng: np.random.Generator) -> Linear:
    """Place skin before a background that fills a little of the picture from one side."""
    height, width = linear.shape[:2]
    angle = float(rng.uniform(0, 2 * np.pi))
    y, x = np.mgrid[:height, :width].astype(np.float32)
    along = x / width * np.float32(np.cos(angle)) + y / height * np.float32(np.sin(angle))
    edge = np.quantile(along[::8, ::8], rng.uniform(*_BACKGROUND_SHARES))
    cover = cv2.GaussianBlur((along > edge).astype(np.float32), (0, 0), 1.0)[..., None]
    behind = cv2.resize(linear_of(room), (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(linear * cover + behind * (1 - cover), np.float32)
