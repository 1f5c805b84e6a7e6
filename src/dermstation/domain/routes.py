"""The routes of an episode, in the words of the local care pathway and of NHS e-RS."""

from dataclasses import dataclass
from enum import StrEnum


class Confirmation(StrEnum):
    """A fact that an operator may confirm before the local copies are wiped."""

    IN_RECORD = "in_record"
    IN_ERS = "in_ers"
    SENT = "sent"


# The words of a certificate for the confirmed places.
PLACES: dict[Confirmation, str] = {
    Confirmation.IN_RECORD: "the patient's record",
    Confirmation.IN_ERS: "e-RS",
    Confirmation.SENT: "where the surgery is done",
}


class Route(StrEnum):
    """The route on which the package is sent."""

    ADVICE = "advice"
    RADS = "rads"
    ROUTINE = "routine"
    USC = "usc"
    MINOR_SURGERY = "minor_surgery"
    RECORD_ONLY = "record_only"


@dataclass(frozen=True, slots=True)
class RouteGuide:
    """The name and meaning of a route, and the source of both."""

    title: str
    meaning: str
    source: str
    ers_priority: str | None = None  # e-RS code system eRS-Priority-1


ROUTE_GUIDES: dict[Route, RouteGuide] = {
    Route.ADVICE: RouteGuide(
        "Advice & Guidance",
        "A question in e-RS from you to one provider: how to manage it, or whether to refer.",
        "G-care: Improving Patient Care with Dermoscopy, Advice and Guidance",
        "ROUTINE",
    ),
    Route.RADS: RouteGuide(
        "RADS (urgent Advice & Guidance)",
        "Rapid Advice and Diagnostic Support: Advice & Guidance marked urgent in e-RS.",
        "G-care: RADS",
        "URGENT",
    ),
    Route.ROUTINE: RouteGuide(
        "Routine referral",
        "Pictures attached to a routine dermatology referral.",
        "G-care: Improving Patient Care with Dermoscopy; NICE NG12, 1.7.5",
        "ROUTINE",
    ),
    Route.USC: RouteGuide(
        "Urgent suspected cancer",
        "The urgent suspected cancer referral.",
        "NICE NG12, 1.7; the name: NHS England, August 2023",
        "TWO_WEEK_WAIT",
    ),
    Route.MINOR_SURGERY: RouteGuide(
        "Minor surgery",
        "Minor surgery in or between practices.",
        "G-care: Skin Lesions Glos Care Pathway; NICE CSG8, 2010",
    ),
    Route.RECORD_ONLY: RouteGuide(
        "Patient record only",
        "Pictures for the patient's record.",
        "G-care: Skin Lesions Glos Care Pathway, Primary Care Management",
    ),
}


def confirmations_of(route: Route | None) -> tuple[Confirmation, ...]:
    """Return the confirmations needed before a package on `route` may be wiped.

    The record is always confirmed, and e-RS if the route uses it. Minor surgery is arranged outside
    e-RS, so the sending itself is confirmed. An unknown route is treated as one through e-RS.
    """
    if route is Route.RECORD_ONLY:
        return (Confirmation.IN_RECORD,)
    if route is Route.MINOR_SURGERY:
        return (Confirmation.IN_RECORD, Confirmation.SENT)
    return (Confirmation.IN_RECORD, Confirmation.IN_ERS)
