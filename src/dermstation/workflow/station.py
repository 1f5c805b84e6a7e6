"""The parts of one running station, wired together and passed on by constructor."""

import contextlib
import threading
from dataclasses import dataclass, field
from pathlib import Path

from dermstation.camera.spec import parse_camera
from dermstation.domain.character_sets import AUTOMATIC, CharacterSet
from dermstation.files import make_private
from dermstation.heap import keep_freed_memory
from dermstation.paths import StationPaths
from dermstation.security.keystore import Keystore, OsKeystore
from dermstation.settings import Settings
from dermstation.workflow.camera_password import find_password
from dermstation.workflow.camera_setup import CameraSetup, load_setup
from dermstation.workflow.jobs import Jobs
from dermstation.workflow.keystores import keystore_of
from dermstation.workflow.package_choice import Practice, practice_of
from dermstation.workflow.patient_inbox import PatientInbox
from dermstation.workflow.viewfinder import Viewfinder

DEMO_PASSPHRASE = "four plain words today"  # noqa: S105 - shown at the demo's own sign-in


@dataclass(eq=False)
class Station:
    """Everything a window or a robot needs; nothing in it is global.

    Only `settings` is ever replaced: by what an administrator has just saved and holds at once.
    """

    paths: StationPaths
    settings: Settings
    viewfinder: Viewfinder
    known_keystore: Keystore | None
    jobs: Jobs = field(default_factory=Jobs)
    demo: bool = False
    looks_for_keystore: bool = False  # nobody has looked for it yet
    _looking: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def keystore(self) -> Keystore | None:
        """Return the OS keystore, or None if there is none; the first look takes a moment."""
        with self._looking:
            if self.looks_for_keystore:
                self.known_keystore = keystore_of(self.paths)
                self.looks_for_keystore = False
            return self.known_keystore

    @property
    def made_up_patients(self) -> bool:
        """Return whether every patient here is made up: test-range NHS numbers, and a watermark."""
        return self.demo or self.settings.demo_mode

    def patient_inbox(self) -> PatientInbox:
        """Return an inbox for the patients that the record system sends."""
        folder = self.settings.patient_folder
        named = self.settings.gdt_character_set
        return PatientInbox(
            self.paths.incoming,
            Path(folder) if folder else None,
            expected=None if named == AUTOMATIC else CharacterSet(named),
            unread_days=self.settings.unread_file_days,
        )

    def practice(self) -> Practice:
        """Return the practice that the settings describe."""
        return practice_of(self.settings, self.package_folder())

    def package_folder(self) -> Path:
        """Return the folder for packages; the station's own folder is created if it is missing.

        A folder named in the settings is never created: an unplugged drive must not be replaced by
        a folder of the same name.
        """
        if self.settings.package_folder:
            return Path(self.settings.package_folder)
        with contextlib.suppress(OSError):  # writing the package reports the trouble
            make_private(self.paths.packages)
        return self.paths.packages

    def find_camera_password(self) -> None:
        """Look for the network camera's password, once the keystore may be open. Any thread."""
        if not self.demo:
            self.viewfinder.camera_password = find_password(
                self.paths.settings, self.settings.camera, self.keystore
            )

    def stop(self) -> None:
        """Stop the camera, then the threads; a silent keystore holds it up for 2 s at most."""
        if isinstance(self.known_keystore, OsKeystore):
            self.known_keystore.close()
        self.viewfinder.close()
        self.viewfinder.wait_closed()
        self.jobs.stop()


def build_station(
    paths: StationPaths,
    settings: Settings,
    *,
    demo: bool = False,
    one_camera: bool = False,
    keystore: Keystore | None = None,
) -> Station:
    """Wire a station; with `one_camera`, the camera of the settings takes every shot.

    A `keystore` that was found already is not looked for again; otherwise it is when it is first
    used. Only a demonstration, with its made-up patients, may use simulated pictures.

    Raises StationError CAMERA_NOT_KNOWN.
    """
    keep_freed_memory()
    spec = parse_camera(settings.camera)
    setup = CameraSetup() if demo or one_camera else load_setup(paths.cameras)
    viewfinder = Viewfinder(
        spec,
        settings.stream_width,
        settings.stream_height,
        setup,
        simulated_allowed=demo or settings.demo_mode,
    )
    # a demonstration leaves nothing in the OS keystore
    looks = keystore is None and not demo
    return Station(paths, settings, viewfinder, keystore, demo=demo, looks_for_keystore=looks)
