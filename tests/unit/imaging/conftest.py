from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.skin_pictures import (
    Linear,
    blurred,
    darkened,
    disk,
    exposed,
    linear_of,
    pictures,
    shake,
    skin,
)


@pytest.fixture(scope="session")
def light() -> SimpleNamespace:
    """The functions that render skin, by name."""
    return SimpleNamespace(
        skin=skin,
        disk=disk,
        shake=shake,
        blurred=blurred,
        exposed=exposed,
        linear_of=linear_of,
        darkened=darkened,
    )


@pytest.fixture(scope="session")
def scenes() -> list[Linear]:
    return [skin(seed=seed) for seed in range(3)]


@pytest.fixture(scope="session")
def dermoscopic_pictures() -> list[Path]:
    return pictures("dermoscopic")


@pytest.fixture(scope="session")
def closeup_pictures() -> list[Path]:
    return pictures("clinical_closeup")
