"""Try the installer out under wine, as an IT department would use it, and print one table.

Each step asks the system afterwards: the registry, the disk, the installed program itself. What
wine cannot show (Restart Manager, the roll-back, SmartScreen, access lists) is in
docs/windows-first-day.md.
"""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msi_package
from msi_product import LEAST_BUILD
from signing import STRANGER, Authority, is_signed_by_anyone, programs

from dermstation import __version__
from dermstation.machine_policy import INSTALLED_KEY
from dermstation.shared_home import KEY
from steps import Steps
from windows import ROOT, VARIABLES, Rig

BEFORE = "0.0.9"  # made of the same files, to upgrade from
VAULT = ROOT / "tests" / "vaults" / "index-3.zip"  # of an earlier version, an episode half-way
PICTURES = 2
UNFINISHED = 1
LISTED = "dermstation.cdx.json"
PRACTICE = "Example Surgery & Son"
ARCHIVE = "https://archive.example.invalid/dicom-web"
_INSTALLED = r"C:\Program Files\dermstation"
_DATA = r"C:\ProgramData\dermstation"
SECRET = rf"{_DATA}\words.txt"
_BUILD_KEY = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
_UNINSTALL = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
# A practice's PC need not have Microsoft's C++ runtime: the program must not find wine's.
_NO_RUNTIME = {
    "WINEDLLOVERRIDES": f"{VARIABLES['WINEDLLOVERRIDES']};msvcp140,vcruntime140,vcruntime140_1=n"
}
_REFUSED = {1603 & 0xFF, 1638 & 0xFF}  # as the rig sees the exit codes of Windows


@dataclass
class Trial:
    """A run of all steps: the rig, the authority, the installer, and the steps so far."""

    rig: Rig
    authority: Authority
    installer: Path
    steps: Steps = field(default_factory=Steps)

    def msiexec(self, words: str) -> int:
        """Run the installer of Windows; its quoting is that of a batch file."""
        batch, log = self.rig.out / "install.bat", self.rig.of_windows(self.rig.out / "msi.log")
        batch.write_text(f"@msiexec {words} /qn /l*v {log}\r\n@exit /b %errorlevel%\r\n")
        return self.rig.run("cmd", "/c", self.rig.of_windows(batch), timeout=1_800).returncode

    def program(self, *words: str) -> dict[str, Any]:
        """Run the installed program's console twin; return the JSON that it prints."""
        told = self.run("dermstation-cli.exe", *words)
        found: dict[str, Any] = json.loads(told[told.index("{") :])
        return found

    def run(self, name: str, *words: str) -> str:
        """Run an installed program; return what it prints."""
        file = rf"{_INSTALLED}\{name}"
        return self.rig.run(file, *words, timeout=3_600, variables=_NO_RUNTIME).stdout

    def registry(self, key: str) -> str:
        """Return what the registry holds below a key."""
        return self.rig.run("reg", "query", key, "/s").stdout

    def on_disk(self, place: str) -> Path:
        """Return where a path of the Windows drive is on this machine."""
        drive = self.rig.folder / "prefix" / "drive_c"
        return drive / place.removeprefix("C:\\").replace("\\", "/")

    def path(self, file: Path) -> str:
        """Return a file's path as Windows programs see it, quoted."""
        return f'"{self.rig.of_windows(file)}"'

    def other_version(self, version: str) -> Path:
        """Return an installer of the same files under another version, signed."""
        made = self.installer.with_name(f"dermstation-{version}-TEST.msi")
        msi_package.build(self.rig.folder / "dist" / "dermstation", made, version=version)
        self.authority.sign(made)
        return made


def try_out(rig: Rig, authority: Authority, installer: Path) -> int:
    """Run every step and return the exit status."""
    trial = Trial(rig, authority, installer)
    trial.msiexec(f"/x {trial.path(installer)}")  # of an earlier trial
    shutil.rmtree(trial.on_disk(_DATA), ignore_errors=True)
    tree = rig.folder / "dist" / "dermstation"
    trial.steps.run("every program and library signed", lambda: all_signed(tree))
    trial.steps.run("altered or signed by a stranger: refused", lambda: refused(trial))
    trial.steps.run("older Windows: refused", lambda: old_windows(trial))
    before = trial.other_version(BEFORE)
    trial.steps.run(f"install {BEFORE} silently", lambda: install(trial, before, tree))
    trial.steps.run("the list of parts is true", lambda: parts(trial))
    trial.steps.run("settings given to the installer hold", lambda: settings(trial))
    trial.steps.run("self-test of the installed program", lambda: selftest(trial))
    trial.steps.run("demo of the installed program", lambda: demo(trial))
    trial.steps.run("a vault with an episode half-way", lambda: vault(trial))
    trial.steps.run(f"upgrade to {__version__}", lambda: upgrade(trial, installer))
    trial.steps.run("settings are kept by the upgrade", lambda: settings(trial))
    trial.steps.run("the vault is there, and opens", lambda: vault_checked(trial))
    trial.steps.run("downgrade: refused", lambda: downgrade(trial, before))
    trial.steps.run("repair", lambda: repair(trial, installer))
    trial.steps.run("remove; the data stay", lambda: remove(trial, installer))
    trial.steps.run("install again; the vault opens", lambda: again(trial, installer))
    trial.steps.run("wipe the store on wish, and remove", lambda: wipe(trial, installer))
    return trial.steps.end()


