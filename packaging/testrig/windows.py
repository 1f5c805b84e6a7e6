"""The test rig: a Windows Python under wine, in a Debian of its own, built from nothing."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LOCK = ROOT / "requirements-dev.lock"
OLDER = HERE / "constraints.txt"
PICTURES = ROOT.parent / "shared" / "data"  # real ones, which no checkout holds
COMPILER = "x86_64-w64-mingw32"
RELEASE = "trixie"  # the first Debian whose wine runs the locked wheels
IN_DEBIAN = (
    "wine",
    "wine64",
    "fonts-dejavu-core",
    "fonts-liberation",
    "libfreetype6",
    "libfontconfig1",
)
WINDOWS = {
    "implementation_name": "cpython",
    "os_name": "nt",
    "platform_machine": "AMD64",
    "platform_python_implementation": "CPython",
    "platform_system": "Windows",
    "python_full_version": "3.11.9",
    "python_version": "3.11",
    "sys_platform": "win32",
}
TARGET = (
    "--platform",
    "win_amd64",
    "--implementation",
    "cp",
    "--only-binary",
    ":all:",
    "--no-deps",
)
# what only looks at the source, which is the same on every system
NOT_FOR_TESTS = {"grimp", "import-linter", "mypy", "ruff", "uv"}
LEFT_OUT = ("lib-dynload", "site-packages", "test", "idlelib", "tkinter", "__pycache__")
VARIABLES = {
    "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
    "LANG": "C.UTF-8",
    "WINEDEBUG": "-all",
    # no .NET, browser or menus; no sound either, whose driver would write into every output
    "WINEDLLOVERRIDES": "mscoree,mshtml,winealsa.drv,winepulse.drv=;winemenubuilder.exe=d",
}


@dataclass(frozen=True)
class Rig:
    """The folders of a rig, all in one."""

    folder: Path

    @property
    def debian(self) -> Path:
        return self.folder / "debian"

    @property
    def python(self) -> Path:
        return self.folder / "python"

    @property
    def source(self) -> Path:
        return self.folder / "source"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def _inside(self) -> Path:
        """Return the place of this folder within the Debian."""
        return self.debian / self.folder.relative_to("/")

    def build(self) -> None:
        """Build what is missing of the rig."""
        self.out.mkdir(parents=True, exist_ok=True)
        if not os.path.lexists(self.debian / "usr" / "bin" / "wine"):  # leads to a file in there
            self._make_debian()
        self.mount()
        if not (self.python / "python.exe").exists():
            self._make_python()
        self._install_wheels()
        if not (self.folder / "prefix" / "system.reg").exists():
            self.run("wineboot", "-i", timeout=600)
            fonts = self.folder / "prefix" / "drive_c" / "windows" / "Fonts"
            for font in (self.debian / "usr" / "share" / "fonts").rglob("*.ttf"):
                shutil.copy(font, fonts)
        self._copy_source()

    def mount(self) -> None:
        """Give the Debian the kernel's file systems, this folder, and real pictures if any."""
        pictures = (PICTURES, self._inside / "shared" / "data", ("--bind", "-o", "ro"))
        for what, place, kind in (
            ("proc", self.debian / "proc", ("-t", "proc")),
            ("/dev", self.debian / "dev", ("--bind",)),
            ("/dev/shm", self.debian / "dev" / "shm", ("--bind",)),  # noqa: S108
            (self.folder, self._inside, ("--bind",)),
            *([pictures] if PICTURES.is_dir() else []),
        ):
            place.mkdir(parents=True, exist_ok=True)
            if not is_mounted(place):
                call("mount", *kind, what, place)

    def unmount(self) -> None:
        """Let go of everything, so that the folder can be removed."""
        subprocess.run(self._in_debian("wineserver", "-k"), check=False)
        inside = (self._inside / "shared" / "data", self._inside)
        for place in (*inside, *(self.debian / one for one in ("dev/shm", "dev", "proc"))):
            if is_mounted(place):
                call("umount", place)

    def run(
        self,
        program: str,
        *words: str,
        log: Path | None = None,
        timeout: float = 14_400,
        variables: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program of Windows in the source's folder; with `log`, its output goes there."""
        with log.open("w") if log else contextlib.nullcontext() as file:
            return subprocess.run(
                self._in_debian("wine", program, *words, more=variables),
                stdin=subprocess.DEVNULL,
                stdout=file or subprocess.PIPE,
                stderr=file or subprocess.DEVNULL,
                encoding="utf-8",
                errors="replace",
                timeout=timeout,
                check=False,
            )

    def run_python(
        self,
        *words: str,
        log: Path | None = None,
        variables: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run the Windows Python."""
        program = self.of_windows(self.python / "python.exe")
        return self.run(program, *words, log=log, variables=variables)

    @staticmethod
    def of_windows(path: Path) -> str:
        """Return a path as Windows programs see it."""
        return "Z:" + str(path).replace("/", "\\")

    def _in_debian(self, *words: str, more: dict[str, str] | None = None) -> list[str]:
        variables = {
            **VARIABLES,
            **(more or {}),
            "HOME": str(self.folder),
            "WINEPREFIX": str(self.folder / "prefix"),
            "PYTHONPATH": self.of_windows(self.source / HERE.relative_to(ROOT)),
        }
        there = self.source if self.source.exists() else self.folder
        set_up = [f"{name}={value}" for name, value in variables.items()]
        return [
            "chroot",
            str(self.debian),
            "/usr/bin/env",
            "-i",
            f"--chdir={there}",
            *set_up,
            *words,
        ]

    def _make_debian(self) -> None:
        mirror = next(_mirrors(), "")
        call(
            "debootstrap",
            "--variant=minbase",
            "--include=ca-certificates",
            RELEASE,
            self.debian,
            *filter(None, [mirror]),
        )
        (self.debian / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n")
        (self.debian / "usr/sbin/policy-rc.d").chmod(0o755)
        for file in Path("/etc/apt/apt.conf.d").glob("*proxy*"):
            shutil.copy(file, self.debian / "etc/apt/apt.conf.d")
        for name in ("resolv.conf", "hosts"):
            shutil.copy(Path("/etc") / name, self.debian / "etc" / name)
        self.mount()
        apt = [
            "chroot",
            str(self.debian),
            "/usr/bin/env",
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "-q",
        ]
        call(*apt, "update")
        call(*apt, "install", "-y", "--no-install-recommends", *IN_DEBIAN)

    def _make_python(self) -> None:
        """Put the interpreter together: its libraries, the host's standard library, python.exe."""
        for version in ("3.11", "3.12"):
            pip(
                "download",
                *TARGET,
                "--python-version",
                version,
                "--require-hashes",
                "-d",
                self.folder / "interpreter",
                "-r",
                HERE / "interpreter.txt",
            )
        shutil.rmtree(self.python, ignore_errors=True)
        libraries = self.python / "DLLs"
        libraries.mkdir(parents=True)
        (older,), (newer,) = (
            (self.folder / "interpreter").glob(f"*-cp{one}-*.whl") for one in (311, 312)
        )
        with zipfile.ZipFile(older) as wheel, zipfile.ZipFile(newer) as with_runtime:
            for one in wheel.namelist():
                name = Path(one).name
                if (
                    one.startswith("deploy_libs/")
                    and name.endswith((".dll", ".pyd"))
                    and not name.startswith("api-ms")
                ):
                    is_first = name.lower() in {"python311.dll", "vcruntime140.dll"}
                    place = (self.python / name.lower()) if is_first else libraries / name
                    place.write_bytes(wheel.read(one))
            runtime = "VCRUNTIME140_1.dll"
            (self.python / runtime.lower()).write_bytes(with_runtime.read(f"deploy_libs/{runtime}"))
        for file in [*self.python.glob("*.dll"), *libraries.iterdir()]:
            if not file.name.lower().startswith(
                "vcruntime"
            ):  # Microsoft's: known by the wheel's hash
                call("osslsigncode", "verify", "-ignore-crl", "-in", file, quiet=True)
        shutil.copytree(
            sysconfig.get_path("stdlib"),
            self.python / "Lib",
            ignore=shutil.ignore_patterns(*LEFT_OUT, "config-*", "_sysconfigdata*"),
        )
        (self.python / "Lib" / "site-packages").mkdir()
        for name, windowed in (("python", ()), ("pythonw", ("-mwindows",))):
            call(
                f"{COMPILER}-gcc",
                "-O2",
                "-municode",
                *windowed,
                "-o",
                self.python / f"{name}.exe",
                HERE / "python.c",
            )
        self._make_forwarder()

    def _make_forwarder(self) -> None:
        """Make python3.dll, by whose names the libraries of the stable interface find Python."""
        told = subprocess.run(
            [f"{COMPILER}-objdump", "-p", self.python / "python311.dll"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        names = re.findall(r"^\s+\[ *\d+\].*?\b(_?Py\w+)$", told, re.MULTILINE)
        lines = ["LIBRARY python3.dll", "EXPORTS", *(f"  {one} = python311.{one}" for one in names)]
        definitions, entry = self.folder / "python3.def", self.folder / "entry.c"
        definitions.write_text("\n".join(lines) + "\n")
        entry.write_text(
            "int __stdcall DllMainCRTStartup(void *a, unsigned b, void *c) { return 1; }\n"
        )
        call(
            f"{COMPILER}-gcc",
            "-shared",
            "-nostdlib",
            "-e",
            "DllMainCRTStartup",
            "-o",
            self.python / "python3.dll",
            entry,
            definitions,
        )

    def _install_wheels(self) -> None:
        """Install the locked wheels for Windows, with their hashes."""
        wanted = "".join(_wanted(LOCK.read_text(), OLDER.read_text()))
        listed = self.python / "requirements.txt"
        if listed.exists() and listed.read_text() == wanted:
            return
        new = self.folder / "requirements.new"
        new.write_text(wanted)
        site = self.python / "Lib" / "site-packages"
        shutil.rmtree(site, ignore_errors=True)
        pip(
            "install",
            *TARGET,
            "--python-version",
            "3.11",
            "--require-hashes",
            "--no-compile",
            "--target",
            site,
            "-r",
            new,
        )
        (site / "source.pth").write_text(f"{self.of_windows(self.source / 'src')}\n")
        compiled(self.python / "Lib")
        new.replace(listed)

    def _copy_source(self) -> None:
        """Copy the working tree, as far as git knows it."""
        told = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "-z"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        names = {one for one in told.stdout.split("\0") if one and (ROOT / one).is_file()}
        for name in names:
            there = self.source / name
            there.parent.mkdir(parents=True, exist_ok=True)
            if not there.exists() or there.read_bytes() != (ROOT / name).read_bytes():
                shutil.copy2(ROOT / name, there)
        for file in [one for one in self.source.rglob("*") if one.is_file()]:
            if str(file.relative_to(self.source)) not in names and file.suffix != ".pyc":
                file.unlink()
        compiled(self.source / "src", self.source / "tests")


def is_mounted(place: Path) -> bool:
    """Return whether something is mounted there, be it a folder of the same disk."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    return str(place) in {line.split()[4] for line in lines}


def compiled(*folders: Path) -> None:
    """Compile what has changed in these folders, so that no program there has to."""
    call(sys.executable, "-m", "compileall", "-q", "-j0", *folders, quiet=True, check=False)


def call(*words: object, quiet: bool = False, check: bool = True) -> None:
    subprocess.run(
        [str(one) for one in words], check=check, stdout=subprocess.DEVNULL if quiet else sys.stderr
    )


def pip(*words: object) -> None:
    call(sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *words)


def _mirrors() -> Iterator[str]:
    """Yield the addresses from which this Debian gets its packages."""
    lists = [Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*")]
    for file in lists:
        if file.is_file():
            yield from re.findall(r"\bhttps?://\S+/debian/?(?=\s|$)", file.read_text())


def _wanted(lock: str, older: str) -> Iterator[str]:
    """Yield what the rig installs: what is locked for Windows, or the older version of it."""
    instead = dict(_locked_for_windows(older))
    for name, line in _locked_for_windows(lock):
        yield instead.get(name, line)


def _locked_for_windows(lock: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the line of each part that is for Windows, without its conditions."""
    for part in re.split(r"\n(?=[A-Za-z0-9])", lock):
        head, _, hashes = part.partition("\\\n")
        if not head or head.startswith("#"):
            continue
        wanted = Requirement(head.strip())
        if wanted.name in NOT_FOR_TESTS or (wanted.marker and not wanted.marker.evaluate(WINDOWS)):
            continue
        kept = re.findall(r"--hash=sha256:[0-9a-f]{64}", hashes)
        yield wanted.name, f"{wanted.name}{wanted.specifier} " + " ".join(kept) + "\n"
