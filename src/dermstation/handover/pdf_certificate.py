"""The certificate of a wipe as a PDF: what was removed, how and by whom, and what could not be.

It contains ids, hashes and times, nothing about the patient, and claims no more than is true.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from dermstation.domain.outgoing import ArchiveProof
from dermstation.domain.patient_copies import FORM_WORDS, GivenCopy
from dermstation.domain.records import Certificate, WipedItem
from dermstation.domain.wipe_claims import CLAIM_LINES, NO_MORE
from dermstation.files import write_file
from dermstation.handover.typesetting import PrintHead, typeset, typeset_pages
from dermstation.handover.uk_time import in_words

TITLE = "Certificate of wipe"
PAPER_DPI = 200  # its smallest letters are 5.5 points high
_TEMPLATE = "certificate.typ"


def certificate_pdf(certificate: Certificate, operator_name: str, practice_name: str = "") -> bytes:
    """Return a wipe's certificate. The same certificate gives the same bytes on every PC."""
    told = _told(certificate, operator_name, practice_name)
    return typeset(_TEMPLATE, _head(certificate), told, dated=certificate.finished_at)


def certificate_pages(
    certificate: Certificate, operator_name: str, practice_name: str = ""
) -> tuple[bytes, ...]:
    """Return the pages of a wipe's certificate as PNGs of A4, for a printer."""
    told = _told(certificate, operator_name, practice_name)
    return typeset_pages(_TEMPLATE, _head(certificate), told, dpi=PAPER_DPI)


def _head(certificate: Certificate) -> PrintHead:
    foot = f"{TITLE} {certificate.id}. {NO_MORE}"
    return PrintHead(TITLE, foot, "Removal of local copies")


def _told(certificate: Certificate, operator_name: str, practice_name: str) -> dict[str, Any]:
    removed = [item for item in certificate.items if item.removed]
    failed = [item for item in certificate.items if not item.removed]
    outcome = f"All {len(removed)} items were removed"
    if failed:
        outcome = f"{len(failed)} of {len(removed) + len(failed)} items were not removed"
    facts = _facts(certificate, operator_name, practice_name)
    return {
        "outcome": outcome,
        "failed": bool(failed),
        "claims": [*CLAIM_LINES, NO_MORE],
        "facts": [{"name": name, "words": words} for name, words in facts],
        "lists": [
            _items("Not removed by the station", failed, is_failure=True),
            _items("Removed", removed, is_failure=False),
        ],
    }


def write_certificate_pdf(
    certificate: Certificate, path: Path, operator_name: str, practice_name: str = ""
) -> None:
    """Write the certificate to a file, whole or not at all. Raises OSError."""
    write_file(path, certificate_pdf(certificate, operator_name, practice_name))


def _facts(
    certificate: Certificate, operator_name: str, practice_name: str
) -> Iterator[tuple[str, str]]:
    hand_over = certificate.hand_over
    handed = "None: there was no hand-over."
    if hand_over is not None:
        places = " and ".join(hand_over.places) or "no place named"
        handed = f"Confirmed {in_words(hand_over.confirmed_at)}: {places}"
    yield "Episode", certificate.episode_id
    yield "Reason", certificate.reason
    yield "Hand-over", handed
    if hand_over is not None and hand_over.archived is not None:
        yield "Image archive", _archived(hand_over.archived)
    for one in certificate.given_copies:
        yield "For the patient", _given(one)
    yield "Wiped by", operator_name
    yield "Practice", practice_name or "Not named"
    yield "Begun", in_words(certificate.started_at)
    yield "Finished", in_words(certificate.finished_at)


def _archived(proof: ArchiveProof) -> str:
    """Say what proved that the archive has the pictures."""
    objects = f"{proof.objects} DICOM object{'' if proof.objects == 1 else 's'}"
    return f"{proof.archive}: {objects} read back and found equal, {in_words(proof.proven_at)}"


def _given(copy: GivenCopy) -> str:
    """Describe a copy given to the patient, which is not among the wiped items."""
    form, when = FORM_WORDS[copy.form], in_words(copy.given_at)
    return f"Copy of capture {copy.capture_id}, {form}, given {when}; not the station's to wipe"


def _items(title: str, items: Sequence[WipedItem], *, is_failure: bool) -> dict[str, Any]:
    return {
        "title": f"{title} ({len(items)})",
        "bad": is_failure,
        "always": not is_failure,
        "rows": [
            {
                "kind": item.kind,
                "reference": item.reference,
                "method": item.method,
                "sha256": item.sha256 or "none",
            }
            for item in items
        ],
    }
