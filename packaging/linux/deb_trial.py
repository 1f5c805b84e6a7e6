"""Try the Debian package out in a fresh Debian, as an IT department would use it."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from dermstation import __version__
from steps import Steps

RELEASE = "bookworm"
BEFORE = "0.0.9"
ACCOUNT = "nurse"
_POLICY = 'practice_name = "Example Surgery"\n'
_KINDS = (("proc", "-t", "proc"), ("/dev", "--bind"), ("/dev/shm", "--bind"))  # noqa: S108
_OURS = ("opt/dermstation", "etc/dermstation", "usr/bin/dermstation")


@dataclass
class Trial:
    """A Debian in a folder, and the steps that are taken in it."""

    debian: Path
    steps: Steps = field(default_factory=Steps)

    def run(self, *words: str, account: str = "root") -> subprocess.CompletedProcess[str]:
        """Run a program there, for one account."""
        home = "/root" if account == "root" else f"/home/{account}"
        variables = (f"HOME={home}", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8")
        more = ("DEBIAN_FRONTEND=noninteractive", "QT_QPA_PLATFORM=offscreen")
        inside = ("/usr/bin/env", "-i", *variables, *more, *words)
        user = () if account == "root" else (f"--userspec={account}:{account}",)
        return subprocess.run(
            ["chroot", *user, str(self.debian), *inside],
            capture_output=True,
            text=True,
            check=False,
        )


def try_out(make: Callable[[str], Path], is_signed: Callable[[Path], bool], out: Path) -> int:
    """Run every step and return the exit status."""
    if os.geteuid() != 0:
        sys.exit("This needs root, for chroot and mount.")
    debian = out / "deb-test"
    fresh(debian)
    trial = Trial(debian)
    try:
        steps(trial, make, is_signed)
    finally:
        unmount(debian)
    return trial.steps.end()


def steps(trial: Trial, make: Callable[[str], Path], is_signed: Callable[[Path], bool]) -> None:
    before, now = make(BEFORE), make(__version__)
    trial.steps.run("signed; an altered one is refused", lambda: signed(now, is_signed))
    trial.steps.run(f"install {BEFORE}", lambda: install(trial, before))
    trial.steps.run("every library is found", lambda: linked(trial))
    trial.steps.run("self-test, as an ordinary account", lambda: selftest(trial))
    trial.steps.run("demo, as an ordinary account", lambda: demo(trial))
    trial.steps.run("desktop entry and metadata", lambda: described(trial))
    trial.steps.run("a policy that IT writes", lambda: policy(trial))
    trial.steps.run(f"upgrade to {__version__}; the policy stays", lambda: upgrade(trial, now))
    trial.steps.run("purge", lambda: purge(trial))


def signed(file: Path, is_signed: Callable[[Path], bool]) -> tuple[bool, str]:
    altered = file.with_name("altered.deb")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    altered.write_bytes(data)
    is_good, is_altered_good = is_signed(file), is_signed(altered)
    altered.unlink()
    size = file.stat().st_size / 1_000_000
    return is_good and not is_altered_good, f"{size:.0f} MB, by debsig-verify"


def install(trial: Trial, file: Path) -> tuple[bool, str]:
    shutil.copy(file, trial.debian / "srv")
    told = trial.run(
        "apt-get", "install", "-y", "-q", "--no-install-recommends", f"/srv/{file.name}"
    )
    version = trial.run("dermstation", "--version").stdout.strip()
    if told.returncode:
        return False, told.stderr[-300:]
    return version == f"dermstation {__version__}", f"apt-get: {told.returncode}; {version}"


def linked(trial: Trial) -> tuple[bool, str]:
    """Ask the system's linker about each library: what Qt needs comes from other packages."""
    inside = "/opt/dermstation/_internal"
    told = trial.run(
        "/bin/sh",
        "-c",
        f"find {inside} -name '*.so*' -exec env LD_LIBRARY_PATH={inside} ldd {{}} + 2>&1",
    )
    lost = sorted(set(re.findall(r"(\S+) => not found", told.stdout)))
    return not lost and "libxcb-cursor" in told.stdout, ", ".join(lost) or "nothing is missing"


