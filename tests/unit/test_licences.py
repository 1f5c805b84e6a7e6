"""The licence of every package that the program needs is listed."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_locked_package_has_a_licence_in_the_list() -> None:
    lock, page = (ROOT / "requirements.lock").read_text(), (ROOT / "docs/licences.md").read_text()
    locked = re.findall(r"^([A-Za-z0-9][\w.-]*)==", lock, re.MULTILINE)
    listed = dict(re.findall(r"^\| `([^`]+)` \| (\S[^|]*) \|$", page, re.MULTILINE))
    assert len(locked) > 40
    assert set(locked) == set(listed)
