"""Packages made as the summary makes them, and the code of what refuses one."""

from dataclasses import replace
from pathlib import Path

import pytest

from dermstation.domain.consents import Answer
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.routes import Route
from dermstation.workflow import packaging
from dermstation.workflow.package_choice import Practice
from dermstation.workflow.route_checks import missing_for
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView


def code_of(call, *arguments, **named) -> ErrorCode:
    with pytest.raises(StationError) as caught:
        call(*arguments, **named)
    return caught.value.code


def missing(view: EpisodeView, route: Route, told: Answer = Answer.YES) -> list[ErrorCode]:
    """Return the codes of everything that a route still lacks."""
    return [one.code for one in missing_for(replace(view, told=told), route)]


def make(signed_in: SignedIn, view: EpisodeView, into: Path) -> EpisodeView:
    return packaging.make_package(
        signed_in.vault, signed_in.operator, view.episode.id, into, Practice("Test Practice")
    )
