"""The list of the program's parts is made from what is there, and names what wheels bring along."""

import hashlib
import importlib.util
import re
import runpy
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import pytest

from dermstation.handover import faces

ROOT = Path(__file__).parents[2]
PINS = ROOT / "packaging" / "fonts.sha256"
NATIVE = runpy.run_path(str(ROOT / "packaging" / "native_parts.py"))
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at the wheel for Linux")


@pytest.fixture(scope="module")
def sbom() -> dict:
    return runpy.run_path(str(ROOT / "packaging" / "sbom.py"))


def every_part(parts: list[dict]) -> Iterator[dict]:
    for one in parts:
        yield one
        yield from every_part(one.get("components", []))


def site_packages(package: str) -> Path:
    return Path(importlib.util.find_spec(package).origin).parents[1]


def test_what_opencv_says_of_its_build_is_named_with_versions() -> None:
    found = {one.name: one for one in NATIVE["opencv_parts"](cv2.getBuildInformation())}
    for name in ("OpenEXR", "zlib", "libjpeg-turbo", "libpng", "libtiff", "FFmpeg libavcodec"):
        assert re.fullmatch(r"\d+(\.\d+)+", found[name].version), name


@on_linux
@pytest.mark.parametrize(
    ("library", "name"),
    [("libcrypto-*", "OpenSSL"), ("libssl-*", "OpenSSL"), ("libavutil-*", "FFmpeg")],
)
def test_the_libraries_that_the_wheel_brings_are_named_by_what_they_say(library, name) -> None:
    (file,) = (site_packages("cv2") / "opencv_python_headless.libs").glob(library)
    (part,) = (one for one in NATIVE["parts_of"](file) if one.name == name)
    assert re.fullmatch(r"\d+\.\d+\.\d+[a-z]?", part.version)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("libcrypto.so.3", b"\0OpenSSL 3.0.22 9 Jun 2026\0", ("OpenSSL", "3.0.22", "")),
        ("x.pyd", b"..OpenSSL 1.1.1k  FIPS 25 Mar 2021..", ("OpenSSL", "1.1.1k", "")),
        ("libz.so.1", b" deflate 1.2.13 Copyright 1995-2022 ", ("zlib", "1.2.13", "")),
        ("libtiff-20b7e810.so.6.3.0", b"LIBTIFF, Version 4.7.2\n", ("libtiff", "4.7.2", "")),
        ("libaom-a0d22147.so.3.14.1", b"", ("libaom", "", "3.14.1")),
        ("avcodec-62.dll", b"FFmpeg version n8.1.2", ("FFmpeg", "8.1.2", "")),
    ],
)
def test_a_library_is_known_by_its_text_or_else_by_its_name(name, content, expected) -> None:
    (part,) = NATIVE["parts_in"](name, content)
    assert (part.name, part.version, part.interface) == expected


def test_only_what_is_in_the_folder_is_listed_and_always_in_the_same_way(
    sbom: dict, tmp_path: Path
) -> None:
    (source,) = NATIVE["native_files"](site_packages("simplejpeg") / "simplejpeg")
    place = tmp_path / "_internal" / "simplejpeg"
    place.mkdir(parents=True)
    shutil.copy(source, place)
    (tmp_path / "_internal" / "libother.so.1").write_bytes(b"OpenSSL 3.0.22 9 Jun 2026")
    bom = sbom["bom_of"](tmp_path, frozenset({"nhs_number", "keyring.core", "dermstation.cli"}))
    parts = list(every_part(bom["components"]))
    assert [one["name"] for one in bom["components"] if one["type"] == "library"] == [
        "keyring",
        "nhs-number",
        "simplejpeg",
    ]
    files = {one["name"]: one for one in parts if one["type"] == "file"}
    assert set(files) == {f"_internal/simplejpeg/{source.name}", "_internal/libother.so.1"}
    (jpeg,) = files[f"_internal/simplejpeg/{source.name}"]["components"]
    assert jpeg["name"] == "libjpeg-turbo"
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    assert files[f"_internal/simplejpeg/{source.name}"]["hashes"][0]["content"] == digest
    refs = [one["bom-ref"] for one in parts]
    assert len(refs) == len(set(refs))
    again = sbom["bom_of"](tmp_path, frozenset({"nhs_number", "keyring.core", "dermstation.cli"}))
    assert again == bom
    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.6")
    assert set(bom["dependencies"][0]["dependsOn"]) <= set(refs)


@pytest.mark.parametrize("package", ["sqlcipher3", "lxml"])
def test_packages_are_asked_for_what_was_built_into_them(sbom: dict, package: str) -> None:
    told = sbom["told_parts"](package)
    assert len(told) == 2
    assert all(re.fullmatch(r"\d+(\.\d+)+", one.version) for one in told)


def test_the_fonts_are_those_that_were_pinned() -> None:
    pins = dict(reversed(one.split("  ")) for one in PINS.read_text("utf-8").splitlines()[1:])
    files = {file.name: file for file in faces.font_files()}
    assert set(pins) == set(files)
    for name, digest in pins.items():
        assert hashlib.sha256(files[name].read_bytes()).hexdigest() == digest, name
