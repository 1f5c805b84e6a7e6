"""The state of the link to a camera, as the watchdog reports it. For any thread."""

from dataclasses import dataclass, field
from enum import StrEnum

from dermstation.camera.controls import ControlState
from dermstation.camera.source import Mode
from dermstation.domain.errors import ErrorCode


class LinkState(StrEnum):
    """The states of the link to the camera."""

    ABSENT = "absent"
    OPENING = "opening"
    STREAMING = "streaming"
    STALLED = "stalled"
    BUSY = "busy"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """The current status of the link.

    `fps` is measured; `nominal_fps` is the driver's own figure, 0 if it gives none. `restarts`
    counts the camera processes replaced. `width` and `height` are those of the agreed mode, 0
    before there is one. `detail_code` gives the reason if something is wrong, else None. `program`
    is the program that may hold a busy camera, `other` a camera that is attached while the wanted
    one is not; empty if unknown. `controls` are the driver's controls, empty unless it is
    streaming. `mode` is what the source announced last.
    """

    state: LinkState = LinkState.OPENING
    label: str = ""
    width: int = 0
    height: int = 0
    fps: float = 0.0
    nominal_fps: float = 0.0
    restarts: int = 0
    detail_code: ErrorCode | None = None
    program: str = ""
    other: str = ""
    controls: tuple[ControlState, ...] = ()
    mode: Mode = field(default_factory=lambda: Mode(0, 0, 0.0))
