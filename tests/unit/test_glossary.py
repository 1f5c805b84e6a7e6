"""The glossary is true: its names exist, and the code uses none of its words to avoid."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "dermstation"
GLOSSARY = ROOT / "docs" / "glossary.md"
RESOURCE_TEXTS = (".toml", ".svg", ".qss", ".json")

# Names and texts of others that hold a word to avoid: patterns of the whole, and the reason.
ALLOWED = {
    r"user|users": "CPU time as psutil names it; who signs in to Windows",
    r"_USER|_USER_ROOTS|UserSyncRoots": "V4L2's class of controls; the registry of Windows",
    r"user_version|PRAGMA (copy\.)?user_version.*": "a pragma of SQLite",
    r"user-dirs\.dirs": "a file of Linux desktops",
    r"(?s).*password passphrase passcode secret login.*": "words that are guessed",
    r"user_data_dir": "a function of platformdirs",
    r"UserRole": "an item role of Qt",
    r"dicomweb_client|DICOMwebClient": "a library, and its class",
    r"user32": "a library of Windows",
    r"HKEY_CURRENT_USER": "a part of the registry of Windows",
    r"--no-user-interaction": "an option of udisksctl",
    r"another user took over the PC": "whoever signed in to the PC, not to the station",
    r"ExcludeUserInputEvents": "a flag of Qt",
    r"CASE e\.state .*": "SQL",
    r"Many moles": "a question that is read to the patient",
    r".*icloud \?photos.*": "the folder of a cloud service",
    r"/?org.freedesktop.login1.*": "a service of Linux",
}
# Class names that two modules below the window share, and for what.
SHARED = {"Group": "a group of settings, and a group of the work list"}


def rows() -> list[list[str]]:
    """Return word, meaning, words to avoid and place in the code of each row."""
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    return [row for row in cells[2:] if not row[0].startswith("**")]  # without the headings


AVOIDED = {word for row in rows() for word in re.findall(r"`([a-z]+)`", row[2])}


def test_each_word_has_one_row_and_a_meaning() -> None:
    words = Counter(row[0] for row in rows())
    assert [word for word, count in words.items() if count > 1] == []
    assert all(len(row) == 4 and row[1] for row in rows())
    assert len(words) > 50
    assert len(AVOIDED) > 10


def test_the_glossary_names_what_is_in_the_code() -> None:
    names = {name for row in rows() for name in re.findall(r"`([\w.]+)`", row[3])}
    assert {name for name in names if not _is_in_the_code(name)} == set()


def test_no_name_and_no_text_has_a_word_to_avoid() -> None:
    said = {
        f"{path.name}: {text}"
        for path in SOURCE.rglob("*.py")
        for text in _names_and_texts(path)
        if _avoided(text) and not any(re.fullmatch(one, text) for one in ALLOWED)
    }
    assert said == set()


def test_no_resource_has_a_word_to_avoid() -> None:
    files = [path for path in (ROOT / "resources").rglob("*") if path.suffix in RESOURCE_TEXTS]
    assert files
    said = {path.name: _avoided(path.read_text(encoding="utf-8")) for path in files}
    assert {name: words for name, words in said.items() if words} == {}


def test_every_exception_is_needed() -> None:
    texts = {text for path in SOURCE.rglob("*.py") for text in _names_and_texts(path)}
    avoided = [text for text in texts if _avoided(text)]
    unused = [one for one in ALLOWED if not any(re.fullmatch(one, text) for text in avoided)]
    assert unused == []


def test_no_two_classes_below_the_window_share_a_name() -> None:
    names = Counter(
        node.name
        for path in SOURCE.rglob("*.py")
        if path.relative_to(SOURCE).parts[0] != "ui"
        for node in _tree(path).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert {name for name, count in names.items() if count > 1} == set(SHARED)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _is_in_the_code(name: str) -> bool:
    """Return whether a module, and what is named in it, exist below the source folder."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        module = SOURCE.joinpath(*parts[:end]).with_suffix(".py")
        if module.is_file():
            return _defines(_tree(module).body, parts[end:])
    return False


def _defines(body: list[ast.stmt], parts: list[str]) -> bool:
    if not parts:
        return True
    for node in body:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) if name == parts[0]:
                return _defines(node.body, parts[1:])
            case ast.AnnAssign(target=ast.Name(id=name)) if [name] == parts:
                return True
            case ast.Assign(targets=[ast.Name(id=name)]) if [name] == parts:
                return True
    return False


def _names_and_texts(path: Path) -> Iterator[str]:
    """List the names and the texts of a module, without its docstrings."""
    nodes = list(ast.walk(_tree(path)))
    docstrings = {id(node.body[0].value) for node in nodes if _has_docstring(node)}
    for node in nodes:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield name
            case ast.arg(arg=name) | ast.Name(id=name) | ast.Attribute(attr=name):
                yield name
            case ast.Constant(value=str(text)) if id(node) not in docstrings:
                yield text


def _has_docstring(node: ast.AST) -> bool:
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef
    return isinstance(node, kinds) and ast.get_docstring(node, clean=False) is not None


def _avoided(text: str) -> set[str]:
    """Return the words to avoid in a text, or in a name with underscores or capitals."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return set(re.findall(r"[a-z]+", spaced.lower())) & AVOIDED
