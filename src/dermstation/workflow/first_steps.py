"""What is still to be done on a new station before the first patient. Pure but for `first_steps`.

Each step stays open until it is seen to be done; nothing is ticked by hand.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from dermstation.domain.audit import AuditEvent
from dermstation.domain.records import Operator
from dermstation.domain.rights import Right, may
from dermstation.paths import StationPaths
from dermstation.settings import Settings
from dermstation.vault.store import Vault

_ODS_CODE = re.compile(r"[A-Z]\d{5}")  # of a practice in England


class StepKind(StrEnum):
    """One step of the set-up."""

    PRACTICE = "practice"
    CAMERAS = "cameras"
    OPERATORS = "operators"
    BACKUP = "backup"
    RECOVERY = "recovery"
    TRIAL = "trial"


@dataclass(frozen=True, slots=True)
class FirstStep:
    """A step, what is known of it, and whether it is done; a trial is never done."""

    kind: StepKind
    words: str
    is_done: bool


def first_steps(
    vault: Vault, operator: Operator, paths: StationPaths, settings: Settings
) -> tuple[FirstStep, ...]:
    """Return the steps for an administrator, or none once the station is in use.

    It is in use from its first wiped episode on.
    """
    if not may(operator, Right.ADMINISTER) or vault.certificates.all():
        return ()
    return steps_of(
        settings,
        len(vault.operators.all()),
        has_camera=paths.cameras.exists(),
        has_backup=vault.audit.newest(AuditEvent.BACKED_UP) is not None,
    )


def steps_of(
    settings: Settings, operators: int, *, has_camera: bool, has_backup: bool
) -> tuple[FirstStep, ...]:
    """Return all steps from what is known."""
    name, code = settings.practice_name.strip(), settings.practice_code.strip().upper()
    is_code = bool(_ODS_CODE.fullmatch(code))
    practice = "Printed on every referral."
    if code and not is_code:
        practice = f"The ODS code {code} is not a letter and five digits: compare it."
    backup = "One encrypted file, in a folder that the practice looks after."
    return (
        FirstStep(StepKind.PRACTICE, practice, bool(name) and is_code),
        FirstStep(StepKind.CAMERAS, "With the live picture of each.", has_camera),
        FirstStep(StepKind.OPERATORS, "Each person signs in as themselves.", operators > 1),
        FirstStep(StepKind.BACKUP, backup, has_backup),
        FirstStep(StepKind.RECOVERY, "It was written down and typed back at the set-up.", True),
        FirstStep(StepKind.TRIAL, "In a window of its own that forgets everything.", False),
    )
