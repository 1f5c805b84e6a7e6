"""Search the memory of every process of the station: after a lock, and after a wipe.

The real program is operated on a virtual screen. Before each step the same search must find what
it looks for, or it would prove nothing: identity, passphrase, keys, and sampled blocks of the
pictures, as coded and as pixels. After it, no process may hold any of that: not the launcher, not
the station, not the spare, not a camera process.
"""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2

from dermstation.domain.routes import Route
from dermstation.workflow import packaging, unlocking
from dermstation.workflow.package_choice import Practice
from dermstation.workflow.viewing import view_of
from tests.e2e.hand import HAND_OVER, HOME, PASSPHRASE, PICTURES, SIGN_IN, SUMMARY, Hand, Sight
from tests.e2e.place import Place, set_up_place
from tests.e2e.screen import missing_tools
from tests.faults.memory_needles import (
    PLANTED,
    files_of,
    identity,
    keys_of,
    of_kind,
    pictures_of,
    secrets_typed,
)
from tests.faults.memory_search import MemorySearch, is_station
from tests.skin_pictures import exposed, skin
from tests.unit.workflow.conftest import ready

SIZES = ((640, 480), (1600, 1200), (2592, 1944))
_PRESSED_AGAIN_S = 2.0
_WITH_SPARE = 2


def why_not() -> str:
    """Return why memory cannot be searched here, empty if it can."""
    if missing := missing_tools():
        return f"no virtual screen: {' and '.join(missing)} not installed here"
    if not Path("/proc/self/mem").exists() or os.geteuid() != 0:
        return "only root on Linux may read the memory of a process that is not dumpable"
    return ""


def run(root: Path, sizes: int) -> tuple[int, list[str], dict[str, Any]]:
    """Operate the program for pictures of some sizes; return tries, findings and counts.

    For no size, an episode that is packaged already is wiped, and the station locked.
    """
    if reason := why_not():
        return 0, [], {"skipped": reason}
    tried, bad = 0, []
    facts: dict[str, Any] = {}
    with _without_preload():
        for size in SIZES[:sizes] or (None,):
            name = "packaged" if size is None else f"{size[0]}x{size[1]}"
            place = set_up_place(root / name)
            search = MemorySearch(place)
            try:
                if size is None:
                    _wipe_packaged(place, search)
                else:
                    _operate(place, search, size)
            finally:
                place.screen.close()
            tried += search.tried
            bad += [f"{name}, {one}" for one in search.bad]
            facts[name] = search.counts
    return tried, bad, {"searched": facts}


def _wipe_packaged(place: Place, search: MemorySearch) -> None:
    """Wipe an episode that is packaged already, and lock."""
    place.choose_small_pictures()
    place.open_episode(PLANTED)
    package = _packaged(place)
    secrets, keys = secrets_typed(), keys_of(place)
    pictures = pictures_of(data for _, data in place.look()[1])
    hand = _signed_in(place, search, secrets)
    hand.continue_episode(HAND_OVER)
    # nothing here reads the files of the package or its pictures
    search.finds("before the wipe", identity() | keys)
    _wipe(place, hand)
    gone = secrets | identity() | pictures | package | of_kind(keys, "episode key")
    search.finds_nothing("after the wipe", gone)
    _lock(place, hand)
    search.finds_nothing("after wipe and lock", gone | keys | keys_of(place))


def _packaged(place: Place) -> dict[str, bytes]:
    """Make the package of the only episode, and return blocks of its files."""
    signed_in = place.open_vault()
    (episode,) = signed_in.vault.episodes.unfinished()
    ready(signed_in, view_of(signed_in.vault, episode.id), Route.RADS)
    place.packages.mkdir(exist_ok=True)
    packaging.make_package(
        signed_in.vault, signed_in.operator, episode.id, place.packages, Practice("Test Practice")
    )
    unlocking.lock(signed_in)
    return files_of(next(place.packages.iterdir()))


