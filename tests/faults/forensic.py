"""A planted patient searched for in raw bytes, on a real file system where root may mount one.

While the episode is there nothing of it may be in the clear; after its wipe neither its pixels,
its package nor its key may be found, not even with the destroyed index key in hand, and photorec,
which found the package before, finds no picture and no PDF any more.

NTFS is mounted by the kernel where it knows it, else by ntfs-3g; FAT32 by the kernel alone, as
fusefat refuses a write that begins beyond a file's end, which every database makes.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security.slots import IndexKeys
from dermstation.vault.store import Vault
from dermstation.workflow import wiping
from tests.faults import of_episodes, scene
from tests.faults.children import in_child

_IMAGE_MB = 64  # FAT32 wants some
_MAKERS = {
    "ext4": ["mkfs.ext4", "-q", "-F"],
    "fat32": ["mkfs.vfat", "-F", "32"],
    "ntfs": ["mkfs.ntfs", "-FqQ"],
}
_MOUNTS = {
    "ext4": [["mount", "-o", "loop", "-t", "ext4"]],
    "fat32": [["mount", "-o", "loop", "-t", "vfat"]],
    "ntfs": [["mount", "-o", "loop", "-t", "ntfs3"], ["ntfs-3g"]],
}
_ASK_PHOTOREC = (
    "partition_none,options,keep_corrupted_file,fileopt,everything,disable,"
    "jpg,enable,png,enable,pdf,enable,wholespace,search"
)


def run(root: Path) -> tuple[int, list[str], dict[str, Any]]:
    """Plant, wipe and search on each file system there is; else in the folder alone."""
    tried, bad, where, not_here = 0, [], {}, []
    for kind in _MAKERS:
        with _mounted(root, kind) as place:
            if place is None:
                not_here.append(kind)
                continue
            mount, device, how = place
            count, faults, recovered = _search(mount, device, kind)
        tried, bad = tried + count, bad + faults
        where[kind] = {"mounted by": how, "photorec before and after the wipe": recovered}
    if not where:
        folder = root / "folder"
        folder.mkdir()
        tried, bad, _ = _search(folder, None, "folder")
    return tried, bad, {"searched": where, "not here": not_here}


def _search(mount: Path, device: Path | None, kind: str) -> tuple[int, list[str], list[int | None]]:
    """Plant, search, wipe, search; return the count, what was found, and photorec's two counts."""
    home = mount / "home"
    home.mkdir()
    made = in_child(lambda _: _plant(home))
    if made.value is None:
        return 1, [f"{kind}: {made.bug or made.refused}"], []
    needles = {name: bytes.fromhex(value) for name, value in made.value.items()}
    old_index_key = needles.pop("index key")
    at_rest = {name: one for name, one in needles.items() if not name.startswith("package")}
    bad = [f"{kind}, before: {one}" for one in _found(mount, device, at_rest)]
    before = _recovered(device)
    if before == 0:
        bad.append(f"{kind}: photorec does not see the package, and so proves nothing")
    wiped = in_child(lambda _: _wipe(home))
    if wiped.value is not True:
        bad.append(f"{kind}: {wiped.bug or wiped.refused}")
    bad += [f"{kind}, after: {one}" for one in _found(mount, device, needles)]
    after = _recovered(device)
    if after:
        bad.append(f"{kind}: photorec recovers {after} files after the wipe")
    opened = in_child(lambda _: _opens(home, old_index_key))
    if opened.value:
        bad.append(f"{kind}: the destroyed index key opens the index")
    return 2 * len(needles) + 1, bad, [before, after]


def _recovered(device: Path | None) -> int | None:
    """Count the pictures and PDFs that photorec finds on a device; None where there is none."""
    if device is None or shutil.which("photorec") is None:
        return None
    os.sync()
    with tempfile.TemporaryDirectory() as made:
        command = ["photorec", "/d", f"{made}/found", "/cmd", str(device), _ASK_PHOTOREC]
        subprocess.run(
            command, cwd=made, stdin=subprocess.DEVNULL, capture_output=True, check=True,
            env=os.environ | {"TERM": "xterm"},
        )  # fmt: skip
        return sum(one.suffix in {".jpg", ".png", ".pdf"} for one in Path(made).rglob("*"))


def _plant(home: Path) -> dict[str, str]:
    """Take an episode through to its package; return what must never be found, as hex."""
    of_episodes.prepare_wipe(home)
    with scene.open_vault(home) as vault:
        episode = vault.episodes.get(str(scene.facts_of(home)["episode"]))
        patient = vault.patients.get(episode.patient_id)
        captures = vault.captures.of_episode(episode.id)
        images = [vault.captures.image(one.id) for one in captures]
        (package,) = vault.packages.verified((episode.id,))
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
    with scene.open_vault(home) as vault:
        episode_id = str(scene.facts_of(home)["episode"])
        return wiping.hand_over(
            vault, scene.ADMIN, episode_id, in_record=True, in_ers=True
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
def _mounted(root: Path, kind: str) -> Iterator[tuple[Path, Path, str] | None]:
    """Give the mount, the image behind it, and what mounted it; None where nothing does."""
    maker, *options = _MAKERS[kind]
    if os.geteuid() != 0 or shutil.which(maker) is None:
        yield None
        return
    device, mount = root / f"{kind}.img", root / kind
    mount.mkdir()
    with device.open("wb") as file:
        file.truncate(_IMAGE_MB << 20)
    subprocess.run([maker, *options, str(device)], capture_output=True, check=True)
    ways = [way for way in _MOUNTS[kind] if shutil.which(way[0])]
    for way in ways:
        command = [*way, str(device), str(mount)]
        # a FUSE daemon stays, and would keep a pipe open
        done = subprocess.run(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
        )
        if done.returncode == 0 and mount.is_mount():
            break
    else:
        yield None
        return
    try:
        yield mount, device, way[0]
    finally:
        subprocess.run(["umount", str(mount)], check=True)
