"""Made-up patients with names in many scripts, and packages of theirs to open elsewhere.

Most names mean no more than "test" or "trial" in their language. The pictures are green, so that
nothing but the body map has its colours.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache

import cv2
import numpy as np

from dermstation.body_map import view_with
from dermstation.domain.consents import Answer
from dermstation.domain.identity import NhsNumber, Patient
from dermstation.domain.quality import Aspect, Cause, Judgement, QualityReport, Verdict
from dermstation.domain.records import (
    Capture,
    Consent,
    ConsentForm,
    Episode,
    Lesion,
    MediaType,
)
from dermstation.domain.routes import Route
from dermstation.domain.shots import STANDARD_SHOTS, ShotKind
from dermstation.domain.sites import BODY_SITES, Side
from dermstation.domain.states import EpisodeState
from dermstation.handover.contents import CaptureContents, LesionContents, PackageContents
from dermstation.handover.options import DeviceData, PackageOptions

AT = datetime(2025, 7, 12, 9, 32, 5, tzinfo=UTC)
REASON = "Tremor of the arm"
PASSPHRASE = "river copper lunch tiny hat"  # poppler's commands take 32 characters
# by script: given name, family name
NAMES: dict[str, tuple[str, str]] = {
    "accents": ("Zo\u00eb-Testa", "Pr\u00fcf\u0119\u0144-\u0160koda"),
    "apostrophes": ("D\u2019Testa", "O'Trial"),
    "Arabic": ("\u062a\u062c\u0631\u0628\u0629", "\u0627\u062e\u062a\u0628\u0627\u0631"),
    "Bengali": ("\u09aa\u09b0\u09c0\u0995\u09cd\u09b7\u09be", "\u09a8\u09ae\u09c1\u09a8\u09be"),
    "Chinese": ("\u6d4b\u8bd5", "\u6e2c\u8a66"),
    "Cyrillic": ("\u041f\u0440\u043e\u0431\u0430", "\u0422\u0435\u0441\u0442\u043e\u0432"),
    "Devanagari": ("\u092a\u0930\u0940\u0915\u094d\u0937\u0923", "\u0928\u092e\u0942\u0928\u093e"),
    "Greek": ("\u0394\u03bf\u03ba\u03b9\u03bc\u03ae", "\u03a4\u03b5\u03c3\u03c4"),
    "Gurmukhi": ("\u0a2a\u0a30\u0a16", "\u0a28\u0a2e\u0a42\u0a28\u0a3e"),
    "Hangul": ("\ud14c\uc2a4\ud2b8", "\uc2dc\ud5d8"),
    "Hebrew": ("\u05de\u05d1\u05d7\u05df", "\u05d1\u05d3\u05d9\u05e7\u05d4"),
    "Tamil": ("\u0b9a\u0bcb\u0ba4\u0ba9\u0bc8", "\u0bae\u0bbe\u0ba4\u0bbf\u0bb0\u0bbf"),
    "Thai": ("\u0e17\u0e14\u0e2a\u0e2d\u0e1a", "\u0e15\u0e31\u0e27\u0e2d\u0e22\u0e48\u0e32\u0e07"),
    "Vietnamese": ("Th\u1eed Nghi\u1ec7m", "Nguy\u1ec5n-Th\u1eed"),
    "very long": ("Test " * 9 + "Patient", "Longname-" * 10 + "Trial"),
}
# the sites that have two sides and are shown on a view of the body
SIDED = tuple(one for one in BODY_SITES if one.has_side and view_with(one.code) is not None)


@dataclass(frozen=True)
class Case:
    """A package to make: whose, with how many lesions from which site on, and in which form."""

    name: str
    script: str
    options: PackageOptions
    lesions: int = 1
    first_site: int = 0
    with_pictures: bool = True

    def contents(self) -> PackageContents:
        """Return what goes into the package."""
        return contents_of(
            NAMES[self.script],
            [_lesion(one + 1, self.first_site + one) for one in range(self.lesions)],
            self.options,
            shots=STANDARD_SHOTS if self.with_pictures else (),
        )


def contents_of(
    name: tuple[str, str],
    lesions: Sequence[Lesion],
    options: PackageOptions,
    shots: Sequence[ShotKind] = STANDARD_SHOTS,
) -> PackageContents:
    """Return the contents of a package; the second shot of each lesion is poor and kept."""
    given, family = name
    consent = Consent(True, ConsentForm.VERBAL, False, AT, "n1")
    number = NhsNumber.parse("9990000018")
    question = "Is excision needed? Please advise."
    return PackageContents(
        package_id="0123456789abcdef" * 2,
        episode=Episode(
            "e" * 32, "p" * 32, EpisodeState.REVIEWED, AT, "n1", consent, Route.RADS, question
        ),
        patient=Patient("p" * 32, given, family, date(1958, 9, 3), number),
        lesions=tuple(
            LesionContents(one, tuple(_held(one, shot) for shot in shots)) for one in lesions
        ),
        operators={"n1": "Nurse Test", "c1": "Dr Test"},
        practice_name="Test Surgery",
        created_at=AT,
        created_by="c1",
        options=options,
        device=DeviceData("Test Maker", "Test Scope", "TS-1"),
        told=Answer.YES,
        reviewed_by="c1",
    )


def _lesion(number: int, place: int) -> Lesion:
    """Return a lesion at one of the sided sites, left and right by turns."""
    site = SIDED[place // 2 % len(SIDED)]
    side = (Side.LEFT, Side.RIGHT)[place % 2]
    return Lesion(f"{number:032x}", "e" * 32, number, site.code, side, "Changed over months.")


def _held(lesion: Lesion, shot: ShotKind) -> CaptureContents:
    data = picture(lesion.number * 10 + STANDARD_SHOTS.index(shot))
    sha256 = hashlib.sha256(data).hexdigest()
    capture = Capture(
        id=sha256[:32],
        episode_id=lesion.episode_id,
        lesion_id=lesion.id,
        shot=shot,
        sha256=sha256,
        media_type=MediaType.JPEG,
        size_bytes=len(data),
        width=800,
        height=600,
        captured_at=AT,
        captured_by="n1",
        camera="sim",
        report=_report(shot, Verdict.GOOD),
    )
    if shot is STANDARD_SHOTS[1]:
        capture = replace(capture, report=_report(shot, Verdict.POOR), override_reason=REASON)
    return CaptureContents(capture, data)


def _report(shot: ShotKind, verdict: Verdict) -> QualityReport:
    cause = Cause.SHAKE if verdict is Verdict.POOR else None
    return QualityReport(shot, 800, 600, (Judgement(Aspect.FOCUS, 50, verdict, cause),), 1.0)


@cache
def picture(seed: int) -> bytes:
    """Return a green JPEG of 800 x 600 with soft patches."""
    rng = np.random.default_rng(seed)
    small = rng.integers(60, 160, (12, 16, 1), dtype=np.uint8)
    green = np.concatenate([small // 2, small, small // 3], axis=2)
    soft = cv2.resize(green, (800, 600), interpolation=cv2.INTER_CUBIC)
    return cv2.imencode(".jpg", soft, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()
