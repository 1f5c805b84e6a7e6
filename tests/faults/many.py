"""Several programs at one vault: one gets it, the others are refused, and nothing is lost."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dermstation.domain.errors import StationError
from tests.faults import of_episodes, scene
from tests.faults.children import in_child
from tests.unit.vault.conftest import Samples

WRITERS = 3
_PATIENCE_S = 120.0


def run(root: Path, rounds: int) -> tuple[int, list[str], dict[str, Any]]:
    """Make three writers use one vault at the same time, for a number of rounds."""
    home = root / "home"
    home.mkdir()
    made = in_child(lambda _: of_episodes.prepare_capture(home))
    bad = [made.bug or made.refused] if made.bug or made.refused else []
    refused = 0
    acked: list[str] = []
    for number in range(rounds):
        results = _at_once([lambda ack: _write(home, ack)] * WRITERS)
        for outcome in results:
            acked += outcome["acked"]
            refused += outcome["refused"]
            if outcome["bug"]:
                bad.append(f"round {number}: {outcome['bug']}")
        found = in_child(lambda _, acked=tuple(acked): of_episodes.check_capture(home, list(acked)))
        faults = [*(found.value or []), found.bug, found.refused]
        bad += [f"round {number}: {one}" for one in faults if one]
    if refused == 0:
        bad.append("no writer was ever told that the vault is in use")
    return rounds, bad, {"told that it is in use": refused, "saved": len(acked)}


def _write(home: Path, ack: Callable[[str], None]) -> int:
    """Open the vault as soon as it is free and save one capture; return the number of refusals."""
    refusals = 0
    ends_at = time.monotonic() + _PATIENCE_S
    while True:
        try:
            vault = scene.open_vault(home)
        except StationError as error:
            if error.code.value != "vault_in_use" or time.monotonic() > ends_at:
                raise
            refusals += 1
            time.sleep(0.002)
            continue
        with vault:
            (episode,) = vault.episodes.unfinished()
            (lesion,) = vault.lesions.of_episode(episode.id)
            image = os.urandom(20_000)
            capture = Samples().capture(lesion, image)
            vault.captures.save(capture, image)
            ack(f"{capture.id} {capture.sha256}")
        return refusals


def _at_once(jobs: list[Callable[..., int]]) -> list[dict[str, Any]]:
    """Run each job in a separate child, all at the same time."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(len(jobs)) as pool:
        outcomes = list(pool.map(in_child, jobs))
    return [
        {"acked": one.acked, "refused": one.value or 0, "bug": one.bug or one.refused}
        for one in outcomes
    ]
