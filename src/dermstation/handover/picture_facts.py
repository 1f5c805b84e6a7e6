"""What is said of a picture in every form of a package: its verdict, why it was kept, its size.

EXIF has room for plain letters alone, and travels where nobody expects a name: a reason that may
name the patient stays out of it, and the summary has it. Pure functions.
"""

import re
import unicodedata
from dataclasses import replace

from dermstation.domain.identity import Patient
from dermstation.domain.quality import QualityReport
from dermstation.domain.quality_words import quality_words
from dermstation.domain.records import Capture
from dermstation.domain.searching import folded
from dermstation.handover.names import tells_identity

EXIF_MAX_CHARS = 700
_IN_SUMMARY = "see the summary"
_WORD = re.compile(r"\w+")
_SIGNS = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-"}
)


def quality_line(capture: Capture, report: QualityReport, *, shrunk: bool) -> str:
    """Return the verdict, why a poor picture was kept, and that the file is a reduced copy.

    `report` judges the file, which may have lost sharpness since the capture was judged.
    """
    parts = [f"Quality {quality_words(report)}"]
    if capture.override_reason:
        parts.append(f"Kept although poor: {capture.override_reason.rstrip('.')}")
    if shrunk:
        is_worse = report.verdict.badness > capture.report.verdict.badness
        taken = f"; as taken: {quality_words(capture.report)}" if is_worse else ""
        parts.append(f"Reduced to fit{taken}")
    return f"{'. '.join(parts)}."


def exif_words(
    label: str, patient: Patient, capture: Capture, report: QualityReport, shrunk: bool
) -> str:
    """Return the description for a picture's EXIF: in ASCII, and without the patient's name."""
    if capture.override_reason:
        reason = _plain(capture.override_reason)
        if not reason.isascii() or _may_identify(patient, capture.override_reason):
            reason = _IN_SUMMARY
        capture = replace(capture, override_reason=reason)
    said = quality_line(capture, report, shrunk=shrunk)
    return f"{label}. {said}"[:EXIF_MAX_CHARS]


def _plain(text: str) -> str:
    """Return a text without accents and typographic signs; letters of other scripts stay."""
    apart = unicodedata.normalize("NFKD", text.translate(_SIGNS))
    return " ".join("".join(one for one in apart if not unicodedata.combining(one)).split())


def _may_identify(patient: Patient, text: str) -> bool:
    """Return whether a text holds a word of the patient's name, an NHS number or a date."""
    names = _words(patient.family_name) | _words(patient.given_name)
    return bool(names & _words(text)) or tells_identity(text)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(folded(text)))
