"""A picture is used without a question only if there is nothing to ask."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from dermstation.domain.lesion_facts import NAMES_SOMEBODY, Identifiable, LesionFacts, Safeguards
from dermstation.domain.quality import Aspect, Cause, Judgement, QualityReport, Verdict
from dermstation.domain.records import Lesion, MediaType
from dermstation.domain.shots import ShotKind
from dermstation.domain.sites import BODY_SITES, FACE_REGION
from dermstation.settings import Settings
from dermstation.workflow.capturing import Held
from dermstation.workflow.unasked import is_used_unasked

NOBODY = Safeguards(is_intimate=False, identifiable=Identifiable.NOTHING)


def held(verdict: Verdict = Verdict.GOOD, cause: Cause | None = None) -> Held:
    judgement = Judgement(Aspect.FOCUS, 90.0, verdict, cause)
    report = QualityReport(ShotKind.GENERAL, 4, 4, (judgement,), 1.0)
    pixels = np.zeros((4, 4, 3), np.uint8)
    at = datetime(2026, 1, 2, tzinfo=UTC)
    return Held(ShotKind.GENERAL, b"", "", MediaType.PNG, pixels, report, at, "")


def lesion(safeguards: Safeguards = NOBODY, site: str = "41550009") -> Lesion:
    return Lesion("1" * 32, "2" * 32, 1, site, None, facts=LesionFacts(safeguards=safeguards))


def test_a_good_picture_is_used_without_a_question_as_delivered() -> None:
    assert is_used_unasked(held(), lesion(), Settings())


@pytest.mark.parametrize("choice", [{"use_good_at_once": False}, {"hands_free": True}])
def test_a_practice_may_be_asked_and_hands_free_always_asks(choice: dict[str, bool]) -> None:
    assert not is_used_unasked(held(), lesion(), Settings(**choice))


@pytest.mark.parametrize(
    ("verdict", "cause"),
    [
        (Verdict.POOR, Cause.DEFOCUS),
        (Verdict.FAIR, Cause.UNDER),
        *((Verdict.GOOD, one) for one in Cause),
    ],
)
def test_whatever_there_is_to_say_about_a_picture_is_asked(verdict, cause) -> None:
    assert not is_used_unasked(held(verdict, cause), lesion(), Settings())


@pytest.mark.parametrize(
    "safeguards",
    [
        Safeguards(),
        replace(NOBODY, is_intimate=True),
        replace(NOBODY, is_intimate=None),
        *(replace(NOBODY, identifiable=one) for one in (Identifiable.NOT_ASKED, *NAMES_SOMEBODY)),
    ],
)
def test_where_somebody_could_be_seen_each_picture_is_asked_about(safeguards) -> None:
    assert not is_used_unasked(held(), lesion(safeguards), Settings())


@pytest.mark.parametrize("site", [one.code for one in BODY_SITES if one.region == FACE_REGION])
def test_on_the_head_each_picture_is_asked_about_whatever_was_answered(site) -> None:
    assert not is_used_unasked(held(), lesion(site=site), Settings())
