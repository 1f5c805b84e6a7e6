"""Render general pictures: a body part before a background, seen from about a metre.

There are no real pictures of this kind in the data folder. The colour of the skin and its mottling
come from a close-up, and the background may come from a picture without skin. Nothing here shows a
real person. Pure functions of a generator; light is linear, BGR.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.degrade import Linear, Picture, linear_of

_LONG_SIDE_PX = 800
_HAIR = np.array((0.02, 0.03, 0.05), np.float32)
_PLAIN = np.array(
    [
        (0.55, 0.55, 0.55),
        (0.7, 0.72, 0.75),
        (0.35, 0.25, 0.15),
        (0.08, 0.08, 0.08),
        (0.3, 0.4, 0.3),
    ],
    np.float32,
)
Plane = NDArray[np.float32]


def general_picture(closeup: Picture, room: Picture, rng: np.random.Generator) -> Linear:
    """Return a general picture with the skin of a close-up, in linear light."""
    height, width = _LONG_SIDE_PX * 3 // 4, _LONG_SIDE_PX
    if rng.random() < 0.3:  # noqa: PLR2004 - a share
        height, width = width, height
    skin = _skin(closeup, (height, width), rng)
    scene = _background(room, (height, width), rng)
    draw = (_limb, _limb, _trunk, _head, _hand)[int(rng.integers(5))]
    for cover, round_light in draw((height, width), rng):
        shade = cv2.GaussianBlur(cover, (0, 0), 0.02 * width)
        scene = scene * (1 - np.float32(rng.uniform(0, 0.5)) * shade)[..., None]
        part = cv2.GaussianBlur(cover, (0, 0), 0.8)[..., None]
        scene = scene * (1 - part) + skin * round_light[..., None] * part
    if rng.random() < 0.6:  # noqa: PLR2004 - a share
        scene = _clothed(scene, rng)
    scene = scene * _lamp((height, width), rng)[..., None]
    bright = float(np.percentile(scene[::8, ::8].max(axis=-1), 90))
    return np.asarray(scene * np.float32(rng.uniform(0.45, 0.95) / max(bright, 1e-3)), np.float32)


def _cloud(shape: tuple[int, int], rng: np.random.Generator, cells: float, octaves: int) -> Plane:
    """Return smooth noise of unit deviation, `cells` across the long side and finer."""
    out = np.zeros(shape, np.float32)
    for octave in range(octaves):
        count = cells * 2**octave / max(shape)
        small = (max(2, int(shape[0] * count)), max(2, int(shape[1] * count)))
        grid = rng.standard_normal(small).astype(np.float32)
        size = (shape[1], shape[0])
        out += cv2.resize(grid, size, interpolation=cv2.INTER_CUBIC) * 0.6**octave
    return np.asarray(out / max(1e-6, float(out.std())), np.float32)


def _skin(closeup: Picture, shape: tuple[int, int], rng: np.random.Generator) -> Linear:
    """Return skin that fills the frame: a close-up's colour, mottled, with small lesions."""
    linear = linear_of(closeup)
    colour = np.median(linear[::4, ::4].reshape(-1, 3), axis=0).astype(np.float32)
    colour = np.clip(colour, 0.02, 0.8)
    melanin = rng.uniform(0.02, 0.09) * _cloud(shape, rng, 5, 4)
    blood = rng.uniform(0.02, 0.10) * _cloud(shape, rng, 12, 5)
    light = 1 + rng.uniform(0.01, 0.05) * _cloud(shape, rng, 120, 3)
    absorbed = melanin[..., None] * np.array((1.3, 1.0, 0.6), np.float32)
    absorbed = absorbed + blood[..., None] * np.array((0.8, 1.0, 0.2), np.float32)
    spots = _spots(shape, rng)
    absorbed = absorbed + spots[..., None] * np.array((1.5, 1.0, 0.5), np.float32)
    skin = colour * np.exp(-absorbed) * light[..., None]
    if rng.random() < 0.5:  # noqa: PLR2004 - a share
        skin = _with_patch(skin, linear, rng)
    if rng.random() < 0.5:  # noqa: PLR2004 - a share
        skin = _haired(skin, rng)
    return np.asarray(skin, np.float32)


