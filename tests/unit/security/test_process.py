"""Memory dumps are switched off, tried in a separate process to leave the tests' own alone."""

import subprocess
import sys

import pytest

CHECK = """
from dermstation.security.process import harden_process, is_hardened
before = is_hardened()
harden_process()
print(before, is_hardened())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell whether it is")
def test_a_hardened_process_leaves_no_dump():
    command = [sys.executable, "-c", CHECK]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()
    assert said[1] == "True"
    if sys.platform == "linux":
        assert said[0] == "False"
