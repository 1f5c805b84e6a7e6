"""The place of an episode in the walk, derived only from what the vault holds.

The place is never stored beside the data, so an episode that was interrupted by a crash or a lock
is continued at the same place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from dermstation.domain.consents import Answer
from dermstation.domain.copies import NO_CHOICES, CopyKind, PictureChoices
from dermstation.domain.identity import Patient
from dermstation.domain.lesion_facts import NAMES_SOMEBODY
from dermstation.domain.patient_copies import GivenCopy
from dermstation.domain.records import (
    Capture,
    Episode,
    Lesion,
    Package,
    Review,
    ReviewRequest,
)
from dermstation.domain.routes import Route
from dermstation.domain.set_score import SetScore, set_score
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
    """Everything about one episode except the image bytes, as read in one go."""

    episode: Episode
    patient: Patient
    lesions: tuple[Lesion, ...]
    captures: tuple[Capture, ...]  # first saved first, without the copies drawn from them
    package: Package | None = None
    told: Answer = Answer.NOT_ASKED  # that it may be, or become, a referral for suspected cancer
    review: Review | None = None
    review_asked: ReviewRequest | None = None
    copies: tuple[Capture, ...] = ()  # drawn from the captures, first saved first
    choices: PictureChoices = NO_CHOICES
    given_copies: tuple[GivenCopy, ...] = ()  # to the patient
    removed: tuple[Lesion, ...] = ()  # lesions that do not go along; their pictures are kept

    def taken(self, lesion: Lesion) -> Mapping[ShotKind, Capture]:
        """Map each shot kind to the capture of `lesion` saved last: a retake replaces a picture.

        They are in the chosen order, or in that of the shots. The map is empty if the patient
        does not agree to pictures, or no longer does.
        """
        if not self.pictures_wanted or lesion.facts.safeguards.without_pictures:
            return {}
        mine = [capture for capture in self.captures if capture.lesion_id == lesion.id]
        # in order of saving, not of taking: a card's picture has the time of its camera's clock
        last = {capture.shot: capture for capture in mine}
        wanted = dict.fromkeys((*self.choices.orders.get(lesion.id, ()), *ShotKind))
        return {shot: last[shot] for shot in wanted if shot in last}

    def reviewed(self, lesion: Lesion) -> tuple[Capture, ...]:
        """List the pictures to review for `lesion`: one for each shot, and the other of a pair."""
        found: list[Capture] = []
        for one in self.taken(lesion).values():
            found += [each for each in (one, self.pair_of(one)) if each is not None]
        return tuple(found)

    def chosen(self, lesion: Lesion) -> Mapping[ShotKind, Capture]:
        """Map each shot kind to the capture of `lesion` that goes into the package, in order.

        If the later picture of a pair is left out, it is the other one.
        """
        left_out = self.choices.left_out
        going = {
            shot: self.other_light(one) if one.id in left_out else one
            for shot, one in self.taken(lesion).items()
        }
        return {shot: one for shot, one in going.items() if one is not None}

    def left_out(self, lesion: Lesion) -> Mapping[ShotKind, str]:
        """Map each shot kind with a left-out picture of `lesion` to the reason."""
        found: dict[ShotKind, str] = {}
        for one in self.reviewed(lesion):
            if (reason := self.choices.left_out.get(one.id)) is not None:
                found.setdefault(one.shot, reason)  # for a pair, that of the later picture
        return found

    def newest_copy(self, capture: Capture, kind: CopyKind) -> Capture | None:
        """Return the newest copy of a capture, whether or not it is used, or None."""
        found = [
            one
            for one in self.copies
            if one.derivation
            and one.derivation.kind is kind
            and one.derivation.origin_id == capture.id
        ]
        return found[-1] if found else None

    def shown(self, capture: Capture) -> Capture:
        """Return the covered copy that replaces a capture, or the capture itself."""
        covered = self.newest_copy(capture, CopyKind.COVERED)
        if covered is None or covered.id in self.choices.left_out:
            return capture
        return covered

    def marked(self, capture: Capture) -> Capture | None:
        """Return the marked copy to send with a capture, or None; never one that shows too much."""
        marked = self.newest_copy(capture, CopyKind.MARKED)
        if marked is None or marked.derivation is None or marked.id in self.choices.left_out:
            return None
        return marked if marked.derivation.base_id == self.shown(capture).id else None

    def packed(self, lesion: Lesion) -> tuple[Capture, ...]:
        """List the package's pictures of a lesion: each one, or its covered copy, then its mark."""
        pictures: list[Capture] = []
        for capture in self._going(lesion):
            marked = self.marked(capture)
            pictures += [self.shown(capture)] if marked is None else [self.shown(capture), marked]
        return tuple(pictures)

    def pair_of(self, capture: Capture) -> Capture | None:
        """Return the other dermoscopic picture of a pair: the last one taken with the other light.

        Returns None unless the light of both is known. A retake replaces only a picture with the
        same light.
        """
        light = capture.details.polarisation
        if capture.shot is not ShotKind.DERMOSCOPIC or light is None:
            return None
        others = [
            one
            for one in self.captures
            if (one.lesion_id, one.shot) == (capture.lesion_id, capture.shot)
            and one.details.polarisation not in (None, light)
        ]
        return others[-1] if others else None

    def other_light(self, capture: Capture) -> Capture | None:
        """Return the other picture of a pair, or None if there is none or it is left out."""
        pair = self.pair_of(capture)
        return None if pair is None or pair.id in self.choices.left_out else pair

    def to_cover(self, lesion: Lesion) -> tuple[Capture, ...]:
        """List the pictures that may identify the patient and are neither covered nor cleared."""
        if lesion.facts.safeguards.identifiable not in NAMES_SOMEBODY:
            return ()
        return tuple(
            one
            for one in self._going(lesion)
            if self.shown(one) is one and one.id not in self.choices.nothing_to_cover
        )

    def _going(self, lesion: Lesion) -> tuple[Capture, ...]:
        """List the captures to send, both of a pair, whether or not anything is drawn on them."""
        found: list[Capture] = []
        for one in self.chosen(lesion).values():
            found += [each for each in (one, self.other_light(one)) if each is not None]
        return tuple(found)

    @property
    def has_pictures(self) -> bool:
        """Return whether any picture goes into the package."""
        return any(self.chosen(lesion) for lesion in self.lesions)

    def missing(self, lesion: Lesion) -> tuple[ShotKind, ...]:
        """List the standard shots that `lesion` still lacks, in order."""
        if lesion.facts.safeguards.without_pictures:
            return ()
        done = self.taken(lesion)
        return tuple(shot for shot in STANDARD_SHOTS if shot not in done)

    def score(self, lesion: Lesion) -> SetScore | None:
        """Return the score of a lesion's set as it goes along; None if it has none by choice."""
        if not self.pictures_wanted or lesion.facts.safeguards.without_pictures:
            return None
        chosen = self.chosen(lesion)
        closeup = chosen.get(ShotKind.CLOSEUP)
        confirmed = closeup is not None and closeup.id in self.choices.with_ruler
        reports = {shot: one.report for shot, one in chosen.items()}
        return set_score(reports, ruler_confirmed=confirmed)

    @property
    def withheld(self) -> int:
        """Return how many pictures were taken before the patient declined; none of them is used."""
        return 0 if self.pictures_wanted else len(self.captures)

    @property
    def pictures_wanted(self) -> bool:
        """Return whether the patient agreed to pictures and at least one lesion can have them."""
        consent = self.episode.consent
        withheld = [lesion.facts.safeguards.without_pictures for lesion in self.lesions]
        return consent is not None and consent.given and not (withheld and all(withheld))


@dataclass(frozen=True, slots=True)
class Place:
    """A step of the walk and, for the pictures, the lesion and shot."""

    step: Step
    lesion: Lesion | None = None
    shot: ShotKind | None = None


# The shots that a route cannot do without (local care pathway, RADS: general and close-up).
REQUIRED_SHOTS: dict[Route, tuple[ShotKind, ...]] = {
    Route.RADS: (ShotKind.GENERAL, ShotKind.CLOSEUP),
}


def place_of(view: EpisodeView) -> Place:
    """Return the place of the episode in the walk."""
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
    """Map each lesion's label to the shots that `route` requires and the lesion lacks.

    It does not matter why they are lacking: a referral without them goes by another route at once.
    """
    required = REQUIRED_SHOTS.get(route, ())
    gaps = {
        lesion.label: tuple(shot for shot in required if shot not in view.chosen(lesion))
        for lesion in view.lesions
    }
    return {label: shots for label, shots in gaps.items() if shots}
