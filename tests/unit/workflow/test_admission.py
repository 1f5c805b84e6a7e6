"""Made-up and real patients are never mixed, and an incoming patient must fit the episode."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.identity import NhsNumber
from dermstation.workflow import admission, episodes
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView
from tests.unfinished import unfinished
from tests.unit.workflow.conftest import PATIENT


@given(st.integers(0, 9_999_999_999), st.booleans())
def test_a_number_is_admitted_only_in_its_own_kind_of_station(value: int, made_up: bool) -> None:
    number = NhsNumber(f"{value:010}")
    if number.is_test is made_up:
        admission.check_range(number, made_up=made_up)
        return
    with pytest.raises(StationError) as trouble:
        admission.check_range(number, made_up=made_up)
    expected = ErrorCode.TEST_NUMBER if number.is_test else ErrorCode.REAL_NUMBER
    assert trouble.value.code is expected


def test_a_test_number_opens_nothing_outside_demo_mode(signed_in: SignedIn) -> None:
    with pytest.raises(StationError) as trouble:
        admission.admit(signed_in.vault, signed_in.operator, PATIENT, made_up=False)
    assert trouble.value.code is ErrorCode.TEST_NUMBER
    assert unfinished(signed_in.vault) == ()


def test_a_test_number_opens_an_episode_in_demo_mode(signed_in: SignedIn) -> None:
    view = admission.admit(signed_in.vault, signed_in.operator, PATIENT, made_up=True)
    assert view.patient.nhs_number == PATIENT.nhs_number


@pytest.mark.parametrize(
    "other",
    [
        replace(PATIENT, nhs_number=NhsNumber("9990000026")),
        replace(PATIENT, family_name="Patient-Two"),
        replace(PATIENT, given_name="Tess"),
        replace(PATIENT, born_on=date(1958, 9, 4)),
    ],
)
def test_an_incoming_patient_must_match_the_episode_in_every_fact(
    view: EpisodeView, other: episodes.TypedPatient
) -> None:
    assert admission.is_same_patient(view, PATIENT)
    assert not admission.is_same_patient(view, other)
