"""The parts one running station is made of, wired in `app`, passed on by constructor."""

import contextlib
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter_ns

import cv2

from dermstation.camera.controls import LOCKED_FOR_EPISODE
from dermstation.camera.link import CameraLink
from dermstation.camera.spec import CameraKind, CameraSpec, parse_camera
from dermstation.domain.errors import StationError
from dermstation.domain.shots import ShotKind
from dermstation.heap import keep_freed_memory
from dermstation.imaging.sight import Thumbnail
from dermstation.paths import StationPaths
from dermstation.security.pepper import Keystore, find_keystore
from dermstation.settings import Settings
from dermstation.workflow.camera_setup import CameraSetup, load_setup
from dermstation.workflow.jobs import Jobs
from dermstation.workflow.patient_inbox import PatientInbox
from dermstation.workflow.scoring import LiveScorer

DEMO_PASSPHRASE = "four plain demo words"  # noqa: S105 - shown at the demo's own sign-in
SCENES = {ShotKind.LATERAL: ShotKind.CLOSEUP}  # the simulated scene of a shot, where not its own
_SEQUENCES_APART = 1000  # frames that come while a camera is being closed are fewer


class Viewfinder:
    """The camera link and its live scorer, opened for the pictures and closed after them.

    Each shot may have a camera of its own; going from one to another never waits for a driver.
    Sequences of frames go on from camera to camera. For the window's thread.
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
        self._size = (width, height)
        self._setup = setup or CameraSetup()
        self._opened: CameraSpec | None = None
        self._next_sequence = 0
        self._locks = False
        self.link: CameraLink | None = None
        self.scorer: LiveScorer | None = None
        self.aimed_at_ns = 0  # of perf_counter_ns: frames from before are of something else
        self._closing: threading.Thread | None = None

    @property
    def setup(self) -> CameraSetup:
        """Return what is remembered of the cameras."""
        return self._setup

    @property
    def opened(self) -> CameraSpec | None:
        """Return what was asked to be opened; None while no camera is."""
        return self._opened

    @property
    def reference(self) -> Thumbnail | None:
        """Return what the scene looked like last, None before anything was seen."""
        return self.scorer.reference if self.scorer is not None else None

    def use(self, setup: CameraSetup) -> None:
        """Go by another setup from the next shot on."""
        self._setup = setup

    def open(self, shot: ShotKind = ShotKind.GENERAL) -> None:
        """Start the camera process of `shot` and the scorer; an open one stays as it is.

        Raises StationError CAMERA_MEMORY.
        """
        spec = self._spec_for(shot)
        if self.link is not None and spec == self._opened:
            return
        self._close_open_one()
        width, height = self._size
        locks = self._locks or self._setup.locks_controls
        lock = LOCKED_FOR_EPISODE if locks else frozenset()
        chosen = replace(spec, lock=lock)
        link = CameraLink(chosen, width=width, height=height, first=self._next_sequence)
        self._move_simulated(link, spec, shot)
        link.start(after=self._closing)
        self.link, self._opened = link, spec
        self.scorer = LiveScorer(link)
        self.scorer.start()

    def aim(self, shot: ShotKind) -> None:
        """Score for `shot`; the simulated dermatoscope is moved to where a hand would hold it."""
        self.open(shot)
        if self.link is None or self.scorer is None or self._opened is None:
            return
        self.aimed_at_ns = perf_counter_ns()
        self.scorer.aim(shot)
        self._move_simulated(self.link, self._opened, shot)

    def lock_controls(self) -> None:
        """Keep exposure and white balance as they are until `unlock_controls`, over reopenings."""
        self._locks = True
        if self.link is not None:
            self.link.lock_controls()

    def unlock_controls(self) -> None:
        """Let the camera choose exposure and white balance again."""
        self._locks = False
        if self.link is not None:
            self.link.unlock_controls()

    def close(self) -> None:
        """Let go of the camera; its light goes out. Returns at once: a driver may take a second."""
        self._close_open_one()

    def wait_closed(self) -> None:
        """Wait until the camera that was closed last is gone."""
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
            if before is not None:
                before.join()

        self._closing = threading.Thread(target=stop, name="camera-closing")
        self._closing.start()

    def _spec_for(self, shot: ShotKind) -> CameraSpec:
        """Return the camera of `shot`; that of the settings where it is not known any more."""
        if (camera := self._setup.shots.get(shot)) is None:
            return self._spec
        try:
            spec = self._setup.spec_of(camera)
        except StationError:
            return self._spec
        return replace(spec, simulated_allowed=self._spec.simulated_allowed)

    @staticmethod
    def _move_simulated(link: CameraLink, spec: CameraSpec, shot: ShotKind) -> None:
        if spec.kind in {CameraKind.SIMULATED, CameraKind.AUTO}:
            link.set_knobs(scene=SCENES.get(shot, shot).value)


@dataclass(frozen=True)
class Station:
    """Everything a window or a robot needs; nothing in it is global."""

    paths: StationPaths
    settings: Settings
    viewfinder: Viewfinder
    keystore: Keystore | None
    jobs: Jobs = field(default_factory=Jobs)
    demo: bool = False

    @property
    def made_up_patients(self) -> bool:
        """Tell whether every patient here is made up: test-range NHS numbers, and a watermark."""
        return self.demo or self.settings.demo_mode

    def patient_inbox(self) -> PatientInbox:
        """Make the inbox of patients that the record system hands over."""
        folder = self.settings.patient_folder
        return PatientInbox(self.paths.handed, Path(folder) if folder else None)

    def package_folder(self) -> Path:
        """Return where packages are written; the station's own folder is made when it is absent.

        A folder named in the settings is never made: an unplugged drive must not be replaced by a
        folder of the same name.
        """
        if self.settings.package_folder:
            return Path(self.settings.package_folder)
        with contextlib.suppress(OSError):  # the package's own writing names the trouble
            self.paths.packages.mkdir(parents=True, exist_ok=True)
        return self.paths.packages

    def stop(self) -> None:
        """Stop the camera, then the threads."""
        self.viewfinder.close()
        self.viewfinder.wait_closed()
        self.jobs.stop()


def build_station(
    paths: StationPaths, settings: Settings, *, demo: bool = False, one_camera: bool = False
) -> Station:
    """Wire a station; `one_camera`: that of the settings takes every shot.

    Only a demonstration, with its made-up patients, may go by simulated pictures.

    Raises StationError CAMERA_NOT_KNOWN.
    """
    cv2.setNumThreads(1)  # pictures are small; threads that wait for work would burn a core
    keep_freed_memory()
    spec = parse_camera(settings.camera)
    keystore = None if demo else find_keystore()  # a demo leaves nothing in the OS keystore
    setup = CameraSetup() if demo or one_camera else load_setup(paths.cameras)
    viewfinder = Viewfinder(
        spec,
        settings.stream_width,
        settings.stream_height,
        setup,
        simulated_allowed=demo or settings.demo_mode,
    )
    return Station(paths, settings, viewfinder, keystore, demo=demo)
