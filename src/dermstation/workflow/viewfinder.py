"""The viewfinder: the camera of the present shot, and the scores of its frames.

For the window's thread.
"""

import threading
from collections.abc import Mapping
from dataclasses import replace
from time import perf_counter_ns
from typing import TYPE_CHECKING

from dermstation.camera.controls import LOCKED_FOR_EPISODE
from dermstation.camera.spec import CameraKind, CameraSpec
from dermstation.domain.camera_address import with_password
from dermstation.domain.errors import StationError
from dermstation.domain.quality import Judgement
from dermstation.domain.shots import ShotKind
from dermstation.heap import give_back
from dermstation.workflow.camera_setup import CameraSetup

if TYPE_CHECKING:
    from dermstation.camera.link import CameraLink
    from dermstation.imaging.sight import Thumbnail
    from dermstation.workflow.scoring import LiveScorer

_SCENES = {ShotKind.LATERAL: ShotKind.CLOSEUP}  # the simulated scene for a shot without its own
_SEQUENCES_APART = 1000  # more than the frames that arrive while a camera is being closed


class Viewfinder:
    """The camera link and its live scorer, opened for the pictures and closed after them.

    Each shot may have its own camera; changing from one to another never waits for a driver.
    Frame numbers continue from one camera to the next.
    """

    def __init__(
        self,
        spec: CameraSpec,
        width: int,
        height: int,
        setup: CameraSetup | None = None,
        *,
        simulated_allowed: bool = True,
    ) -> None:
        self._spec = replace(spec, simulated_allowed=simulated_allowed)
        self.camera_password = ""  # of the camera in the settings; set by any thread
        self._size = (width, height)
        self._setup = setup or CameraSetup()
        self._opened: CameraSpec | None = None
        self._next_sequence = 0
        self.link: CameraLink | None = None
        self.scorer: LiveScorer | None = None
        self.aimed_at_ns = 0  # of perf_counter_ns: earlier frames are of another shot
        self._closing: threading.Thread | None = None

    @property
    def setup(self) -> CameraSetup:
        """Return the remembered setup of the cameras."""
        return self._setup

    @property
    def opened(self) -> CameraSpec | None:
        """Return the camera that is open, or None."""
        return self._opened

    @property
    def reference(self) -> "Thumbnail | None":
        """Return how the scene last looked, or None before anything was seen."""
        return self.scorer.reference if self.scorer is not None else None

    @property
    def focus(self) -> Mapping[int, Judgement]:
        """Return the focus of the frames scored last, by sequence."""
        return self.scorer.focus if self.scorer is not None else {}

    def use(self, setup: CameraSetup) -> None:
        """Use another setup, from the next shot on."""
        self._setup = setup

    def open(self, shot: ShotKind = ShotKind.GENERAL) -> None:
        """Start the camera process of `shot` and the scorer, unless that camera is open.

        Raises StationError CAMERA_MEMORY.
        """
        # not with this module: nobody signs in with a camera
        from dermstation.camera.link import CameraLink  # noqa: PLC0415
        from dermstation.workflow.scoring import LiveScorer  # noqa: PLC0415

        spec = self._spec_for(shot)
        if self.link is not None and spec == self._opened:
            return
        self._close_open_one()
        width, height = self._size
        lock = LOCKED_FOR_EPISODE if self._setup.locks_controls else frozenset()
        chosen = replace(spec, lock=lock)
        link = CameraLink(chosen, width=width, height=height, first=self._next_sequence)
        self._move_simulated(link, spec, shot)
        link.start(after=self._closing)
        self.link, self._opened = link, spec
        self.scorer = LiveScorer(link)
        self.scorer.start()

    def aim(self, shot: ShotKind) -> None:
        """Open the camera of `shot` and score for it; a simulated one moves to the scene."""
        self.open(shot)
        if self.link is None or self.scorer is None or self._opened is None:
            return
        self.aimed_at_ns = perf_counter_ns()
        self.scorer.aim(shot)
        self._move_simulated(self.link, self._opened, shot)

    def rest(self) -> None:
        """Score no more frames until a shot is aimed at: a picture is being held or reviewed."""
        if self.scorer is not None:
            self.scorer.aim(None)

    def close(self) -> None:
        """Close the camera, so that its light goes out, without waiting for a slow driver."""
        self._close_open_one()

    def wait_closed(self) -> None:
        """Wait until the camera closed last has gone."""
        if self._closing is not None:
            self._closing.join()
            self._closing = None

    def _close_open_one(self) -> None:
        link, scorer, before = self.link, self.scorer, self._closing
        self.link = self.scorer = self._opened = None
        if link is None or scorer is None:
            return
        if (newest := link.newest()) is not None:
            self._next_sequence = newest.sequence + _SEQUENCES_APART

        def stop() -> None:
            scorer.stop()
            link.stop()
            give_back()
            if before is not None:
                before.join()

        self._closing = threading.Thread(target=stop, name="camera-closing")
        self._closing.start()

    def _spec_for(self, shot: ShotKind) -> CameraSpec:
        """Return the camera of `shot`, or that of the settings if it is no longer known."""
        usual = replace(self._spec, address=with_password(self._spec.address, self.camera_password))
        if (camera := self._setup.shots.get(shot)) is None:
            return usual
        try:
            spec = self._setup.spec_of(camera)
        except StationError:
            return usual
        return replace(spec, simulated_allowed=self._spec.simulated_allowed)

    @staticmethod
    def _move_simulated(link: "CameraLink", spec: CameraSpec, shot: ShotKind) -> None:
        if spec.kind in {CameraKind.SIMULATED, CameraKind.AUTO}:
            link.set_knobs(scene=_SCENES.get(shot, shot).value)
