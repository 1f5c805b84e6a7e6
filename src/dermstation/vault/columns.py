"""How instants and small records are written as the text of a column, and read back.

Pure; knows no table and no connection.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from dermstation.domain.consents import (
    NOTHING_ASKED,
    Answer,
    ConsentCircumstances,
    Giver,
    SecondaryUse,
)
from dermstation.domain.copies import CopyKind, Derivation, Shape, ShapeKind
from dermstation.domain.outgoing import ArchiveProof
from dermstation.domain.patient_copies import CopyForm, GivenCopy
from dermstation.domain.quality import QualityReport
from dermstation.domain.records import (
    CaptureDetails,
    CaptureOrigin,
    Consent,
    ConsentForm,
    HandOver,
    PackageFile,
    Polarisation,
    TimeSource,
    WipedItem,
)
from dermstation.domain.shots import ShotKind


def marks(values: Sequence[object]) -> str:
    """Return as many question marks as there are values, for `IN (...)` or `VALUES (...)`."""
    return ", ".join("?" * len(values))


def from_instant(instant: datetime) -> str:
    """Write an aware instant in UTC with microseconds, so that text sorts as time does."""
    if instant.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def to_instant(text: str) -> datetime:
    """Read what `from_instant` wrote."""
    return datetime.fromisoformat(text).astimezone(UTC)


def from_json(value: object) -> str:
    """Write plain JSON values. Raises TypeError for anything else."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def to_json(text: str) -> Any:
    """Read JSON."""
    return json.loads(text)


def from_consent(consent: Consent) -> str:
    """Write a consent."""
    return from_json(
        {
            "given": consent.given,
            "form": consent.form.value,
            "secondary_use": consent.secondary_use,
            "recorded_at": from_instant(consent.recorded_at),
            "recorded_by": consent.recorded_by,
            "no_pictures_because": consent.no_pictures_because,
            "circumstances": asdict(consent.circumstances),
            "uses": [one.value for one in consent.uses],
        }
    )


def to_consent(text: str) -> Consent:
    """Read a consent."""
    data = to_json(text)
    return Consent(
        given=data["given"],
        form=ConsentForm(data["form"]),
        secondary_use=data["secondary_use"],
        recorded_at=to_instant(data["recorded_at"]),
        recorded_by=data["recorded_by"],
        no_pictures_because=data.get("no_pictures_because", ""),
        circumstances=_to_circumstances(data.get("circumstances", {})),
        uses=tuple(map(SecondaryUse, data.get("uses", ()))),
    )


def _to_circumstances(data: dict[str, str]) -> ConsentCircumstances:
    none = NOTHING_ASKED
    return ConsentCircumstances(
        giver=Giver(data.get("giver", none.giver)),
        giver_name=data.get("giver_name", ""),
        capacity=Answer(data.get("capacity", none.capacity)),
        interpreter=Answer(data.get("interpreter", none.interpreter)),
        interpreter_name=data.get("interpreter_name", ""),
        giver_role=data.get("giver_role", ""),
    )


def from_report(report: QualityReport) -> str:
    """Write a quality report."""
    return from_json(report.to_json())


def to_report(text: str) -> QualityReport:
    """Read a quality report."""
    return QualityReport.from_json(to_json(text))


def from_details(details: CaptureDetails) -> str:
    """Write what is known of how a capture came about."""
    return from_json({name: value for name, value in asdict(details).items() if value is not None})


def to_details(text: str) -> CaptureDetails:
    """Read what `from_details` wrote; a detail that an older station did not note is not known."""
    known = to_json(text)
    if "origin" in known:
        known["origin"] = CaptureOrigin(known["origin"])
    if "polarisation" in known:
        known["polarisation"] = Polarisation(known["polarisation"])
    if "time_source" in known:
        known["time_source"] = TimeSource(known["time_source"])
    if "pressed_as" in known:
        known["pressed_as"] = ShotKind(known["pressed_as"])
    return CaptureDetails(**known)


