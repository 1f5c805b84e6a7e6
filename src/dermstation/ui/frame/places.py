"""The places that the window can go to: one small class each, holding what its page needs.

A flow gets `go` in its constructor and calls it with a place to show another page. The walk maps
each place to the room that shows it (`ui.walk.Walk.go`), so that rooms need not know each other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dermstation.domain.records import Certificate, Lesion
from dermstation.domain.shots import ShotKind
from dermstation.handover.options import PackageOptions
from dermstation.workflow.walk import EpisodeView


@dataclass(frozen=True, slots=True)
class Home:
    """The work list; an open episode is closed where it is."""


@dataclass(frozen=True, slots=True)
class Onward:
    """The next page after a finished one: a waiting certificate, the place left, or the list."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The page at which the episode is, according to the vault."""

    view: EpisodeView


@dataclass(frozen=True, slots=True)
class PatientForm:
    """The form for a new patient, as far as typed, or filled in from a scanner."""

    scanned: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class UnreadPatientFiles:
    """The files of the record system that could not be read."""


@dataclass(frozen=True, slots=True)
class Expected:
    """The patients whom a worklist server expects here today."""


@dataclass(frozen=True, slots=True)
class Consent:
    """The question about consent, or the answer that was given."""

    view: EpisodeView


@dataclass(frozen=True, slots=True)
class Site:
    """The site of a lesion; None adds a lesion."""

    view: EpisodeView
    lesion: Lesion | None = None


@dataclass(frozen=True, slots=True)
class History:
    """The history of a lesion."""

    view: EpisodeView
    lesion: Lesion


@dataclass(frozen=True, slots=True)
class Pictures:
    """The live picture, aimed at a shot."""

    view: EpisodeView
    lesion: Lesion
    shot: ShotKind


@dataclass(frozen=True, slots=True)
class Card:
    """The pictures on a memory card, for a shot."""

    view: EpisodeView
    lesion: Lesion
    shot: ShotKind


@dataclass(frozen=True, slots=True)
class Summary:
    """The summary, with the pictures finished for now."""

    view: EpisodeView


@dataclass(frozen=True, slots=True)
class Review:
    """The pictures of a lesion, with one shot selected."""

    view: EpisodeView
    lesion: Lesion
    shot: ShotKind


@dataclass(frozen=True, slots=True)
class Pathway:
    """The pathway chart."""

    view: EpisodeView


@dataclass(frozen=True, slots=True)
class PatientCopy:
    """The copy of a picture for the patient."""

    view: EpisodeView


@dataclass(frozen=True, slots=True)
class Packing:
    """Making the package, followed by its hand-over."""

    view: EpisodeView
    folder: Path
    options: PackageOptions


@dataclass(frozen=True, slots=True)
class Retaining:
    """The question why an episode is kept on this PC, and until when."""

    episode_id: str


@dataclass(frozen=True, slots=True)
class Abandoning:
    """Wiping an episode that will not be handed over, followed by its certificate."""

    episode_id: str


@dataclass(frozen=True, slots=True)
class CertificateOf:
    """The certificate of an earlier wipe, and the name of whoever wiped."""

    certificate: Certificate
    wiped_by: str


@dataclass(frozen=True, slots=True)
class Cameras:
    """The cameras that are attached."""


@dataclass(frozen=True, slots=True)
class SettingsForm:
    """The settings of the practice."""


@dataclass(frozen=True, slots=True)
class Operators:
    """The people who can sign in."""


@dataclass(frozen=True, slots=True)
class Backup:
    """The page that makes a backup."""


@dataclass(frozen=True, slots=True)
class StationMenu:
    """The menu for everything about the station rather than a patient."""


@dataclass(frozen=True, slots=True)
class HowTo:
    """The how-to topics."""


Place = (
    Home
    | Onward
    | Standing
    | PatientForm
    | UnreadPatientFiles
    | Expected
    | Consent
    | Site
    | History
    | Pictures
    | Card
    | Summary
    | Review
    | Pathway
    | PatientCopy
    | Packing
    | Retaining
    | Abandoning
    | CertificateOf
    | Cameras
    | SettingsForm
    | Operators
    | Backup
    | StationMenu
    | HowTo
)
Go = Callable[[Place], None]
