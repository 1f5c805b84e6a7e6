"""Fixtures that set up places to work at; skipped if there is no virtual screen."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cheap_keys import cheap_keys
from tests.e2e.place import Place, set_up_place
from tests.e2e.screen import missing_tools


@pytest.fixture(scope="module", autouse=True)
def _cheap_keys() -> Iterator[None]:
    with cheap_keys():
        yield


@pytest.fixture(scope="module")
def make_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Place]]:
    """Return a function that makes places, each with its own screen, for the module's tests."""
    if missing := missing_tools():
        pytest.skip(f"no virtual screen: {' and '.join(missing)} not installed here")
    made: list[Place] = []

    def make() -> Place:
        made.append(set_up_place(tmp_path_factory.mktemp("place")))
        return made[-1]

    yield make
    for place in made:
        place.screen.close()


@pytest.fixture
def place(make_place: Callable[[], Place]) -> Iterator[Place]:
    """A newly set-up station that ends with the test."""
    made = make_place()
    yield made
    made.screen.close()


@pytest.fixture(scope="session")
def dermoscopic_pictures() -> list[Path]:
    """Real dermoscopic pictures, kept next to the project and never part of it."""
    beside = [folder / "shared" / "data" for folder in Path(__file__).resolve().parents[3:5]]
    pictures = sorted(file for folder in beside for file in folder.glob("dermoscopic/*.jpg"))
    if not pictures:
        pytest.skip(f"no real pictures in {beside[0]}")
    return pictures
