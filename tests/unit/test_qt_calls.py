"""Properties of Qt are set by calls, never by keywords of a constructor.

PySide6 looks such a keyword up in lower case by the rules of the locale: in Turkish and Azeri there
is no "interval", and the program would not start.
"""

import ast
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "dermstation"
_ARGUMENTS = {"parent"}  # a parameter of the constructor itself


def keywords(tree: ast.Module) -> list[str]:
    """Return the calls that set properties of a Qt class by keyword, each with its line."""
    classes = _qt_names(tree)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in classes:
            found += _properties(node)
        if isinstance(node, ast.ClassDef) and {_name(base) for base in node.bases} & classes:
            found += [each for call in _calls_of_super(node) for each in _properties(call)]
    return found


def _qt_names(tree: ast.Module) -> set[str]:
    """Return the Qt classes that a module imports, by the names it gives them."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("PySide6."):
            names |= {one.asname or one.name for one in node.names if one.name.startswith("Q")}
    return names


def _calls_of_super(made: ast.ClassDef) -> list[ast.Call]:
    calls = [node for node in ast.walk(made) if isinstance(node, ast.Call)]
    return [one for one in calls if ast.unparse(one.func) == "super().__init__"]


def _name(node: ast.expr) -> str:
    """Return the last name: QTimer of QTimer, QtCore.QTimer and QTimer[int]."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=value):
            return _name(value)
    return ""


def _properties(call: ast.Call) -> list[str]:
    names = [one.arg for one in call.keywords if one.arg not in _ARGUMENTS]
    return [f"{name} in line {call.lineno}" for name in names]


def test_no_qt_property_is_set_by_a_keyword() -> None:
    found = {
        str(path.relative_to(SOURCE)): keywords(ast.parse(path.read_text(encoding="utf-8")))
        for path in SOURCE.rglob("*.py")
    }
    assert len(found) > 100
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_the_check_sees_each_way_to_set_one() -> None:
    code = """
from PySide6.QtCore import QObject, QTimer as Timer
from PySide6.QtWidgets import QLabel
Timer(None, interval=1)
QLabel("text", parent=None)
class Mine(QLabel):
    def __init__(self):
        super().__init__("text", wordWrap=True)
"""
    assert keywords(ast.parse(code)) == ["wordWrap in line 8", "interval in line 4"]