def all_signed(tree: Path) -> tuple[bool, str]:
    found = programs(tree)
    unsigned = [one.name for one in found if not is_signed_by_anyone(one)]
    return not unsigned, f"{len(found) - len(unsigned)} of {len(found)} verified"


def refused(trial: Trial) -> tuple[bool, str]:
    """Alter a byte, and sign with another authority's certificate; neither may verify."""
    is_good = trial.authority.is_signed(trial.installer)
    altered = trial.rig.out / "altered.msi"
    data = bytearray(trial.installer.read_bytes())
    data[len(data) // 2] ^= 1
    altered.write_bytes(data)
    is_altered_good = trial.authority.is_signed(altered)
    msi_package.build(trial.rig.source / "packaging" / "windows", altered)
    is_unsigned_good = trial.authority.is_signed(altered)
    trial.authority.sign(altered, STRANGER)
    is_stranger_good = trial.authority.is_signed(altered)
    altered.unlink()
    is_ok = is_good and not (is_altered_good or is_unsigned_good or is_stranger_good)
    return is_ok, "ours verifies; altered, unsigned and a stranger's do not"


def old_windows(trial: Trial) -> tuple[bool, str]:
    set_build(trial, LEAST_BUILD - 1)
    status = trial.msiexec(f"/i {trial.path(trial.installer)}")
    is_there = trial.on_disk(_INSTALLED).exists()
    set_build(trial, LEAST_BUILD)
    return status in _REFUSED and not is_there, f"exit status {status}, nothing installed"


def set_build(trial: Trial, number: int) -> None:
    words = ("/v", "CurrentBuildNumber", "/d", str(number), "/f")
    trial.rig.run("reg", "add", _BUILD_KEY, *words)


def install(trial: Trial, installer: Path, tree: Path) -> tuple[bool, str]:
    given = f'PRACTICE_NAME="{PRACTICE}" LOCK_AFTER_MINUTES=3 SOUNDS=0 DESKTOPSHORTCUT=1'
    given += f" ARCHIVE_ADDRESS={ARCHIVE}"
    status = trial.msiexec(f"/i {trial.path(installer)} {given}")
    wanted, there = relative(tree), relative(trial.on_disk(_INSTALLED))
    words = f"exit status {status}, {len(there)} of {len(wanted)} files"
    return status == 0 and there == wanted and versions(trial) == [BEFORE], words


def relative(folder: Path) -> set[str]:
    """Return the files below a folder, as their places in it."""
    return {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}


def parts(trial: Trial) -> tuple[bool, str]:
    """Hold the hash of each file that the list names against the installed file."""
    folder = trial.on_disk(_INSTALLED)
    listed = json.loads((folder / LISTED).read_text())["components"]
    hashes = {one["name"]: one["hashes"][0]["content"] for one in every(listed) if "hashes" in one}
    wrong = [
        name
        for name, told in hashes.items()
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != told
    ]
    return bool(hashes) and not wrong, f"{len(hashes)} hashes, wrong: {wrong[:3] or 'none'}"


def every(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield each component, and those inside it."""
    for one in components:
        yield one
        yield from every(one.get("components", []))


def versions(trial: Trial) -> list[str]:
    """Return the versions of the product in the list of installed programs."""
    lines = trial.registry(_UNINSTALL).splitlines()
    return [line.split()[-1] for line in lines if line.split()[:1] == ["DisplayVersion"]]


def settings(trial: Trial) -> tuple[bool, str]:
    shown = trial.program("policy", "show", "--json")["settings"]
    given = {"practice_name": PRACTICE, "lock_after_minutes": 3, "sounds": False}
    given["archive_address"] = ARCHIVE
    is_ok = all(shown[name]["value"] == value for name, value in given.items())
    places = {shown[name]["from"] for name in given}
    is_ok = is_ok and places == {rf"HKEY_LOCAL_MACHINE\{INSTALLED_KEY}"}
    return is_ok, f"{len(given)} of {len(given)}, from {', '.join(places)}"


def selftest(trial: Trial) -> tuple[bool, str]:
    """Run the windowed program, which prints nothing: its report goes into a file."""
    report = trial.rig.out / "selftest.json"
    report.unlink(missing_ok=True)
    trial.run("dermstation.exe", "--selftest", "--out", trial.rig.of_windows(report))
    checks = json.loads(report.read_text())["checks"]
    good = sum(one["ok"] for one in checks)
    return good == len(checks) > 0, f"{good} of {len(checks)} checks"


def demo(trial: Trial) -> tuple[bool, str]:
    out = trial.rig.of_windows(trial.rig.out / "installed-demo")
    told = trial.program("demo", "--headless", "--json", "--out", out)
    captures, left = told["captures"], told["files_left"]
    return len(captures) > 0 and left == 0, f"{len(captures)} captures, {left} files left"


def vault(trial: Trial) -> tuple[bool, str]:
    """Put a vault of an earlier version into the home that the PC's accounts share."""
    home = trial.on_disk(_DATA)
    with zipfile.ZipFile(VAULT) as frozen:
        frozen.extractall(home, [one for one in frozen.namelist() if one.startswith("vault/")])
        words = json.loads(frozen.read("ways.json"))["recovery"]
    trial.on_disk(SECRET).write_text(words)
    return vault_checked(trial)


def vault_checked(trial: Trial) -> tuple[bool, str]:
    """Open it with the recovery words and read every picture."""
    report = trial.program("vault", "check", "--recovery", "--secret-file", SECRET, "--json")
    whole, lost = report["captures_whole"], report["captures_lost"]
    return whole == PICTURES and not lost, f"{whole} pictures whole, {lost or 'none'} lost"


def upgrade(trial: Trial, installer: Path) -> tuple[bool, str]:
    status = trial.msiexec(f"/i {trial.path(installer)}")
    found = versions(trial)
    return status == 0 and found == [__version__], f"exit status {status}, installed: {found}"


def downgrade(trial: Trial, before: Path) -> tuple[bool, str]:
    status = trial.msiexec(f"/i {trial.path(before)}")
    found = versions(trial)
    is_ok = status in _REFUSED and found == [__version__]
    return is_ok, f"exit status {status}, installed: {found}"


def repair(trial: Trial, installer: Path) -> tuple[bool, str]:
    """Remove a file and install again over it, which is what `/fa` does where it is known."""
    victim = trial.on_disk(_INSTALLED) / "_internal" / "base_library.zip"
    before = victim.read_bytes()
    victim.unlink()
    status = trial.msiexec(f"/i {trial.path(installer)} REINSTALL=ALL REINSTALLMODE=amus")
    is_back = victim.exists() and victim.read_bytes() == before
    return status == 0 and is_back, f"exit status {status}, the missing file is back"


def remove(trial: Trial, installer: Path) -> tuple[bool, str]:
    status = trial.msiexec(f"/x {trial.path(installer)}")
    left = relative(trial.on_disk(_INSTALLED)) if trial.on_disk(_INSTALLED).exists() else set()
    has_values = "InstallDir" in trial.registry(rf"HKLM\{KEY}")
    kept = len(relative(trial.on_disk(_DATA)))
    is_ok = status == 0 and not left and not has_values and kept > 0
    return is_ok, f"exit status {status}, {len(left)} program files left, {kept} files of data kept"


def again(trial: Trial, installer: Path) -> tuple[bool, str]:
    status = trial.msiexec(f"/i {trial.path(installer)}")
    is_whole, words = vault_checked(trial)
    return status == 0 and is_whole, f"exit status {status}, {words}"


def wipe(trial: Trial, installer: Path) -> tuple[bool, str]:
    """Take the PC out of use as docs/deploy.md says: nothing but the logs is left."""
    words = ("--recovery", "--secret-file", SECRET, "--unfinished", str(UNFINISHED))
    count = trial.program("vault", "remove", *words, "--json")["store_files"]
    status = trial.msiexec(f"/x {trial.path(installer)}")
    trial.on_disk(SECRET).unlink()
    left = [one for one in relative(trial.on_disk(_DATA)) if not one.startswith("logs/")]
    return (
        status == 0 and not left,
        f"{count} files wiped, left: {left or 'only logs'}",
    )