def selftest(trial: Trial) -> tuple[bool, str]:
    told = trial.run("dermstation", "--selftest", account=ACCOUNT)
    checks = json.loads(told.stdout)["checks"]
    good = sum(one["ok"] for one in checks)
    return good == len(checks) > 0, f"{good} of {len(checks)} checks"


def demo(trial: Trial) -> tuple[bool, str]:
    words = ("demo", "--headless", "--json", "--out", f"/home/{ACCOUNT}/demo")
    told = json.loads(trial.run("dermstation", *words, account=ACCOUNT).stdout)
    captures, left = len(told["captures"]), told["files_left"]
    return captures > 0 and left == 0, f"{captures} captures, {left} files left"


def described(trial: Trial) -> tuple[bool, str]:
    share = trial.debian / "usr" / "share"
    entry = share / "applications" / "dermstation.desktop"
    metadata = share / "metainfo" / "dermstation.metainfo.xml"
    # the program belongs to no domain, so that its name is not that of one
    words = ("validate", "--no-net", "--override=cid-desktopapp-is-not-rdns=info")
    checks = (["desktop-file-validate", entry], ["appstreamcli", *words, metadata])
    statuses = [subprocess.run(one, capture_output=True, check=False).returncode for one in checks]
    icon = share / "icons" / "hicolor" / "scalable" / "apps" / "dermstation.svg"
    return statuses == [0, 0] and icon.exists(), "both valid, the icon is there"


def policy(trial: Trial) -> tuple[bool, str]:
    (trial.debian / "etc/dermstation/policy.toml").write_text(_POLICY)
    return policy_holds(trial)


def policy_holds(trial: Trial) -> tuple[bool, str]:
    told = trial.run("dermstation", "policy", "show", "--json", account=ACCOUNT)
    found = json.loads(told.stdout)["settings"]["practice_name"]
    return found["value"] == "Example Surgery" and found["fixed"], f"from {found['from']}"


def upgrade(trial: Trial, file: Path) -> tuple[bool, str]:
    is_ok, words = install(trial, file)
    holds, place = policy_holds(trial)
    return is_ok and holds, f"{words}; {place}"


def purge(trial: Trial) -> tuple[bool, str]:
    status = trial.run("apt-get", "purge", "-y", "-q", "dermstation").returncode
    left = [one for one in _OURS if (trial.debian / one).exists()]
    return status == 0 and not left, f"apt-get: {status}, left: {left or 'nothing'}"


def fresh(debian: Path) -> None:
    """Make a small Debian with one ordinary account, afresh."""
    unmount(debian)
    shutil.rmtree(debian, ignore_errors=True)
    words = ("debootstrap", "--variant=minbase", "--include=ca-certificates", RELEASE, str(debian))
    subprocess.run([*words, *mirror()], check=True, stdout=subprocess.DEVNULL)
    for file in Path("/etc/apt/apt.conf.d").glob("*proxy*"):
        shutil.copy(file, debian / "etc/apt/apt.conf.d")
    for name in ("resolv.conf", "hosts"):
        shutil.copy(Path("/etc") / name, debian / "etc" / name)
    for what, *kind in _KINDS:
        place = debian / (what if what == "proc" else what[1:])
        subprocess.run(["mount", *kind, what, str(place)], check=True)
    trial = Trial(debian)
    trial.run("apt-get", "update", "-q")
    trial.run("useradd", "--create-home", ACCOUNT)


def unmount(debian: Path) -> None:
    """Let go of the Debian's folder."""
    for name in ("dev/shm", "dev", "proc"):
        if (debian / name).is_mount():
            subprocess.run(["umount", str(debian / name)], check=False)


def mirror() -> list[str]:
    """Return the address from which this Debian gets its packages, if it says one."""
    files = [Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*")]
    text = "\n".join(one.read_text() for one in files if one.is_file())
    return re.findall(r"\bhttps?://\S+/debian/?(?=\s|$)", text, re.MULTILINE)[:1]
