"""Render the three scenes of the simulated dermatoscope. Pure functions of a seed.

A scene is uint8 BGR and larger than the picture by a margin on each side, in which the view moves.
Nothing here shows a real person.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.camera.sources.simulated import marks
from dermstation.camera.sources.simulated.knobs import Knobs, Scene
from dermstation.camera.sources.simulated.skin import (
    Colour,
    colour,
    laid_on,
    pigmented,
    reddened,
    skin,
    vessels,
)
from dermstation.camera.sources.simulated.textures import (
    Plane,
    blob,
    cells,
    cloud,
    grain,
    hairs,
    ramp,
    rows_and_columns,
)

REFERENCE_HEIGHT = 1200
MARGIN_SHARE = 0.06
_HAIR = colour(28.0, 38.0, 52.0)


@dataclass(frozen=True, slots=True)
class SceneKey:
    """Everything that a rendered scene depends on; equal keys give equal pixels."""

    scene: Scene
    width: int
    height: int
    seed: int
    tone: float
    hair: float
    ruler: float
    gel: float

    @classmethod
    def of(cls, knobs: Knobs, width: int, height: int) -> "SceneKey":
        """Return the key for these knobs and a picture of this size."""
        return cls(
            knobs.scene,
            width,
            height,
            int(knobs.seed),
            knobs.tone,
            knobs.hair,
            knobs.ruler,
            knobs.gel,
        )

    @property
    def unit(self) -> float:
        """Return the number of px rendered for one px of a picture 1200 px high."""
        return self.height / REFERENCE_HEIGHT

    @property
    def margin(self) -> int:
        """Return the number of px rendered beyond each side of the picture."""
        return round(self.height * MARGIN_SHARE)

    @property
    def shape(self) -> tuple[int, int]:
        """Return (height, width) of the rendered scene."""
        return self.height + 2 * self.margin, self.width + 2 * self.margin


def render(key: SceneKey) -> NDArray[np.uint8]:
    """Return the rendered scene of `key`, uint8 BGR of `key.shape`."""
    draw = {
        Scene.DERMOSCOPIC: _dermoscopic,
        Scene.CLOSEUP: _closeup,
        Scene.GENERAL: _general,
    }[key.scene]
    image = cv2.merge([*draw(key, np.random.default_rng((key.seed, len(key.scene))))])
    soft = cv2.GaussianBlur(image, (0, 0), 0.35)
    return np.asarray(np.clip(soft, 0, 255), np.uint8)


def _dermoscopic(key: SceneKey, rng: np.random.Generator) -> Colour:
    shape, unit = key.shape, key.unit
    image = skin(rng, shape, unit, key.tone, relief=0.28)
    image = reddened(image, vessels(rng, shape, unit, 26))
    centre = (shape[1] * 0.5 + rng.normal(0, 20) * unit, shape[0] * 0.5 + rng.normal(0, 20) * unit)
    image = pigmented(image, _naevus(key, rng, centre))
    _, to_follicle = cells(rng, shape, 150 * unit, 0.5)
    image *= 1 + 0.10 * np.exp(-((to_follicle / (6 * unit)) ** 2))
    strands = hairs(rng, shape, round(60 * key.hair), length_px=560 * unit, thickness_px=3.6 * unit)
    image = laid_on(image, strands * 0.9, _HAIR)
    return marks.with_bubbles(image, rng, unit, key.gel)


def _naevus(key: SceneKey, rng: np.random.Generator, centre: tuple[float, float]) -> Plane:
    """Return the pigment of a naevus under dermoscopy: network, globules and a blotch."""
    shape, unit = key.shape, key.unit
    depth = blob(rng, shape, centre, 345 * unit)
    body = ramp(depth, -26 * unit, 90 * unit)
    to_border, to_centre = cells(rng, shape, 19 * unit, 0.40)
    width = (3.6 + 1.5 * cloud(rng, shape, 110 * unit, 3)).clip(1.7, 7) * unit
    network = cv2.GaussianBlur(np.exp(-((to_border / width) ** 2)), (0, 0), 0.6 * unit)
    strength = (0.50 + 0.26 * cloud(rng, shape, 90 * unit, 4)).clip(0.08, 1.2)
    density = body * (0.42 + 0.16 * cloud(rng, shape, 80 * unit, 5))
    density += ramp(depth, -60 * unit, 60 * unit) * network * strength * 0.85
    blotch = blob(rng, shape, (centre[0] + 70 * unit, centre[1] - 45 * unit), 135 * unit)
    density += ramp(blotch, -34 * unit, 46 * unit) * (0.75 + 0.16 * cloud(rng, shape, 22 * unit, 3))
    globule = np.exp(-((to_centre / (6.0 * unit)) ** 4))
    rim = np.exp(-(((depth - 60 * unit) / (52 * unit)) ** 2))
    density += globule * rim * ramp(cloud(rng, shape, 150 * unit, 2), 0.2, 1.1) * 0.95
    return np.asarray(
        density.clip(0, None) * (1 + 0.09 * grain(rng, shape, 2.4 * unit)), np.float32
    )


def _closeup(key: SceneKey, rng: np.random.Generator) -> Colour:
    shape, unit = key.shape, key.unit
    image = skin(rng, shape, unit, key.tone, relief=1.0)
    centre = (shape[1] * 0.5, shape[0] * 0.44)
    depth = blob(rng, shape, centre, 148 * unit)
    density = ramp(depth, -12 * unit, 34 * unit) * (0.75 + 0.20 * cloud(rng, shape, 40 * unit, 4))
    inner = blob(rng, shape, (centre[0] - 40 * unit, centre[1] + 18 * unit), 66 * unit)
    density += ramp(inner, -16 * unit, 18 * unit) * 0.55
    image = pigmented(image, np.asarray(density.clip(0, None), np.float32))
    image = pigmented(image, _freckles(key, rng, 30, 7 * unit))
    strands = hairs(
        rng, shape, round(120 * key.hair), length_px=190 * unit, thickness_px=2.4 * unit, bend=0.9
    )
    shadow = cv2.warpAffine(strands, np.array(((1, 0, 5 * unit), (0, 1, 7 * unit))), shape[::-1])
    image = pigmented(
        image, np.asarray(cv2.GaussianBlur(shadow, (0, 0), 3 * unit) * 0.16, np.float32)
    )
    image = laid_on(image, strands * 0.85, _HAIR)
    image *= _lamp(shape, 0.42, 0.34, 0.24)
    shine = ramp(grain(rng, shape, 3 * unit), 2.2, 4.2) * _lamp(shape, 0.42, 0.3, 0.7)
    image += shine * 60
    return marks.with_ruler(image, rng, unit, key.ruler)


def _general(key: SceneKey, rng: np.random.Generator) -> Colour:
    """Render a forearm with a small lesion, on a plain cloth."""
    shape, unit = key.shape, key.unit
    height, width = shape
    ys, xs = rows_and_columns(0, height, 0, width)
    along = xs / width
    axis = height * (0.54 - 0.10 * along + 0.05 * np.sin(2.4 * along))
    half = height * (0.335 - 0.06 * along - 0.12 * ramp(np.asarray(along), 0.30, 0.86))
    half += height * 0.055 * ramp(np.asarray(along), 0.88, 1.06)
    across = np.asarray((ys - axis) / half, np.float32)
    inside = np.clip((1 - np.abs(across)) * half / (2.2 * unit), 0, 1)
    tilt = np.clip(0.90 * across + 0.20, -1.2, 1.2)
    round_light = 0.42 + 0.60 * np.exp(-0.95 * tilt**4) - 0.05 * tilt
    arm = skin(rng, shape, 0.45 * unit, key.tone, relief=0.55)
    bend = across + 0.22 + 0.20 * np.sin(5 * along) + 0.06 * np.sin(17 * along)
    veins = np.exp(-((bend / 0.045) ** 2)) * 0.13
    arm *= 1 - veins * colour(0.10, 0.25, 0.55)
    density = _freckles(key, rng, 46, 4.5 * unit)
    lesion = blob(rng, shape, (width * 0.47, height * 0.47), 25 * unit)
    density += ramp(lesion, -4 * unit, 7 * unit) * (1.25 + 0.25 * cloud(rng, shape, 12 * unit, 3))
    arm = pigmented(arm, density)
    strands = hairs(
        rng, shape, round(1500 * key.hair), length_px=46 * unit, thickness_px=1.0 * unit, bend=0.9
    )
    arm = laid_on(arm, strands * 0.42, _HAIR) * round_light
    waver = cloud(rng, shape, 60 * unit, 3) * 0.0011
    for crease, strength in ((0.868, 0.16), (0.879, 0.10), (0.893, 0.13)):
        line = np.abs(along - crease + across**2 * 0.014 + waver) * width / unit
        fold = np.exp(-((line / 3.2) ** 2)) * np.clip(1.1 - np.abs(across), 0, 1)
        arm *= 1 - strength * fold
    cloth = _cloth(key, rng)
    shadow = np.clip(1.25 - np.abs((ys - axis - 42 * unit) / half), 0, 0.4) / 0.4
    cloth *= 1 - 0.42 * cv2.GaussianBlur(shadow, (0, 0), 16 * unit)
    return np.asarray((arm * inside + cloth * (1 - inside)) * _lamp(shape, 0.4, 0.3, 0.22))


def _cloth(key: SceneKey, rng: np.random.Generator) -> Colour:
    """Render the plain blue-grey cloth below the arm, with its weave."""
    shape, unit = key.shape, key.unit
    weave = 0.012 * grain(rng, shape, 2.2 * unit) + 0.03 * cloud(rng, shape, 420 * unit, 2)
    return np.asarray(colour(150, 128, 104) * (1 + weave), np.float32)


def _freckles(key: SceneKey, rng: np.random.Generator, count: int, size_px: float) -> Plane:
    density = np.zeros(key.shape, np.float32)
    height, width = key.shape
    for _ in range(count):
        spot = (int(rng.uniform(0, width)), int(rng.uniform(0, height)))
        radius = max(1, round(size_px * rng.uniform(0.4, 1.3)))
        cv2.circle(density, spot, radius, float(rng.uniform(0.08, 0.40)), -1, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(density, (0, 0), max(0.6, size_px * 0.3)), np.float32)


def _lamp(shape: tuple[int, int], x: float, y: float, fall: float) -> Plane:
    """Return a lamp's light, about 1 at its centre and less outwards.

    `x` and `y` are the centre as shares of width and height; `fall` is how fast the light falls.
    """
    height, width = shape
    ys, xs = rows_and_columns(0, height, 0, width)
    distance = np.hypot((xs - x * width) / width, (ys - y * height) / width)
    return np.asarray(1.04 - fall * distance**1.5 * 1.6, np.float32).clip(0.1, None)