def _spots(shape: tuple[int, int], rng: np.random.Generator) -> Plane:
    out = np.zeros(shape, np.float32)
    for _ in range(int(rng.integers(1, 60))):
        place = (int(rng.uniform(0, shape[1])), int(rng.uniform(0, shape[0])))
        radius = max(1, round(float(rng.exponential(2) + 0.8)))
        cv2.circle(out, place, radius, float(rng.uniform(0.1, 1.2)), -1, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(out, (0, 0), 0.7), np.float32)


def _with_patch(skin: Linear, closeup: Linear, rng: np.random.Generator) -> Linear:
    """Lay the close-up itself into the skin, as small as it would be from afar."""
    height, width = skin.shape[:2]
    side = int(max(height, width) * rng.uniform(0.06, 0.14))
    scale = side / max(closeup.shape[:2])
    patch = cv2.resize(closeup, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    rows, columns = patch.shape[:2]
    top, left = int(rng.uniform(0.3, 0.6) * height), int(rng.uniform(0.3, 0.6) * width)
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    soft = np.clip(1.6 * (1 - np.hypot(x, y)), 0, 1).astype(np.float32)[..., None]
    own = skin[top : top + rows, left : left + columns]
    skin[top : top + rows, left : left + columns] = own * (1 - soft) + patch * soft
    return skin


def _haired(skin: Linear, rng: np.random.Generator) -> Linear:
    height, width = skin.shape[:2]
    cover = np.zeros((height, width), np.uint8)
    turn = float(rng.uniform(0, 2 * np.pi))
    for _ in range(int(rng.integers(200, 3000))):
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        angle, length = turn + rng.normal(0, 0.5), rng.uniform(4, 20)
        end = (int(x + length * np.cos(angle)), int(y + length * np.sin(angle)))
        cv2.line(cover, (int(x), int(y)), end, int(rng.uniform(60, 200)), 1, cv2.LINE_AA)
    part = cover.astype(np.float32)[..., None] / 255 * np.float32(rng.uniform(0.3, 0.8))
    return np.asarray(skin * (1 - part) + _HAIR * part, np.float32)


def _background(room: Picture, shape: tuple[int, int], rng: np.random.Generator) -> Linear:
    """Return a wall or a couch, plain or with folds, or a real room out of focus."""
    size = (shape[1], shape[0])
    if rng.random() < 0.4:  # noqa: PLR2004 - a share
        picture = cv2.resize(linear_of(room), size, interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 4)), np.float32)
    colour = _PLAIN[int(rng.integers(len(_PLAIN)))] * np.float32(rng.uniform(0.5, 1.3))
    colour = colour * rng.uniform(0.85, 1.15, 3).astype(np.float32)
    folds = rng.uniform(0, 0.25) * _cloud(shape, rng, 6, 3) + rng.uniform(0, 0.03) * _cloud(
        shape, rng, 200, 2
    )
    wall = np.broadcast_to(colour, (*shape, 3)) * np.exp(folds)[..., None]
    for _ in range(int(rng.integers(0, 4))):  # furniture, the edge of the couch
        wall = _block(np.array(wall, np.float32), rng)
    return np.asarray(wall, np.float32)


def _block(scene: Linear, rng: np.random.Generator) -> Linear:
    height, width = scene.shape[:2]
    middle = (float(rng.uniform(0, width)), float(rng.uniform(0, height)))
    size = (float(rng.uniform(0.1, 0.9) * width), float(rng.uniform(0.1, 0.9) * height))
    corners = cv2.boxPoints((middle, size, float(rng.uniform(-20, 20))))
    cover = np.zeros((height, width), np.float32)
    cv2.fillPoly(cover, [np.rint(corners).astype(np.int32)], 1.0, cv2.LINE_AA)
    colour = _PLAIN[int(rng.integers(len(_PLAIN)))] * rng.uniform(0.3, 1.3, 3).astype(np.float32)
    part = cv2.GaussianBlur(cover, (0, 0), rng.uniform(0.6, 3))[..., None]
    return np.asarray(scene * (1 - part) + colour * part, np.float32)


