"""Search the memory of every process of the station: after a lock, and after a wipe.

The real program is operated on a virtual screen. Before each step the same search must find what
it looks for, or it would prove nothing: identity, passphrase, keys, and sampled blocks of the
pictures, as coded and as pixels. After it, no process may hold any of that: not the launcher, not
the station, not the spare, not a camera process.
"""

import os
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import psutil

from dermstation.domain.routes import Route
from dermstation.security import accounts
from dermstation.vault.connection import INDEX_PRAGMAS, Database
from dermstation.vault.store import INDEX_FILE
from dermstation.workflow import packaging, unlocking
from dermstation.workflow.package_choice import Practice
from dermstation.workflow.viewing import view_of
from tests.e2e.hand import HAND_OVER, HOME, PASSPHRASE, PICTURES, SIGN_IN, SUMMARY, Hand, Sight
from tests.e2e.place import Place, set_up_place
from tests.e2e.screen import missing_tools
from tests.e2e.traces import Planted
from tests.skin_pictures import exposed, skin
from tests.unit.workflow.conftest import ready

SIZES = ((640, 480), (1600, 1200), (2592, 1944))
# a number that the program names nowhere as an example
PLANTED = Planted(nhs_number="9990005036")
_BLOCK = 48
_HASH_DIGITS = frozenset(b"0123456789abcdef")  # of a file's hash, which the certificate keeps
_BLOCKS = 40  # of each picture, in each form
_LEAST_VALUES = 12  # different bytes in a block, so that it is found nowhere by chance
_CHUNK = 64 << 20
_PAGE = 4096
_PRESSED_AGAIN_S = 2.0
_MAP = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (\S+)")


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
            search = _Search(place)
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


@dataclass
class _Search:
    """The searches of one run of the program, and what was wrong."""

    place: Place
    tried: int = 0
    bad: list[str] = field(default_factory=list)
    counts: dict[str, Any] = field(default_factory=dict)

    def finds(self, when: str, needles: Mapping[str, bytes]) -> None:
        """Check that every kind of needle is there now."""
        found = self._found(needles)
        self.counts[when] = {"needles": len(needles), "found": len(found)}
        for kind in sorted({_kind(name) for name in needles} - {_kind(name) for name in found}):
            self.bad.append(f"{when}: no {kind} found, so the search is blind")

    def finds_nothing(self, when: str, needles: Mapping[str, bytes]) -> None:
        """Check that no needle is anywhere."""
        found = self._found(needles)
        self.counts[when] = {
            "needles": len(needles),
            "found": len(found),
            "processes": len(self.place.screen.family()),
        }
        self.bad += [f"{when}: {name} in {where}" for name, where in sorted(found.items())]

    def _found(self, needles: Mapping[str, bytes]) -> dict[str, str]:
        """Return where each needle is found."""
        self.tried += 1
        sieve = _Sieve(needles)
        found: dict[str, str] = {}
        for process in self.place.screen.family():
            for data in _memory(process.pid):
                for name in sieve.names_in(data):
                    found.setdefault(name, _role(process))
        return found