def _operate(place: Place, search: MemorySearch, size: tuple[int, int]) -> None:
    """Take pictures, lock, sign in, package, wipe and lock, and search in between."""
    width, height = size
    file = place.home.parent / "picture.jpg"
    is_written, data = cv2.imencode(".jpg", exposed(skin(height, width)))
    assert is_written
    file.write_bytes(data.tobytes())
    pictures = pictures_of([data.tobytes()])  # a camera's own bytes are stored as they are
    place.open_episode(PLANTED)
    secrets, keys = secrets_typed(), keys_of(place)
    hand = _signed_in(place, search, secrets, camera=f"file:{file}")
    hand.continue_episode(PICTURES)
    _hold(place, hand)
    hand.use_picture()
    hand.wait_for(Sight.AIMING)
    _hold(place, hand)
    search.finds("before the lock", keys | identity() | pictures)
    _lock(place, hand)
    search.finds_nothing("after the lock", secrets | keys | identity() | pictures)

    hand.sign_in(PICTURES)
    hand.wait_for_review()
    hand.use_picture()
    hand.wait_for(Sight.AIMING)
    _hold(place, hand)
    hand.use_picture()
    place.screen.wait_for_page(SUMMARY)
    hand.fill_summary(PLANTED)
    hand.make_package()
    package = files_of(next(place.packages.iterdir()))
    search.finds("before the wipe", identity() | package | of_kind(keys, "episode key"))
    _wipe(place, hand)
    gone = secrets | identity() | pictures | package | of_kind(keys, "episode key")
    search.finds_nothing("after the wipe", gone)
    _lock(place, hand)
    search.finds_nothing("after wipe and lock", gone | keys | keys_of(place))


def _signed_in(
    place: Place, search: MemorySearch, secrets: Mapping[str, bytes], camera: str = "sim"
) -> Hand:
    """Start the program and sign in; before it is used, the secret must be found."""
    hand = place.start(camera)
    place.screen.wait_for_page(SIGN_IN)
    place.screen.type(PASSPHRASE)
    search.finds("at the sign-in", secrets)
    hand.go_on()
    place.screen.wait_for_page(HOME)
    return hand


def _hold(place: Place, hand: Hand) -> None:
    """Press the shutter until a picture is held: on a busy PC a press may find no fresh frame."""
    hand.press_shutter()
    pressed_at = time.monotonic()

    def is_held() -> bool:
        nonlocal pressed_at
        is_due = time.monotonic() - pressed_at > _PRESSED_AGAIN_S
        if is_due and hand.sight() is Sight.AIMING and _is_refused(place):
            hand.press_shutter()
            pressed_at = time.monotonic()
        return hand.sight() in (Sight.REVIEW, Sight.POOR)

    place.screen.wait(is_held, "a held picture")


def _is_refused(place: Place) -> bool:
    """Return whether the panel shows the red band of an error at its top left."""
    blue, green, red = map(int, place.screen.picture()[80, 1055])
    return red > 2 * max(blue, green)


def _wipe(place: Place, hand: Hand) -> None:
    """Hand over, which wipes, and go on to the work list, which another process shows."""
    shown = _stations(place)[0]
    hand.hand_over()
    hand.go_on()
    _wait_for_fresh(place, HOME, shown)


def _lock(place: Place, hand: Hand) -> None:
    shown = _stations(place)[0]
    hand.lock()
    _wait_for_fresh(place, SIGN_IN, shown)


def _stations(place: Place) -> list[int]:
    """Return the station's processes, oldest first: the one with the window, then the spare."""
    found = [one for one in place.screen.family() if is_station(one.pid)]
    return [one.pid for one in sorted(found, key=lambda one: one.create_time())]


def _wait_for_fresh(place: Place, page: str, old: int) -> None:
    """Wait until a new process shows the page, the old one is gone, and the next spare waits."""
    place.screen.wait_for_page(page)

    def is_fresh() -> bool:
        now = _stations(place)
        return len(now) == _WITH_SPARE and old not in now

    place.screen.wait(is_fresh, "a fresh process")
    place.screen.wait_for_page(page)


@contextmanager
def _without_preload() -> Iterator[None]:
    """Leave the campaign's shim out of the program."""
    preload = os.environ.pop("LD_PRELOAD", None)
    try:
        yield
    finally:
        if preload is not None:
            os.environ["LD_PRELOAD"] = preload
