"""The window grows with the system's text, as far as the screen has room for every page."""

import sys

import pytest

from dermstation.ui.system.text_size import fitting, window_scale


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


@pytest.mark.skipif(sys.platform != "win32", reason="other systems tell Qt themselves")
def test_windows_says_how_large_text_is() -> None:
    import winreg

    path, name = r"Software\Microsoft\Accessibility", "TextScaleFactor"
    with winreg.CreateKey(winreg.HKEY_CURRENT_USER, path) as key:
        winreg.SetValueEx(key, name, 0, winreg.REG_DWORD, 110)
        try:
            assert 1.0 <= window_scale() <= 1.1
        finally:
            winreg.DeleteValue(key, name)
    assert window_scale() == 1.0
