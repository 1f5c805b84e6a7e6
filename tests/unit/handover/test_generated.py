"""Package a sample of made-up episodes and check it with other programs; the soak runs them all."""

import dataclasses
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dermstation.domain.presets import Preset
from tests.generated_packages import complaints, episodes, made_or_refused, options

SMALL_PX = ((1600, 1200), (2400, 1800))


@pytest.mark.parametrize("preset", Preset)
@settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # shrinking a failure would take minutes
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_a_package_is_clean_and_within_its_limits_or_refused_in_words(preset, data) -> None:
    contents = data.draw(episodes(sizes=SMALL_PX, lesions_most=3))
    contents = dataclasses.replace(contents, options=data.draw(options((preset,))))
    with tempfile.TemporaryDirectory() as folder:
        words, package = made_or_refused(contents, Path(folder))
        assert "{" not in words
        assert package is not None or list(Path(folder).iterdir()) == []
        assert package is None or complaints(package, contents) == []
