"""Packages of made-up patients, opened with everything that is installed."""

import importlib.util
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dermstation.domain.presets import Preset
from dermstation.domain.records import Package
from dermstation.handover.contents import PackageContents
from dermstation.handover.options import PackageOptions
from dermstation.handover.writer import write_package
from tests.opened import mail
from tests.opened.looking import Pixels, differences, wrong_sides
from tests.opened.people import NAMES, PASSPHRASE, SIDED, Case
from tests.opened.readers import READERS, SUMMARY
from tests.opened.renderers import RENDERERS, run

_FORMS = {
    "files": {},
    "DICOM and FHIR": {"dicom": True, "fhir": True},
    "one PDF": {"one_pdf": True},
    "sealed": {"one_pdf": True, "sealed": True},
}
_LESIONS = 3
EVERYTHING = PackageOptions(Preset.ERS_WEB, dicom=True, fhir=True)


def cases() -> list[Case]:
    """Return every script, every destination in every form, and every side of every site."""
    by_script = [
        Case(f"name: {script}", script, EVERYTHING, first_site=3 * number)
        for number, script in enumerate(NAMES)
    ]
    by_form = [
        Case(f"{preset.value}, {form}, {count} lesions", "accents", options, lesions=count)
        for preset in Preset
        for form, how in _FORMS.items()
        for count in ((1, _LESIONS) if preset is Preset.ERS_WEB else (1,))
        if (options := PackageOptions(preset, **how)).limits.files_most == 0 or not options.fhir
    ]  # Vision takes four files
    by_site = [
        Case(
            f"sites from {first}",
            "accents",
            PackageOptions(),
            lesions=min(_LESIONS, 2 * len(SIDED) - first),
            first_site=first,
            with_pictures=False,
        )
        for first in range(0, 2 * len(SIDED), _LESIONS)
    ]
    return [*by_script, *by_form, *by_site]


@dataclass
class Findings:
    """What was opened, what was wrong with it, and by what."""

    packages: int = 0
    wrong: list[str] = field(default_factory=list)
    looks: Counter[str] = field(default_factory=Counter)  # by program
    faults: Counter[str] = field(default_factory=Counter)

    def note(self, case: Case, program: str, words: Iterable[str]) -> None:
        """Note what one program found in one file or drawing."""
        self.looks[program] += 1
        for one in words:
            self.wrong.append(f"{program}, {case.name}: {one}")
            self.faults[program] += 1

    @property
    def by_program(self) -> dict[str, str]:
        """Return a line for each program: how often it looked, and what was wrong."""
        return {one: f"{self.looks[one]} looks, {self.faults[one]} wrong" for one in self.looks}


def skipped() -> dict[str, str]:
    """Return what cannot be asked on this machine, each with the reason."""
    lacking = {one.name: one.lack for one in (*RENDERERS, *READERS) if one.lack}
    for parser in mail.PARSERS:
        if importlib.util.find_spec(parser) is None:
            lacking[parser] = f"{parser} is not installed"
    return lacking


def open_everywhere(case: Case, scratch: Path, found: Findings) -> None:
    """Make the package of a case and open it with every program that is installed."""
    contents = case.contents()
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        passphrase = PASSPHRASE if case.options.sealed else ""
        package = write_package(
            contents, Path(folder), before_file=lambda _: None, passphrase=passphrase
        )
        found.packages += 1
        look_at(package, contents, case, scratch, found)
        read(package, contents, case, scratch, found)


def look_at(
    package: Package, contents: PackageContents, case: Case, scratch: Path, found: Findings
) -> None:
    """Draw the summary with each renderer; the first one is what the others are compared with."""
    passphrase = PASSPHRASE if case.options.sealed else ""
    pdf = shutil.copy(Path(package.folder) / SUMMARY, scratch / SUMMARY)
    first: list[Pixels] | None = None
    for one in RENDERERS:
        if one.lack or (passphrase and not one.opens_sealed):
            continue
        pages = one.pages(Path(pdf), scratch, passphrase)
        found.note(case, one.name, wrong_sides(pages, contents))
        if first is not None:
            found.note(case, one.name, differences(first, pages, one.strays, one.differs))
        first = first or pages


def read(
    package: Package, contents: PackageContents, case: Case, scratch: Path, found: Findings
) -> None:
    """Read each file of a package with each program for its kind, and the e-mail draft."""
    folder, is_sealed = Path(package.folder), case.options.sealed
    if not is_sealed or shutil.which("qpdf"):
        for one, file in _pairs(_unsealed(folder, scratch) if is_sealed else folder):
            words = (f"{file.name}: {said}" for said in one.complaints(file, contents))
            found.note(case, one.name, words)
    found.note(case, "mail", mail.complaints(package, contents))


def _unsealed(package: Path, scratch: Path) -> Path:
    """Return the folder into which qpdf wrote the summary without its encryption."""
    folder = scratch / "unsealed"
    folder.mkdir(exist_ok=True)
    run("qpdf", f"--password={PASSPHRASE}", "--decrypt", package / SUMMARY, folder / SUMMARY)
    return folder


def _pairs(folder: Path) -> Iterator[tuple]:
    files = sorted(folder.iterdir())
    for one in READERS:
        if not one.lack:
            yield from ((one, file) for file in files if file.suffix == one.suffix)
