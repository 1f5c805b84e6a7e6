"""Choosing a route on the pathway chart. Plain functions on an open vault, on its thread."""

from dataclasses import replace

from dermstation.domain.consents import Answer
from dermstation.domain.routes import Route
from dermstation.vault.store import Vault
from dermstation.workflow.episodes import view_of
from dermstation.workflow.walk import EpisodeView


def choose_route(vault: Vault, episode_id: str, route: Route, *, told: Answer) -> EpisodeView:
    """Keep the route, and whether the patient was told that it may become one for cancer."""
    with vault.transaction():
        vault.episodes.save(replace(vault.episodes.get(episode_id), route=route))
        vault.route_notes.save(episode_id, told)
    return view_of(vault, episode_id)
