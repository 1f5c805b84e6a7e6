"""Files of earlier states and of another vault, put back over the newest ones: none is destroyed.

Each try copies a subset of key files, index, episode files, files set aside and backups over the
newest vault, opens it by every key that may fit, and works on. Then the genuine files that the try
itself replaced are put back, and every capture that was ever acknowledged must be there.
"""

import hashlib
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dermstation.domain.audit import AuditEvent
from dermstation.domain.errors import StationError
from dermstation.domain.states import EpisodeEvent
from dermstation.security import accounts
from dermstation.security.recovery import parse_recovery_key
from dermstation.vault.backup import Backup, remove_old_backups
from dermstation.vault.episode_files import file_id_of
from dermstation.vault.originals import Originals
from dermstation.vault.store import Vault
from dermstation.vault.wiping import Wiping
from dermstation.workflow import wiping
from dermstation.workflow.unlocking import record_opening
from tests.faults import scene
from tests.faults.children import in_child
from tests.unit.vault.conftest import Samples

UNITS: dict[str, tuple[str, ...]] = {
    "keys.a": ("vault/keys.a",),
    "keys.b": ("vault/keys.b",),
    "index": ("vault/vault.db", "vault/vault.db-journal", "vault/index.shape"),
    "episode files": ("vault/episodes/*",),
    "aside": ("vault/aside/*",),
    "backup": ("share/*",),
}
_OF_THE_NEWEST = ("keys.a", "keys.b", "index")
_OTHER = "another vault"
_WRONG_SECRET = "four words nobody chose"


@dataclass
class Try:
    """One try: the folder, and the genuine files that it replaced or removed."""

    home: Path
    newest: Path
    replaced: set[Path] = field(default_factory=set)

    def put_back(self, source: Path, units: list[str], chance: random.Random) -> None:
        """Copy a subset of a state's files over those of the home, as a person would."""
        is_mirror = chance.random() < 0.2  # what the copy does not have is removed
        for unit in units:
            found = [*_files_of(source, unit)]
            if unit == "episode files" and found and chance.random() < 0.5:
                some = chance.sample(found, chance.randint(1, len(found)))
                found = [one for one in found if _file_id(one) in set(map(_file_id, some))]
            if is_mirror:
                for name in {*_files_of(self.home, unit)} - {*found}:
                    (self.home / name).unlink()
                    self.replaced.add(name)
            for name in found:
                target = self.home / name
                target.parent.mkdir(exist_ok=True)
                shutil.copyfile(source / name, target)
                self.replaced.add(name)

    def undo(self) -> None:
        """Put back the newest key files and index, and every other file that the try replaced.

        An episode's file goes back to its place wherever the try found it.
        """
        ids = {_file_id(name) for name in self.replaced}
        for unit in UNITS:
            for name in _files_of(self.newest, unit):
                if unit in _OF_THE_NEWEST or name in self.replaced or _file_id(name) in ids:
                    (self.home / name).parent.mkdir(exist_ok=True)
                    shutil.copyfile(self.newest / name, self.home / name)


def run(
    root: Path, count: int, *, has: Callable[[int], bool]
) -> tuple[int, list[str], dict[str, Any]]:
    """Make `count` tries; return how many this process did, the bad ones, and what happened."""
    states, home = root / "states", root / "home"
    states.mkdir()
    made = in_child(lambda _: _prepare(home, states))
    if made.bug or made.refused:
        return 1, [made.bug or made.refused], {}
    newest = states / str(made.value)
    sources = sorted(path for path in states.iterdir() if path != newest)
    bad: list[str] = []
    outcomes: dict[str, int] = {}
    mine = [number for number in range(count) if has(number)]
    for number in mine:
        chance = random.Random(number)
        shutil.copytree(newest, home)
        this = Try(home, newest)
        told = []
        for _ in range(chance.choice((1, 1, 2))):
            source = chance.choice(sources)
            units = _some_units(chance)
            this.put_back(source, units, chance)
            told.append(f"{source.name}: {', '.join(units)}")
            worked = in_child(lambda _, seed=number: _work(home, seed))
            bad += [f"{number} {told}: {fault}" for fault in _faults(worked)]
            for outcome in (worked.value or {}).get("outcomes", ()):
                outcomes[outcome] = outcomes.get(outcome, 0) + 1
        this.undo()
        checked = in_child(lambda _: _lost(home, states / _OTHER))
        faults = [checked.bug.splitlines()[-1]] if checked.bug else []
        faults += [f"refused: {checked.refused}"] if checked.refused else []
        bad += [f"{number} {told}: {fault}" for fault in (*faults, *(checked.value or ()))]
        shutil.rmtree(home)
    return len(mine), bad, {"noticed": outcomes}


