"""Build what the lab boots: a kernel, and the few programs that its guest has beyond the host's.

Everything lands in one folder. Nothing is installed and nobody need be root: the packages of the
Debian release are downloaded and unpacked there. A second call finds everything done.
"""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

CONFIG = Path(__file__).with_name("kernel.config")
_ARCHIVES = ("bison", "flex", "m4", "udev", "libudev1", "libkmod2", "exfatprogs")
_HOST_TOOLS = ("apt-get", "dpkg-deb", "gcc", "make", "tar", "xz", "bc", "perl")
_GUEST_TOOLS = ("mkfs.vfat", "Xvfb", "xdotool")
_STATE = "built"
# What a register set of the host may need, in bytes: with AMX it is larger than this source says.
_REGISTERS = ("arch/x86/um/user-offsets.c", "HOST_FP_SIZE, 2696", "HOST_FP_SIZE, 12288")
NEEDS = """\
The lab needs Linux on x86-64 with Debian's packages of gcc, make, bc, xz-utils, perl, dosfstools,
xvfb and xdotool (`make setup` brings most), 3 GB in {folder} and 3 GB of memory in
/dev/shm. It downloads 140 MB with `apt-get download` (the kernel's source among them) and compiles
a kernel once, which takes 8 to 25 minutes on two processors; then the guest boots in a second and
the rows take about {minutes} minutes. Nothing is installed, and root is not needed. The station's
deadlines are real: on a machine that is busy with other work, the camera and the window fail.
"""


class LabError(Exception):
    """The lab cannot be built or run here; the message is for a developer."""


def missing() -> list[str]:
    """Return what this machine lacks."""
    lacks = [] if (sys.platform, platform.machine()) == ("linux", "x86_64") else ["x86-64 Linux"]
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
    return lacks + [
        tool for tool in (*_HOST_TOOLS, *_GUEST_TOOLS) if shutil.which(tool, path=path) is None
    ]


def build(folder: Path) -> None:
    """Build into a folder what is not there yet. Raises LabError."""
    if lacks := missing():
        raise LabError(f"not found here: {', '.join(lacks)}")
    state = folder / _STATE
    wanted = CONFIG.read_text(encoding="utf-8")
    if state.is_file() and state.read_text(encoding="utf-8") == wanted:
        return
    folder.mkdir(parents=True, exist_ok=True)
    _download(folder / "archives")
    _unpack_tools(folder)
    _unpack_source(folder)
    _compile(folder)
    state.write_text(wanted, encoding="utf-8")


def kernel(folder: Path) -> Path:
    """Return the kernel, which is a program of the host."""
    return folder / "source" / "linux"


def tools(folder: Path) -> Path:
    """Return the root of the unpacked packages."""
    return folder / "tools"


def _download(archives: Path) -> None:
    source = _source_package()
    if list(archives.glob(f"{source}_*.deb")):
        return
    archives.mkdir(exist_ok=True)
    _say(f"downloading {source} and {', '.join(_ARCHIVES)}")
    _run(["apt-get", "download", source, *_ARCHIVES], cwd=archives)


def _source_package() -> str:
    """Return the package of the kernel's source that this release of Debian has."""
    asked = subprocess.run(
        ["apt-cache", "depends", "linux-source"], capture_output=True, text=True, check=False
    )
    for line in asked.stdout.splitlines():
        _, _, name = line.partition("Depends: ")
        if name.startswith("linux-source-"):
            return name.strip()
    raise LabError("no package linux-source: run `apt-get update`, and use a release of Debian")


def _unpack_tools(folder: Path) -> None:
    root = tools(folder)
    shutil.rmtree(root, ignore_errors=True)
    for name in ("bin", "lib", "sbin"):  # as a release with one /usr has them
        (root / "usr" / name).mkdir(parents=True)
        (root / name).symlink_to(f"usr/{name}")
    for name in _ARCHIVES:
        (archive,) = (folder / "archives").glob(f"{name}_*.deb")
        _pipe(
            ["dpkg-deb", "--fsys-tarfile", str(archive)],
            ["tar", "--extract", "--keep-directory-symlink", "--no-same-owner", "-C", str(root)],
        )


def _unpack_source(folder: Path) -> None:
    place = kernel(folder).parent
    if (place / "Makefile").is_file():
        return
    place.mkdir(exist_ok=True)
    _say("unpacking the kernel's source")
    (archive,) = (folder / "archives").glob("linux-source-*.deb")
    _pipe(
        ["dpkg-deb", "--fsys-tarfile", str(archive)],
        ["tar", "--extract", "--wildcards", "--strip-components=3", "-C", str(folder), "*.tar.xz"],
    )
    (packed,) = folder.glob("linux-source-*.tar.xz")
    _run(["tar", "--extract", "--file", str(packed), "--strip-components=1", "-C", str(place)])
    packed.unlink()


def _compile(folder: Path) -> None:
    place = kernel(folder).parent
    file, old, new = _REGISTERS
    with_registers = (place / file).read_text(encoding="utf-8").replace(old, new)
    (place / file).write_text(with_registers, encoding="utf-8")
    order = ["make", "-s", "ARCH=um"]
    environment = _environment(folder)
    _run([*order, f"KCONFIG_ALLCONFIG={CONFIG}", "allnoconfig"], cwd=place, env=environment)
    taken = set((place / ".config").read_text(encoding="utf-8").splitlines())
    wanted = {line for line in CONFIG.read_text(encoding="utf-8").splitlines() if line[-2:] == "=y"}
    if lacks := sorted(wanted - taken):
        raise LabError(f"not in this kernel's source: {', '.join(lacks)}")
    _say("compiling the kernel, which takes 8 to 25 minutes on two processors")
    with (folder / "kernel.log").open("wb") as log:
        jobs = f"-j{os.cpu_count() or 1}"
        _run(["nice", "-n", "19", *order, jobs, "linux"], cwd=place, env=environment, log=log)


def _environment(folder: Path) -> dict[str, str]:
    """Return the environment in which bison and flex run from where they were unpacked."""
    programs = tools(folder) / "usr"
    return {
        **os.environ,
        "PATH": f"{programs / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
        "M4": str(programs / "bin" / "m4"),
        "BISON_PKGDATADIR": str(programs / "share" / "bison"),
    }


def _run(command: list[str], *, log: object = None, **options: object) -> None:
    ended = subprocess.run(command, check=False, stdout=log, stderr=log, **options)  # type: ignore[call-overload]
    if ended.returncode:
        raise LabError(f"failed: {' '.join(command[:6])}")


def _pipe(first: list[str], second: list[str]) -> None:
    with subprocess.Popen(first, stdout=subprocess.PIPE) as giving:
        ended = subprocess.run(second, stdin=giving.stdout, check=False)
    if ended.returncode or giving.returncode:
        raise LabError(f"failed: {' '.join(first[:3])}")


def _say(words: str) -> None:
    print(f"lab: {words}", file=sys.stderr, flush=True)