class _Sieve:
    """A search for many needles at once, by their first two bytes and then by all of them."""

    def __init__(self, needles: Mapping[str, bytes]) -> None:
        self._by_start: dict[int, list[tuple[str, bytes]]] = {}
        for name, needle in needles.items():
            start = int.from_bytes(needle[:4], "little")
            self._by_start.setdefault(start, []).append((name, needle))
        self._starts = np.array(sorted(self._by_start), np.uint32)
        self._firsts = np.zeros(1 << 16, bool)
        self._firsts[self._starts & 0xFFFF] = True

    def names_in(self, data: bytes) -> Iterator[str]:
        """Yield the names of the needles in some bytes."""
        for odd in (0, 1):
            pairs = np.frombuffer(data, "<u2", (len(data) - odd) // 2, odd)
            places = np.flatnonzero(self._firsts[pairs[:-1]])
            whole = pairs[places].astype(np.uint32) | pairs[places + 1].astype(np.uint32) << 16
            places = places[np.isin(whole, self._starts)]
            for at in places * 2 + odd:
                start = int.from_bytes(data[at : at + 4], "little")
                for name, needle in self._by_start[start]:
                    if data[at : at + len(needle)] == needle:
                        yield name


def _wipe_packaged(place: Place, search: _Search) -> None:
    """Wipe an episode that is packaged already, and lock."""
    place.open_episode(PLANTED)
    package = _packaged(place)
    secrets, keys = _secrets(), _keys(place)
    pictures = _pictures(data for _, data in place.look()[1])
    hand = _signed_in(place, search, secrets)
    hand.continue_episode(HAND_OVER)
    # nothing here reads the files of the package or its pictures
    search.finds("before the wipe", _identity() | keys)
    _wipe(place, hand)
    gone = secrets | _identity() | pictures | package | _of_kind(keys, "episode key")
    search.finds_nothing("after the wipe", gone)
    _lock(place, hand)
    search.finds_nothing("after wipe and lock", gone | keys | _keys(place))


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
    return _files(next(place.packages.iterdir()))


def _operate(place: Place, search: _Search, size: tuple[int, int]) -> None:
    """Take pictures, lock, sign in, package, wipe and lock, and search in between."""
    width, height = size
    file = place.home.parent / "picture.jpg"
    is_written, data = cv2.imencode(".jpg", exposed(skin(height, width)))
    assert is_written
    file.write_bytes(data.tobytes())
    pictures = _pictures([data.tobytes()])  # a camera's own bytes are stored as they are
    place.open_episode(PLANTED)
    secrets, keys = _secrets(), _keys(place)
    hand = _signed_in(place, search, secrets, camera=f"file:{file}")
    hand.continue_episode(PICTURES)
    _hold(place, hand)
    hand.use_picture()
    hand.wait_for(Sight.AIMING)
    _hold(place, hand)
    search.finds("before the lock", keys | _identity() | pictures)
    _lock(place, hand)
    search.finds_nothing("after the lock", secrets | keys | _identity() | pictures)

    hand.sign_in(PICTURES)
    hand.wait_for_review()
    hand.use_picture()
    hand.wait_for(Sight.AIMING)
    _hold(place, hand)
    hand.use_picture()
    place.screen.wait_for_page(SUMMARY)
    hand.fill_summary(PLANTED)
    hand.make_package()
    package = _files(next(place.packages.iterdir()))
    search.finds("before the wipe", _identity() | package | _of_kind(keys, "episode key"))
    _wipe(place, hand)
    gone = secrets | _identity() | pictures | package | _of_kind(keys, "episode key")
    search.finds_nothing("after the wipe", gone)
    _lock(place, hand)
    search.finds_nothing("after wipe and lock", gone | keys | _keys(place))


def _signed_in(
    place: Place, search: _Search, secrets: Mapping[str, bytes], camera: str = "sim"
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
    """Return whether the page shows the red band of an error at its top left."""
    blue, green, red = map(int, place.screen.picture()[150, 19])
    return red > 2 * max(blue, green)


def _wipe(place: Place, hand: Hand) -> None:
    """Hand over, which wipes, and go on to the work list, which another process shows."""
    pids = {one.pid for one in place.screen.family()}
    hand.hand_over()
    hand.go_on()
    _wait_for_fresh(place, HOME, pids)


def _lock(place: Place, hand: Hand) -> None:
    pids = {one.pid for one in place.screen.family()}
    hand.lock()
    _wait_for_fresh(place, SIGN_IN, pids)


def _wait_for_fresh(place: Place, page: str, pids: set[int]) -> None:
    """Wait until a new process shows the page, the old one is gone, and the next spare waits."""
    old = {pid for pid in pids if _is_station(pid)}
    place.screen.wait_for_page(page)

    def is_fresh() -> bool:
        now = {one.pid for one in place.screen.family() if _is_station(one.pid)}
        return len(now) == len(old) and now != old

    place.screen.wait(is_fresh, "a fresh process")
    place.screen.wait_for_page(page)


def _is_station(pid: int) -> bool:
    """Return whether a process is a station or a spare: those start no camera until sign-in."""
    try:
        return "multiprocessing-fork" in " ".join(psutil.Process(pid).cmdline())
    except psutil.NoSuchProcess:
        return False


def _role(process: psutil.Process) -> str:
    return "the launcher" if not _is_station(process.pid) else "a process of the station"


def _kind(name: str) -> str:
    return " ".join(name.split()[:-1])


def _of_kind(needles: Mapping[str, bytes], kind: str) -> dict[str, bytes]:
    return {name: one for name, one in needles.items() if _kind(name) == kind}


def _secrets() -> dict[str, bytes]:
    return {f"secret {name}": one for name, one in _forms(PASSPHRASE).items()}


def _forms(text: str) -> dict[str, bytes]:
    return {encoding: text.encode(encoding) for encoding in ("utf-8", "utf-16-le")}


def _identity() -> dict[str, bytes]:
    """Return the texts that only this patient has; "identity" is found as a whole."""
    return {
        f"identity {text.replace(' ', '_')}/{encoding}": one
        for text in PLANTED.texts
        if len(text) >= 8
        for encoding, one in _forms(text).items()
    }


def _keys(place: Place) -> dict[str, bytes]:
    """Return the keys of the vault, which is closed: raw and in hexadecimal digits."""
    folder = place.vault_folder
    unlocked = accounts.unlock_with_secret(folder, place.operator.id, PASSPHRASE, keystore=None)
    database = Database(folder / INDEX_FILE, unlocked.in_turn(), INDEX_PRAGMAS)
    try:
        found = {"index key": bytes(database.key)}
        found["audit key"] = bytes(database.value("SELECT key FROM audit_key"))
        for key in database.values("SELECT file_key FROM episodes"):
            found["episode key"] = bytes(key)
    finally:
        database.close()
        if unlocked.attempt is not None:
            unlocked.attempt.take_back(is_failed=False)
    return {
        f"{name} {form}": one
        for name, key in found.items()
        for form, one in (("raw", key), ("hex", key.hex().encode()))
    }


def _pictures(pictures: Iterable[bytes]) -> dict[str, bytes]:
    """Return blocks of pictures: as coded, and as pixels in each order that a library uses."""
    found = {}
    for number, data in enumerate(pictures):
        bgr = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        assert bgr is not None
        found |= _blocks(f"coded picture {number}", data)
        found |= _blocks(f"pixels BGR/{number}", bgr.tobytes())
        found |= _blocks(f"pixels RGB/{number}", cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).tobytes())
        found |= _blocks(f"pixels BGRA/{number}", cv2.cvtColor(bgr, cv2.COLOR_BGR2BGRA).tobytes())
    return found


def _files(folder: Path) -> dict[str, bytes]:
    """Return blocks of the files of a package."""
    found = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            found |= _blocks(f"package {file.suffix}", file.read_bytes())
    return found


def _blocks(name: str, data: bytes) -> dict[str, bytes]:
    """Return blocks spread over some bytes that are unlikely to be anywhere by chance."""
    starts = np.linspace(0, max(0, len(data) - _BLOCK), 4 * _BLOCKS, dtype=int)
    blocks = (data[at : at + _BLOCK] for at in starts)
    varied = [
        one
        for one in blocks
        if len(one) == _BLOCK
        and len(set(one)) >= _LEAST_VALUES
        and not _HASH_DIGITS.issuperset(one)
    ]
    step = max(1, len(varied) // _BLOCKS)
    return {f"{name}/{number}": one for number, one in enumerate(varied[::step])}


def _memory(pid: int) -> Iterator[bytes]:
    """Yield what a process may have written into its memory, in pieces that overlap."""
    try:
        maps = Path(f"/proc/{pid}/maps").read_text()
        memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    except OSError:
        return
    try:
        for found in _MAP.finditer(maps):
            start, end, rights = int(found[1], 16), int(found[2], 16), found[3]
            if "w" not in rights:
                continue
            for at in range(start, end, _CHUNK):
                size = min(_CHUNK + _PAGE, end - at)
                try:
                    data = os.pread(memory, size, at)
                except OSError:
                    continue  # a device, or gone
                if written := _written(data):
                    yield written
    finally:
        os.close(memory)


def _written(data: bytes) -> bytes:
    """Return the pages that are not all zeros: most of what is mapped was never used."""
    pages = np.frombuffer(data, np.uint64).reshape(-1, _PAGE // 8)
    return pages[pages.any(axis=1)].tobytes()


@contextmanager
def _without_preload() -> Iterator[None]:
    """Leave the campaign's shim out of the program."""
    preload = os.environ.pop("LD_PRELOAD", None)
    try:
        yield
    finally:
        if preload is not None:
            os.environ["LD_PRELOAD"] = preload
