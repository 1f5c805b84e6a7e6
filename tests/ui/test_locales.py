"""The window comes up whatever the language of the PC, and in Turkish every page of it.

Two languages are tried here, the others in the long runs.

In Turkish and Azeri the lower case of I is no i; German writes 0,5; Arabic has digits of its own.
"""

import os
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = Path("/usr/share/i18n/locales")
LOCALES = (
    *("tr_TR", "ar_EG"),
    *(pytest.param(name, marks=pytest.mark.slow) for name in ("az_AZ", "de_DE", "ja_JP")),
)
WITH_ALL_PAGES = "tr_TR"  # whose letter I is what Qt's names of properties trip over
WITHIN_S = 300  # of a busy machine
SCRIPT = """
import locale, sys
from pathlib import Path
from dermstation.app import qt_application, show_window
from dermstation.paths import StationPaths
from dermstation.settings import Settings
from dermstation.workflow.station import build_station
from tests.ui.conftest import Made
from tests.ui.test_gallery import STATES

application = qt_application()
assert sys.argv[2] in locale.setlocale(locale.LC_CTYPE), locale.setlocale(locale.LC_CTYPE)
station = build_station(StationPaths(Path(sys.argv[1])), Settings(camera="sim"))
try:
    window = show_window(station)
    window.begin()
    application.processEvents()
    assert window.shell.page is not None
    wanted = STATES if sys.argv[2] == sys.argv[3] else {}
    pages = [build(Made) for build, _ in wanted.values()]
    window.close()
finally:
    station.stop()
print(len(pages), "pages")
"""


@pytest.mark.parametrize("name", LOCALES)
def test_the_window_comes_up(name: str, tmp_path: Path) -> None:
    if which("localedef") is None or not (SOURCES / name).is_file():
        pytest.skip("the package locales is not installed here")
    made = tmp_path / f"{name}.utf8"
    subprocess.run(["localedef", "-i", name, "-f", "UTF-8", str(made)], check=False)
    assert made.is_dir()
    language = f"{name}.utf8"
    environment = {
        **{one: value for one, value in os.environ.items() if not one.startswith("LC_")},
        "LANG": language,
        "LC_ALL": language,
        "LOCPATH": str(tmp_path),
        "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "home"), name, WITH_ALL_PAGES],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip().endswith("pages")
