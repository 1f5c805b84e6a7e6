"""Packages made as the summary makes them, and the code of what refuses one."""

from pathlib import Path

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.workflow import packaging
from dermstation.workflow.package_choice import Practice
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView


def code_of(call, *arguments, **named) -> ErrorCode:
    with pytest.raises(StationError) as caught:
        call(*arguments, **named)
    return caught.value.code


def make(signed_in: SignedIn, view: EpisodeView, into: Path) -> EpisodeView:
    return packaging.make_package(
        signed_in.vault, signed_in.operator, view.episode.id, into, Practice("Test Practice")
    )
