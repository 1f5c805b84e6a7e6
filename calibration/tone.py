"""Estimate the skin tone of a picture as its individual typology angle, for results by tone.

The estimate uses the picture's own colours, so light and white balance affect it. Pure functions.
"""

import cv2
import numpy as np

from calibration.degrade import Picture
from dermstation.imaging.field import field_of

# A. Chardon et al., "Skin colour typology and suntanning pathways", 1991: lower limits in degrees
TONES = (
    ("very light", 55.0),
    ("light", 41.0),
    ("intermediate", 28.0),
    ("tan", 10.0),
    ("brown", -30.0),
    ("dark", -90.0),
)


def tone_degrees(picture: Picture) -> float:
    """Return the individual typology angle of the picture's median skin, in degrees."""
    field = field_of(picture)
    scale = field.fit.shape[1], field.fit.shape[0]
    tiny = cv2.resize(picture, scale, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    lab = np.asarray(cv2.cvtColor(tiny, cv2.COLOR_BGR2Lab), np.float32)[field.fit]
    lightness, yellow = float(np.median(lab[:, 0])), float(np.median(lab[:, 2]))
    return float(np.degrees(np.arctan2(lightness - 50, max(yellow, 1e-3))))


def tone_name(degrees: float) -> str:
    """Return the name of the group an angle belongs to."""
    return next(name for name, least in TONES if degrees >= least)
