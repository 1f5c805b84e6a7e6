"""The shots of a lesion and how to take each."""

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
    """The name of a shot, its purpose, how to hold the camera for it, and the source of that."""

    title: str
    purpose: str
    steps: tuple[str, ...]
    source: str


SHOT_GUIDES: dict[ShotKind, ShotGuide] = {
    ShotKind.GENERAL: ShotGuide(
        "General",
        "Shows where on the body the lesion is.",
        (
            "Stand 1 to 1.5 m away.",
            "Show the whole body part and a landmark.",
            "Plain background; no jewellery.",
        ),
        "Homerton (distance); Sheffield; NZ teledermatology (background, jewellery)",
    ),
    ShotKind.CLOSEUP: ShotGuide(
        "Close-up",
        "Shows the lesion and its size.",
        (
            "Hold the camera 20 to 30 cm away, straight at the lesion.",
            "Lay a ruler beside the lesion.",
            "Keep the lesion in the middle.",
        ),
        "Devon (distance); Sheffield and Northern Cancer Alliance (ruler)",
    ),
    ShotKind.DERMOSCOPIC: ShotGuide(
        "Dermoscopic",
        "Shows the structures in the skin.",
        (
            "Disinfect the glass; add the gel.",
            "Rest it on the skin; press lightly.",
            "Eye, lips, genitals, sore skin: no alcohol gel.",
        ),
        "Sheffield, Northern Cancer Alliance and Devon (contact, light pressure, gel); "
        "the makers' instructions (disinfection, no alcohol)",
    ),
    ShotKind.LATERAL: ShotGuide(
        "Side view",
        "Shows how far a raised lesion stands out.",
        (
            "Hold the camera at the height of the skin.",
            "Show the lesion from the side.",
        ),
        "Sheffield (a lateral view of a raised lesion)",
    ),
}

STANDARD_SHOTS = (ShotKind.GENERAL, ShotKind.CLOSEUP, ShotKind.DERMOSCOPIC)
