"""A planted patient searched for in raw bytes, on a real file system where root may mount one.

While the episode is there nothing of it may be in the clear; after its wipe neither its pixels,
its package nor its key may be found, not even with the destroyed index key in hand.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security.slots import IndexKeys
from dermstation.vault.store import Vault
from dermstation.workflow import wiping
from tests.faults import scenarios
from tests.faults.children import in_child

_IMAGE_MB = 48
_MAKERS = {"ext4": ["mkfs.ext4", "-q", "-F"], "fat32": ["mkfs.vfat"], "ntfs": ["mkfs.ntfs", "-FqQ"]}
_TYPES = {"fat32": "vfat", "ntfs": "ntfs3"}


def run(root: Path) -> tuple[int, list[str], dict[str, Any]]:
    """Plant, wipe and search on each file system there is; else in the folder alone."""
    tried, bad, where = 0, [], []
    for kind in _MAKERS:
        with _mounted(root, kind) as place:
            if place is None:
                continue
            mount, device = place
            where.append(kind)
            tried, bad = _search(mount, device, tried, bad, kind)
    if not where:
        where.append("folder")
        folder = root / "folder"
        folder.mkdir()
        tried, bad = _search(folder, None, tried, bad, "folder")
    return tried, bad, {"searched": where}


def _search(
    mount: Path, device: Path | None, tried: int, bad: list[str], kind: str
) -> tuple[int, list[str]]:
    home = mount / "home"
    home.mkdir()
    made = in_child(lambda _: _plant(home))
    if made.value is None:
        return tried + 1, [*bad, f"{kind}: {made.bug or made.refused}"]
    needles = {name: bytes.fromhex(value) for name, value in made.value.items()}
    old_index_key = needles.pop("index key")
    at_rest = {name: one for name, one in needles.items() if not name.startswith("package")}
    bad = bad + [f"{kind}, before: {one}" for one in _found(mount, device, at_rest)]
    wiped = in_child(lambda _: _wipe(home))
    if wiped.value is not True:
        bad = [*bad, f"{kind}: {wiped.bug or wiped.refused}"]
    # the package was in the clear; whether its blocks were overwritten is the file system's word
    wanted = needles if device is None or kind == "ext4" else at_rest
    bad += [f"{kind}, after: {one}" for one in _found(mount, device, wanted)]
    opened = in_child(lambda _: _opens(home, old_index_key))
    if opened.value:
        bad.append(f"{kind}: the destroyed index key opens the index")
    return tried + 2 * len(needles) + 1, bad


def _plant(home: Path) -> dict[str, str]:
    """Take an episode through to its package; return what must never be found, as hex."""
    scenarios._prepare_wipe(home)
    with scenarios._open(home) as vault:
        episode = vault.episodes.get(str(scenarios._facts(home)["episode"]))
        patient = vault.patients.get(episode.patient_id)
        captures = vault.captures.of_episode(episode.id)
        images = [vault.captures.image(one.id) for one in captures]
        (package,) = vault.packages.of_episode(episode.id)
        packaged = [(Path(package.folder) / one.name).read_bytes() for one in package.files]
        needles = {
            "family name": patient.family_name.encode(),
            "NHS number": patient.nhs_number.digits.encode(),
            "NHS number as shown": str(patient.nhs_number).encode(),
            "episode key": bytes(vault.episodes.place(episode.id).key),
            "index key": bytes(vault._database.key),
        }
        for number, image in enumerate(images):
            needles[f"pixels {number}"] = image[len(image) // 2 :][:64]
        for number, content in enumerate(packaged):
            needles[f"package file {number}"] = content[len(content) // 2 :][:64]
    return {name: value.hex() for name, value in needles.items()}


def _wipe(home: Path) -> bool:
    with scenarios._open(home) as vault:
        episode_id = str(scenarios._facts(home)["episode"])
        return wiping.hand_over(
            vault, scenarios.ADMIN, episode_id, in_record=True, in_ers=True
        ).complete


def _opens(home: Path, key: bytes) -> bool:
    try:
        Vault.open(home / "vault", IndexKeys(bytearray(key))).close()
    except StationError as error:
        return error.code is not ErrorCode.VAULT_DAMAGED
    return True


def _found(mount: Path, device: Path | None, needles: dict[str, bytes]) -> list[str]:
    if device is not None:
        os.sync()
        content = [device.read_bytes()]
    else:
        content = [path.read_bytes() for path in mount.rglob("*") if path.is_file()]
    # the made-up package in the clear names the patient: it is left out by its own needles
    return [name for name, one in needles.items() if any(one in raw for raw in content)]


@contextmanager
def _mounted(root: Path, kind: str) -> Iterator[tuple[Path, Path] | None]:
    maker, *options = _MAKERS[kind]
    if os.geteuid() != 0 or shutil.which(maker) is None:
        yield None
        return
    device, mount = root / f"{kind}.img", root / kind
    mount.mkdir()
    with device.open("wb") as file:
        file.truncate(_IMAGE_MB << 20)
    made = subprocess.run([maker, *options, str(device)], capture_output=True, check=False)
    command = ["mount", "-o", "loop", "-t", _TYPES.get(kind, kind), str(device), str(mount)]
    if made.returncode or subprocess.run(command, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield mount, device
    finally:
        subprocess.run(["umount", str(mount)], check=True)
