"""The messages between the station and the camera process as bytes: JSON, and no pickle.

The station's orders are trusted. A report is not: the camera process may have been taken over by
what its camera sent, so that every value of it is checked.
"""

import json
from dataclasses import asdict, replace
from typing import Any

from dermstation.camera.child_pipe import MalformedMessageError
from dermstation.camera.controls import Control, ControlState
from dermstation.camera.reports import (
    Adjust,
    Begin,
    Finish,
    Order,
    Phase,
    Settled,
    SourceReport,
    Turn,
)
from dermstation.camera.source import Mode
from dermstation.camera.sources.simulated.knobs import Knobs
from dermstation.camera.spec import MOST_DEVICES, CameraKind, CameraSpec, parse_camera
from dermstation.camera.values import (
    fields,
    items,
    number,
    one_of,
    parts,
    record,
    text,
    truth,
    whole,
)
from dermstation.domain.errors import ErrorCode, StationError

LONGEST_REPORT = 4096
_LONGEST_LABEL = 120
_LONGEST_PROGRAM = 40
_LONGEST_CODING = 4
_LONGEST_BACKEND = 8
_LONGEST_IDENTITY = 300
_MOST_PX = 2**16
_MOST_FPS = 1000
_MOST_TORN = 2**31
_REPORT = (
    *("phase", "label", "mode", "code", "settled", "controls", "program", "confined", "torn"),
    "other",
)
_SETTLED = ("kind", "index", "identity", "controls", "lock")
_CODES = frozenset(one for one in ErrorCode if one.startswith(("camera_", "image_")))


def order_bytes(order: Order) -> bytes:
    """Return an order as the camera process reads it."""
    match order:
        case Begin():
            spec = asdict(order.spec) | {"lock": sorted(order.spec.lock)}
            said: dict[str, Any] = {"spec": spec, "size": [order.width, order.height]}
        case Turn():
            said = {"turns": {name: str(value) for name, value in order.turns.items()}}
        case Adjust():
            said = {"wanted": sorted(order.wanted.items())}
        case Finish():
            said = {}
    return json.dumps({"order": type(order).__name__, **said}).encode()


def order_of(message: bytes) -> Order:
    """Return the order in a message of the station."""
    said = json.loads(message)
    match said["order"]:
        case "Begin":
            return Begin(_spec(said["spec"]), *said["size"])
        case "Turn":
            return Turn(said["turns"])
        case "Adjust":
            return Adjust({Control(name): value for name, value in said["wanted"]})
    return Finish()


def report_bytes(report: SourceReport) -> bytes:
    """Return a report as the station reads it; texts are cut to what the station accepts."""
    settled = report.settled
    said = {
        "phase": report.phase,
        "label": _plain(report.label, _LONGEST_LABEL),
        "mode": _mode_parts(report.mode),
        "code": report.detail_code,
        "settled": settled and asdict(settled) | {"lock": sorted(settled.lock)},
        "controls": [list(asdict(one).values()) for one in report.controls],
        "program": _plain(report.program, _LONGEST_PROGRAM),
        "confined": report.confined,
        "torn": min(report.torn, _MOST_TORN),
        "other": _plain(report.other, _LONGEST_LABEL),
    }
    return json.dumps(said).encode()


def report_of(message: bytes) -> SourceReport:
    """Return the report in a message of a camera process. Raises MalformedMessageError."""
    said = record(message, _REPORT)
    code = None if said["code"] is None else one_of(ErrorCode, said["code"])
    if code is not None and code not in _CODES:
        raise MalformedMessageError("code")
    return SourceReport(
        one_of(Phase, said["phase"]),
        text(said["label"], _LONGEST_LABEL),
        _mode(said["mode"]),
        code,
        None if said["settled"] is None else _settled(fields(said["settled"], _SETTLED)),
        items(said["controls"], len(Control), _state),
        text(said["program"], _LONGEST_PROGRAM),
        truth(said["confined"]),
        whole(said["torn"], 0, _MOST_TORN),
        text(said["other"], _LONGEST_LABEL),
    )


def settled_spec(spec: CameraSpec, settled: Settled) -> CameraSpec:
    """Return the spec with what a camera process settled on, so that the next one keeps to it.

    Only `auto` becomes another camera, and only one of this PC. Raises MalformedMessageError.
    """
    if spec.kind is CameraKind.AUTO:
        is_allowed = settled.kind is CameraKind.DEVICE or (
            settled.kind is CameraKind.SIMULATED and spec.simulated_allowed
        )
        if not is_allowed:
            raise MalformedMessageError("camera")
        spec = replace(spec, kind=settled.kind, index=settled.index, identity=settled.identity)
    elif settled.kind is not spec.kind:
        raise MalformedMessageError("camera")
    return replace(spec, controls=settled.controls, lock=spec.lock & settled.lock)


def _mode_parts(mode: Mode) -> list[object]:
    coding = _plain(mode.coding, _LONGEST_CODING)
    size = (mode.width, mode.height)
    return [*size, mode.fps, coding, mode.keeps_packets, mode.adds_tables, mode.backend]


def _mode(said: object) -> Mode:
    width, height, fps, coding, keeps_packets, adds_tables, backend = parts(said, 7)
    return Mode(
        whole(width, 0, _MOST_PX),
        whole(height, 0, _MOST_PX),
        number(fps, 0, _MOST_FPS),
        text(coding, _LONGEST_CODING),
        truth(keeps_packets),
        truth(adds_tables),
        text(backend, _LONGEST_BACKEND),
    )


def _settled(said: dict[str, Any]) -> Settled:
    identity = text(said["identity"], _LONGEST_IDENTITY)
    if identity:
        try:
            parse_camera(f"device:{identity}")
        except StationError:
            raise MalformedMessageError("identity") from None
    controls = items(said["controls"], len(Control), _wanted)
    lock = items(said["lock"], len(Control), lambda name: one_of(Control, name))
    return Settled(
        one_of(CameraKind, said["kind"]),
        whole(said["index"], -1, MOST_DEVICES - 1),
        identity,
        controls,
        frozenset(lock),
    )


def _wanted(said: object) -> tuple[Control, float | None]:
    name, value = parts(said, 2)
    return one_of(Control, name), None if value is None else number(value)


def _state(said: object) -> ControlState:
    name, value, least, most, step, is_auto = parts(said, 6)
    return ControlState(
        one_of(Control, name),
        number(value),
        number(least),
        number(most),
        number(step),
        None if is_auto is None else truth(is_auto),
    )


def _spec(said: dict[str, Any]) -> CameraSpec:
    knobs = Knobs().turned(said.pop("knobs"))
    controls = tuple((Control(name), value) for name, value in said.pop("controls"))
    lock = frozenset(Control(name) for name in said.pop("lock"))
    kind = CameraKind(said.pop("kind"))
    return CameraSpec(kind, knobs=knobs, controls=controls, lock=lock, **said)


def _plain(label: str, longest: int) -> str:
    return "".join(sign for sign in label if sign.isprintable())[:longest]
