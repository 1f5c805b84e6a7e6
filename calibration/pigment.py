"""Give skin more melanin and blood, as in darker tones, by Beer and Lambert's law in linear light.

Melanosomes: S. L. Jacques, "Skin Optics", Oregon Medical Laser Center News, January 1998: their
absorption is 6.6e11 nm^-3.33 per cm, and they fill 1.3 to 6.3 % of the epidermis of light skin, 11
to 16 % of moderately pigmented and 18 to 43 % of dark skin. Haemoglobin: S. Prahl, "Tabulated molar
extinction coefficient for hemoglobin in water", Oregon Medical Laser Center, for whole blood of 150
g/l, three quarters of it with oxygen. What comes back from above the melanin is not absorbed: 2 %
of white, about half of what Fresnel's law gives for skin in air. Pure functions.
"""

from dataclasses import dataclass

import numpy as np

from calibration.degrade import Linear

_NM = np.array([450.0, 540.0, 600.0])  # of B, G and R
_MELANOSOME_PER_CM = 6.6e11 * _NM**-3.33
_OXYGENATED, _BARE = np.array([62816.0, 53236.0, 3200.0]), np.array([103292.0, 46592.0, 14677.0])
_BLOOD_PER_CM = np.log(10) * 150 / 64500 * (0.75 * _OXYGENATED + 0.25 * _BARE)
_EPIDERMIS_CM = 0.012  # 60 um, passed twice
_DERMIS_CM = 0.2
_SURFACE = np.float32(0.02)


@dataclass(frozen=True, slots=True)
class Tone:
    """What a tone has more than the light skin of the pictures: shares of volume (0-1)."""

    name: str
    melanosomes: float
    blood: float


# from 3 % of melanosomes to the upper end of moderate pigment, and to the middle of dark skin
TONES = (Tone("V", 0.13, 0.001), Tone("VI", 0.24, 0.001))


def pigmented(linear: Linear, tone: Tone) -> Linear:
    """Return the scene with the skin of a darker tone, in the same light; (rows, columns, 3)."""
    absorbed = _MELANOSOME_PER_CM * (tone.melanosomes * _EPIDERMIS_CM)
    absorbed = absorbed + _BLOOD_PER_CM * (tone.blood * _DERMIS_CM)
    surface = np.minimum(linear, _SURFACE)
    return np.asarray(surface + (linear - surface) * np.exp(-absorbed).astype(np.float32))
