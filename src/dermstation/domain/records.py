"""The records that the vault keeps: operators, episodes, lesions, captures, packages, certificates.

Instants are aware UTC datetimes and end in `_at`. Ids are 32 random hexadecimal digits.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from dermstation.domain.consents import NOTHING_ASKED, ConsentCircumstances, SecondaryUse
from dermstation.domain.copies import Derivation
from dermstation.domain.history_words import history_lines
from dermstation.domain.lesion_facts import NO_FACTS, LesionFacts
from dermstation.domain.outgoing import ArchiveProof
from dermstation.domain.patient_copies import GivenCopy
from dermstation.domain.patient_facts import about_lesion
from dermstation.domain.quality import QualityReport
from dermstation.domain.routes import PLACES, Confirmation, Route
from dermstation.domain.shots import SHOT_GUIDES, ShotKind
from dermstation.domain.sites import Side, body_site
from dermstation.domain.states import EpisodeState


def new_id() -> str:
    """Return a random id: 32 hexadecimal digits that say nothing about anybody."""
    return secrets.token_hex(16)


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


class Role(StrEnum):
    """The role of an operator, which decides their rights."""

    NURSE = "nurse"
    CLINICIAN = "clinician"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Operator:
    """A person who can sign in."""

    id: str
    name: str
    role: Role
    professional_number: str = ""  # GMC or NMC; empty if there is none


class ConsentForm(StrEnum):
    """The form in which consent was given."""

    VERBAL = "verbal"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class Consent:
    """The patient's consent to images for direct care; secondary use is separate, no by default.

    `no_pictures_because` is the reason why a referral has no pictures, if one was written.
    """

    given: bool
    form: ConsentForm
    secondary_use: bool
    recorded_at: datetime
    recorded_by: str
    no_pictures_because: str = ""
    circumstances: ConsentCircumstances = NOTHING_ASKED
    uses: tuple[SecondaryUse, ...] = ()  # which; empty if an earlier station did not ask


@dataclass(frozen=True, slots=True)
class Episode:
    """One patient's visit."""

    id: str
    patient_id: str
    state: EpisodeState
    opened_at: datetime
    opened_by: str
    consent: Consent | None = None
    route: Route | None = None
    question: str = ""


@dataclass(frozen=True, slots=True)
class Lesion:
    """One spot, numbered from 1 within its episode."""

    id: str
    episode_id: str
    number: int
    site_code: str
    side: Side | None
    history: str = ""
    facts: LesionFacts = NO_FACTS
    is_removed: bool = False  # it can be brought back until the wipe

    @property
    def label(self) -> str:
        """Return the label used in pictures and package: L1, L2, ..."""
        return f"L{self.number}"

    @property
    def history_words(self) -> str:
        """Return the history for the package: free text, answers, and the questions not asked."""
        asked = self.facts.history
        lines = [self.history.strip()] if self.history.strip() else []
        if asked.answers or asked.notes or asked.points is not None:
            lines += [f"{title}: {words}" for title, words in history_lines(asked)]
        return "\n".join(lines)

    @property
    def has_history(self) -> bool:
        """Return whether any of the lesion's own history was asked or written."""
        asked = about_lesion(self.facts.history)
        return bool(self.history.strip() or asked.answers or asked.notes)

    @property
    def site_words(self) -> str:
        """Return the site in plain words with its side: "Forearm, back (left)"."""
        words = body_site(self.site_code).words
        return f"{words} ({self.side.value})" if self.side else words

    @property
    def lacks_side(self) -> bool:
        """Return whether nobody recorded the side of a site that has two."""
        return self.side is None and body_site(self.site_code).has_side

    @property
    def told_site(self) -> str:
        """Return the site as others are told it: a side that was not recorded is said to be."""
        return f"{self.site_words} (side not recorded)" if self.lacks_side else self.site_words


class MediaType(StrEnum):
    """The encoding of a capture's bytes."""

    JPEG = "image/jpeg"
    PNG = "image/png"


class CaptureOrigin(StrEnum):
    """The origin of a capture's bytes."""

    LIVE = "live"  # a frame of the attached camera
    CARD = "card"  # a file from a standalone camera's memory card, or from a folder


class TimeSource(StrEnum):
    """The source of the time at which a card's picture was taken."""

    CAMERA = "camera"  # the camera's clock, written into the picture
    FILE = "file"  # the time of the file on the card
    IMPORT = "import"  # neither is plausible: the time of the import


class Polarisation(StrEnum):
    """The polarisation of the dermatoscope's light, as the operator or the device reported it."""

    POLARISED = "polarised"
    NON_POLARISED = "non_polarised"


_SIDEWAYS = frozenset({5, 6, 7, 8})  # EXIF's orientations in which width and height change places

LIGHT_WORDS: dict[Polarisation, str] = {
    Polarisation.POLARISED: "polarised light",
    Polarisation.NON_POLARISED: "non-polarised light",
}
# for narrow places that already say "Dermoscopic"
LIGHT_TITLES: dict[Polarisation, str] = {
    light: words.removesuffix(" light").capitalize() for light, words in LIGHT_WORDS.items()
}


