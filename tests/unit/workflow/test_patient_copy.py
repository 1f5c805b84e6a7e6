"""The patient's copy names nobody, states neither quality nor diagnosis, and is recorded."""

import json

import numpy as np
import pytest

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.patient_copies import CopyForm
from dermstation.domain.records import ConsentForm
from dermstation.domain.shots import ShotKind
from dermstation.vault.audit import AuditFilter
from dermstation.workflow import episodes, wiping
from dermstation.workflow.patient_copy import (
    LONG_SIDE_PX,
    OUR_WORDS,
    gather_sheet,
    given_words,
    offered,
    record_given,
)
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView
from tests.unit.workflow.conftest import PATIENT, take


@pytest.fixture
def taken(signed_in: SignedIn, view: EpisodeView) -> EpisodeView:
    take(signed_in, view, ShotKind.GENERAL, ShotKind.CLOSEUP)
    return episodes.view_of(signed_in.vault, view.episode.id)


def sheet_of(signed_in: SignedIn, view: EpisodeView, words: str = ""):
    _, capture = offered(view)[1]
    return gather_sheet(
        signed_in.vault,
        signed_in.operator,
        view.episode.id,
        capture.id,
        practice="Test Practice",
        own_words=words,
    )


def test_the_sheet_says_what_where_and_when_and_names_nobody(signed_in, taken) -> None:
    sheet = sheet_of(signed_in, taken)
    assert [name for name, _ in sheet.lines] == ["What it is", "Where", "Taken"]
    assert sheet.lines[0][1] == "A close-up picture of the skin"
    assert sheet.lines[1][1].endswith(", on your left side")
    said = " ".join([sheet.title, sheet.practice, sheet.words, *(w for _, w in sheet.lines)])
    for part in (PATIENT.family_name, "999", "1958", "Test Nurse"):
        assert part not in said
    for jargon in ("quality", "poor", "verdict", "score", "risk", "focus"):
        assert jargon not in said.lower()
    assert "not a diagnosis" in sheet.words
    assert repr(sheet) == "CopySheet((240, 320, 3))"


def test_the_practices_own_words_take_the_place_of_ours(signed_in, taken) -> None:
    assert sheet_of(signed_in, taken, " Ask at the desk. ").words == "Ask at the desk."
    assert sheet_of(signed_in, taken, "  ").words == OUR_WORDS


def test_a_large_picture_is_made_as_small_as_paper_needs(signed_in, view, monkeypatch) -> None:
    from dermstation.workflow import patient_copy

    large = np.zeros((3000, 4000, 3), np.uint8)
    assert patient_copy._within(large).shape == (1800, LONG_SIDE_PX, 3)


def test_a_copy_is_recorded_in_vault_and_audit_without_identity(signed_in, taken) -> None:
    vault, operator = signed_in.vault, signed_in.operator
    _, capture = offered(taken)[1]
    after = record_given(vault, operator, taken.episode.id, capture.id, CopyForm.PDF)
    (given,) = after.given_copies
    assert (given.capture_id, given.form, given.given_by) == (
        capture.id,
        CopyForm.PDF,
        operator.id,
    )
    assert given_words(after)[0].startswith("L1 close-up, as a PDF with a password, ")
    (entry,) = vault.audit.entries(AuditFilter(events=(AuditEvent.COPY_GIVEN,)))
    assert (entry.operator_id, entry.subject, entry.facts) == (
        operator.id,
        capture.id,
        {"form": "pdf"},
    )
    assert PATIENT.family_name not in json.dumps(entry.facts)


def test_the_certificate_says_that_a_copy_was_given_and_does_not_claim_to_wipe_it(
    signed_in, taken
) -> None:
    vault, operator = signed_in.vault, signed_in.operator
    _, capture = offered(taken)[0]
    record_given(vault, operator, taken.episode.id, capture.id, CopyForm.PRINTED)
    certificate = wiping.abandon(vault, operator, taken.episode.id)
    (given,) = certificate.given_copies
    assert given.capture_id == capture.id
    assert certificate.complete
    assert not any("copy" in item.kind for item in certificate.items)
    (stored,) = vault.certificates.all()
    assert stored.given_copies == (given,)
    assert vault.patient_copies.of_episode(taken.episode.id) == ()


def test_no_copy_is_given_once_consent_is_taken_back(signed_in, taken) -> None:
    vault, operator = signed_in.vault, signed_in.operator
    _, capture = offered(taken)[0]
    record_given(vault, operator, taken.episode.id, capture.id, CopyForm.PRINTED)
    after = episodes.record_consent(
        vault,
        operator,
        taken.episode.id,
        given=False,
        form=ConsentForm.VERBAL,
        secondary_use=False,
    )
    assert offered(after) == ()
    for job in (
        lambda: gather_sheet(
            vault, operator, taken.episode.id, capture.id, practice="Test Practice"
        ),
        lambda: record_given(vault, operator, taken.episode.id, capture.id, CopyForm.PDF),
    ):
        with pytest.raises(StationError) as refused:
            job()
        assert refused.value.code is ErrorCode.CONSENT_MISSING
    assert given_words(after)[0].startswith("A picture, printed on paper, ")  # it was given


def test_no_copy_is_made_of_another_episodes_picture(signed_in, taken) -> None:
    with pytest.raises(StationError) as refused:
        gather_sheet(
            signed_in.vault,
            signed_in.operator,
            taken.episode.id,
            "0" * 32,
            practice="Test Practice",
        )
    assert refused.value.code is ErrorCode.CONSENT_MISSING
