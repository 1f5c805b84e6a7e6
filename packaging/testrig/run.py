"""Build the test rig and run the station and its tests under wine; print one table.

    make windows                              everything
    make windows ARGS="program"               imports, self-test and demonstration alone
    make windows ARGS="tests/unit/camera"     some of the tests
    make windows ARGS="--unmount"             let go of the rig's folder, so that it can be removed

As root, on Debian. The first run downloads about 500 MB and takes some minutes; the tests take
one to several hours.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

from windows import ROOT, Rig

PROGRAM = "program"
TESTS = ("tests/unit", "tests/vaults", "tests/ui", "tests/faults", "tests/e2e")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "windows")
    parser.add_argument("--unmount", action="store_true")
    parser.add_argument("--table", action="store_true", help="only print the table of the last run")
    parser.add_argument("tests", nargs="*")
    wanted = parser.parse_args()
    rig = Rig(wanted.folder.resolve())
    if wanted.unmount:
        rig.unmount()
        return 0
    rows = []
    if not wanted.table:
        if os.geteuid() != 0 or sys.version_info[:2] != (3, 11):
            sys.exit(
                "The rig needs root (for chroot and mount) and Python 3.11, whose library it takes."
            )
        rig.build()
        default = () if wanted.tests else TESTS
        for old in rig.out.glob("*.xml"):
            old.unlink()
        if PROGRAM in (wanted.tests or [PROGRAM]):
            rows = [imports(rig), selftest(rig), demo(rig)]
        for test in modules([one for one in wanted.tests if one != PROGRAM] or default):
            run_tests(rig, test)
    return table(rows, rig.out)


def imports(rig: Rig) -> tuple[str, bool, str]:
    ended = rig.run_python(rig.of_windows(rig.source / "packaging" / "testrig" / "import_all.py"))
    told = ended.stdout.strip().splitlines()
    print(*told[1:], sep="\n", file=sys.stderr)
    return "imports", ended.returncode == 0, told[0] if told else "nothing"


def selftest(rig: Rig) -> tuple[str, bool, str]:
    ended = rig.run_python("-m", "dermstation", "--selftest")
    checks = json.loads(ended.stdout or "{}").get("checks", [])
    passed = sum(one["ok"] for one in checks)
    return "self-test", ended.returncode == 0, f"{passed} of {len(checks)} checks"


def demo(rig: Rig) -> tuple[str, bool, str]:
    ended = rig.run_python(
        "-m",
        "dermstation",
        "demo",
        "--headless",
        "--json",
        "--out",
        rig.of_windows(rig.out / "demo"),
    )
    told = json.loads(ended.stdout or "{}")
    words = f"{len(told.get('captures', []))} captures, {told.get('files_left', '?')} files left"
    return "demo", ended.returncode == 0, words


def modules(places: list[str] | tuple[str, ...]) -> list[str]:
    """Return the folders that hold tests: each runs in a process of its own."""
    found = []
    for place in places:
        path = ROOT / place
        if path.is_file() or "::" in place:
            found.append(place)
        else:
            folders = {file.parent for file in path.rglob("test_*.py")}
            found += sorted(str(one.relative_to(ROOT)) for one in folders)
    return found


def run_tests(rig: Rig, place: str) -> None:
    name = place.replace("/", "-").replace(":", "-")
    files = [place]
    if (ROOT / place).is_dir():  # its own tests alone: the folders below have their turn
        files = sorted(str(one.relative_to(ROOT)) for one in (ROOT / place).glob("test_*.py"))
    print(f"{place} ...", file=sys.stderr, flush=True)
    rig.run_python(
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-p",
        "wine_plugin",
        "-q",
        "--tb=short",
        "--junitxml",
        rig.of_windows(rig.out / f"{name}.xml"),
        *files,
        log=rig.out / f"{name}.log",
    )
    if not (rig.out / f"{name}.xml").exists():  # it never ended, or never began
        (rig.out / f"{name}.xml").write_text(
            f'<testsuites><testsuite><testcase classname="{place}" name="the run itself">'
            "<failure/></testcase></testsuite></testsuites>"
        )


def table(rows: list[tuple[str, bool, str]], out: Path) -> int:
    """Print what passed, failed and was skipped; return the exit status."""
    failed: list[str] = []
    reasons: dict[str, int] = {}
    lines = [("", "passed", "failed", "skipped")]
    for name, is_ok, words in rows:
        lines.append((name, words if is_ok else "", "" if is_ok else words, ""))
        failed += [] if is_ok else [name]
    totals = [0, 0, 0]
    for file in sorted(out.glob("*.xml")):
        counts = [0, 0, 0]
        for case in ET.parse(file).iter("testcase"):  # noqa: S314 - our own
            skip = case.find("skipped")
            is_bad = case.find("failure") is not None or case.find("error") is not None
            counts[1 if is_bad else 2 if skip is not None else 0] += 1
            if is_bad:
                failed.append(f"{case.get('classname')}::{case.get('name')}")
            elif skip is not None:
                reason = skip.get("message", "")
                reasons[reason] = reasons.get(reason, 0) + 1
        totals = [a + b for a, b in zip(totals, counts, strict=True)]
        lines.append((file.stem, *map(str, counts)))
    lines.append(("all tests", *map(str, totals)))
    for name, *cells in lines:
        print(f"{name:<32}" + "  ".join(f"{cell:>8}" for cell in cells))
    print(*(f"failed: {one}" for one in failed), sep="\n")
    for reason, count in sorted(reasons.items(), key=lambda one: -one[1]):
        print(f"skipped {count:>4}: {reason}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
