"""Everything that a route needs and an episode still lacks, each with where it is answered. Pure.

There is one list. The summary and the pathway chart show it, and no package is made while it has
an entry. It points things out; it never decides anything for anybody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dermstation.domain.consents import Answer
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.lesion_facts import Identifiable
from dermstation.domain.records import Lesion
from dermstation.domain.routes import Route
from dermstation.domain.shots import SHOT_GUIDES, ShotKind
from dermstation.workflow.walk import EpisodeView, lacking

SOURCE = "NICE NG12, 1.7.1; G-care: RADS, Use of images for clinical purposes, Primary Care"
SOURCE += " Management; GMC: recordings of patients"
ASKS_TOLD = (Route.RADS, Route.USC)
ASKS_QUESTION = (Route.ADVICE, Route.RADS)  # both are questions to a specialist
WITHOUT_DERMOSCOPY = (Route.MINOR_SURGERY, Route.RECORD_ONLY)  # no specialist sees the pictures
_OTHER_ROUTES = "Without pictures, choose urgent suspected cancer or a routine referral."


class AnsweredAt(StrEnum):
    """The place at which something that is missing is answered."""

    CONSENT = "consent"
    NEW_LESION = "new_lesion"
    SITE = "site"
    HISTORY = "history"
    PICTURES = "pictures"
    REVIEW = "review"
    DERMOSCOPY_GAP = "dermoscopy_gap"
    ROUTE = "route"
    QUESTION = "question"
    TOLD = "told"
    TICK = "tick"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing: its words, its place, and the error that refuses the package."""

    words: str
    at: AnsweredAt
    code: ErrorCode
    facts: Mapping[str, str] = field(default_factory=dict)
    lesion: Lesion | None = None
    shot: ShotKind | None = None


def missing_for(view: EpisodeView, route: Route | None) -> tuple[Missing, ...]:
    """Return everything that `route` needs and the episode lacks, in the order of the walk.

    Without a route, it is what every route needs, and the route itself.
    """
    found = list(_of_episode(view, route))
    for lesion in view.lesions:
        found += _of_pictures(view, lesion, route)
        found += _of_safeguards(view, lesion)
        found += _of_history(view, lesion, route)
    return (*found, *_of_route(view, route))


def check_route(view: EpisodeView, route: Route) -> None:
    """Refuse a package while anything that `route` needs is missing.

    Raises StationError with the code and facts of the first missing thing.
    """
    for one in missing_for(view, route):
        raise StationError(one.code, **one.facts)


def asks_why(view: EpisodeView, lesion: Lesion) -> bool:
    """Return whether a lesion has pictures, but none through the dermatoscope."""
    taken = view.taken(lesion)
    return bool(taken) and ShotKind.DERMOSCOPIC not in taken


def is_empty(view: EpisodeView, lesion: Lesion) -> bool:
    """Return whether nothing but its site would go along of a lesion."""
    opinion = lesion.facts.opinion
    said = lesion.has_history or bool(opinion.diagnosis or opinion.uncertain)
    return not said and not view.chosen(lesion)


def _of_episode(view: EpisodeView, route: Route | None) -> Iterator[Missing]:
    consent = view.episode.consent
    if consent is None:
        yield Missing("The patient's consent.", AnsweredAt.CONSENT, ErrorCode.CONSENT_MISSING)
    if not view.lesions:
        yield Missing("A lesion.", AnsweredAt.NEW_LESION, ErrorCode.LESION_MISSING)
    gaps = lacking(view, route) if route is not None else {}
    if gaps:
        shots = [
            f"{label} {SHOT_GUIDES[shot].title.lower()}"
            for label, lacks in gaps.items()
            for shot in lacks
        ]
        lesion = next(one for one in view.lesions if one.label in gaps)
        words = f"Pictures: {', '.join(shots)}."
        if not view.pictures_wanted:
            words = f"{words} {_OTHER_ROUTES}"
        yield Missing(
            words,
            AnsweredAt.PICTURES if view.pictures_wanted else AnsweredAt.ROUTE,
            ErrorCode.RADS_PICTURES_MISSING,
            {"shots": ", ".join(shots)},
            lesion,
            gaps[lesion.label][0],
        )
    elif view.pictures_wanted and not view.has_pictures and view.lesions:
        if consent is not None and consent.no_pictures_because:
            return  # the referral goes without pictures, so that it is not delayed
        yield Missing(
            "A picture, or why there is none.",
            AnsweredAt.PICTURES,
            ErrorCode.SHOT_MISSING,
            {"shots": "at least one picture"},
            view.lesions[0],
            ShotKind.GENERAL,
        )


