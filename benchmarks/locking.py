"""Time from a lock to the sign-in of a fresh process, and from the secret to the work list."""

import os
import shutil
import time
from pathlib import Path
from typing import Any

import psutil

from benchmarks.figures import spread
from benchmarks.memory import pss_mib
from dermstation.security.kdf import DEFAULT_KDF, derive_wrapping_key
from tests.e2e.hand import HOME, PASSPHRASE, SIGN_IN
from tests.e2e.place import Place, set_up_place
from tests.e2e.screen import Screen

LOCKS = 6
_REST_S = 0.5


def measure_lock(scratch: Path) -> dict[str, Any] | None:
    """Lock and sign in a few times; return None without a virtual screen.

    `beyond_argon2_ms` is lock and sign-in together, without what Argon2id takes by itself.
    """
    if not all(map(shutil.which, ("Xvfb", "xdotool"))):
        return None
    place = set_up_place(scratch / "place")
    screen = place.screen
    to_sign_in, to_list, beyond = [], [], []
    waiting: list[float] = []
    try:
        place.start()
        screen.wait_for_page(SIGN_IN)
        for _ in range(LOCKS):
            list_ms = _signed_in_ms(screen)
            _wait_for_spare(place)
            waiting = pss_mib(_waiting(place))
            sign_in_ms = _locked_ms(screen)
            to_sign_in.append(sign_in_ms)
            to_list.append(list_ms)
            beyond.append(sign_in_ms + list_ms - _argon2_ms())
    finally:
        screen.close()
    return {
        "lock_to_sign_in_ms": spread(to_sign_in),
        "secret_to_list_ms": spread(to_list),
        "beyond_argon2_ms": spread(beyond),
        "waiting_pss_mib": round(sum(waiting), 1),
        "of_it_launcher_and_others": [round(one, 1) for one in waiting],
    }


def _signed_in_ms(screen: Screen) -> float:
    screen.wait_for_page(SIGN_IN)
    screen.type(PASSPHRASE)
    began = time.perf_counter()
    screen.key("Return")
    screen.wait_for_page(HOME)
    return (time.perf_counter() - began) * 1000


def _locked_ms(screen: Screen) -> float:
    began = time.perf_counter()
    screen.click(screen.width - 70, 30)
    screen.wait_for_page(SIGN_IN)
    return (time.perf_counter() - began) * 1000


def _wait_for_spare(place: Place) -> None:
    """Wait until the next process waits: it has loaded everything and rests."""
    spent_s = -1.0

    def rests() -> bool:
        nonlocal spent_s
        family = place.screen.family()
        stations = [one for one in family if "--multiprocessing-fork" in one.cmdline()]
        before, times = spent_s, max(stations, key=psutil.Process.create_time).cpu_times()
        spent_s = times.user + times.system
        time.sleep(_REST_S)
        return len(stations) > 1 and spent_s == before

    place.screen.wait(rests, "a spare process")


def _waiting(place: Place) -> list[psutil.Process]:
    """Return the launcher and what it has started, without the station that is in use."""
    family = place.screen.family()
    stations = [one for one in family if "--multiprocessing-fork" in one.cmdline()]
    used = min(stations, key=psutil.Process.create_time)
    return [one for one in family if one not in (used, *used.children(recursive=True))]


def _argon2_ms() -> float:
    began = time.perf_counter()
    derive_wrapping_key(PASSPHRASE, os.urandom(16), b"", DEFAULT_KDF, b"benchmark")
    return (time.perf_counter() - began) * 1000
