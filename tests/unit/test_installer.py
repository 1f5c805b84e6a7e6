"""The installer for Windows: the same files give the same tables, and nothing is missing."""

import importlib
import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from dermstation.domain.setting import Kind
from dermstation.machine_policy import INSTALLED_KEY, POLICY_KEY
from dermstation.settings import SETTINGS
from dermstation.shared_home import KEY

DEPLOY = Path(__file__).parents[2] / "docs" / "deploy.md"
HERE = Path(__file__).parents[2] / "packaging" / "windows"
MODULES = ("msi_tables", "msi_contents", "msi_product", "signing", "closure")
TREE = ("dermstation.exe", "_internal/base_library.zip", "_internal/PySide6/Qt6Core.dll")
LONG = ("_internal/a long name.py", "_internal/a long name.pyi", "_internal/a long nam\u00e9.txt")


@pytest.fixture(scope="module")
def made() -> Iterator[dict[str, ModuleType]]:
    """The modules of packaging/windows, as its programs import them."""
    sys.path.insert(0, str(HERE))
    yield {name: importlib.import_module(name) for name in MODULES}
    sys.path.remove(str(HERE))
    for name in MODULES:
        sys.modules.pop(name, None)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in (*TREE, *LONG):
        file = tmp_path / "tree" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(name.encode())
    for name in TREE:
        if name.endswith((".exe", ".dll")):
            (tmp_path / "tree" / name).write_bytes(program("KERNEL32.dll", "python311.dll"))
    return tmp_path / "tree"


def tables(made: dict[str, ModuleType], tree: Path, version: str = "1.2.3") -> Any:
    database = made["msi_tables"].Database()
    made["msi_contents"].add_files(database, tree, "INSTALLDIR", made["msi_product"].SPACE)
    product = made["msi_product"].Product(version, "Maker", "https://example.invalid", "{CODE}")
    made["msi_product"].add_product(database, product)
    return database


def program(*libraries: str) -> bytes:
    """Return the smallest 64-bit library that needs one function of each of others."""
    at, size = 0x200, 0x200
    thunks = at + 20 * (len(libraries) + 1)
    names = thunks + 16 * len(libraries)
    entries, texts = b"", b""
    for number, library in enumerate(libraries):
        entries += struct.pack("<5I", 0, 0, 0, names + len(texts), thunks + 16 * number)
        texts += library.encode() + b"\0"
    first_function = struct.pack("<2Q", 1 << 63 | 1, 0)
    body = entries + bytes(20) + first_function * len(libraries) + texts
    optional = bytearray(240)
    struct.pack_into("<H", optional, 0, 0x20B)  # of 64 bits
    struct.pack_into("<2I", optional, 32, at, at)  # alignments
    struct.pack_into("<2I", optional, 56, at + size, at)  # sizes
    struct.pack_into("<2H", optional, 68, 3, 0x140)  # console; random addresses, data no code
    struct.pack_into("<I", optional, 108, 16)  # directories
    struct.pack_into("<2I", optional, 120, at if libraries else 0, len(body))  # of imports
    head = struct.pack("<4s2H3I2H", b"PE", 0x8664, 1, 0, 0, 0, len(optional), 0x2022)
    section = struct.pack("<8s6I2HI", b".idata", size, at, size, at, 0, 0, 0, 0, 0xC0000040)
    dos = struct.pack("<2s58xI", b"MZ", 64)
    return (dos + head + bytes(optional) + section).ljust(at, b"\0") + body.ljust(size, b"\0")


def test_the_same_files_give_the_same_tables(made: dict[str, ModuleType], tree: Path) -> None:
    assert tables(made, tree).texts() == tables(made, tree).texts()


def test_another_version_has_the_same_codes_for_its_parts(
    made: dict[str, ModuleType], tree: Path
) -> None:
    one, other = tables(made, tree), tables(made, tree, "1.3.0")
    assert one.tables["Component"] == other.tables["Component"]
    assert one.tables["Upgrade"] != other.tables["Upgrade"]


def test_every_file_has_a_component_and_a_place(made: dict[str, ModuleType], tree: Path) -> None:
    found = tables(made, tree).tables
    assert len(found["File"]) == len(TREE) + len(LONG)
    components = {row[0]: row for row in found["Component"]}
    assert {row[1] for row in found["File"]} <= set(components)
    assert {row[2] for row in found["Component"]} <= {row[0] for row in found["Directory"]}
    assert {row[1] for row in found["FeatureComponents"]} == set(components)
    codes = [row[1] for row in found["Component"]]
    assert len(set(codes)) == len(codes)
    assert [row[7] for row in found["File"]] == list(range(1, len(found["File"]) + 1))


def test_keys_are_single(made: dict[str, ModuleType], tree: Path) -> None:
    for table, rows in tables(made, tree).tables.items():
        keys = sum(is_key for *_, is_key in made["msi_tables"]._columns(table))
        seen = [row[:keys] for row in rows]
        assert len(set(seen)) == len(seen), table


