"""Import a picture from a memory card as a capture: look at it, store it, read it back.

The functions that take a vault run on its thread. The picture's own bytes are stored, EXIF
included; EXIF is stripped from everything that leaves the vault later. A picture that is not
verified in the vault is never erased from a card.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dermstation.camera.card.pictures import Inspected
from dermstation.camera.card.places import CardPlace
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import Verdict
from dermstation.domain.records import (
    Capture,
    CaptureDetails,
    CaptureOrigin,
    CardCopy,
    Lesion,
    MediaType,
    Operator,
    TimeSource,
    new_id,
    now,
)
from dermstation.domain.shots import ShotKind
from dermstation.vault.store import Vault
from dermstation.vault.wiping import CAPTURE
from dermstation.workflow.camera_clock import captured_at
from dermstation.workflow.viewing import view_of

UNNAMED_CAMERA = "Memory card"


class Known(StrEnum):
    """The kind of episode in which the station already has a picture."""

    HERE = "here"  # in this episode
    ELSEWHERE = "elsewhere"  # in another episode, perhaps of another patient
    WIPED = "wiped"  # in an episode that is wiped


# words for where a picture already is, if it may not be imported a second time
WHERE = {Known.HERE: "for this patient", Known.ELSEWHERE: "in another episode"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A card's picture under review, for one shot of one lesion, as it would be stored."""

    picture: Inspected = field(repr=False)
    place: CardPlace
    shot: ShotKind
    lesion_id: str
    captured_at: datetime
    time_source: TimeSource
    capture_id: str = field(default_factory=new_id)  # a repeated import stores the same capture


@dataclass(frozen=True, slots=True)
class CardState:
    """The pictures of a card that the vault already knows."""

    known: dict[str, Known] = field(default_factory=dict)  # by SHA-256
    copies: tuple[CardCopy, ...] = ()  # of this episode, still on a card


def candidate(
    picture: Inspected, place: CardPlace, shot: ShotKind, lesion_id: str, at: datetime
) -> Candidate:
    """Return a picture that was read as a candidate for review; `at` is the PC's time now."""
    moment, source = captured_at(picture.exif, picture.file, at)
    return Candidate(picture, place, shot, lesion_id, moment, source)


def import_picture(
    vault: Vault, chosen: Candidate, lesion: Lesion, operator: Operator, reason: str | None
) -> Capture:
    """Store a card's picture durably, read it back, and compare: only then is it imported.

    Raises StationError: OVERRIDE_REASON_MISSING for a poor picture without a reason,
    STEP_NOT_ALLOWED if it was reviewed for another lesion, CONSENT_MISSING,
    CARD_PICTURE_KNOWN (`where`), CARD_NOT_VERIFIED, CAPTURE_CHANGED, VAULT_*.
    """
    _check_allowed(vault, chosen, lesion, reason)
    capture = _capture(chosen, lesion, operator, (reason or "").strip() or None)
    vault.card_files.note_first(
        CardCopy(
            capture_id=capture.id,
            episode_id=lesion.episode_id,
            card=chosen.place.label,
            path=chosen.picture.file.path,
            sha256=capture.sha256,
            noted_at=now(),
            serial=chosen.place.serial,
        )
    )
    vault.captures.save(capture, chosen.picture.data)
    if not is_verified(vault, capture.id, capture.sha256):
        raise StationError(ErrorCode.CARD_NOT_VERIFIED)
    return capture


def is_verified(vault: Vault, capture_id: str, sha256: str) -> bool:
    """Return whether a capture read back from the vault matches the SHA-256 of the card's file."""
    try:
        return hashlib.sha256(vault.captures.image(capture_id)).hexdigest() == sha256
    except LookupError:
        return False
    except StationError as trouble:
        if trouble.code in {ErrorCode.CAPTURE_CHANGED, ErrorCode.EPISODE_FILE_MISSING}:
            return False
        raise


def card_state(vault: Vault, episode_id: str, hashes: Collection[str]) -> CardState:
    """Return which of a card's pictures are known, and this episode's copies still on a card."""
    wiped = {
        item.sha256
        for certificate in vault.certificates.all()
        for item in certificate.items
        if item.kind == CAPTURE and item.sha256 is not None
    }
    known = dict.fromkeys(wiped.intersection(hashes), Known.WIPED)
    found = vault.captures.with_hashes(hashes)
    known |= {one.sha256: Known.ELSEWHERE for one in found if one.episode_id != episode_id}
    in_use = _in_use(vault, episode_id)
    known |= {one.sha256: Known.HERE for one in found if one.id in in_use}
    return CardState(known, copies_left(vault, episode_id))


def copies_left(vault: Vault, episode_id: str) -> tuple[CardCopy, ...]:
    """List an episode's imported pictures that are still on a card, as far as the station knows.

    A note without a picture comes from an interrupted import that left nothing in the vault.
    """
    stored = {capture.id for capture in vault.captures.of_episode(episode_id)}
    left = []
    for copy in vault.card_files.of_episode(episode_id):
        if copy.capture_id not in stored:
            vault.card_files.drop(copy.capture_id)
        elif copy.removed is None:
            left.append(copy)
    return tuple(left)


def _in_use(vault: Vault, episode_id: str) -> set[str]:
    """Return the captures in use; a replaced one (say, of the wrong shot) may be imported again."""
    view = view_of(vault, episode_id)
    return {capture.id for lesion in view.lesions for capture in view.taken(lesion).values()}


def _check_allowed(vault: Vault, chosen: Candidate, lesion: Lesion, reason: str | None) -> None:
    if chosen.lesion_id != lesion.id:
        raise StationError(ErrorCode.STEP_NOT_ALLOWED, state="reviewing", event="another lesion")
    if chosen.picture.report.verdict is Verdict.POOR and not (reason or "").strip():
        raise StationError(ErrorCode.OVERRIDE_REASON_MISSING)
    consent = vault.episodes.get(lesion.episode_id).consent
    if consent is None or not consent.given:
        raise StationError(ErrorCode.CONSENT_MISSING)
    sha256 = chosen.picture.sha256
    known = card_state(vault, lesion.episode_id, {sha256}).known.get(sha256)
    is_second_try = any(one.id == chosen.capture_id for one in vault.captures.of_lesion(lesion.id))
    if known in WHERE and not is_second_try:
        raise StationError(ErrorCode.CARD_PICTURE_KNOWN, where=WHERE[known])


def _capture(chosen: Candidate, lesion: Lesion, operator: Operator, reason: str | None) -> Capture:
    picture = chosen.picture
    return Capture(
        id=chosen.capture_id,
        episode_id=lesion.episode_id,
        lesion_id=lesion.id,
        shot=chosen.shot,
        sha256=picture.sha256,
        media_type=MediaType.JPEG,
        size_bytes=len(picture.data),
        width=picture.width,
        height=picture.height,
        captured_at=chosen.captured_at,
        captured_by=operator.id,
        camera=picture.exif.camera or UNNAMED_CAMERA,
        report=picture.report,
        override_reason=reason if picture.report.verdict is Verdict.POOR else None,
        details=CaptureDetails(
            origin=CaptureOrigin.CARD,
            camera_bytes=True,
            time_source=chosen.time_source,
            orientation=picture.exif.orientation,
        ),
    )
