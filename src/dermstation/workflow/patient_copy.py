"""Make a copy of one capture for a patient who asks for it, and record that it was given.

Runs on the vault's thread. The sheet names nobody: whoever finds it does not learn whose skin it
shows. It says nothing about quality, risk or diagnosis.
"""

from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.patient_copies import FORM_WORDS, CopyForm, GivenCopy
from dermstation.domain.records import Capture, Lesion, Operator, new_id, now
from dermstation.domain.rights import Right, require
from dermstation.domain.shots import ShotKind
from dermstation.domain.sites import Side, body_site
from dermstation.handover.patient_pdf import write_patient_pdf
from dermstation.handover.uk_time import in_words
from dermstation.imaging.codec import Bgr
from dermstation.imaging.colour_space import decode_srgb
from dermstation.imaging.orientation import upright
from dermstation.vault.store import Vault
from dermstation.workflow.viewing import view_of
from dermstation.workflow.walk import EpisodeView

LONG_SIDE_PX = 2_400  # about 300 dots per inch over the width of a page
TITLE = "Your picture"
OUR_WORDS = (
    "This is a copy of a picture that was taken for your care. You asked for it. It is not a"
    " diagnosis: please ask the practice about anything you see in it. The copy is yours to look"
    " after. The practice cannot call it back."
)
_SHOTS: dict[ShotKind, str] = {
    ShotKind.GENERAL: "A picture from a distance, to show where on the body it is",
    ShotKind.CLOSEUP: "A close-up picture of the skin",
    ShotKind.DERMOSCOPIC: "A picture through a dermatoscope, a magnifying lens with a light",
    ShotKind.LATERAL: "A picture from the side",
}
_SIDES = {
    Side.LEFT: ", on your left side",
    Side.RIGHT: ", on your right side",
    Side.MIDLINE: ", in the middle",
}


@dataclass(frozen=True, slots=True, repr=False)
class CopySheet:
    """The printed sheet: lines of heading and text, the practice's words, upright BGR pixels."""

    practice: str
    lines: tuple[tuple[str, str], ...]
    words: str
    pixels: Bgr = field(repr=False)
    title: str = TITLE

    def __repr__(self) -> str:
        return f"CopySheet({self.pixels.shape})"


def offered(view: EpisodeView) -> tuple[tuple[Lesion, Capture], ...]:
    """List the captures that a patient can have a copy of; none after consent is withdrawn."""
    return tuple((lesion, one) for lesion in view.lesions for one in view.reviewed(lesion))


def given_picture(view: EpisodeView, capture: Capture) -> Capture:
    """Return the picture that leaves the station for a capture: its covered copy, if it has one."""
    return view.shown(capture)


def gather_sheet(
    vault: Vault,
    operator: Operator,
    episode_id: str,
    capture_id: str,
    *,
    practice: str,
    own_words: str = "",
) -> CopySheet:
    """Gather the sheet of one capture; the practice's `own_words`, if any, replace ours.

    Raises StationError RIGHT_MISSING, CONSENT_MISSING if the capture may not be used, or not any
    more, CAPTURE_CHANGED, EPISODE_FILE_MISSING, IMAGE_*.
    """
    require(operator, Right.CAPTURE)
    view = view_of(vault, episode_id)
    lesion, capture = _one(view, capture_id)
    shown = given_picture(view, capture)
    pixels = upright(decode_srgb(vault.captures.image(shown.id)), shown.details.orientation)
    site = f"{body_site(lesion.site_code).words}{_SIDES[lesion.side] if lesion.side else ''}"
    lines = (
        ("What it is", _SHOTS[capture.shot]),
        ("Where", site),
        ("Taken", in_words(capture.captured_at)),
    )
    return CopySheet(practice, lines, own_words.strip() or OUR_WORDS, _within(pixels))


def save_sheet(
    operator: Operator, pdf: bytes, path: Path, password: str, *, network_allowed: bool
) -> Path:
    """Write a sheet as an encrypted PDF and return its path; it is recorded next.

    Raises StationError RIGHT_MISSING, PLACE_SYNCED, PLACE_NETWORK, COPY_NOT_SAVED.
    """
    require(operator, Right.CAPTURE)
    return write_patient_pdf(pdf, path, password, network_allowed=network_allowed)


def record_given(
    vault: Vault, operator: Operator, episode_id: str, capture_id: str, form: CopyForm
) -> EpisodeView:
    """Record that a copy of a capture was given to the patient.

    Raises StationError RIGHT_MISSING, CONSENT_MISSING, VAULT_*.
    """
    require(operator, Right.CAPTURE)
    view = view_of(vault, episode_id)
    _, capture = _one(view, capture_id)
    shown = given_picture(view, capture)
    vault.patient_copies.save(GivenCopy(new_id(), episode_id, shown.id, form, now(), operator.id))
    return view_of(vault, episode_id)


def given_words(view: EpisodeView) -> tuple[str, ...]:
    """Return the given copies in words: "L1 close-up, printed on paper, 24 Nov 2026, 14:05 GMT"."""
    known = {one.id: one for one in (*view.captures, *view.copies)}
    labels = {lesion.id: lesion.label for lesion in view.lesions}
    words = []
    for given in view.given_copies:
        capture = known.get(given.capture_id)  # None: wiped, because consent was withdrawn
        name = "A picture"
        if capture is not None:
            name = f"{labels[capture.lesion_id]} {capture.title.lower()}"
        words.append(f"{name}, {FORM_WORDS[given.form]}, {in_words(given.given_at)}")
    return tuple(words)


def _one(view: EpisodeView, capture_id: str) -> tuple[Lesion, Capture]:
    for lesion, capture in offered(view):
        if capture.id == capture_id:
            return lesion, capture
    raise StationError(ErrorCode.CONSENT_MISSING)


def _within(bgr: Bgr) -> Bgr:
    height, width = bgr.shape[:2]
    scale = LONG_SIDE_PX / max(height, width)
    if scale >= 1:
        return bgr
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA), np.uint8)
