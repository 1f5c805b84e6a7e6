"""A removable disk of the kernel's making (scsi_debug): plugged in, pulled out, put in again."""

import os
import subprocess
from pathlib import Path

from tests.lab.waiting import until

_HOSTS = Path("/sys/bus/pseudo/drivers/scsi_debug/add_host")
_BLOCK = Path("/sys/class/block")
_MAKE = {"vfat": ("mkfs.vfat", "-I", "-n"), "exfat": ("mkfs.exfat", "-L")}
MOUNT = Path("/media/operator/EOS_DIGITAL")


class Disk:
    """One disk with a file system, at the place where a desktop would mount it."""

    def __init__(self, file_system: str) -> None:
        self._file_system = file_system
        before = _disks()
        _HOSTS.write_text("1")
        self._name = self._appeared(before)
        way = Path(f"/sys/block/{self._name}").resolve().parts
        self._host = next(part for part in way if part.startswith("host"))
        run(*_MAKE[file_system], "EOS_DIGITAL", self.device)
        settle()
        self.mount()

    @property
    def device(self) -> str:
        """Return the node of the disk."""
        return f"/dev/{self._name}"

    def mount(self, *options: str) -> None:
        """Mount the disk."""
        MOUNT.mkdir(parents=True, exist_ok=True)
        run("mount", "-t", self._file_system, *options, self.device, str(MOUNT))

    def unmount(self) -> None:
        """Unmount whatever is mounted, be it pulled out or not."""
        while os.path.ismount(MOUNT):
            run("umount", "-l", str(MOUNT))

    def remount(self, option: str) -> None:
        """Change how the disk is mounted."""
        run("mount", "-o", f"remount,{option}", str(MOUNT))

    def pull(self, *, cold: bool) -> None:
        """Take the disk out; `cold` also takes what the kernel had read of it from memory."""
        Path(f"/sys/block/{self._name}/device/delete").write_text("1")
        if cold:
            forget()

    def put_in_again(self) -> None:
        """Put the same disk in again, and mount it where it was."""
        self.unmount()
        before = _disks()
        scan = Path(f"/sys/class/scsi_host/{self._host}/scan")
        scan.write_text("- - -")
        self._name = self._appeared(before)
        settle()
        self.mount()

    def discard(self) -> None:
        """Take the disk out for good."""
        self.unmount()
        _HOSTS.write_text("-1")
        until(lambda: self._name not in _disks(), "the disk to go")

    @staticmethod
    def _appeared(before: set[str]) -> str:
        until(lambda: bool(_disks() - before), "a new disk")
        (name,) = _disks() - before
        until(lambda: Path(f"/dev/{name}").exists(), "the disk's node")
        settle()
        return name


def forget() -> None:
    """Make the kernel forget what it has read from disks and need not keep."""
    os.sync()
    Path("/proc/sys/vm/drop_caches").write_text("3")


def settle() -> None:
    """Wait until udev has done everything."""
    run("udevadm", "settle")


def run(*command: str) -> str:
    """Run a program and return what it prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _disks() -> set[str]:
    return {one.name for one in _BLOCK.iterdir() if one.name.startswith("sd")}
