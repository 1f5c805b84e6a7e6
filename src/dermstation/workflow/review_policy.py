"""Which routes a clinician reviews before a package is made, and what a review holds for. Pure."""

import hashlib
import logging
from dataclasses import asdict

from dermstation.domain.routes import Route
from dermstation.vault.findings import from_facts
from dermstation.workflow.walk import EpisodeView

log = logging.getLogger(__name__)

REVIEWED_ROUTES = frozenset({Route.ADVICE, Route.RADS, Route.USC})
NO_ROUTE = "none"


def review_routes_of(setting: str) -> frozenset[Route]:
    """Read the practice's policy: routes by name, apart by spaces, or "none".

    Words that are no route leave the policy at its default: a slip of the pen must not switch a
    review off.
    """
    words = setting.lower().split()
    if words == [NO_ROUTE]:
        return frozenset()
    known = {route.value: route for route in Route}
    if not words or any(word not in known for word in words):
        log.info("setting review_routes is not usable and was left at its default")
        return REVIEWED_ROUTES
    return frozenset(known[word] for word in words)


def content_of(view: EpisodeView) -> str:
    """Give the SHA-256 of all that a clinician looks at: pictures, answers, consent, route.

    Who recorded something, and when, is not part of it: the same answer once more is no change.
    """
    consent = view.episode.consent
    answer = consent and (
        consent.given,
        consent.form.value,
        consent.secondary_use,
        consent.no_pictures_because.strip(),
        sorted(asdict(consent.circumstances).items()),
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
    """Tell whether a clinician has reviewed the episode as it is now."""
    return view.review is not None and view.review.content == content_of(view)


def needs_review(view: EpisodeView, routes: frozenset[Route]) -> bool:
    """Tell whether the route asks for a review that there is not."""
    return view.episode.route in routes and not is_reviewed(view)
