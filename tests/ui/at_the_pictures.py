"""An operator at the pictures, and checks after they leave: for tests of lock and crash."""

from PySide6.QtCore import QTimer

from dermstation.ui.capture.page import CapturePage
from dermstation.ui.home.page import HomePage
from tests.ui.desk import Desk
from tests.unfinished import unfinished
from tests.unit.workflow.conftest import an_episode

FAMILY_NAME = "PATIENT-ONE"


def at_the_pictures(desk: Desk, *fill) -> CapturePage:
    desk.set_up(*(fill or (an_episode,)))
    desk.open()
    return go_on(desk)


def go_on(desk: Desk) -> CapturePage:
    desk.sign_in(operator=desk.operator)
    desk.page(HomePage).rows[-1].go_on.click()
    return desk.page(CapturePage)


def captures(desk: Desk):
    lines = desk.in_vault(unfinished)
    return [one for line in lines for one in line.view.captures]


def nothing_of_the_patient(desk: Desk) -> None:
    """Check that the window names neither patient nor operator, and that the camera is closed."""
    assert desk.shell.header.banner == ""
    assert FAMILY_NAME not in desk.texts()
    assert FAMILY_NAME not in desk.window.windowTitle()
    assert desk.station.viewfinder.link is None


def jobs_over(desk: Desk) -> None:
    """Wait until both threads have finished their jobs and the window has handled the outcomes."""
    for submit in (desk.station.jobs.on_worker, desk.station.jobs.on_vault):
        submit(lambda: None).result()
    heard = []
    QTimer.singleShot(0, lambda: heard.append(True))
    desk.until(lambda: heard)
