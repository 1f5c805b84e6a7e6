"""Say how old each locked package is, which are not the newest, and which have known faults.

    .venv/bin/python packaging/audit.py [--service-url ADDRESS]

uv asks the package index for the dates and versions (the one that pip is set to, if it is set to
one) and the OSV service for known faults. Reasons for a package that is old or held back are in
`audit.toml`. The exit status is

    0  nothing to do
    1  something to do: it says what
    2  the package index was not reached: nothing is known
    3  nothing to do as far as the index tells, but the OSV service was not reached
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
LOCK, PROGRAM_LOCK = ROOT / "requirements-dev.lock", ROOT / "requirements.lock"
REASONS = HERE / "audit.toml"
OLD_DAYS = 3 * 365
_PREVIEWS = "audit-command,json-output"  # what they print may change with uv: see its test
OPTION = "index[-_]url"  # of pip, in both spellings
NOTHING, TO_DO, NO_INDEX, NO_SERVICE = range(4)


@dataclass(frozen=True)
class Package:
    """A locked package, as the index knows it."""

    name: str
    version: str
    released: date
    newer: str | None  # the newest version that the oldest Python takes, unless it is this one

    def is_old(self, today: date) -> bool:
        """Return whether nothing was released for three years."""
        return self.newer is None and (today - self.released).days > OLD_DAYS


def main(words: list[str], today: date) -> int:
    """Print the table, with ages as of today, and what there is to do."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--service-url", help="ask this service instead, which answers as OSV does")
    wanted = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            packages = sorted(packages_of(asked(folder)), key=lambda one: one.released)
        except Unreached as trouble:
            print(f"Nothing is known: uv could not ask the package index.\n{trouble}")
            return NO_INDEX
        print_table(packages, {one.partition("==")[0] for one in pins(PROGRAM_LOCK)}, today)
        to_do = list(judged(packages, tomllib.loads(REASONS.read_text("utf-8")), today))
        status = NOTHING
        try:
            to_do += faults(folder, wanted.service_url)
        except Unreached as trouble:
            print(f"Known faults were NOT asked for: uv did not reach OSV.\n{trouble}\n")
            status = NO_SERVICE
    print(*([f"To do: {one}" for one in to_do] or ["Nothing to do in what was found."]), sep="\n")
    return TO_DO if to_do else status


class Unreached(Exception):  # noqa: N818 - not an error of this program
    """What uv said when it could not reach a service."""


def pins(lock: Path) -> list[str]:
    """Return each package of a lock with its version and condition, without its hashes."""
    lines = lock.read_text("utf-8").splitlines()
    return [one.rstrip(" \\") for one in lines if re.match(r"[A-Za-z0-9]", one)]


def asked(folder: Path) -> dict[str, Any]:
    """Return what uv says of the locked packages. Raises Unreached."""
    listed = json.dumps(pins(LOCK), indent=1)
    (folder / "pyproject.toml").write_text(
        f'[project]\nname = "locked"\nversion = "0"\nrequires-python = "{oldest_python()}"\n'
        f"dependencies = {listed}\n",
        "utf-8",
    )
    index = pip_index()
    uv(folder, "lock", *index)
    shown = ("--universal", "--frozen", "--depth", "1", "--outdated", "--format", "json")
    found: dict[str, Any] = json.loads(uv(folder, "tree", *shown, *index))
    return found


def oldest_python() -> str:
    """Return which Pythons the project runs on."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["requires-python"])


def pip_index() -> list[str]:
    """Return the options with which uv asks the index that pip is set to, if it is set to one."""
    told = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    ).stdout  # variables come first there, as they do for pip
    found = re.findall(rf"^(?::env:|global|install)\.{OPTION}='(.+)'$", told, re.MULTILINE)
    return ["--default-index", found[0]] if found else []


def uv(folder: Path, *words: str, fine: tuple[int, ...] = (0,)) -> str:
    """Return what uv prints. Raises Unreached with its last words."""
    ended = subprocess.run(
        [sys.executable, "-m", "uv", "--preview-features", _PREVIEWS, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode not in fine:
        raise Unreached(ended.stderr.strip())
    return ended.stdout


def packages_of(told: dict[str, Any]) -> Iterator[Package]:
    """Yield the packages that uv tells of."""
    for one in told["resolution"].values():
        files = [*one.get("wheels", ()), *filter(None, [one.get("sdist")])]
        if files:
            newest = max(datetime.fromisoformat(file["upload_time"]) for file in files)
            yield Package(one["name"], one["version"], newest.date(), one.get("latest_version"))


def print_table(packages: list[Package], of_program: set[str], today: date) -> None:
    """Print one line for each package, the oldest first."""
    rows = [("package", "locked", "released", "days", "newer", "needed by")]
    for one in packages:
        used = "the program" if one.name in of_program else "development"
        days = str((today - one.released).days)
        rows.append((one.name, one.version, str(one.released), days, one.newer or "", used))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())
    print()


def judged(
    packages: list[Package], reasons: dict[str, dict[str, str]], today: date
) -> Iterator[str]:
    """Print what is old or not the newest, and yield what lacks a reason or needs none any more."""
    old = {one.name: f"no release since {one.released}" for one in packages if one.is_old(today)}
    newer = {one.name: f"{one.newer} is there" for one in packages if one.newer}
    for kind, found, instead in (
        ("old", old, "No reason is known."),
        ("held", newer, "Renew the lock: make lock ARGS=--upgrade"),
    ):
        known = reasons[kind]
        for name in sorted(found):
            print(f"{name}: {found[name]}. {known.get(name, instead)}")
        for name in sorted(known.keys() - found.keys()):
            yield f'{name} is in audit.toml as "{kind}", which it is not any more'
    yield from (f"{name}: {old[name]}" for name in sorted(old.keys() - reasons["old"].keys()))
    print()


def faults(folder: Path, service_url: str | None) -> Iterator[str]:
    """Return the known faults, and which packages are given up. Raises Unreached."""
    service = ["--service-url", service_url] if service_url else []
    told = json.loads(
        uv(folder, "audit", "--frozen", "--output-format", "json", *service, fine=(0, 1))
    )
    print(f"Known faults were asked for {told['summary']['audited_packages']} packages.\n")
    for one in told["vulnerabilities"]:
        fixed = ", ".join(one["fix_versions"]) or "no version yet"
        of = one["dependency"]
        yield (
            f"{of['name']} {of['version']}: {one['display_id']}, {one['summary']}; "
            f"fixed in {fixed}; published {(one['published'] or '?')[:10]}"
        )
    for one in told["adverse_statuses"]:
        yield f"{one['name']}: its makers call it {one['status']} ({one['reason'] or 'no reason'})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], datetime.now(UTC).date()))
