"""A station on a desk: the real window, vault and camera process, operated through its pages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from dermstation.camera.link import CameraLink
from dermstation.camera.spec import parse_camera
from dermstation.domain.records import Operator, Role, new_id
from dermstation.domain.states import LoopState
from dermstation.paths import StationPaths
from dermstation.security.keystore import Keystore
from dermstation.security.recovery import RecoveryKey, new_recovery_key
from dermstation.settings_file import load_settings
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.entry.sign_in_page import SignInPage
from dermstation.ui.parts.page import Page
from dermstation.ui.system.launcher_line import LauncherLine
from dermstation.ui.window import StationWindow
from dermstation.vault.holders import add_holder
from dermstation.vault.setup import set_up
from dermstation.workflow.station import Station
from dermstation.workflow.succession import Inheritance, SessionKey
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.viewfinder import Viewfinder
from dermstation.workflow.wiping import Resumed
from tests.cheap_keys import CHEAP
from tests.ui.camera_size import HEIGHT, WIDTH

PASSPHRASE = "four plain words here"
OTHER_PASSPHRASE = "other plain words there"
WAIT_MS = 120_000

P = TypeVar("P", bound=Page)


class Desk:
    """A station with its window, which can be closed and opened again."""

    def __init__(self, qtbot: QtBot, home: Path) -> None:
        self._qtbot = qtbot
        self.paths = StationPaths(home)
        self.operator = Operator(new_id(), "Test Nurse", Role.CLINICIAN)
        self.other = Operator(new_id(), "Test Doctor", Role.CLINICIAN)
        self.recovery: RecoveryKey = new_recovery_key()
        self.station: Station | None = None
        self.window: StationWindow | None = None

    def set_up(self, *fill: Callable[[SignedIn], Any]) -> list[Any]:
        """Create the vault, call each of `fill` to write into it, and close it."""
        vault, _ = set_up(
            self.paths.vault,
            self.operator,
            PASSPHRASE,
            keystore=None,
            recovery=self.recovery,
            kdf=CHEAP,
        )
        with vault:
            return [one(SignedIn(vault, self.operator, Resumed())) for one in fill]

    def add_other(self, signed_in: SignedIn) -> None:
        """Add a second operator, who signs in with OTHER_PASSPHRASE."""
        add_holder(signed_in.vault, self.other, OTHER_PASSPHRASE, keystore=None, kdf=CHEAP)

    def open(
        self,
        camera: str = "sim",
        package_folder: str = "",
        line: LauncherLine | None = None,
        heir: tuple[Inheritance, SessionKey] | None = None,
        keystore: Keystore | None = None,
        **over: Any,
    ) -> StationWindow:
        """Start the program: the window with the set-up or sign-in page.

        With a `line` it has a launcher, and as an `heir` it takes up what another process left.
        """
        given = {"camera": camera, "package_folder": package_folder, "demo_mode": True, **over}
        settings = load_settings(self.paths.settings, given)
        viewfinder = Viewfinder(parse_camera(camera), WIDTH, HEIGHT)
        self.station = Station(self.paths, settings, viewfinder, keystore)
        self.window = StationWindow(self.station, line)
        self.window.resize(1366, 768)
        self.window.show()
        self.window.begin(*(heir or ()))
        return self.window

    def close(self) -> None:
        """Stop the program, whatever it shows."""
        if self.window is None or self.station is None:
            return
        self.window.walk.capture.forget()
        self.window.close_unasked()
        self.station.stop()
        self.window.deleteLater()
        for _ in range(2):
            QCoreApplication.processEvents()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.window = self.station = None

    @property
    def shell(self):
        return self.window.shell

    @property
    def link(self) -> CameraLink:
        found = self.station.viewfinder.link
        assert found is not None
        return found

    @property
    def loop(self) -> LoopState:
        return self.window.walk.capture._loop.state

    def until(self, condition: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=WAIT_MS)

    def page(self, kind: type[P]) -> P:
        """Wait for a page of this kind, and return it."""
        self.until(lambda: isinstance(self.shell.page, kind))
        return self.shell.page

    def said(self, *parts: str) -> str:
        """Wait until the page's notice contains all of `parts`, and return the whole notice."""
        self.until(lambda: all(part in self.shell.page.notice.words for part in parts))
        return self.shell.page.notice.words

    def press(self, page: Page) -> None:
        """Press the page's primary button once it is enabled."""
        self.until(lambda: page.primary is not None and page.primary.isEnabled())
        page.primary.click()

    def sign_in(self, secret: str = PASSPHRASE, operator: Operator | None = None) -> None:
        """Type the secret and press the primary button, without waiting for the next page."""
        page = self.page(SignInPage)
        if operator is not None:
            page.who.setCurrentIndex(page.who.findData(operator.id))
        page.secret.set_text(secret)
        self.press(page)

    def in_vault(self, job: Callable[..., Any], *args: Any) -> Any:
        """Run a function on the open vault, on the vault's thread."""
        return self.station.jobs.on_vault(job, self.window.signed_in.vault, *args).result()

    def take(self) -> CapturePage:
        """Press the shutter once the picture is live, wait for the review, and return the page."""
        page = self.page(CapturePage)
        self.until(lambda: self.loop is LoopState.AIMING and page.shutter.isEnabled())
        page.shutter.click()
        self.until(lambda: self.loop is LoopState.REVIEWING)
        return page

    def accept(self, page: CapturePage) -> None:
        """Use the held picture, with a reason in case it is poor."""
        page.review.why.choice.setCurrentIndex(0)
        self.until(page.buttons.use.isEnabled)
        page.buttons.use.click()

    def save(self, page: CapturePage) -> None:
        """Use the held picture and wait until it is saved and the page aims again."""
        self.accept(page)
        self.until(lambda: self.loop is LoopState.AIMING)

    def texts(self) -> str:
        """Return all text shown in the window."""
        # a label added to a visible page is shown by an event that may still be queued
        QCoreApplication.sendPostedEvents(None, QEvent.Type.MetaCall)
        labels = self.window.findChildren(QLabel)
        return "\n".join(one.text() for one in labels if one.isVisible())
