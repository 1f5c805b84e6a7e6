"""Pipes, links, folders, sockets and nonsense in the place of the vault's own files.

Opening must neither hang nor end in a bug: it opens, or is refused in words. Nothing beyond the
folder is touched, and with the file put back every capture is there.
"""

import os
import random
import shutil
import signal
import socket
from collections.abc import Callable
from pathlib import Path

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import StationError
from dermstation.security.accounts import unlock_with_recovery
from dermstation.vault.store import Vault
from dermstation.workflow.unlocking import record_opening
from tests.faults import of_episodes, scene
from tests.faults.children import in_child

_HANGS_AFTER_S = 120  # no verdict on speed: only what waits for ever gets there
_DEEP = b"[" * 100_000


def run(
    root: Path, tries: int, *, has: Callable[[int], bool] = lambda _: True
) -> tuple[int, list[str], dict[str, object]]:
    """Replace one file of a vault by something odd, so many times."""
    chance = random.Random(tries)
    base = root / "base"
    base.mkdir(parents=True)
    made = in_child(lambda _: of_episodes.prepare_capture(base))
    if made.bug or made.refused:
        return 0, [made.bug or made.refused], {}
    names = sorted(
        one.relative_to(base).as_posix() for one in (base / "vault").rglob("*") if one.is_file()
    )
    names += [f"{one}-journal" for one in names if one.endswith(".db")]
    bad: list[str] = []
    outcomes: dict[str, int] = {}
    tried = 0
    for at in range(tries):
        name, kind = chance.choice(names), chance.choice(sorted(KINDS))
        if not has(at):
            continue
        tried += 1
        home = root / "home"
        shutil.copytree(base, home)
        found = in_child(lambda _, home=home, name=name, kind=kind: _try(home, name, kind))
        shutil.rmtree(home)
        said, faults = found.value or ("", [])
        outcomes[said] = outcomes.get(said, 0) + 1
        faults = [*faults, found.refused, (found.bug.splitlines() or [""])[-1]]
        bad += [f"{kind} as {name}: {one}" for one in faults if one]
    return tried, bad, {"outcomes": outcomes}


def _try(home: Path, name: str, kind: str) -> tuple[str, list[str]]:
    signal.alarm(_HANGS_AFTER_S)
    path, victim = home / name, home / "somebody's file"
    victim.write_bytes(b"somebody's own")
    was = path.read_bytes() if path.exists() else None
    path.unlink(missing_ok=True)
    KINDS[kind](path, victim)
    before = path.lstat()
    said = "opened"
    try:
        _open_and_close(home)
    except StationError as error:
        said = error.code.value
    faults = []
    if victim.read_bytes() != b"somebody's own":
        faults.append("somebody's file was written to")
    _put_back(path, before, was)
    with scene.open_vault(home) as vault:
        expected = dict(scene.facts_of(home)["captures"])
        known = scene.hashes(vault)
        faults += [f"capture {one} is lost" for one in expected if known.get(one) != expected[one]]
        for one in known:
            vault.captures.image(one)
    return said, faults


def _open_and_close(home: Path) -> None:
    folder = home / "vault"
    with Vault.open(folder, unlock_with_recovery(folder, scene.recovery_of(home))) as vault:
        record_opening(vault, folder, scene.ADMIN.id, AuditEvent.SIGNED_IN)


def _put_back(path: Path, before: os.stat_result, was: bytes | None) -> None:
    """Put the file back, unless the station has made it anew."""
    if os.path.lexists(path):
        if not os.path.samestat(path.lstat(), before):
            return
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    if was is not None:
        path.write_bytes(was)


def _socket(path: Path, _victim: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the address of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


KINDS: dict[str, Callable[[Path, Path], object]] = {
    "a pipe": lambda path, _: os.mkfifo(path),
    "a folder": lambda path, _: path.mkdir(),
    "a loop of links": lambda path, _: path.symlink_to(path),
    "a link": lambda path, victim: path.symlink_to(victim),
    "a link to nothing": lambda path, victim: path.symlink_to(victim.with_name("nothing")),
    "a device": lambda path, _: path.symlink_to("/dev/zero"),
    "a socket": _socket,
    "nothing": lambda path, _: path.touch(),
    "nested text": lambda path, _: path.write_bytes(_DEEP),
}
