"""The knobs of the simulated dermatoscope. Standard library only; used in any process."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum

from dermstation.domain.errors import ErrorCode, StationError


class Scene(StrEnum):
    """The scene that the simulated dermatoscope is pointed at."""

    GENERAL = "general"
    CLOSEUP = "closeup"
    DERMOSCOPIC = "dermoscopic"


class SimulatedFault(StrEnum):
    """A fault of the simulated device. HANG and CRASH happen only once."""

    NONE = "none"
    ABSENT = "absent"
    BUSY = "busy"
    FREEZE = "freeze"
    STALL = "stall"
    BLACK = "black"
    WHITE = "white"
    WRONG_SIZE = "wrong_size"
    SLOW = "slow"
    HANG = "hang"
    CRASH = "crash"
    COLOUR_FLIP = "colour_flip"
    PARTIAL_JPEG = "partial_jpeg"


ONE_TIME_FAULTS = frozenset({SimulatedFault.HANG, SimulatedFault.CRASH})


@dataclass(frozen=True, slots=True)
class Knobs:
    """The settings of the simulated dermatoscope. Lengths are px of a 1600 x 1200 picture.

    focus: radius of the blur disk in px. exposure: EV. shake: px moved within one exposure.
    tremor: px moved within one exposure at the fastest point of a hand that trembles 4.7 times a
    second; at the turning points the picture is still. jolt: px moved within one exposure right
    after a knock, like the one from pressing a button. A knock comes at each full second of
    perf_counter, so that a test can time a press to it, and has died away after 0.3 s. glare,
    hair, ruler, ring, gel: from 0 (none) to 1 (much). tone: from 0 (pale skin) to 1 (dark skin).
    hunting: 1 lets focus and shake come and go as with a hand-held scope. jpeg: 1 delivers JPEG
    packets. seed: each seed is a different patient.
    """

    focus: float = field(default=0.0, metadata={"least": 0.0, "most": 24.0})
    exposure: float = field(default=0.0, metadata={"least": -6.0, "most": 6.0})
    tremor: float = field(default=0.0, metadata={"least": 0.0, "most": 40.0})
    jolt: float = field(default=0.0, metadata={"least": 0.0, "most": 60.0})
    shake: float = field(default=0.0, metadata={"least": 0.0, "most": 40.0})
    glare: float = field(default=0.0, metadata={"least": 0.0, "most": 1.0})
    hair: float = field(default=0.3, metadata={"least": 0.0, "most": 1.0})
    ruler: float = field(default=1.0, metadata={"least": 0.0, "most": 1.0})
    ring: float = field(default=1.0, metadata={"least": 0.0, "most": 1.0})
    gel: float = field(default=0.4, metadata={"least": 0.0, "most": 1.0})
    tone: float = field(default=0.2, metadata={"least": 0.0, "most": 1.0})
    hunting: float = field(default=0.0, metadata={"least": 0.0, "most": 1.0})
    jpeg: float = field(default=0.0, metadata={"least": 0.0, "most": 1.0})
    seed: float = field(default=1.0, metadata={"least": 0.0, "most": 1e6})
    scene: Scene = Scene.DERMOSCOPIC
    fault: SimulatedFault = SimulatedFault.NONE

    def turned(self, turns: Mapping[str, object]) -> "Knobs":
        """Return these knobs with `turns` applied; values may be numbers or text.

        Raises StationError SETTING_INVALID for an unknown knob or a value out of bounds.
        """
        good = {name: _checked(name, value) for name, value in turns.items()}
        return replace(self, **good)  # type: ignore[arg-type]  # each was checked

    def after_restart(self) -> "Knobs":
        """Return the knobs for the next camera process, without a one-time fault."""
        return replace(self, fault=SimulatedFault.NONE) if self.fault in ONE_TIME_FAULTS else self


def _checked(name: str, value: object) -> object:
    declared = {one.name: one for one in fields(Knobs)}.get(name)
    if declared is None:
        raise StationError(ErrorCode.SETTING_INVALID, setting=name)
    try:
        if isinstance(declared.default, Scene | SimulatedFault):
            return type(declared.default)(str(value))
        number = float(str(value))
    except ValueError:
        raise StationError(ErrorCode.SETTING_INVALID, setting=name) from None
    least, most = declared.metadata["least"], declared.metadata["most"]
    if not math.isfinite(number) or not least <= number <= most:
        raise StationError(ErrorCode.SETTING_INVALID, setting=name, least=least, most=most)
    return number
