"""The contents of a referral package, gathered by the caller: frozen values, no file, no vault.

They hold the patient's identity and pictures in memory; a repr shows only ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dermstation.domain.consents import Answer
from dermstation.domain.identity import Patient
from dermstation.domain.records import Capture, Episode, Lesion
from dermstation.domain.set_score import SetScore
from dermstation.domain.shots import SHOT_GUIDES, ShotKind
from dermstation.handover.options import DeviceData, PackageOptions


@dataclass(frozen=True, slots=True, repr=False)
class CaptureContents:
    """A capture with exactly the bytes that the vault holds."""

    capture: Capture
    image: bytes

    def __repr__(self) -> str:
        return f"CaptureContents({self.capture.id})"


@dataclass(frozen=True, slots=True, repr=False)
class LesionContents:
    """A lesion with its captures in the order they are shown, and why others are left out.

    `score` is that of the set of pictures, or None if it has none by choice.
    """

    lesion: Lesion
    captures: tuple[CaptureContents, ...]
    left_out: Mapping[ShotKind, str] = field(default_factory=dict)
    score: SetScore | None = None

    def __repr__(self) -> str:
        return f"LesionContents({self.lesion.id}, captures={len(self.captures)})"


@dataclass(frozen=True, slots=True, repr=False)
class Referrer:
    """The role and number of whoever made the package, and the line on which to reach them."""

    role: str = ""
    registration: str = ""  # "GMC 1234567"
    direct_line: str = ""

    def __repr__(self) -> str:
        return f"Referrer({self.role})"


NO_REFERRER = Referrer()


def left_out_words(left_out: Mapping[ShotKind, str]) -> str:
    """List the pictures that were taken but are left out, each with its reason."""
    return "; ".join(
        f"{SHOT_GUIDES[shot].title.lower()} ({reason})" for shot, reason in left_out.items()
    )


@dataclass(frozen=True, slots=True, repr=False)
class PackageContents:
    """One episode as it is handed over.

    `operators` maps operator ids to names. `practice_code` is the practice's ODS code, or empty if
    it is not set. `told` records whether the patient was told that this is, or may become, a
    referral for suspected cancer. `created_at` is when the package was made; no file contains it.
    """

    package_id: str
    episode: Episode
    patient: Patient
    lesions: tuple[LesionContents, ...]
    operators: Mapping[str, str]
    practice_name: str
    created_at: datetime
    created_by: str
    options: PackageOptions = field(default_factory=PackageOptions)
    device: DeviceData = field(default_factory=DeviceData)
    practice_code: str = ""
    told: Answer = Answer.NOT_ASKED
    copies_given: tuple[str, ...] = ()  # to the patient, in words
    referrer: Referrer = NO_REFERRER
    reviewed_by: str = ""  # the operator who reviewed exactly these contents; empty if nobody did

    @property
    def captures(self) -> tuple[Capture, ...]:
        """Return all captures, lesion by lesion."""
        return tuple(held.capture for one in self.lesions for held in one.captures)

    @property
    def as_of(self) -> datetime:
        """Return the time of the newest event that the package describes.

        The files are dated with it instead of the time they were made, so that packaging the same
        episode again with the same settings gives the same bytes.
        """
        consent = self.episode.consent
        copied = (one.derivation.made_at for one in self.captures if one.derivation is not None)
        taken = (one.captured_at for one in self.captures)
        told = [self.episode.opened_at, *taken, *copied]
        return max([*told, consent.recorded_at] if consent else told)

    @property
    def answered_for(self) -> str:
        """Return who reviewed the package or, if nobody did, who made it, in words."""
        words = f"Reviewed by {self.reviewer}" if self.reviewer else self.not_reviewed
        return words[0].lower() + words[1:]

    @property
    def referrer_words(self) -> str:
        """Return who refers, with role and number: "Dr Test, clinician, GMC 1234567"."""
        told = (self.operator_name(self.created_by), self.referrer.role, self.referrer.registration)
        return ", ".join(filter(None, told))

    @property
    def reviewer(self) -> str:
        """Return the name of who reviewed exactly these contents; empty if nobody did."""
        return self.operator_name(self.reviewed_by) if self.reviewed_by else ""

    @property
    def not_reviewed(self) -> str:
        """Return the words for a package that nobody reviewed, with who made it."""
        return f"Not reviewed by a clinician; made by {self.operator_name(self.created_by)}"

    def operator_name(self, operator_id: str) -> str:
        """Return an operator's name; an unknown operator is shown as unknown, never left out."""
        return self.operators.get(operator_id, "operator not known")

    def __repr__(self) -> str:
        return f"PackageContents({self.package_id})"
