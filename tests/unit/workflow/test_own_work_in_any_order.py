"""In no order of steps does a nurse destroy what a clinician took, reviewed or packed."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from dermstation.domain.copies import CopyKind, Shape, ShapeKind
from dermstation.domain.errors import StationError
from dermstation.domain.records import ConsentForm
from dermstation.domain.routes import Route
from dermstation.domain.shots import ShotKind
from dermstation.settings import Settings
from dermstation.workflow import (
    deriving,
    drafting,
    episodes,
    package_files,
    packaging,
    reviewing,
    viewing,
    wiping,
)
from dermstation.workflow.package_choice import Practice
from dermstation.workflow.unlocking import SignedIn
from tests.unit.workflow.conftest import NURSE, an_episode, take

STEPS_EACH = 30


class Ward:
    """One episode that a nurse opened, and what a clinician relies on in it."""

    def __init__(self, clinician: SignedIn, packages: Path) -> None:
        self.clinician = clinician
        self.nurse = replace(clinician, operator=NURSE)
        clinician.vault.operators.save(NURSE)
        self.packages = packages
        self.id = an_episode(self.nurse).episode.id
        self.relied_on: dict[str, str] = {}  # capture id to SHA-256

    def view(self):
        return viewing.view_of(self.clinician.vault, self.id)

    def note(self) -> None:
        """Note every capture that is there now as relied on."""
        self.relied_on = {one.id: one.sha256 for one in self.view().captures}

    def check(self) -> None:
        """Check that all of them can still be read."""
        vault = self.clinician.vault
        for capture_id, sha256 in self.relied_on.items():
            capture = vault.captures.get(capture_id)
            assert capture.sha256 == sha256
            assert capture.wiped_at is None
            assert vault.captures.image(capture_id)


def withdraws(ward: Ward, who: SignedIn) -> None:
    answers(ward, who, given=False)


def answers(ward: Ward, who: SignedIn, *, given: bool = True) -> None:
    episodes.record_consent(
        who.vault,
        who.operator,
        ward.id,
        given=given,
        form=ConsentForm.VERBAL,
        secondary_use=False,
    )


def covers(ward: Ward, who: SignedIn) -> None:
    view = ward.view()
    if view.captures:
        drawing = deriving.begin_drawing(who.vault, ward.id, view.captures[-1].id, CopyKind.COVERED)
        area = Shape(ShapeKind.RECTANGLE, 0.1, 0.1, 0.4, 0.4)
        deriving.save_copies(who.vault, deriving.draw(drawing, (area,), who.operator))


def takes(ward: Ward, who: SignedIn) -> None:
    if ward.view().pictures_wanted:
        take(who, ward.view(), ShotKind.CLOSEUP)


def packs(ward: Ward, who: SignedIn) -> None:
    practice = Practice("Test Practice", review_routes=frozenset())
    episodes.save_summary(who.vault, ward.id, histories={}, question="?", route=Route.ROUTINE)
    episodes.finish_pictures(who.vault, ward.id)
    packaging.make_package(who.vault, who.operator, ward.id, ward.packages, practice)


def unpacks(ward: Ward, who: SignedIn) -> None:
    package_files.withdraw_package(who.vault, who.operator, ward.id)


def drafts(ward: Ward, who: SignedIn) -> None:
    package = ward.view().package
    if package is not None:
        drafting.write_draft(who.vault, who.operator, package, "a@nhs.net", Settings())


ACTS: dict[str, Callable[[Ward, SignedIn], object]] = {
    "withdraws": withdraws,
    "answers": answers,
    "covers": covers,
    "wipes covered": lambda ward, who: deriving.wipe_covered(who.vault, who.operator, ward.id),
    "takes": takes,
    "packs": packs,
    "unpacks": unpacks,
    "drafts": drafts,
    "reviews": lambda ward, who: reviewing.review(who.vault, who.operator, ward.id),
    "takes back": lambda ward, who: reviewing.take_back_review(who.vault, who.operator, ward.id),
    "takes more": lambda ward, who: episodes.take_more(who.vault, ward.id),
    "abandons": lambda ward, who: wiping.abandon(who.vault, who.operator, ward.id),
}
BY_CLINICIAN = ["takes", "reviews", "packs", "unpacks", "covers"]


def played(ward: Ward, chance: random.Random) -> int:
    """Play steps of both; return how many of the nurse's were refused."""
    refused = 0
    takes(ward, ward.nurse)
    for _ in range(STEPS_EACH):
        if chance.random() < 0.3:
            with suppress(StationError):
                ACTS[chance.choice(BY_CLINICIAN)](ward, ward.clinician)
                ward.note()
            continue
        if not ward.relied_on:
            continue
        try:
            ACTS[chance.choice(list(ACTS))](ward, ward.nurse)
        except StationError:
            refused += 1
        ward.check()
    return refused


@pytest.mark.parametrize(
    "seed", [28, *(pytest.param(n, marks=pytest.mark.slow) for n in range(28))]
)
def test_nothing_that_a_clinician_relies_on_is_lost(signed_in, packages, seed: int) -> None:
    ward = Ward(signed_in, packages)
    refused = played(ward, random.Random(seed))
    assert refused
    assert ward.relied_on