def _some_units(chance: random.Random) -> list[str]:
    """Choose any subset; in half of the tries with all that opens, which is the dangerous one."""
    together = _OF_THE_NEWEST if chance.random() < 0.5 else ()
    return [one for one in UNITS if one in together or chance.random() < 0.5] or ["index"]


def _files_of(home: Path, unit: str) -> Iterator[Path]:
    for pattern in UNITS[unit]:
        for path in sorted(home.glob(pattern)):
            if path.is_file():
                yield path.relative_to(home)


def _file_id(name: Path) -> str:
    """A file and its journal are one thing: SQLite itself would mix up those of two moments."""
    return file_id_of(name.name.partition(".")[0])


def _faults(worked: Any) -> list[str]:
    if worked.bug:
        return [worked.bug.splitlines()[-1]]
    return list((worked.value or {}).get("faults", ()))


# the history


class _History:
    """The states of a vault, each copied whole, also in the middle of a cover and of a wipe."""

    def __init__(self, home: Path, states: Path) -> None:
        self.home, self.states, self.number = home, states, 0

    def keep(self, name: str = "") -> None:
        self.number += 1
        shutil.copytree(self.home, self.states / f"{self.number:02d} {name}".strip())

    def keeping_before(self, owner: type, name: str) -> Any:
        """Return a method that keeps the state in the middle of what it is part of."""
        method = getattr(owner, name)

        def kept(this: Any, *arguments: Any) -> Any:
            self.keep(f"before {name}")
            return method(this, *arguments)

        setattr(owner, name, kept)


def _prepare(home: Path, states: Path) -> str:
    samples = Samples()
    other = home.with_name("other")
    for made in (home, other):
        (made / "share").mkdir(parents=True)
    with scene.new_vault(other) as vault:
        samples.fill(vault, which=3)
        _back_up(vault, home / "share")  # one folder for the backups of two stations
        (theirs,) = vault._files.file_ids()
        scene.note(other, captures=scene.hashes(vault))
    history = _History(home, states)
    history.keeping_before(Originals, "_commit")
    history.keeping_before(Wiping, "remove_episode_file")
    with scene.new_vault(home) as vault:
        _, _, lesion, _ = samples.fill(vault, which=0, captures=0)
    history.keep()
    with scene.open_vault(home) as vault:
        _save(vault, lesion)
    history.keep()
    with scene.open_vault(home) as vault:
        _, covered, _, _ = samples.fill(vault, which=1, captures=3)
        _save(vault, lesion)
        _back_up(vault, home / "share")
    history.keep()
    with scene.open_vault(home) as vault:
        vault.rotate_index_key()
        _, gone, _, _ = samples.fill(vault, which=2)
        vault.episodes.change_state(gone.id, EpisodeEvent.ABANDONED)
    history.keep()
    with scene.open_vault(home) as vault:
        origin = vault.captures.of_episode(covered.id)[0]
        vault.originals.wipe(covered.id, {origin.id}, by="op")
        vault.withdrawals.remove_files()
        vault.rotate_index_key()
    history.keep()
    with scene.open_vault(home) as vault:
        vault.wiping.begin(gone.id, wiped_by="op", hand_over=None, reason="abandoned")
        wiping.resume(vault)
        _back_up(vault, home / "share")
    for side in ("", "-journal"):
        name = f"{theirs}.db{side}"
        shutil.copyfile(other / "vault/episodes" / name, home / "vault/episodes" / name)
    history.keep()
    with scene.open_vault(home) as vault:
        _save(vault, lesion)
        _, _, last, _ = samples.fill(vault, which=3, captures=0)
        _save(vault, last)
        captures = {
            one: digest
            for one, digest in scene.hashes(vault).items()
            if vault.captures.get(one).wiped_at is None
        }
    shutil.copyfile(other / "recovery", home / "recovery.other")
    scene.note(home, captures=captures)
    history.keep("newest")
    shutil.rmtree(home)
    other.rename(states / _OTHER)
    return f"{history.number:02d} newest"


