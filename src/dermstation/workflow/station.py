"""The parts one running station is made of, wired in `app`, passed on by constructor."""

import contextlib
import threading
from dataclasses import dataclass, field
from pathlib import Path

from dermstation.camera.link import CameraLink
from dermstation.camera.spec import CameraKind, CameraSpec, parse_camera
from dermstation.domain.shots import ShotKind
from dermstation.paths import StationPaths
from dermstation.security.pepper import Keystore, find_keystore
from dermstation.settings import Settings
from dermstation.workflow.jobs import Jobs
from dermstation.workflow.patient_inbox import PatientInbox
from dermstation.workflow.scoring import LiveScorer

DEMO_PASSPHRASE = "four plain demo words"  # noqa: S105 - shown at the demo's own sign-in
SCENES = {ShotKind.LATERAL: ShotKind.CLOSEUP}  # the simulated scene of a shot, where not its own


class Viewfinder:
    """The camera link and its live scorer, opened for the pictures and closed after them."""

    def __init__(self, spec: CameraSpec, width: int, height: int) -> None:
        self._spec = spec
        self._size = (width, height)
        self.link: CameraLink | None = None
        self.scorer: LiveScorer | None = None
        self._closing: threading.Thread | None = None

    def open(self, shot: ShotKind = ShotKind.GENERAL) -> None:
        """Start the camera process and the scorer; an open one stays as it is.

        Raises StationError CAMERA_MEMORY.
        """
        if self.link is not None:
            return
        self.wait_closed()  # one camera cannot be opened twice
        width, height = self._size
        link = CameraLink(self._spec, width=width, height=height)
        self._move_simulated(link, shot)
        link.start()
        self.link = link
        self.scorer = LiveScorer(link)
        self.scorer.start()

    def aim(self, shot: ShotKind) -> None:
        """Score for `shot`; the simulated dermatoscope is moved to where a hand would hold it."""
        self.open(shot)
        if self.link is None or self.scorer is None:
            return
        self.scorer.aim(shot)
        self._move_simulated(self.link, shot)

    def _move_simulated(self, link: CameraLink, shot: ShotKind) -> None:
        if self._spec.kind in {CameraKind.SIMULATED, CameraKind.AUTO}:
            link.set_knobs(scene=SCENES.get(shot, shot).value)

    def close(self) -> None:
        """Let go of the camera; its light goes out. Returns at once: a driver may take a second."""
        link, scorer = self.link, self.scorer
        self.link = self.scorer = None
        if link is None or scorer is None:
            return
        self.wait_closed()

        def stop() -> None:
            scorer.stop()
            link.stop()

        self._closing = threading.Thread(target=stop, name="camera-closing")
        self._closing.start()

    def wait_closed(self) -> None:
        """Wait until the camera that was closed last is gone."""
        if self._closing is not None:
            self._closing.join()
            self._closing = None


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


def build_station(paths: StationPaths, settings: Settings, *, demo: bool = False) -> Station:
    """Wire a station. Raises StationError CAMERA_NOT_KNOWN."""
    spec = parse_camera(settings.camera)
    keystore = None if demo else find_keystore()  # a demo leaves nothing in the OS keystore
    viewfinder = Viewfinder(spec, settings.stream_width, settings.stream_height)
    return Station(paths, settings, viewfinder, keystore, demo=demo)
