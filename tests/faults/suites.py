"""Rows that exist as tests already: run and count them, with longer fuzzing.

Frozen vaults by every way of unlocking; the PC's lock, sleep and change of user; pictures that no
camera writes, and random damage to pictures for a number of seconds; and the tests marked `slow`.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

_ROOT = Path(__file__).parents[2]
_SUITES = {
    "accounts": ["tests/vaults", "tests/unit/security/test_accounts.py"],
    "lock": ["tests/ui/system", "tests/ui/test_lock.py"],
    "imports": ["tests/faults/imports"],
    "slow": ["-m", "slow"],
}


def run(root: Path, fuzz_s: int) -> tuple[int, list[str], dict[str, Any]]:
    """Run each suite in a separate process; return the number of tests, failures and counts."""
    tried, bad, facts = 0, [], {}
    for name, paths in _SUITES.items():
        report = root / f"{name}.xml"
        variables = {key: value for key, value in os.environ.items() if key != "LD_PRELOAD"}
        variables |= {"QT_QPA_PLATFORM": "offscreen", "DERMSTATION_FUZZ_S": str(fuzz_s)}
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}"]
        # only this form of report includes the properties that a test records
        command += ["-o", "junit_family=xunit1", "-o", f"timeout={fuzz_s + 900}", *paths]
        subprocess.run(command, cwd=_ROOT, env=variables, stdout=sys.stderr, check=False)
        suite = ET.parse(report).getroot().find("testsuite")
        assert suite is not None
        counts = {key: int(suite.get(key, 0)) for key in ("tests", "skipped")}
        cases = [one for one in suite.iter("testcase") if _has_failed(one)]
        bad += [f"{name}: {one.get('classname')}.{one.get('name')}" for one in cases]
        tried += counts["tests"] - counts["skipped"]
        values = {one.get("name"): one.get("value") for one in suite.iter("property")}
        facts[name] = counts | values
    return tried, bad, facts


def _has_failed(case: ET.Element) -> bool:
    return case.find("failure") is not None or case.find("error") is not None