def test_long_names_have_short_ones_that_differ(made: dict[str, ModuleType], tree: Path) -> None:
    names = [row[2] for row in tables(made, tree).tables["File"]]
    short = [name.partition("|")[0].upper() for name in names]
    assert len(set(short)) == len(short)
    assert all(re.fullmatch(r"[A-Z0-9_~-]{1,8}(\.[A-Z0-9]{1,3})?", name) for name in short)


def test_every_setting_can_be_given_and_is_kept_by_an_upgrade(
    made: dict[str, ModuleType], tree: Path
) -> None:
    found = tables(made, tree).tables
    secure = dict(found["Property"])["SecureCustomProperties"].split(";")
    conditions = {row[0]: row[4] for row in found["Component"]}
    values = {row[0]: row[4] for row in found["Registry"]}
    for name, row in SETTINGS.items():
        given = made["msi_product"].property_of(row)
        if not given:
            assert "{" in str(row.default)
            continue
        assert given == name.upper()
        assert given in secure
        assert conditions[f"Given_{name}"] == given
        assert conditions[f"Kept_{name}"] == f"KEPT_{given} AND NOT {given}"
        is_number = row.kind in (Kind.TICK, Kind.NUMBER)
        assert values[f"Given_{name}"] == ("#" if is_number else "") + f"[{given}]"


def test_the_page_for_it_gives_what_the_installer_takes(made: dict[str, ModuleType]) -> None:
    page = DEPLOY.read_text()
    (line,) = re.findall(r"^msiexec /i .+\n.+", page, re.MULTILINE)
    given = dict(re.findall(r"\b([A-Z_]+)=\"?([^\"\s]+(?: [A-Z][a-z]+)*)", line))
    assert given.pop("DESKTOPSHORTCUT") == "1"
    takes = {made["msi_product"].property_of(row): row for row in SETTINGS.values()}
    for name, value in given.items():
        assert takes[name].checked(value) == value
    for key in (POLICY_KEY, INSTALLED_KEY.removeprefix("SOFTWARE\\"), KEY):
        assert key in page
    assert len(given) == 3


def test_no_custom_action_is_needed(made: dict[str, ModuleType], tree: Path) -> None:
    assert not {"CustomAction", "Binary"} & set(tables(made, tree).tables)


def test_the_old_version_is_removed_within_the_transaction(
    made: dict[str, ModuleType], tree: Path
) -> None:
    rows = {row[0]: row[2] for row in tables(made, tree).tables["InstallExecuteSequence"]}
    removal = rows["RemoveExistingProducts"]
    assert rows["InstallInitialize"] < removal < rows["InstallFinalize"]


@pytest.mark.parametrize(
    "cells",
    [
        ("ProductName",),
        ("ProductName", 3),
        ("P" * 73, "value"),
        ("ProductName", "value", "more"),
    ],
)
def test_a_wrong_row_is_refused(made: dict[str, ModuleType], cells: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match="Property"):
        made["msi_tables"].Database().add("Property", *cells)


def test_a_text_of_two_lines_is_refused(made: dict[str, ModuleType]) -> None:
    database = made["msi_tables"].Database()
    database.add("Property", "ProductName", "two\nlines")
    with pytest.raises(ValueError, match="line"):
        database.texts()


def test_a_library_that_is_nowhere_is_named(made: dict[str, ModuleType], tree: Path) -> None:
    found = made["closure"].closure_of(tree)
    assert found.files == 2
    assert found.missing == {"python311.dll": ["_internal/PySide6/Qt6Core.dll", "dermstation.exe"]}
    (tree / "_internal" / "python311.dll").write_bytes(program())
    found = made["closure"].closure_of(tree)
    assert found.is_whole
    assert not found.unprotected


def test_a_library_counts_only_where_it_is_looked_for(
    made: dict[str, ModuleType], tmp_path: Path
) -> None:
    inside = tmp_path / "_internal"
    for name, needed in {
        "PySide6/vcruntime140.dll": (),
        "PySide6/plugins/qwindows.dll": ("VCRUNTIME140.dll", "shiboken6.dll"),
        "shiboken6/shiboken6.dll": (),
        "numpy/core.pyd": ("msvcp140-1a2b.dll",),
        "numpy.libs/msvcp140-1a2b.dll": ("VCRUNTIME140.dll",),
    }.items():
        (inside / name).parent.mkdir(parents=True, exist_ok=True)
        (inside / name).write_bytes(program(*needed))
    found = made["closure"].closure_of(tmp_path)
    assert found.missing == {"vcruntime140.dll": ["_internal/numpy.libs/msvcp140-1a2b.dll"]}
    (inside / "VCRUNTIME140.dll").write_bytes(program())
    assert made["closure"].closure_of(tmp_path).is_whole
