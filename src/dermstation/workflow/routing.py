"""Keep the route that is chosen on the pathway chart. Runs on the vault's thread."""

from dataclasses import replace

from dermstation.domain.consents import Answer
from dermstation.domain.routes import Route
from dermstation.vault.store import Vault
from dermstation.workflow.viewing import check_changeable, view_after_change
from dermstation.workflow.walk import EpisodeView


def choose_route(vault: Vault, episode_id: str, route: Route, *, told: Answer) -> EpisodeView:
    """Keep the route, and whether the patient was told that it may become a cancer referral.

    Raises StationError STEP_NOT_ALLOWED once the package is made.
    """
    with vault.transaction():
        episode = vault.episodes.get(episode_id)
        check_changeable(episode)
        vault.episodes.save(replace(episode, route=route))
        vault.route_notes.save(episode_id, told)
    return view_after_change(vault, episode_id)


def save_told(vault: Vault, episode_id: str, told: Answer) -> EpisodeView:
    """Keep whether the patient was told that it is, or may become, a cancer referral.

    Raises StationError STEP_NOT_ALLOWED once the package is made.
    """
    check_changeable(vault.episodes.get(episode_id))
    vault.route_notes.save(episode_id, told)
    return view_after_change(vault, episode_id)
