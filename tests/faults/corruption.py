"""Every kind of damage to every kind of file is noticed, and damaged data never counts as whole."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dermstation.domain.errors import StationError
from dermstation.security.accounts import unlock_with_recovery
from dermstation.security.recovery import parse_recovery_key
from dermstation.vault.backup import Backup
from dermstation.vault.checking import check_vault
from dermstation.vault.restore import restore
from dermstation.vault.store import Vault
from tests.faults import scene
from tests.faults.children import in_child
from tests.unit.vault.conftest import Samples

PAGE = 4096


def run(
    root: Path, count: int, *, has: Callable[[int], bool]
) -> tuple[int, list[str], dict[str, Any]]:
    """Damage a vault `count` times; return the tries, the unnoticed ones, and counts by kind.

    `has` says which numbers belong to this process.
    """
    base, older = root / "base", root / "older"
    home = root / "home"
    made = in_child(lambda _: _prepare(home, base, older))
    if made.bug:
        return 1, [made.bug], {}
    bad: list[str] = []
    kinds: dict[str, dict[str, int]] = {}
    mine = [number for number in range(count) if has(number)]
    chance = random.Random(11 + mine[0])
    for number in mine:
        name, damage = _KINDS[number % len(_KINDS)]
        shutil.copytree(base, home)
        where = damage(home, older, chance)
        found = in_child(lambda _: _notice(home))
        if found.bug or not found.value:
            bad.append(f"{name} {where}: {found.bug.splitlines()[-1] if found.bug else 'unseen'}")
        noticed = found.value or "unseen"
        kinds.setdefault(name, {}).setdefault(noticed, 0)
        kinds[name][noticed] += 1
        shutil.rmtree(home)
    shutil.copytree(base, home)
    shutil.rmtree(home / "vault")
    back = in_child(lambda _: _restored(home))
    if back.value is not True:
        bad.append(f"the backup does not restore: {back.bug or back.refused}")
    return len(mine), bad, {"noticed": kinds}


def _prepare(home: Path, base: Path, older: Path) -> None:
    home.mkdir()
    (home / "share").mkdir()
    samples = Samples()
    with scene.new_vault(home) as vault:
        samples.fill(vault, which=0)
    shutil.copytree(home, older)
    with scene.open_vault(home) as vault:
        (episode,) = vault.episodes.unfinished()
        (lesion,) = vault.lesions.of_episode(episode.id)
        image = samples.image()
        vault.captures.save(samples.capture(lesion, image), image)
        samples.fill(vault, which=1)
        backup = Backup(vault, home / "share")
        while backup.step().path is None:
            pass
    home.rename(base)


def _notice(home: Path) -> str:
    """Open and check as `vault check` does; return what was reported, empty if all is well."""
    folder = home / "vault"
    try:
        keys = unlock_with_recovery(folder, parse_recovery_key((home / "recovery").read_text()))
        with Vault.open(folder, keys) as vault:
            report = check_vault(vault)
            if vault.rollback != "agrees":
                return str(vault.rollback)
            return "" if report.ok else "check"
    except StationError as error:
        return error.code.value


def _restored(home: Path) -> bool:
    (path,) = (home / "share").glob("*.dermbackup")
    recovery = parse_recovery_key((home / "recovery").read_text())
    with restore(path, home / "vault", recovery) as vault:
        return check_vault(vault).ok


def _a_file(home: Path, chance: random.Random) -> Path:
    """Choose an index, key or episode file; side files hold nothing important at rest."""
    vault = home / "vault"
    kind = chance.choice(("index", "keys", "episode"))
    if kind == "index":
        return vault / "vault.db"
    if kind == "keys":
        return vault / chance.choice(("keys.a", "keys.b"))
    return chance.choice(sorted((vault / "episodes").glob("*.db")))


def _flip(home: Path, _older: Path, chance: random.Random) -> str:
    path = _a_file(home, chance)
    content = bytearray(path.read_bytes())
    at = chance.randrange(len(content))
    content[at] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    return f"{path.suffix} at {at}"


def _cut(home: Path, _older: Path, chance: random.Random) -> str:
    path = _a_file(home, chance)
    content = path.read_bytes()
    kept = chance.randrange(len(content))
    path.write_bytes(content[:kept])
    return f"{path.suffix} to {kept}"


def _zero(home: Path, _older: Path, chance: random.Random) -> str:
    path = _a_file(home, chance)
    content = bytearray(path.read_bytes())
    page = chance.randrange(max(1, len(content) // PAGE)) * PAGE
    if not any(content[page : page + PAGE]):
        page = 0  # the padding of a key file is zeros already
    content[page : page + PAGE] = bytes(len(content[page : page + PAGE]))
    path.write_bytes(content)
    return f"{path.suffix} page at {page}"


def _swap(home: Path, _older: Path, chance: random.Random) -> str:
    path = _a_file(home, chance)
    content = bytearray(path.read_bytes())
    pages = len(content) // PAGE
    if pages < 3 or path.suffix != ".db":
        return _flip(home, _older, chance)
    one, other = chance.sample(range(1, pages), 2)
    a, b = one * PAGE, other * PAGE
    content[a : a + PAGE], content[b : b + PAGE] = content[b : b + PAGE], content[a : a + PAGE]
    path.write_bytes(content)
    return f"pages {one} and {other}"


def _missing(home: Path, _older: Path, chance: random.Random) -> str:
    path = _a_file(home, chance)
    path.unlink()
    return path.suffix


def _old_index(home: Path, older: Path, _chance: random.Random) -> str:
    for name in ("vault.db", "vault.db-journal"):
        shutil.copyfile(older / "vault" / name, home / "vault" / name)
    return "index"


def _old_keys(home: Path, older: Path, _chance: random.Random) -> str:
    for name in ("keys.a", "keys.b"):
        shutil.copyfile(older / "vault" / name, home / "vault" / name)
    return "key files"


def _old_episode(home: Path, older: Path, _chance: random.Random) -> str:
    (path,) = (older / "vault" / "episodes").glob("*.db")
    shutil.copyfile(path, home / "vault" / "episodes" / path.name)
    return "episode file"


def _swapped_files(home: Path, _older: Path, _chance: random.Random) -> str:
    one, other = sorted((home / "vault" / "episodes").glob("*.db"))
    between = one.with_suffix(".between")
    one.rename(between)
    other.rename(one)
    between.rename(other)
    return "episode files"


_KINDS: list[tuple[str, Callable[[Path, Path, random.Random], str]]] = [
    ("bit flipped", _flip),
    ("cut short", _cut),
    ("page of zeros", _zero),
    ("pages swapped", _swap),
    ("file missing", _missing),
    ("old index", _old_index),
    ("old key files", _old_keys),
    ("old episode file", _old_episode),
    ("episode files swapped", _swapped_files),
]
