"""A picture that was taken is opened large, unless the page was left meanwhile."""

from PySide6.QtCore import QCoreApplication

from dermstation.domain.shots import ShotKind
from dermstation.ui.capture.taken_flow import TakenFlow
from tests.ui.capture.walking import at_the_pictures, captures
from tests.ui.desk import Desk


def test_a_picture_that_comes_after_the_page_was_left_is_not_shown_on_it(
    desk: Desk, monkeypatch
) -> None:
    page = at_the_pictures(desk)
    desk.save(desk.take())
    shown: list[ShotKind] = []
    monkeypatch.setattr(page, "show_taken", lambda shot, _pixels: shown.append(shot))
    page.aim.shots.tile(ShotKind.GENERAL).click()
    desk.until(lambda: shown == [ShotKind.GENERAL])
    page.aim.shots.taken_wanted.emit(ShotKind.GENERAL)
    desk.window.findChild(TakenFlow).leave()
    captures(desk)  # what was asked before it is answered too
    QCoreApplication.processEvents()
    assert shown == [ShotKind.GENERAL]
