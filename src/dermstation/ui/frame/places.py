"""Where the window can go: one small class for each place, holding what its page is about.

A flow is given `go` by its constructor and calls it with a place when it wants another page. The
walk maps each place to the room that shows it (`ui.walk.Walk.go`), so that rooms stay strangers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dermstation.domain.records import Lesion
from dermstation.domain.shots import ShotKind
from dermstation.handover.options import PackageOptions
from dermstation.workflow.walk import EpisodeView


@dataclass(frozen=True, slots=True)
class Home:
    """The work list; the episode that was open is closed where it stands."""


@dataclass(frozen=True, slots=True)
class Onward:
    """What comes after a finished page: a certificate that waits, the place left, the list."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The page at which the episode stands, by what the vault holds."""

    view: EpisodeView


@dataclass(frozen=True, slots=True)
class PatientForm:
    """The form for a new patient, as far as it was typed, or with what a scanner read."""

    scanned: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """The question for consent, or the answer that was given."""

    view: EpisodeView


@dataclass(frozen=True, slots=True)
class Site:
    """Where a lesion is; None adds one."""

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
    """The pictures of a memory card, for a shot."""

    view: EpisodeView
    lesion: Lesion
    shot: ShotKind


@dataclass(frozen=True, slots=True)
class Summary:
    """The summary, with the pictures finished for now."""

    view: EpisodeView


@dataclass(frozen=True, slots=True)
class Review:
    """The pictures of a lesion, that of a shot chosen."""

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
    """The making of the package, and then its hand-over."""

    view: EpisodeView
    folder: Path
    options: PackageOptions


@dataclass(frozen=True, slots=True)
class Retaining:
    """The question why an episode stays on this PC, and until when."""

    episode_id: str


@dataclass(frozen=True, slots=True)
class Abandoning:
    """The wipe of an episode that will not be handed over, and then its certificate."""

    episode_id: str


@dataclass(frozen=True, slots=True)
class Cameras:
    """The cameras that are attached."""


@dataclass(frozen=True, slots=True)
class StationMenu:
    """What is about the station and not about a patient."""


@dataclass(frozen=True, slots=True)
class HowTo:
    """The how-to topics."""


Place = (
    Home
    | Onward
    | Standing
    | PatientForm
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
    | Cameras
    | StationMenu
    | HowTo
)
Go = Callable[[Place], None]
