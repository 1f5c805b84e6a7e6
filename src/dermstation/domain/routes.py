"""Where an episode goes, in the words of the local care pathway and of NHS e-RS."""

from dataclasses import dataclass
from enum import StrEnum


class Route(StrEnum):
    """Where the package is sent."""

    ADVICE = "advice"
    RADS = "rads"
    ROUTINE = "routine"
    USC = "usc"
    MINOR_SURGERY = "minor_surgery"
    RECORD_ONLY = "record_only"


@dataclass(frozen=True, slots=True)
class RouteGuide:
    """What a route is called and what it means."""

    title: str
    meaning: str
    ers_priority: str | None = None  # e-RS code system eRS-Priority-1


ROUTE_GUIDES: dict[Route, RouteGuide] = {
    Route.ADVICE: RouteGuide(
        "Advice & Guidance", "A question to the specialist in e-RS.", "ROUTINE"
    ),
    Route.RADS: RouteGuide(
        "RADS (urgent Advice & Guidance)",
        "Rapid Advice and Diagnostic Support: Advice & Guidance marked urgent in e-RS.",
        "URGENT",
    ),
    Route.ROUTINE: RouteGuide(
        "Routine referral", "Pictures attached to a routine dermatology referral.", "ROUTINE"
    ),
    Route.USC: RouteGuide(
        "Urgent suspected cancer", "The urgent suspected cancer referral.", "TWO_WEEK_WAIT"
    ),
    Route.MINOR_SURGERY: RouteGuide("Minor surgery", "Minor surgery in or between practices."),
    Route.RECORD_ONLY: RouteGuide("Record only", "Pictures for the patient's record."),
}