def _clothed(scene: Linear, rng: np.random.Generator) -> Linear:
    """Cover one side of the picture with cloth: plain, striped or woven."""
    height, width = scene.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    angle = float(rng.uniform(0, 2 * np.pi))
    along = (x / width - 0.5) * np.cos(angle) + (y / height - 0.5) * np.sin(angle)
    along = along + 0.03 * _cloud((height, width), rng, 4, 2)
    cover = (along > rng.uniform(0.15, 0.4)).astype(np.float32)
    part = cv2.GaussianBlur(cover, (0, 0), 0.8)[..., None]
    colour = rng.uniform(0.02, 0.6, 3).astype(np.float32)
    folds = rng.uniform(0.05, 0.4) * _cloud((height, width), rng, 8, 4)
    stripes = np.sin((x * np.sin(angle) + y * np.cos(angle)) / rng.uniform(1.5, 12))
    weave = np.exp(folds + rng.uniform(0, 0.4) * stripes)[..., None]
    return np.asarray(scene * (1 - part) + colour * weave * part, np.float32)


def _lamp(shape: tuple[int, int], rng: np.random.Generator) -> Plane:
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    far = np.hypot(x / shape[1] - rng.uniform(-0.2, 1.2), y / shape[0] - rng.uniform(-0.2, 1.2))
    return np.asarray(np.exp2(-np.float32(rng.uniform(0, 1.5)) * far), np.float32)


_Part = tuple[Plane, Plane]


def _rounded(across: Plane, rng: np.random.Generator) -> Plane:
    """Return the light on a cylinder; `across` runs from -1 to 1 over it."""
    tilt = float(rng.uniform(-0.9, 0.9))
    facing = np.sqrt(np.clip(1 - np.square(across), 0, 1)) * np.cos(tilt) + across * np.sin(tilt)
    ambient = float(rng.uniform(0.1, 0.5))
    light = ambient + (1 - ambient) * np.clip(facing, 0, 1) ** rng.uniform(0.5, 1.2)
    return np.asarray(light, np.float32)


def _limb(shape: tuple[int, int], rng: np.random.Generator) -> list[_Part]:
    """Draw one or two arms or legs that taper across the picture."""
    parts = []
    angle = float(rng.uniform(0, np.pi))
    for number in range(1 if rng.random() < 0.7 else 2):  # noqa: PLR2004 - a share
        y, x = _axes(shape, angle + rng.normal(0, 0.1))
        half = float(rng.uniform(0.12, 0.33)) * (1 + rng.uniform(-0.4, 0.4) * x)
        half = half * (1 + 0.08 * np.sin(5 * x + rng.uniform(0, 6)))
        aside = rng.uniform(-0.15, 0.15) + (0.7 * half if number else 0)
        across = np.asarray((y - aside - 0.08 * np.sin(2 * x)) / half, np.float32)
        parts.append(((np.abs(across) < 1).astype(np.float32), _rounded(across, rng)))
    return parts


def _trunk(shape: tuple[int, int], rng: np.random.Generator) -> list[_Part]:
    """Draw a back or chest, which may fill the picture."""
    y, x = _axes(shape, float(rng.normal(0, 0.15)) + (np.pi / 2 if rng.random() < 0.3 else 0))  # noqa: PLR2004 - a share
    half = float(rng.uniform(0.45, 1.0)) * (1 + 0.25 * y * rng.uniform(-1, 1))
    across = np.asarray((x - rng.uniform(-0.2, 0.2)) / half, np.float32)
    light = _rounded(across, rng)
    spine = 1 - rng.uniform(0.1, 0.4) * np.exp(-np.square(across / rng.uniform(0.03, 0.12)))
    blades = np.zeros_like(across)
    for side in (-1, 1):
        middle = (side * rng.uniform(0.3, 0.5), rng.uniform(-0.3, 0.1))
        far = np.hypot(across - middle[0], (y - middle[1]) * 1.2)
        blades += np.exp(-np.square((far - 0.22) / 0.06))
    light = light * spine * (1 - rng.uniform(0, 0.3) * blades)
    cover = (np.abs(across) < 1) & (y > rng.uniform(-1.2, -0.25))
    return [(cover.astype(np.float32), np.asarray(light, np.float32))]


