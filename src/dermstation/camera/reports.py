"""The messages between the camera process and the station: small and frozen."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from dermstation.camera.controls import Control, ControlState
from dermstation.camera.source import Mode
from dermstation.camera.spec import CameraKind, CameraSpec
from dermstation.domain.errors import ErrorCode


class Activity(IntEnum):
    """The next action of the camera process; it tells the watchdog how long to wait."""

    STARTING = 0
    OPENING = 1
    READING = 2
    WAITING = 3


class Phase(StrEnum):
    """The progress of the camera process with its source."""

    OPENING = "opening"
    STREAMING = "streaming"
    STALLED = "stalled"
    ABSENT = "absent"
    BUSY = "busy"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Settled:
    """What the next camera process is to keep to.

    This is the camera that `auto` became, the controls as set, and those that are still to be
    locked.
    """

    kind: CameraKind
    index: int
    identity: str
    controls: tuple[tuple[Control, float | None], ...]
    lock: frozenset[Control]

    @classmethod
    def of(cls, spec: CameraSpec) -> "Settled":
        """Return what `spec` settles."""
        return cls(spec.kind, spec.index, spec.identity, spec.controls, spec.lock)


@dataclass(frozen=True, slots=True)
class SourceReport:
    """Sent by the camera process at each change.

    `program` may hold a busy camera. `other` is a camera that is attached while the wanted one is
    not. `confined` tells whether the process has given its rights up.
    `torn` counts the frames that were refused as torn, when it is said that most of them are.
    """

    phase: Phase
    label: str = ""
    mode: Mode = field(default_factory=lambda: Mode(0, 0, 0.0))
    detail_code: ErrorCode | None = None
    settled: Settled | None = None
    controls: tuple[ControlState, ...] = ()
    program: str = ""
    confined: bool = False
    torn: int = 0
    other: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """An order to the camera process: set these knobs of the simulated dermatoscope."""

    turns: dict[str, object]


@dataclass(frozen=True, slots=True)
class Adjust:
    """An order to the camera process: set these controls; None lets the camera choose."""

    wanted: dict[Control, float | None]


@dataclass(frozen=True, slots=True)
class Begin:
    """The first order to the camera process: the camera and the frame size."""

    spec: CameraSpec
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Finish:
    """An order to the camera process: end."""


Order = Begin | Turn | Adjust | Finish
