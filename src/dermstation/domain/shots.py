"""The shots of a lesion and how to take each.

Distances: Homerton (general 1-1.5 m) and Devon (close-up). Ruler, side view, contact with light
pressure and gel: Sheffield, Northern Cancer Alliance and Devon. Background: NZ teledermatology.
Disinfection and the places for no alcohol: the makers' instructions.
"""

from dataclasses import dataclass
from enum import StrEnum


class ShotKind(StrEnum):
    """The purpose of a picture of a lesion."""

    GENERAL = "general"
    CLOSEUP = "closeup"
    DERMOSCOPIC = "dermoscopic"
    LATERAL = "lateral"


@dataclass(frozen=True, slots=True)
class ShotGuide:
    """The name of a shot on the pages, its purpose, and how to hold the camera for it."""

    title: str
    purpose: str
    steps: tuple[str, ...]


SHOT_GUIDES: dict[ShotKind, ShotGuide] = {
    ShotKind.GENERAL: ShotGuide(
        "General",
        "Shows where on the body the lesion is.",
        (
            "Stand 1 to 1.5 m away.",
            "Show the whole body part and a landmark.",
            "Plain background; no jewellery.",
        ),
    ),
    ShotKind.CLOSEUP: ShotGuide(
        "Close-up",
        "Shows the lesion and its size.",
        (
            "Hold the camera 20 to 30 cm away, straight at the lesion.",
            "Lay a ruler beside the lesion.",
            "Keep the lesion in the middle.",
        ),
    ),
    ShotKind.DERMOSCOPIC: ShotGuide(
        "Dermoscopic",
        "Shows the structures in the skin.",
        (
            "Disinfect the glass; add the gel.",
            "Rest it on the skin; press lightly.",
            "Eye, lips, genitals, sore skin: no alcohol gel.",
        ),
    ),
    ShotKind.LATERAL: ShotGuide(
        "Side view",
        "Shows how far a raised lesion stands out.",
        (
            "Hold the camera at the height of the skin.",
            "Show the lesion from the side.",
        ),
    ),
}

STANDARD_SHOTS = (ShotKind.GENERAL, ShotKind.CLOSEUP, ShotKind.DERMOSCOPIC)
