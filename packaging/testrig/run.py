"""Build the test rig and run the station and its tests under wine; print one table.

    make windows                              everything
    make windows ARGS="program"               imports, self-test and demonstration alone
    make windows ARGS="tests/unit/camera"     some of the tests
    make windows ARGS="--table"               the table of what ran last, and nothing else
    make windows ARGS="--unmount"             let go of the rig's folder, so that it can be removed

As root, on Debian. The first run downloads about 1 GB and takes some minutes; the tests take
about an hour on two processors.
"""

import argparse
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree as ET

from windows import ROOT, Rig

PROGRAM = "program"
TESTS = ("tests/unit", "tests/vaults", "tests/archive", "tests/ui", "tests/faults", "tests/e2e")
FILES_AT_ONCE = 8  # of one folder in one process: what one leaves behind meets few others
Row = tuple[str, bool, str]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "windows")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--unmount", action="store_true")
    parser.add_argument("--table", action="store_true", help="only print the last table")
    parser.add_argument("tests", nargs="*")
    wanted = parser.parse_args()
    rig = Rig(wanted.folder.resolve())
    if wanted.unmount:
        rig.unmount()
    elif wanted.table:
        return table(rig.out)
    else:
        if os.geteuid() != 0 or sys.version_info[:2] != (3, 11):
            sys.exit(
                "The rig needs root (for chroot and mount) and Python 3.11, whose library it takes."
            )
        rig.build()
        run(rig, wanted.tests, wanted.processes)
        return table(rig.out)
    return 0


def run(rig: Rig, wanted: list[str], processes: int) -> None:
    """Run what is wanted, or everything; what ran earlier and is not wanted keeps its results."""
    if not wanted:
        for old in (*rig.out.glob("*.xml"), *rig.out.glob("*.log"), *rig.out.glob("*.json")):
            old.unlink()
    if PROGRAM in (wanted or [PROGRAM]):
        rows = [imports(rig), selftest(rig), demo(rig)]
        (rig.out / "program.json").write_text(json.dumps(rows))
    places = [one for one in wanted if one != PROGRAM] or ([] if wanted else [*TESTS])
    with ThreadPoolExecutor(processes) as pool:
        for _ in pool.map(lambda one: run_tests(rig, *one), pieces(places)):
            pass


def imports(rig: Rig) -> Row:
    ended = rig.run_python(rig.of_windows(rig.source / "packaging" / "testrig" / "import_all.py"))
    told = ended.stdout.strip().splitlines()
    print(*told[1:], sep="\n", file=sys.stderr)
    return "imports", ended.returncode == 0, told[0] if told else "nothing"


def selftest(rig: Rig) -> Row:
    ended = rig.run_python("-m", "dermstation", "--selftest")
    checks = json.loads(ended.stdout or "{}").get("checks", [])
    passed = sum(one["ok"] for one in checks)
    return "self-test", ended.returncode == 0, f"{passed} of {len(checks)} checks"


def demo(rig: Rig) -> Row:
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


def pieces(places: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield a name and the test files for each process: some files of one folder."""
    for place in places:
        path = ROOT / place
        if not path.is_dir():
            yield place.replace("/", "-").replace(":", "-"), [place]
            continue
        for folder in sorted({file.parent for file in path.rglob("test_*.py")}):
            files = sorted(str(one.relative_to(ROOT)) for one in folder.glob("test_*.py"))
            name = str(folder.relative_to(ROOT)).replace("/", "-")
            for first in range(0, len(files), FILES_AT_ONCE):
                yield f"{name}-{first:03}", files[first : first + FILES_AT_ONCE]


def run_tests(rig: Rig, name: str, files: list[str]) -> None:
    print(f"{name} ...", file=sys.stderr, flush=True)
    results = rig.out / f"{name}.xml"
    results.unlink(missing_ok=True)
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
        rig.of_windows(results),
        *files,
        log=rig.out / f"{name}.log",
    )
    if not results.exists():  # it never ended, or never began
        results.write_text(
            f'<testsuites><testsuite><testcase classname="{name}" name="the run itself">'
            "<failure/></testcase></testsuite></testsuites>"
        )


def table(out: Path) -> int:
    """Print what passed, failed and was skipped, by folder; return the exit status."""
    folders: dict[str, Counter[str]] = {}
    failed: list[str] = []
    reasons: Counter[str] = Counter()
    print(f"{'':<32}{'passed':>8}{'failed':>8}{'skipped':>8}")
    program = out / "program.json"
    for name, is_ok, words in json.loads(program.read_text()) if program.exists() else []:
        print(f"{name:<32}{'':>{0 if is_ok else 8}}{words}")
        failed += [] if is_ok else [name]
    for place, case in _cases(out).items():
        folder, skip = re.split(r"[.]test_|::", place)[0], case.find("skipped")
        is_bad = case.find("failure") is not None or case.find("error") is not None
        result = "failed" if is_bad else "skipped" if skip is not None else "passed"
        folders.setdefault(folder, Counter())[result] += 1
        if is_bad:
            failed.append(place)
        elif skip is not None:
            reasons[_reason(skip)] += 1
    folders["all tests"] = sum(folders.values(), Counter())
    for name, counts in folders.items():
        cells = "".join(f"{counts[one]:>8}" for one in ("passed", "failed", "skipped"))
        print(f"{name.replace('.', '/'):<32}{cells}")
    print(*(f"failed: {one}" for one in failed), sep="\n")
    for reason, count in reasons.most_common():
        print(f"skipped {count:>4}: {reason}")
    return bool(failed)


def _cases(out: Path) -> dict[str, ET.Element]:
    """Return each test's last result by its name, in the order of the folders."""
    found = {}
    for file in sorted(out.glob("*.xml"), key=lambda one: one.stat().st_mtime):
        for case in ET.parse(file).iter("testcase"):  # noqa: S314 - our own
            found[f"{case.get('classname') or case.get('name')}::{case.get('name')}"] = case
    return dict(sorted(found.items()))


def _reason(skip: ET.Element) -> str:
    """Return why a test was skipped; of a whole file, pytest writes it into the text."""
    message = skip.get("message", "")
    told = skip.text or ""
    return told.rpartition("Skipped: ")[2].rstrip("')") if "collection" in message else message


if __name__ == "__main__":
    sys.exit(main())