def _of_pictures(view: EpisodeView, lesion: Lesion, route: Route | None) -> Iterator[Missing]:
    """List what is missing about the pictures of a lesion.

    A dermoscopic picture is wanted if at all possible, and faces, tattoos and other features are
    covered or the referral goes without photographs (local care pathway).
    """
    label = {"label": lesion.label}
    is_seen = route is not None and route not in WITHOUT_DERMOSCOPY
    if is_seen and asks_why(view, lesion) and lesion.facts.no_dermoscopy is None:
        yield Missing(
            f"{lesion.label}: why no dermoscopic picture.",
            AnsweredAt.DERMOSCOPY_GAP,
            ErrorCode.DERMOSCOPY_REASON_MISSING,
            label,
            lesion,
        )
    shots = [one.shot for one in view.to_cover(lesion)]
    if shots:
        titles = [f"{lesion.label} {SHOT_GUIDES[shot].title.lower()}" for shot in shots]
        pictures = ", ".join(titles)
        yield Missing(
            f"To cover, or \u201cnot identifying\u201d: {pictures}.",
            AnsweredAt.REVIEW,
            ErrorCode.COVER_MISSING,
            {"pictures": pictures},
            lesion,
            shots[0],
        )


def _of_safeguards(view: EpisodeView, lesion: Lesion) -> Iterator[Missing]:
    label, kept = {"label": lesion.label}, lesion.facts.safeguards
    consent = view.episode.consent
    if consent is None or not consent.given or kept.without_pictures:
        return  # nothing is shown of anybody
    if consent.no_pictures_because and not view.has_pictures:
        return
    if kept.is_intimate is None:
        yield Missing(
            f"{lesion.label}: is the site intimate?",
            AnsweredAt.SITE,
            ErrorCode.INTIMATE_NOT_ASKED,
            label,
            lesion,
        )
    if kept.identifiable is Identifiable.NOT_ASKED:
        yield Missing(
            f"{lesion.label}: face, tattoo or name visible?",
            AnsweredAt.SITE,
            ErrorCode.IDENTIFIABLE_NOT_ASKED,
            label,
            lesion,
        )


def _of_history(view: EpisodeView, lesion: Lesion, route: Route | None) -> Iterator[Missing]:
    """List what is missing in the history of a lesion.

    Pictures are never used without a history (local care pathway). From a score of 3 on the
    weighted list, any route but suspected cancer needs a word that it was considered (NICE NG12).
    """
    label = {"label": lesion.label}
    history = lesion.facts.history
    if history.suggests_cancer_route and not history.acknowledged and route is not Route.USC:
        yield Missing(
            f"{lesion.label}: that urgent suspected cancer was considered (7-point list).",
            AnsweredAt.HISTORY,
            ErrorCode.SCORE_NOT_ACKNOWLEDGED,
            label,
            lesion,
        )

    if is_empty(view, lesion):
        yield Missing(
            f"{lesion.label} is empty: describe it, or remove it.",
            AnsweredAt.HISTORY,
            ErrorCode.LESION_EMPTY,
            label,
            lesion,
        )
    elif not lesion.has_history and route not in (None, Route.RECORD_ONLY):
        yield Missing(
            f"{lesion.label}: history.",
            AnsweredAt.HISTORY,
            ErrorCode.HISTORY_MISSING,
            label,
            lesion,
        )


def _of_route(view: EpisodeView, route: Route | None) -> Iterator[Missing]:
    """List what is missing besides the lesions.

    The patient is told that RADS may become a suspected-cancer referral (local care pathway).
    """
    if route is None:
        yield Missing("The route.", AnsweredAt.ROUTE, ErrorCode.ROUTE_MISSING)
    if route in ASKS_TOLD and not view.told.is_asked:
        yield Missing(
            "Patient told of possible cancer?",
            AnsweredAt.TOLD,
            ErrorCode.TOLD_MISSING,
        )
    if route is Route.RADS and view.told is Answer.NO:
        yield Missing(
            "The patient must be told before it can be RADS.",
            AnsweredAt.TOLD,
            ErrorCode.RADS_NOT_TOLD,
        )
    if route in ASKS_QUESTION and not view.episode.question.strip():
        yield Missing(
            "The question to the specialist.", AnsweredAt.QUESTION, ErrorCode.QUESTION_MISSING
        )