def from_derivation(derivation: Derivation) -> str:
    """Write how a copy was made; its origin has a column of its own."""
    return from_json(
        {
            "kind": derivation.kind.value,
            "base_id": derivation.base_id,
            "shapes": from_shapes(derivation.shapes),
            "made_at": from_instant(derivation.made_at),
            "made_by": derivation.made_by,
        }
    )


def to_derivation(text: str | None, origin_id: str | None) -> Derivation | None:
    """Read how a copy was made; None for a capture that is no copy."""
    if text is None or origin_id is None:
        return None
    data = to_json(text)
    return Derivation(
        kind=CopyKind(data["kind"]),
        origin_id=origin_id,
        base_id=data["base_id"],
        shapes=to_shapes(data["shapes"]),
        made_at=to_instant(data["made_at"]),
        made_by=data["made_by"],
    )


def from_shapes(shapes: Sequence[Shape]) -> list[list[str | float]]:
    """Return shapes as plain JSON values."""
    return [[one.kind.value, one.x0, one.y0, one.x1, one.y1] for one in shapes]


def to_shapes(values: Sequence[Sequence[Any]]) -> tuple[Shape, ...]:
    """Read what `from_shapes` returned."""
    return tuple(Shape(ShapeKind(kind), *places) for kind, *places in values)


def from_hand_over(hand_over: HandOver) -> str:
    """Write a hand-over."""
    return from_json(
        {
            "in_record": hand_over.in_record,
            "in_ers": hand_over.in_ers,
            "confirmed_at": from_instant(hand_over.confirmed_at),
            "confirmed_by": hand_over.confirmed_by,
            "sent": hand_over.sent,
            "archived": _from_proof(hand_over.archived),
        }
    )


def to_hand_over(text: str) -> HandOver:
    """Read a hand-over."""
    data = to_json(text)
    return HandOver(
        in_record=data["in_record"],
        in_ers=data["in_ers"],
        confirmed_at=to_instant(data["confirmed_at"]),
        confirmed_by=data["confirmed_by"],
        sent=data.get("sent", False),
        archived=_to_proof(data.get("archived")),
    )


def _from_proof(proof: ArchiveProof | None) -> dict[str, Any] | None:
    if proof is None:
        return None
    return {**asdict(proof), "proven_at": from_instant(proof.proven_at)}


def _to_proof(data: dict[str, Any] | None) -> ArchiveProof | None:
    if data is None:
        return None
    return ArchiveProof(**{**data, "proven_at": to_instant(data["proven_at"])})


def from_package_files(files: Sequence[PackageFile]) -> str:
    """Write a package's manifest."""
    return from_json(
        [[one.name, one.media_type, one.size_bytes, one.sha256, one.note] for one in files]
    )


def to_package_files(text: str) -> tuple[PackageFile, ...]:
    """Read a package's manifest."""
    return tuple(PackageFile(*item) for item in to_json(text))


def from_wiped_items(items: Sequence[WipedItem]) -> str:
    """Write the items of a certificate."""
    return from_json(
        [[one.kind, one.reference, one.sha256, one.method, one.removed] for one in items]
    )


def to_wiped_items(text: str) -> tuple[WipedItem, ...]:
    """Read the items of a certificate."""
    return tuple(WipedItem(*item) for item in to_json(text))


def from_given_copies(copies: Sequence[GivenCopy]) -> str:
    """Write the given copies that a certificate lists."""
    return from_json(
        [
            [
                one.id,
                one.episode_id,
                one.capture_id,
                one.form.value,
                from_instant(one.given_at),
                one.given_by,
            ]
            for one in copies
        ]
    )


def to_given_copies(text: str) -> tuple[GivenCopy, ...]:
    """Read the given copies that a certificate lists."""
    return tuple(
        GivenCopy(copy_id, episode_id, capture_id, CopyForm(form), to_instant(given_at), given_by)
        for copy_id, episode_id, capture_id, form, given_at, given_by in to_json(text)
    )