def _save(vault: Vault, lesion: Any) -> tuple[str, str]:
    image = Samples().image()
    capture = Samples().capture(lesion, image)
    vault.captures.save(capture, image)
    return capture.id, capture.sha256


def _back_up(vault: Vault, folder: Path) -> Path:
    return folder / Backup(vault, folder).finish()


# what the station does with what it finds


def _work(home: Path, seed: int) -> dict[str, list[str]]:
    """Open the vault by every key that fits, go on with it, and check what it calls saved."""
    chance = random.Random(seed)
    faults: list[str] = []
    outcomes: list[str] = []
    folder = home / "vault"
    if chance.random() < 0.3:
        with suppress(StationError, LookupError):
            accounts.unlock_with_secret(folder, scene.ADMIN.id, _WRONG_SECRET, keystore=None)
    for words in ("recovery", "recovery.other"):
        try:
            saved = _go_on(home, words, chance)
            faults += _unread(home, words, saved)
            outcomes.append("opened")
        except StationError as error:
            outcomes.append(error.code.value)
    return {"faults": faults, "outcomes": outcomes}


def _opened(home: Path, words: str) -> Vault:
    folder = home / "vault"
    for path in folder.glob("tries.*"):  # a wait after wrong tries is not what is tried here
        path.unlink()
    keys = accounts.unlock_with_recovery(folder, parse_recovery_key((home / words).read_text()))
    return Vault.open(folder, keys)


def _go_on(home: Path, words: str, chance: random.Random) -> dict[str, str]:
    saved = {}
    with _opened(home, words) as vault:
        record_opening(vault, home / "vault", scene.ADMIN.id, AuditEvent.SIGNED_IN)
        wiping.resume(vault)
        for episode in vault.episodes.unfinished():
            for lesion in vault.lesions.of_episode(episode.id):
                with suppress(StationError):  # its file may be missing: that is said
                    capture_id, digest = _save(vault, lesion)
                    saved[capture_id] = digest
        if chance.random() < 0.5:
            remove_old_backups(_back_up(vault, home / "share"), vault.id, keep=1)
        if chance.random() < 0.3:
            vault.rotate_index_key()
    return saved


def _unread(home: Path, words: str, saved: Any) -> list[str]:
    with _opened(home, words) as vault:
        return [f"capture {one}: {why}" for one, why in _unreadable(vault, saved)]


def _unreadable(vault: Vault, captures: dict[str, str]) -> Iterator[tuple[str, str]]:
    for capture_id, digest in captures.items():
        try:
            if hashlib.sha256(vault.captures.image(capture_id)).hexdigest() != digest:
                yield capture_id, "changed"
        except (StationError, LookupError) as error:
            yield capture_id, repr(error)


def _lost(home: Path, other: Path) -> list[str]:
    """Return the captures that are lost although the newest key files and index are back.

    The other vault's file among them is looked for too, with that vault's key files and index.
    """
    lost = _unread(home, "recovery", scene.facts_of(home)["captures"])
    for unit in _OF_THE_NEWEST:
        for name in _files_of(other, unit):
            shutil.copyfile(other / name, home / name)
    theirs = _unread(home, "recovery.other", scene.facts_of(other)["captures"])
    if not [*(home / "share").glob("*.dermbackup")]:
        lost.append("lost every backup")
    return lost + [f"of the other vault, {one}" for one in theirs]
