"""Say what pages read of an episode, so that they need nothing of the workflow.

`workflow.walk.EpisodeView` and `workflow.episodes.Unfinished` have this shape.
"""

from collections.abc import Mapping
from typing import Protocol

from dermstation.domain.identity import Patient
from dermstation.domain.records import Capture, Episode, Lesion, Package
from dermstation.domain.shots import ShotKind


class SeenEpisode(Protocol):
    """One episode with its patient, lesions and captures."""

    @property
    def episode(self) -> Episode:
        """Give the episode itself."""

    @property
    def patient(self) -> Patient:
        """Give whose episode it is."""

    @property
    def lesions(self) -> tuple[Lesion, ...]:
        """Give the lesions in order."""

    @property
    def package(self) -> Package | None:
        """Give the package that lies in the clear, if there is one."""

    @property
    def pictures_wanted(self) -> bool:
        """Tell whether the patient agreed to pictures."""

    def chosen(self, lesion: Lesion, /) -> Mapping[ShotKind, Capture]:
        """Map each shot kind to the capture that counts."""

    def missing(self, lesion: Lesion, /) -> tuple[ShotKind, ...]:
        """List the standard shots that a lesion lacks."""


class SeenPlace(Protocol):
    """Where an episode stands: a step by name, and which lesion."""

    @property
    def step(self) -> str:
        """Give the step's name: consent, lesion, pictures, ..."""

    @property
    def lesion(self) -> Lesion | None:
        """Give the lesion whose pictures are being taken."""


class SeenUnfinished(Protocol):
    """An episode that is not wiped yet, with its place."""

    @property
    def view(self) -> SeenEpisode:
        """Give the episode."""

    @property
    def place(self) -> SeenPlace:
        """Give where it stands."""
