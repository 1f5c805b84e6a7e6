"""Write the list of what is in the frozen program, as CycloneDX 1.6 in JSON.

    .venv/bin/python packaging/sbom.py dist/dermstation

It is made from what is in the folder: the Python modules in the program's archive, the files beside
it, and the libraries inside the native ones (`native_parts`). Names, versions and licences of the
packages come from the installed distributions that the program was frozen from. The result,
`dermstation.cdx.json` in the folder, is the same for the same folder.
"""

import hashlib
import json
import platform
import re
import sys
import uuid
from contextlib import closing
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

import cv2
from lxml import etree
from PyInstaller.archive.readers import CArchiveReader
from sqlcipher3 import dbapi2

sys.path.insert(0, str(Path(__file__).resolve().parent))

from licences import licence_of
from native_parts import Part, native_files, opencv_parts, parts_of

NAME = "dermstation.cdx.json"
PROGRAM = "dermstation"
_INTERNAL = "_internal"
_ASKED = "the package itself"
_OPENCV = ("opencv-python-headless", "opencv-python")
_EXPRESSION = re.compile(r"[A-Za-z0-9.+-]+( (AND|OR|WITH) [A-Za-z0-9.+-]+)*")

Component = dict[str, Any]


def main(folder: Path) -> Path:
    """Write the list for a frozen program and return its path."""
    bom = bom_of(folder, modules_of(folder))
    path = folder / NAME
    path.write_text(json.dumps(bom, indent=1, sort_keys=True) + "\n", "utf-8", newline="\n")
    return path


def modules_of(folder: Path) -> frozenset[str]:
    """Return the Python modules in the archives of a frozen program."""
    program = next(one for one in (folder / PROGRAM, folder / f"{PROGRAM}.exe") if one.is_file())
    outer = CArchiveReader(str(program))
    inner = [name for name in outer.toc if name.lower().endswith(".pyz")]
    return frozenset(name for one in inner for name in outer.open_embedded_archive(one).toc)


