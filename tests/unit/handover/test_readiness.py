"""Everything a package would import is loaded in advance; seen in a separate process."""

import subprocess
import sys
from pathlib import Path

CHILD = """
import sys, tempfile
from dataclasses import replace
from pathlib import Path

from dermstation.domain.presets import Preset
from dermstation.handover.options import DeviceData, PackageOptions
from dermstation.handover.readiness import make_ready
from dermstation.handover.writer import write_package
from tests.unit.handover.conftest import standard

SLOW = ("fhir", "fontTools", "lxml", "manimgx_fonts", "pydantic", "pydicom", "typst")
options = PackageOptions(Preset.ERS_WEB, dicom=True, fhir=True)
assert not any(name.split(".")[0] in ("fhir", "pydicom") for name in sys.modules)
make_ready(options)
before = set(sys.modules)
contents = standard()
device = DeviceData("Test Maker", "Test Scope", "TS-1")
with tempfile.TemporaryDirectory() as folder:
    made = replace(contents, options=options, device=device)
    write_package(made, Path(folder), before_file=lambda _: None)
print(sorted(one for one in set(sys.modules) - before if one.split(".")[0] in SLOW))
"""


def test_a_package_imports_no_slow_library_after_make_ready() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
