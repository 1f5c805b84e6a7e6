"""A real vault in a folder of the test's own."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from dermstation.domain.identity import NhsNumber
from dermstation.domain.records import ConsentForm, Operator, Role, new_id
from dermstation.domain.sites import Side
from dermstation.security.kdf import KdfParameters
from dermstation.security.recovery import RecoveryKey, new_recovery_key
from dermstation.vault.setup import set_up
from dermstation.workflow import episodes
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView
from dermstation.workflow.wiping import Resumed

PASSPHRASE = "four plain words here"
PATIENT = episodes.TypedPatient(
    NhsNumber.parse("9990000018"), "Patient-One", "Test", date(1958, 9, 3)
)


@pytest.fixture
def recovery() -> RecoveryKey:
    return new_recovery_key()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "vault"


@pytest.fixture
def signed_in(folder: Path, recovery: RecoveryKey) -> Iterator[SignedIn]:
    operator = Operator(new_id(), "Test Nurse", Role.NURSE)
    cheap = KdfParameters(memory_kib=64, passes=1, lanes=1)
    vault, _ = set_up(folder, operator, PASSPHRASE, keystore=None, recovery=recovery, kdf=cheap)
    yield SignedIn(vault, operator, Resumed())
    vault.close()


@pytest.fixture
def view(signed_in: SignedIn) -> EpisodeView:
    """An episode with consent and one lesion."""
    vault, operator = signed_in.vault, signed_in.operator
    episode_id = episodes.open_episode(vault, operator, PATIENT).episode.id
    episodes.record_consent(
        vault, operator, episode_id, given=True, form=ConsentForm.VERBAL, secondary_use=False
    )
    return episodes.save_lesion(
        vault,
        episode_id,
        lesion_id=None,
        site_code="41550009",
        side=Side.LEFT,
        history="Grew over three months.",
    )