def bom_of(folder: Path, modules: frozenset[str]) -> dict[str, Any]:
    """Return the list for a folder and the modules that are in its program."""
    version = _version()
    owners = _owners(folder, modules)
    by_name = {_canonical(one): one for one in owners.values()}
    packages = [_package(one) for _, one in sorted(by_name.items())]
    by_ref = {one["bom-ref"]: one for one in packages}
    loose: list[Component] = []
    for file in native_files(folder):
        part = _file(folder, file)
        owner = owners.get(_inside(folder, file))
        target = by_ref[_ref(owner)].setdefault("components", []) if owner else loose
        target.append(part)
    for one in packages:
        inside = [_part(f"{one['bom-ref']}#", part) for part in told_parts(one["name"])]
        if inside:
            one.setdefault("components", []).extend(inside)
    components = [_python(), *packages, *_fonts(folder), *loose]
    root = f"pkg:generic/{PROGRAM}@{version}"
    bom: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": PROGRAM,
                "version": version,
                "purl": root,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            },
            "properties": _properties(system=platform.system(), machine=platform.machine()),
        },
        "components": components,
        "dependencies": [{"ref": root, "dependsOn": sorted(one["bom-ref"] for one in components)}],
    }
    seed = json.dumps(bom, sort_keys=True)
    bom["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, seed)}"
    return bom


def _version() -> str:
    source = Path(__file__).resolve().parents[1] / "src" / PROGRAM / "__init__.py"
    found = re.search(r'__version__ = "(.+)"', source.read_text("utf-8"))
    if found is None:
        raise LookupError("the program has no version")
    return found[1]


def _owners(folder: Path, modules: frozenset[str]) -> dict[str, Distribution]:
    """Map what is in the folder to the distribution it comes from: modules, and paths of files."""
    there = {_inside(folder, one) for one in folder.rglob("*") if one.is_file()}
    found: dict[str, Distribution] = {}
    for one in distributions():
        if _canonical(one) == PROGRAM:
            continue
        for file in one.files or ():
            path = file.as_posix()
            if path in there and ".dist-info/" not in path:
                found.setdefault(path, one)
            module = _module(path)
            if module in modules:
                found.setdefault(module, one)
    return found


def _module(path: str) -> str:
    """Return the name of the module in a file of a distribution, or ""."""
    if not path.endswith(".py") or path.startswith(".."):
        return ""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _inside(folder: Path, file: Path) -> str:
    return file.relative_to(folder).as_posix().removeprefix(f"{_INTERNAL}/")


def _canonical(one: Distribution) -> str:
    return re.sub(r"[-_.]+", "-", one.metadata["Name"]).lower()


def _ref(one: Distribution) -> str:
    return f"pkg:pypi/{_canonical(one)}@{one.version}"


def _package(one: Distribution) -> Component:
    made: Component = {
        "type": "library",
        "bom-ref": _ref(one),
        "name": _canonical(one),
        "version": one.version,
        "purl": _ref(one),
    }
    try:
        licence = licence_of(_canonical(one))
    except LookupError:
        return made
    is_plain = _EXPRESSION.fullmatch(licence) and ("-" in licence or licence in {"MIT", "Zlib"})
    made["licenses"] = [{"expression": licence}] if is_plain else [{"license": {"name": licence}}]
    return made


def _python() -> Component:
    version = platform.python_version()
    return {
        "type": "platform",
        "bom-ref": f"pkg:generic/cpython@{version}",
        "name": "CPython",
        "version": version,
        "purl": f"pkg:generic/cpython@{version}",
        "licenses": [{"license": {"id": "PSF-2.0"}}],
    }


def _bare_file(folder: Path, file: Path) -> Component:
    path = file.relative_to(folder).as_posix()
    return {
        "type": "file",
        "bom-ref": f"file:{path}",
        "name": path,
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(file.read_bytes()).hexdigest()}],
    }


def _file(folder: Path, file: Path) -> Component:
    made = _bare_file(folder, file)
    inside = [_part(made["bom-ref"], one) for one in parts_of(file)]
    return {**made, "components": inside} if inside else made


def _part(where: str, part: Part) -> Component:
    told = {"told-by": part.told_by}
    if part.interface:
        told["interface-version"] = part.interface
    made: Component = {
        "type": "library",
        "bom-ref": f"{where}#{part.name}@{part.version}",
        "name": part.name,
        "properties": _properties(**told),
    }
    return {**made, "version": part.version} if part.version else made


def told_parts(package: str) -> list[Part]:
    """Return what a package says itself of the libraries that were built into it."""
    if package in _OPENCV:
        return opencv_parts(cv2.getBuildInformation())
    if package == "sqlcipher3":
        with closing(dbapi2.connect(":memory:")) as database:
            (cipher,) = database.execute("PRAGMA cipher_version").fetchone()
        release = str(cipher).split()[0]
        found = {"SQLCipher": release, "SQLite": dbapi2.sqlite_version}
        return [Part(name, version, _ASKED) for name, version in found.items()]
    if package == "lxml":
        found = {"libxml2": etree.LIBXML_VERSION, "libxslt": etree.LIBXSLT_VERSION}
        return [Part(name, ".".join(map(str, one)), _ASKED) for name, one in found.items()]
    return []


def _fonts(folder: Path) -> list[Component]:
    """Return the fonts that stand beside the program's code, each with its hash."""
    return [_bare_file(folder, file) for file in sorted(folder.rglob("*.ttf"))]


def _properties(**told: str) -> list[dict[str, str]]:
    return [{"name": f"{PROGRAM}:{name}", "value": value} for name, value in sorted(told.items())]


if __name__ == "__main__":
    (given,) = sys.argv[1:] or sys.exit("usage: sbom.py FOLDER")
    sys.stdout.write(f"{main(Path(given))}\n")
