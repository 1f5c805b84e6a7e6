"""One station of the soak of the archive: a vault of its own, sent until all of it is wiped.

    python -m benchmarks.soak._archive_station FOLDER EPISODES ADDRESS CA_FILE

It may be killed at any moment and started again with the same words. What it wiped is in the file
`wiped` of its folder: a line of UID and pixel hash for each object, written before the wipe.
"""

import json
import os
import random
import sys
import time
from dataclasses import replace
from pathlib import Path
from time import perf_counter_ns

import numpy as np
import pytest

from dermstation.camera.frames import Encoding, Frame
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, Role, now
from dermstation.domain.routes import Route
from dermstation.domain.shots import STANDARD_SHOTS
from dermstation.security import accounts
from dermstation.security.kdf import KdfParameters
from dermstation.security.recovery import new_recovery_key
from dermstation.settings import Settings
from dermstation.vault.setup import is_set_up, set_up
from dermstation.vault.store import Vault
from dermstation.workflow import archiving, capturing, episodes, packaging, reviewing, wiping
from dermstation.workflow.archive_standing import standing_of
from dermstation.workflow.package_choice import practice_of
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.wiping import Resumed
from tests.archive.orthanc import TokenKeystore
from tests.unit.workflow.conftest import an_episode

OPERATOR = Operator("a" * 32, "Test Doctor", Role.CLINICIAN)
PASSPHRASE = "four plain words here"  # noqa: S105 - of a test
WIDTH, HEIGHT = 480, 360  # half a megabyte as plain pixels
_CHEAP = KdfParameters(memory_kib=64, passes=1, lanes=1)
_OFTEN = 0.2  # of the rounds: a wipe before the proof is tried


def main(folder: Path, count: int, address: str, ca_file: str) -> int:
    """Fill the vault once, wait for the word, and send until nothing is left."""
    settings = Settings(
        archive_address=address,
        archive_ca_file=ca_file,
        archive_wait_seconds=5,
        dermatoscope_manufacturer="Test Maker",
        dermatoscope_model="Test Scope",
        dermatoscope_serial="TS-1",
    )
    if not (folder / "filled").exists():
        _fill(folder, count, settings)
    while not (folder.parent / "go").exists():
        time.sleep(0.05)  # waits for the other stations
    keys = accounts.unlock_with_secret(folder / "vault", OPERATOR.id, PASSPHRASE, keystore=None)
    with Vault.open(folder / "vault", keys) as vault:
        wiping.resume(vault)
        _send_all(vault, settings, folder)
    return 0


def _fill(folder: Path, count: int, settings: Settings) -> None:
    place = folder / "vault"
    folder.mkdir(parents=True, exist_ok=True)
    assert not is_set_up(place)
    vault, _ = set_up(
        place, OPERATOR, PASSPHRASE, keystore=None, recovery=new_recovery_key(), kdf=_CHEAP
    )
    packages = folder / "packages"
    packages.mkdir()
    with vault:
        for number in range(count):
            _packed(SignedIn(vault, OPERATOR, Resumed()), packages, settings, number)
    (folder / "filled").touch()


def _packed(signed_in: SignedIn, packages: Path, settings: Settings, number: int) -> None:
    vault, view = signed_in.vault, an_episode(signed_in)
    for shot in STANDARD_SHOTS:
        rng = np.random.default_rng((os.getpid(), number, len(shot.value)))
        pixels = rng.integers(60, 200, (HEIGHT, WIDTH, 3), dtype=np.uint8)
        frame = Frame(1, perf_counter_ns(), Encoding.BGR, WIDTH, HEIGHT, pixels)
        held = capturing.hold(frame, shot, "Simulated dermatoscope")
        capturing.save(vault, held, view.lesions[0], OPERATOR, "Test picture")
    episode_id = view.episode.id
    route = Route.RECORD_ONLY
    episodes.save_summary(vault, episode_id, histories={}, question="", route=route)
    episodes.finish_pictures(vault, episode_id)
    reviewing.review(vault, OPERATOR, episode_id)
    packaging.make_package(vault, OPERATOR, episode_id, packages, practice_of(settings, packages))


def _send_all(vault: Vault, settings: Settings, folder: Path) -> None:
    practice = practice_of(settings, folder)
    host = archiving.host_in(settings)
    for one in vault.episodes.unfinished():
        if standing_of(vault, one.id) is None:
            archiving.queue(vault, OPERATOR, one.id, practice)
    while left := vault.episodes.unfinished():
        vault.outgoing.put(_due(vault))
        load = archiving.take(vault, OPERATOR, practice, now())
        if load is not None:
            if random.random() < _OFTEN:  # noqa: S311 - no secret
                _refused(vault, load.episode_id)
            done = archiving.delivered(settings, TokenKeystore(), load)
            archiving.note(vault, load, done, host, now())
            if any(one.trouble for one in done):
                _note(folder / "troubles", *(one.trouble.code for one in done if one.trouble))
                time.sleep(0.1)
        for one in left:
            standing = standing_of(vault, one.id)
            if standing is not None and standing.is_proven:
                _hand_over(vault, one.id, folder)


def _due(vault: Vault) -> list[archiving.Outgoing]:
    """Return what waits for its next try, as if that had come."""
    waiting = (one for one in vault.outgoing.all() if one.next_try_at is not None)
    return [replace(one, next_try_at=None) for one in waiting]


def _refused(vault: Vault, episode_id: str) -> None:
    with pytest.raises(StationError) as refusal:
        wiping.hand_over(vault, OPERATOR, episode_id, in_record=True, in_ers=False)
    assert refusal.value.code is ErrorCode.ARCHIVE_NOT_PROVEN


def _hand_over(vault: Vault, episode_id: str, folder: Path) -> None:
    rows = vault.outgoing.of_episode(episode_id)
    _note(folder / "wiped", *(f"{row.instance_uid} {row.pixels_sha256}" for row in rows))
    found = wiping.hand_over(vault, OPERATOR, episode_id, in_record=True, in_ers=False)
    assert found.hand_over is not None
    proof = found.hand_over.archived
    assert proof is not None
    assert proof.objects == len(rows)


def _note(file: Path, *lines: str) -> None:
    with file.open("a", encoding="utf-8") as noted:
        noted.write("".join(f"{line}\n" for line in lines))
        noted.flush()
        os.fsync(noted.fileno())


if __name__ == "__main__":
    place, episodes_of_it, archive, authority = sys.argv[1:]
    try:
        sys.exit(main(Path(place), int(episodes_of_it), archive, authority))
    except StationError as trouble:
        print(json.dumps({"trouble": trouble.code.value}), file=sys.stderr)
        sys.exit(1)
