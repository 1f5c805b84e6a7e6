"""Search raw bytes for a planted patient, on a real file system if root may mount one.

While the episode exists, no part of it may be unencrypted. After its wipe neither its pixels, its
package nor its key may be found, not even with the destroyed index key, and photorec, which found
the package before, must no longer find a picture or PDF.

NTFS is mounted by the kernel if it can, else by ntfs-3g. FAT32 is mounted only by the kernel,
because fusefat refuses a write that begins beyond the end of a file, and every database makes such
writes.
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

_IMAGE_MB = 64  # FAT32 needs this much
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
    """Plant, wipe and search on each available file system, or else in a plain folder."""
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
    """Plant, search, wipe and search; return the count, the findings and photorec's two counts."""
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
        bad.append(f"{kind}: photorec does not find the package, so it proves nothing")
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
    """Return the number of pictures and PDFs that photorec finds, or None if it cannot be run."""
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
    """Take an episode as far as its package; return what must never be found, as hex."""
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
    # the unencrypted package names the patient, so a search at rest leaves out its needles
    return [name for name, one in needles.items() if any(one in raw for raw in content)]


@contextmanager
def _mounted(root: Path, kind: str) -> Iterator[tuple[Path, Path, str] | None]:
    """Yield the mount, the image behind it and what mounted it, or None if nothing can."""
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
        # a FUSE daemon keeps running and would keep a pipe open
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
