"""The pages of docs/ that come from the code are what `make docs` writes."""

import runpy
from pathlib import Path

import pytest

SCRIPTS = sorted((Path(__file__).parents[2] / "packaging" / "docs").glob("*.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_generated_page_is_up_to_date(script: Path) -> None:
    written = runpy.run_path(str(script))
    assert written["PAGE"].read_text("utf-8") == written["page"](), "run make docs"