@dataclass(frozen=True, slots=True)
class CaptureDetails:
    """The known details of how a capture was taken; None means "not known", never "no".

    `press_offset_ms` is the time from the press to the chosen frame, negative for an earlier frame.
    `mm_per_px` holds for the stored pixels, with its relative error `scale_error` (0.02 is 2 %).
    `camera_bytes` says whether the bytes are the camera's own, neither decoded nor encoded here;
    `tables_added` says that the standard Huffman tables were put in, which that camera leaves out.
    `orientation` is EXIF's, 1 to 8: how to turn the stored pixels for viewing. `pressed_as` is the
    shot at the press, if the operator stored the picture as the one it looked like. `kind_kept`
    says that the operator answered that it is what it was taken as, although it looked different.
    """

    origin: CaptureOrigin = CaptureOrigin.LIVE
    camera_bytes: bool | None = None
    press_offset_ms: int | None = None
    polarisation: Polarisation | None = None
    mm_per_px: float | None = None
    scale_error: float | None = None
    time_source: TimeSource | None = None
    orientation: int | None = None
    pressed_as: ShotKind | None = None
    kind_kept: bool | None = None
    tables_added: bool | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """An accepted frame: immutable bytes in the vault, identified by their SHA-256.

    A capture with a `derivation` is a copy drawn from another one, and keeps that one's time and
    operator. If `wiped_at` is set, the bytes are gone, because a covered copy replaced them.
    """

    id: str
    episode_id: str
    lesion_id: str
    shot: ShotKind
    sha256: str
    media_type: MediaType
    size_bytes: int
    width: int
    height: int
    captured_at: datetime
    captured_by: str
    camera: str
    report: QualityReport
    override_reason: str | None = None
    details: CaptureDetails = CaptureDetails()
    derivation: Derivation | None = None
    wiped_at: datetime | None = None

    @property
    def upright_width(self) -> int:
        """Return the width in px of the picture as it is viewed, turned by its orientation."""
        return self.height if self.details.orientation in _SIDEWAYS else self.width

    @property
    def title(self) -> str:
        """Return the shot, light and kind of copy: "Dermoscopic, polarised light, marked copy"."""
        light = self.details.polarisation
        parts = [SHOT_GUIDES[self.shot].title]
        parts += [LIGHT_WORDS[light]] if light is not None else []
        parts += [self.derivation.words] if self.derivation is not None else []
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class CardCopy:
    """The place of an imported picture on a memory card, and whether it was erased there."""

    capture_id: str
    episode_id: str
    card: str  # as the operator knows it
    path: str  # below the card's root
    sha256: str
    noted_at: datetime
    method: str | None = None
    removed: bool | None = None  # None: still on the card, as far as the station knows
    serial: str = ""  # of the card's file system, if the system tells it


@dataclass(frozen=True, slots=True)
class CardCompanion:
    """Another file of an imported picture's shot on its card, and whether it was erased there."""

    episode_id: str
    capture_id: str
    card: str
    serial: str
    path: str
    is_certain: bool  # False: it may be of another shot
    noted_at: datetime
    method: str | None = None
    removed: bool | None = None  # None: still on the card, as far as the station knows


@dataclass(frozen=True, slots=True)
class PackageFile:
    """One file of a package, as written and read back."""

    name: str
    media_type: str
    size_bytes: int
    sha256: str
    note: str = ""  # "marked copy" or "covered copy", if the picture is one


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """The request to review an episode: by whom and when it was sent."""

    asked_at: datetime
    asked_by: str


@dataclass(frozen=True, slots=True)
class Review:
    """A clinician's statement that the pictures and answers were reviewed.

    `content` is the SHA-256 of what was reviewed: the review is not valid for anything else.
    """

    reviewed_at: datetime
    reviewed_by: str
    content: str


@dataclass(frozen=True, slots=True)
class Package:
    """The folder of files for the record and e-RS; its manifest stays in the vault."""

    id: str
    episode_id: str
    folder: str
    files: tuple[PackageFile, ...]
    created_at: datetime
    created_by: str
    verified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HandOver:
    """The operator's confirmation that the package reached the record and the route's target."""

    in_record: bool
    in_ers: bool
    confirmed_at: datetime
    confirmed_by: str
    sent: bool = False
    archived: ArchiveProof | None = None  # if the pictures went to an archive as well

    @property
    def confirmed(self) -> tuple[Confirmation, ...]:
        """Return everything that was confirmed."""
        said = (
            (Confirmation.IN_RECORD, self.in_record),
            (Confirmation.IN_ERS, self.in_ers),
            (Confirmation.SENT, self.sent),
        )
        return tuple(one for one, holds in said if holds)

    @property
    def places(self) -> tuple[str, ...]:
        """Return the confirmed places in words."""
        return tuple(PLACES[one] for one in self.confirmed)


@dataclass(frozen=True, slots=True)
class WipedItem:
    """One wiped item: its kind, its hash if it had one, the method and the outcome."""

    kind: str  # "capture", "package file", "episode file", "identity"
    reference: str
    sha256: str | None
    method: str
    removed: bool


@dataclass(frozen=True, slots=True)
class Certificate:
    """The record that remains after a wipe: ids, hashes and times, nothing about the patient."""

    id: str
    episode_id: str
    items: tuple[WipedItem, ...]
    hand_over: HandOver | None
    started_at: datetime
    finished_at: datetime
    wiped_by: str
    reason: str  # "handed over" or "abandoned"
    given_copies: tuple[GivenCopy, ...] = ()  # to the patient; the station cannot wipe them

    @property
    def complete(self) -> bool:
        """Return whether every item was removed."""
        return all(item.removed for item in self.items)
