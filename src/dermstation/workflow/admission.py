"""Admit a confirmed patient; made-up and real patients are never mixed in one station.

Plain functions; `admit` runs on the vault's thread.
"""

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.identity import NhsNumber
from dermstation.domain.records import Operator
from dermstation.vault.store import Vault
from dermstation.workflow.episodes import TypedPatient, open_episode
from dermstation.workflow.walk import EpisodeView


def check_range(number: NhsNumber, *, made_up: bool) -> None:
    """Refuse a test number outside demo mode, and any other number in it.

    Raises StationError TEST_NUMBER or REAL_NUMBER.
    """
    if number.is_test and not made_up:
        raise StationError(ErrorCode.TEST_NUMBER)
    if made_up and not number.is_test:
        raise StationError(ErrorCode.REAL_NUMBER)


def admit(
    vault: Vault, operator: Operator, confirmed: TypedPatient, *, made_up: bool
) -> EpisodeView:
    """Open an episode for a confirmed patient.

    Raises StationError TEST_NUMBER, REAL_NUMBER, PATIENT_DIFFERS.
    """
    check_range(confirmed.nhs_number, made_up=made_up)
    return open_episode(vault, operator, confirmed)


def is_same_patient(view: EpisodeView, incoming: TypedPatient) -> bool:
    """Return whether the incoming patient is the patient of an episode, in every fact."""
    return incoming.with_id(view.patient.id) == view.patient
