"""What others may write can be nested so deeply that reading it ends in a RecursionError."""

import ast
from pathlib import Path

import dermstation

# Written and read by this program alone: inside the vault, from the station to its own children,
# between it and its launcher, sealed under a key of the vault, or a part of the program.
OURS = {
    "camera/card/process.py",
    "camera/messages.py",
    "imaging/shot_kind.py",
    "imaging/table.py",
    "process_messages.py",
    "ui/theme.py",
    "vault/card_files.py",
    "vault/columns.py",
    "vault/identity.py",
    "workflow/held_sealing.py",
}
PARSERS = {("json", "loads"), ("json", "load"), ("tomllib", "loads"), ("tomllib", "load")}
CAUGHT = {"RecursionError", "Exception", "BaseException"}


def parser_calls(tree: ast.AST, caught: bool = False) -> list[tuple[int, bool]]:
    """List the line of each call of a parser, and whether its RecursionError is caught."""
    found = []
    for node in ast.iter_child_nodes(tree):
        inner = caught or _catches(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            base = node.func.value
            if isinstance(base, ast.Name) and (base.id, node.func.attr) in PARSERS:
                found.append((node.lineno, caught))
        found += parser_calls(node, inner)
    return found


def _catches(node: ast.AST) -> bool:
    if isinstance(node, ast.Try):
        kinds = [handler.type for handler in node.handlers if handler.type is not None]
    elif isinstance(node, ast.With):
        calls = [one.context_expr for one in node.items if isinstance(one.context_expr, ast.Call)]
        kinds = [arg for call in calls if ast.unparse(call.func) == "suppress" for arg in call.args]
    else:
        return False
    return any(
        name in CAUGHT for kind in kinds for name in ast.unparse(kind).strip("()").split(", ")
    )


def test_whatever_reads_what_others_may_write_expects_deep_nesting() -> None:
    root = Path(dermstation.__file__).parent
    seen = 0
    for file in sorted(root.rglob("*.py")):
        calls = parser_calls(ast.parse(file.read_text(encoding="utf-8")))
        seen += len(calls)
        if file.relative_to(root).as_posix() not in OURS:
            assert [line for line, caught in calls if not caught] == [], file
    assert seen > len(OURS)
