"""The shots of a lesion and how to take each.

Distances and technique are those of the local pathway (general 1-1.5 m, close-up 20-30 cm with a
ruler, dermoscopic in contact with the skin, with light pressure and gel).
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
            "Hold the camera 20 to 30 cm away, level with the skin.",
            "Lay a ruler beside the lesion.",
            "Keep the lesion in the middle.",
        ),
    ),
    ShotKind.DERMOSCOPIC: ShotGuide(
        "Dermoscopic",
        "Shows the structures in the skin.",
        (
            "Put gel on the lesion.",
            "Rest the dermatoscope on the skin; press lightly.",
            "Wait until the picture is steady.",
        ),
    ),
    ShotKind.LATERAL: ShotGuide(
        "Side view",
        "Shows how far a raised lesion stands out.",
        (
            "Hold the camera level with the skin.",
            "Show the lesion from the side.",
        ),
    ),
}

STANDARD_SHOTS = (ShotKind.GENERAL, ShotKind.CLOSEUP, ShotKind.DERMOSCOPIC)
