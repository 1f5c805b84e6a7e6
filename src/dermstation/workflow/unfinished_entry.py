"""The details of a patient that were typed but never confirmed.

They are kept so that a crash loses no keystroke. Whoever opens the form next may want another
patient, so they are offered with their age and author, and never filled in unasked. Plain functions
on an open vault, run on the vault's thread.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dermstation.domain.records import Operator, now
from dermstation.vault.store import Vault

PATIENT_DRAFT = "patient"
_SEX = "sex"  # alone it tells nobody from anybody


@dataclass(frozen=True, slots=True, repr=False)
class UnfinishedEntry:
    """The texts of the form by field name, who typed them, and when; None if that is not known."""

    typed: Mapping[str, str]
    author: str = ""
    at: datetime | None = None


def keep(vault: Vault, operator: Operator, typed: Mapping[str, str]) -> None:
    """Keep a half-filled form in place of the one before; an empty form is forgotten."""
    if not any(text.strip() for name, text in typed.items() if name != _SEX):
        vault.drafts.drop(PATIENT_DRAFT)
        return
    body = {"typed": dict(typed), "author": operator.name, "at": now().isoformat()}
    vault.drafts.put(PATIENT_DRAFT, body)


def find(vault: Vault) -> UnfinishedEntry | None:
    """Return the half-filled form, also one that an earlier version kept; None if there is none."""
    body = vault.drafts.get(PATIENT_DRAFT)
    if not body:
        return None
    if "typed" not in body:
        return UnfinishedEntry(body)
    return UnfinishedEntry(body["typed"], body["author"], datetime.fromisoformat(body["at"]))


def clear(vault: Vault) -> None:
    """Forget the half-filled form."""
    vault.drafts.drop(PATIENT_DRAFT)
