"""The routes that need a clinician's review before packaging, and the content it is for. Pure."""

import hashlib
from dataclasses import asdict

from dermstation.domain.routes import Route
from dermstation.domain.setting import named_in
from dermstation.settings import Settings
from dermstation.vault.lesion_facts import from_facts
from dermstation.workflow.walk import EpisodeView


def review_routes_of(settings: Settings) -> frozenset[Route]:
    """Return the routes that a clinician reviews in this practice."""
    return frozenset(Route(name) for name in named_in(settings.review_routes))


REVIEWED_ROUTES = review_routes_of(Settings())  # if the practice chooses no others


def content_of(view: EpisodeView) -> str:
    """Return the SHA-256 of everything a clinician reviews: pictures, answers, consent, route.

    Who recorded something, and when, is not part of it: giving the same answer again is no change.
    """
    consent = view.episode.consent
    answer = consent and (
        consent.given,
        consent.form.value,
        consent.secondary_use,
        consent.no_pictures_because.strip(),
        sorted(asdict(consent.circumstances).items()),
        sorted(consent.uses),
    )
    lesions = [
        (
            lesion.number,
            lesion.site_code,
            lesion.side,
            lesion.history.strip(),
            from_facts(lesion.facts),
        )
        for lesion in view.lesions
    ]
    pictures = [
        (capture.id, capture.lesion_id, capture.shot.value, capture.sha256, capture.override_reason)
        for capture in view.captures
    ]
    going_along = [
        (lesion.id, one.id, one.sha256) for lesion in view.lesions for one in view.packed(lesion)
    ]
    choices = (sorted(view.choices.left_out.items()), sorted(view.choices.nothing_to_cover))
    episode = view.episode
    shown = (pictures, going_along, choices)
    seen = (answer, lesions, shown, episode.route, episode.question.strip(), view.told)
    return hashlib.sha256(repr((view.patient.id, *seen)).encode()).hexdigest()


def is_reviewed(view: EpisodeView) -> bool:
    """Return whether a clinician has reviewed the episode as it is now."""
    return view.review is not None and view.review.content == content_of(view)


def needs_review(view: EpisodeView, routes: frozenset[Route]) -> bool:
    """Return whether the route needs a review and the episode has none that is valid."""
    return view.episode.route in routes and not is_reviewed(view)
