"""A vault with an operator, and episodes of made-up patients, on the station's own threads."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from dermstation.domain.identity import NhsNumber
from dermstation.domain.records import ConsentForm, Operator, Role, new_id
from dermstation.security.recovery import new_recovery_key
from dermstation.vault.store import Vault
from dermstation.workflow import episodes, unlocking
from dermstation.workflow.jobs import Jobs
from dermstation.workflow.walk import EpisodeView

P = ParamSpec("P")
T = TypeVar("T")
_SECRET = "four plain words here"


class Bench:
    """An open vault, as a context manager that closes it."""

    def __init__(self, folder: Path) -> None:
        self.jobs = Jobs()
        self.operator = Operator(new_id(), "Test Nurse", Role.ADMINISTRATOR)
        self._signed_in = self.on_vault(
            unlocking.set_up_station,
            folder / "vault",
            self.operator,
            _SECRET,
            new_recovery_key(),
            keystore=None,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.on_vault(unlocking.lock, self._signed_in)
        self.jobs.stop()

    @property
    def vault(self) -> Vault:
        """Return the open vault."""
        return self._signed_in.vault

    def on_vault(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run something on the vault's thread and return its outcome."""
        return self.jobs.on_vault(job, *args, **kwargs).result()

    def new_episode(self) -> EpisodeView:
        """Return a new episode of the made-up patient, with consent and one lesion."""
        return self.on_vault(_episode, self.vault, self.operator)


def _episode(vault: Vault, operator: Operator) -> EpisodeView:
    typed = episodes.TypedPatient(
        NhsNumber.parse("9990000018"), "Patient-One", "Test", date(1958, 9, 3)
    )
    episode_id = episodes.open_episode(vault, operator, typed).episode.id
    episodes.record_consent(
        vault, operator, episode_id, given=True, form=ConsentForm.VERBAL, secondary_use=False
    )
    return episodes.save_lesion(
        vault, episode_id, lesion_id=None, site_code="43067004", side=None, history=""
    )
