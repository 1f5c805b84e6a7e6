"""A full vault: how long opening, listing and saving take, and whether everything is whole.

Times are reported but not judged, because a busy machine proves nothing. The targets for 500
episodes of 6 captures are: unlock below 1 s, list below 200 ms, saving a capture p95 below 150 ms.
"""

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from dermstation.domain.identity import NhsNumber, Patient
from dermstation.domain.records import new_id
from dermstation.workflow.outstanding import outstanding
from tests.faults import scene
from tests.faults.children import in_child
from tests.unit.vault.conftest import Samples

CAPTURES = 6
_LARGE_BYTES = 3_000_000
_LARGE = 40
_USUAL_BYTES = 300_000
_MOST_GROWTH_PERCENT = 5


def run(root: Path, episodes: int, captures: int) -> tuple[int, list[str], dict[str, Any]]:
    """Fill a vault with episodes, then open, list and save; then save many captures in a row."""
    home = root / "home"
    home.mkdir()
    made = in_child(lambda _: _fill(home, episodes))
    if made.bug or made.refused:
        return episodes, [made.bug or made.refused], {}
    found = in_child(lambda _: _measure(home))
    if found.value is None:
        return episodes, [found.bug or found.refused], {}
    bad = [] if found.value["listed"] == episodes else ["not every episode is listed"]
    bad += ["damage"] if found.value["damage"] else []
    if captures:
        grown = in_child(lambda _: _grow(home, captures))
        found.value |= grown.value or {}
        if grown.value is None or grown.value["rss_growth_percent"] > _MOST_GROWTH_PERCENT:
            bad.append(f"memory: {grown.value} {grown.bug} {grown.refused}")
    return episodes + captures, bad, found.value


def _fill(home: Path, episodes: int) -> None:
    samples = Samples()
    numbers = _numbers()
    with scene.new_vault(home) as vault:
        for _ in range(episodes):
            patient = Patient(
                new_id(), "Testgiven", "Patient-Many", samples.patient().born_on, next(numbers)
            )
            episode = samples.episode(patient)
            lesion = samples.lesion(episode)
            with vault.transaction():
                vault.patients.save(patient)
                vault.episodes.save(episode)
                vault.lesions.save(lesion)
            for _ in range(CAPTURES):
                image = samples.image()
                vault.captures.save(samples.capture(lesion, image), image)


def _numbers():
    """Yield made-up NHS numbers of the test range."""
    for nine in range(999_000_100, 999_999_999):
        digits = [int(one) for one in str(nine)]
        check = 11 - sum(digit * (10 - place) for place, digit in enumerate(digits)) % 11
        if check != 10:
            yield NhsNumber.parse(f"{nine}{check % 11}")


def _measure(home: Path) -> dict[str, Any]:
    opening, vault = _timed(lambda: scene.open_vault(home))
    with vault:
        busy_since = time.process_time()
        listing, found = _timed(lambda: outstanding(vault, scene.ADMIN))
        list_cpu_ms = round((time.process_time() - busy_since) * 1000, 1)
        samples = Samples()
        lesion = found.work.lines[0].view.lesions[0]
        saving = []
        for _ in range(_LARGE):
            image = samples.image(_LARGE_BYTES)
            capture = replace(samples.capture(lesion, image))
            saving.append(_timed(lambda c=capture, i=image: vault.captures.save(c, i))[0])
        return {
            "listed": found.work.total,
            "damage": len(vault.damage),
            "open_ms": opening,
            "list_ms": listing,
            "list_cpu_ms": list_cpu_ms,
            "save_3_mb_p50_ms": round(statistics.median(saving), 1),
            "save_3_mb_p95_ms": sorted(saving)[int(0.95 * len(saving)) - 1],
        }


def _grow(home: Path, captures: int) -> dict[str, Any]:
    """Save many captures in one session; compare memory at the end and after the first tenth."""
    samples = Samples()
    with scene.open_vault(home) as vault:
        lesion = vault.lesions.of_episode(vault.episodes.unfinished()[0].id)[0]
        early = 0
        for number in range(captures):
            image = samples.image(_USUAL_BYTES)
            vault.captures.save(samples.capture(lesion, image), image)
            vault.settle()
            if number == captures // 10:
                early = _resident_bytes()
        late = _resident_bytes()
    return {
        "captures": captures,
        "rss_mib": round(late / 2**20, 1),
        "rss_growth_percent": round((late / early - 1) * 100, 1),
    }


def _resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _timed(job: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    result = job()
    return round((time.perf_counter() - began) * 1000, 1), result