def _head(shape: tuple[int, int], rng: np.random.Generator) -> list[_Part]:
    """Draw a head with a neck; eyes and mouth are dark areas."""
    y, x = _axes(shape, float(rng.normal(0, 0.2)))
    wide, tall = float(rng.uniform(0.2, 0.4)), float(rng.uniform(0.28, 0.5))
    left, top = rng.uniform(-0.15, 0.15), rng.uniform(-0.1, 0.1)
    u, v = np.asarray((x - left) / wide, np.float32), np.asarray((y - top) / tall, np.float32)
    light = _rounded(np.clip(np.hypot(u, 0.7 * v) * np.sign(u + 1e-6), -1, 1), rng)
    dark = np.zeros_like(u)
    turn = float(rng.uniform(-0.5, 0.5))
    features = [(-0.4, -0.1, 0.16, 0.06), (0.4, -0.1, 0.16, 0.06), (0, 0.5, 0.3, 0.05)]
    features += [(0, 0.25, 0.14, 0.04), (-0.4, -0.26, 0.22, 0.03), (0.4, -0.26, 0.22, 0.03)]
    for across, down, a, b in features:
        dark += np.exp(-np.square((u - across - turn) / a) - np.square((v - down) / b))
    hair = np.clip((-v - 0.55 + 0.3 * u * u + 0.05 * _cloud(shape, rng, 30, 3)) * 12, 0, 1)
    light = light * (1 - 0.7 * np.clip(dark, 0, 1)) * (1 - 0.92 * hair)
    cover = (u * u + v * v < 1).astype(np.float32)
    neck = ((np.abs(u) < 0.55) & (v > 0)).astype(np.float32)  # noqa: PLR2004 - a share
    return [(neck, _rounded(np.asarray(u / 0.55, np.float32), rng) * 0.7), (cover, light)]


def _hand(shape: tuple[int, int], rng: np.random.Generator) -> list[_Part]:
    """Draw a hand: a palm and five fingers, with creases at the joints."""
    parts: list[_Part] = []
    y, x = _axes(shape, float(rng.uniform(0, 2 * np.pi)))
    size = float(rng.uniform(0.7, 1.2))
    y, x = y / size, x / size
    arm = np.asarray(y / 0.2, np.float32)
    parts.append((((np.abs(arm) < 1) & (x < 0)).astype(np.float32), _rounded(arm, rng)))
    far = np.hypot(x / 0.3, y / 0.27)
    parts.append(((far < 1).astype(np.float32), _rounded(np.asarray(y / 0.3, np.float32), rng)))
    for number in range(5):
        angle = (number - 2) * rng.uniform(0.15, 0.35)
        along = x * np.cos(angle) + y * np.sin(angle)
        across = np.asarray((y * np.cos(angle) - x * np.sin(angle)) / 0.062, np.float32)
        creases = 1 - 0.3 * np.exp(-np.square((np.mod(along, 0.14) - 0.07) / 0.008))
        cover = (np.abs(across) < 1) & (along > 0.1) & (along < rng.uniform(0.5, 0.65))  # noqa: PLR2004 - shares
        parts.append((cover.astype(np.float32), np.asarray(_rounded(across, rng) * creases)))
    return parts


def _axes(shape: tuple[int, int], angle: float) -> tuple[Plane, Plane]:
    """Return y and x from the middle, turned; the long side is 1."""
    height, width = shape
    y, x = np.mgrid[:height, :width].astype(np.float32)
    y, x = (y - height / 2) / max(shape), (x - width / 2) / max(shape)
    turned_y, turned_x = (
        y * np.cos(angle) - x * np.sin(angle),
        x * np.cos(angle) + y * np.sin(angle),
    )
    return np.asarray(turned_y, np.float32), np.asarray(turned_x, np.float32)
