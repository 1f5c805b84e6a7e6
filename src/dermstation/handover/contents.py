"""What goes into a referral package, gathered by the caller: frozen values, no file, no vault.

It holds the patient's identity and pictures in memory; its repr shows ids alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dermstation.domain.consents import Answer
from dermstation.domain.identity import Patient
from dermstation.domain.records import Capture, Episode, Lesion
from dermstation.domain.shots import SHOT_GUIDES, ShotKind
from dermstation.handover.options import DeviceData, PackageOptions


@dataclass(frozen=True, slots=True, repr=False)
class CaptureContents:
    """A capture with the very bytes the vault holds."""

    capture: Capture
    image: bytes

    def __repr__(self) -> str:
        return f"CaptureContents({self.capture.id})"


@dataclass(frozen=True, slots=True, repr=False)
class LesionContents:
    """A lesion with its captures in the order they are shown; and why others stay behind."""

    lesion: Lesion
    captures: tuple[CaptureContents, ...]
    left_out: Mapping[ShotKind, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"LesionContents({self.lesion.id}, captures={len(self.captures)})"


def left_out_words(left_out: Mapping[ShotKind, str]) -> str:
    """Say which pictures were taken and stay behind, each with its reason."""
    return "; ".join(
        f"{SHOT_GUIDES[shot].title.lower()} ({reason})" for shot, reason in left_out.items()
    )


@dataclass(frozen=True, slots=True, repr=False)
class PackageContents:
    """One episode as it is handed over.

    `operators` gives each operator id its name; `practice_code` is the practice's ODS code, empty
    where it is not told. `told` says whether the patient heard that it is, or may become, a
    referral for suspected cancer. `created_at` says when the package was made; it is in no file.
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
    reviewed_by: str = ""  # the operator who reviewed just this; empty: nobody did

    @property
    def captures(self) -> tuple[Capture, ...]:
        """List all captures, lesion by lesion."""
        return tuple(held.capture for one in self.lesions for held in one.captures)

    @property
    def as_of(self) -> datetime:
        """Give the instant of the newest thing the package tells of.

        It dates the files in place of the time of making, so that the same episode, packaged
        again with the same settings, gives the same bytes.
        """
        consent = self.episode.consent
        copied = (one.derivation.made_at for one in self.captures if one.derivation is not None)
        taken = (one.captured_at for one in self.captures)
        told = [self.episode.opened_at, *taken, *copied]
        return max([*told, consent.recorded_at] if consent else told)

    @property
    def answered_for(self) -> str:
        """Say who reviewed it, or else who made it."""
        if self.reviewed_by:
            return f"reviewed by {self.operator_name(self.reviewed_by)}"
        return f"made by {self.operator_name(self.created_by)}"

    def operator_name(self, operator_id: str) -> str:
        """Name an operator; one who is not known is shown as such, never left out."""
        return self.operators.get(operator_id, "operator not known")

    def __repr__(self) -> str:
        return f"PackageContents({self.package_id})"
