"""The window grows with the system's text, as far as the screen has room for every page."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from dermstation.ui.system.text_size import fitting, window_scale

# set within it: wine keeps variables of Qt from programs that it starts
PROGRAM = """
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from dermstation.app import qt_application
print(qt_application().devicePixelRatio())
"""


@pytest.mark.parametrize(
    ("wanted", "screen", "scale"),
    [
        (1.0, (1366, 768), 1.0),
        (1.3, (1366, 768), 1.3),
        (2.25, (1366, 768), 768 / 512),
        (1.5, (1093, 614), 1093 / 911),  # 1366x768 at 125 %
        (1.5, (800, 480), 1.0),
        (2.25, (3840, 2160), 2.25),
    ],
)
def test_the_scale_stops_where_a_page_would_no_longer_fit(wanted, screen, scale) -> None:
    assert fitting(wanted, *screen) == pytest.approx(scale, rel=0.01)


@pytest.fixture
def set_text_percent() -> Iterator[Callable[[int | None], None]]:
    """Return a function that sets the text size of Windows, as its settings page does.

    None takes it away. The account's own text size is put back.
    """
    if sys.platform != "win32":
        pytest.skip("the text size of Windows: other systems tell Qt themselves")
    import winreg

    name = "TextScaleFactor"
    path = r"Software\Microsoft\Accessibility"
    with winreg.CreateKeyEx(winreg.HKEY_CURRENT_USER, path, 0, winreg.KEY_ALL_ACCESS) as key:

        def set_to(percent: int | None) -> None:
            if percent is not None:
                winreg.SetValueEx(key, name, 0, winreg.REG_DWORD, percent)
            elif percent_now() is not None:
                winreg.DeleteValue(key, name)

        def percent_now() -> int | None:
            with suppress(FileNotFoundError):
                return winreg.QueryValueEx(key, name)[0]
            return None

        before = percent_now()
        yield set_to
        set_to(before)


def test_the_whole_window_grows_with_the_text_of_windows(set_text_percent) -> None:
    wanted = []
    for percent in (110, None):
        set_text_percent(percent)
        wanted.append(window_scale())
        told = subprocess.check_output([sys.executable, "-c", PROGRAM], text=True)
        assert float(told) == pytest.approx(window_scale(), abs=0.01)
    assert wanted == [pytest.approx(1.1), 1.0]  # a screen of 1024x768 has room for it
