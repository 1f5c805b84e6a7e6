"""Where an episode stands in the walk, derived from what the vault holds and nothing else.

Because the place is never stored beside the data, an episode that was left half-way, by a crash
or a lock, is found at the same place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from dermstation.domain.consents import Answer
from dermstation.domain.identity import Patient
from dermstation.domain.records import (
    Capture,
    Episode,
    HandOver,
    Lesion,
    Package,
    Review,
    ReviewRequest,
)
from dermstation.domain.routes import Route
from dermstation.domain.shots import STANDARD_SHOTS, ShotKind
from dermstation.domain.states import EpisodeState


class Step(StrEnum):
    """One page of the walk."""

    PATIENT = "patient"
    CONSENT = "consent"
    LESION = "lesion"
    PICTURES = "pictures"
    SUMMARY = "summary"
    PACKAGE = "package"
    HAND_OVER = "hand_over"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class EpisodeView:
    """Everything of one episode but the image bytes, as read in one go."""

    episode: Episode
    patient: Patient
    lesions: tuple[Lesion, ...]
    captures: tuple[Capture, ...]  # first saved first
    package: Package | None = None
    hand_over: HandOver | None = None
    told: Answer = Answer.NOT_ASKED  # that it may be, or become, a referral for suspected cancer
    review: Review | None = None
    review_asked: ReviewRequest | None = None

    def chosen(self, lesion: Lesion) -> Mapping[ShotKind, Capture]:
        """Map each shot kind to the capture of `lesion` saved last: a retake takes the place.

        None is chosen where the patient does not agree to pictures (any more).
        """
        if not self.pictures_wanted or lesion.facts.safeguards.without_pictures:
            return {}
        mine = [capture for capture in self.captures if capture.lesion_id == lesion.id]
        # as saved, not as taken: a card's picture, by its camera's clock, may be older or newer
        return {capture.shot: capture for capture in mine}

    def missing(self, lesion: Lesion) -> tuple[ShotKind, ...]:
        """List the standard shots that `lesion` still lacks, in order."""
        if lesion.facts.safeguards.without_pictures:
            return ()
        done = self.chosen(lesion)
        return tuple(shot for shot in STANDARD_SHOTS if shot not in done)

    @property
    def withheld(self) -> int:
        """Count the pictures that were taken before the patient declined; none of them is used."""
        return 0 if self.pictures_wanted else len(self.captures)

    @property
    def pictures_wanted(self) -> bool:
        """Tell whether the patient agreed to pictures, and any lesion can have them."""
        consent = self.episode.consent
        withheld = [lesion.facts.safeguards.without_pictures for lesion in self.lesions]
        return consent is not None and consent.given and not (withheld and all(withheld))


@dataclass(frozen=True, slots=True)
class Place:
    """A step of the walk; for the pictures, which lesion and which shot."""

    step: Step
    lesion: Lesion | None = None
    shot: ShotKind | None = None


# What a route cannot do without (local care pathway, RADS: general and close-up).
REQUIRED_SHOTS: dict[Route, tuple[ShotKind, ...]] = {
    Route.RADS: (ShotKind.GENERAL, ShotKind.CLOSEUP),
}


def place_of(view: EpisodeView) -> Place:
    """Find where the episode stands."""
    match view.episode.state:
        case EpisodeState.OPEN:
            return _place_while_open(view)
        case EpisodeState.CAPTURED | EpisodeState.REVIEWED:
            return Place(Step.SUMMARY)
        case EpisodeState.PACKAGED:
            return Place(Step.HAND_OVER)
        case _:
            return Place(Step.DONE)


def _place_while_open(view: EpisodeView) -> Place:
    if view.episode.consent is None:
        return Place(Step.CONSENT)
    if not view.lesions:
        return Place(Step.LESION)
    if view.pictures_wanted:
        for lesion in view.lesions:
            if missing := view.missing(lesion):
                return Place(Step.PICTURES, lesion, missing[0])
    return Place(Step.SUMMARY)


def lacking(view: EpisodeView, route: Route) -> dict[str, tuple[ShotKind, ...]]:
    """Map each lesion's label to the pictures that `route` requires and it lacks."""
    if not view.pictures_wanted:
        return {}
    required = REQUIRED_SHOTS.get(route, ())
    gaps = {
        lesion.label: tuple(shot for shot in required if shot not in view.chosen(lesion))
        for lesion in view.lesions
        if not lesion.facts.safeguards.without_pictures  # goes without them, and is not delayed
    }
    return {label: shots for label, shots in gaps.items() if shots}
