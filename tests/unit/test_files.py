"""A file is whole or absent, whatever interrupts writing it; overwritten content is gone."""

import ast
import errno
import os
import signal
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Self

import pytest

from dermstation import files
from dermstation.plain_files import NotPlainError

OLD, NEW = b"old content", b"new content" * 500_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "settings.toml"
    path.write_bytes(OLD)
    return path


def test_a_new_file_and_a_changed_one_contain_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for content in (b"", b"one", NEW, b"two"):
        files.write_file(path, content)
        assert path.read_bytes() == content
        assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("call", ["open", "write", "fsync", "replace"])
def test_an_error_in_the_middle_of_writing_leaves_the_old_file_and_nothing_else(
    file: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise OSError(number, "disk")

    if call == "write":  # the file object does not write through os.write
        monkeypatch.setattr(os, "fdopen", lambda fd, mode: _FullFile(fd, number))
    elif call == "replace":
        monkeypatch.setattr(Path, "replace", failing)
    else:
        monkeypatch.setattr(os, call, failing)
    with pytest.raises(OSError, match="disk"):
        files.write_file(file, NEW)
    monkeypatch.undo()
    assert file.read_bytes() == OLD
    assert list(file.parent.iterdir()) == [file]


class _FullFile:
    """A file on a disk that accepts only half of what is written."""

    def __init__(self, descriptor: int, number: int) -> None:
        self._descriptor = descriptor
        self._number = number

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def write(self, content: bytes) -> None:
        os.write(self._descriptor, content[: len(content) // 2])
        raise OSError(self._number, "disk")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 is POSIX")
def test_a_kill_at_any_operation_leaves_the_old_file_or_the_new_one(file: Path) -> None:
    contents, was_killed, number = [], True, 0
    while was_killed:
        was_killed = _write_until_killed(file, number)
        contents.append(file.read_bytes())
        number += 1
    assert set(contents) == {OLD, NEW}
    assert contents == sorted(contents, reverse=True)  # old, then new
    assert list(file.parent.iterdir()) == [file]  # no .part file that a kill left remains


def _write_until_killed(file: Path, number: int) -> bool:
    child = os.fork()
    if child == 0:
        left = number

        def counted(call):
            def wrapper(*arguments, **named):
                nonlocal left
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1
                return call(*arguments, **named)

            return wrapper

        for owner, name in (
            (Path, "unlink"),
            (Path, "replace"),
            (os, "open"),
            (os, "fdopen"),
            (os, "fsync"),
        ):
            setattr(owner, name, counted(getattr(owner, name)))
        files.write_file(file, NEW)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def test_content_is_synced_before_the_name_and_the_name_before_the_return(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def seen_fsync(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        assert is_folder or os.fstat(descriptor).st_size == len(NEW)
        done.append("folder" if is_folder else "file")
        fsync(descriptor)

    def seen_replace(path: Path, target: Path) -> Path:
        done.append("replace")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", seen_fsync)
    monkeypatch.setattr(Path, "replace", seen_replace)
    files.write_file(file, NEW)
    expected = ["file", "replace", "folder"]
    assert done == (expected if sys.platform != "win32" else expected[:2])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_only_its_owner_can_read_a_file_from_the_first_byte_on(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: list[int] = []
    fsync = os.fsync

    def seen(descriptor: int) -> None:
        modes.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        fsync(descriptor)

    file.chmod(0o644)
    file.with_name(file.name + files.PART_SUFFIX).touch(mode=0o644)  # left by an interrupted write
    monkeypatch.setattr(os, "fsync", seen)
    files.write_file(file, NEW, files.OWNER_ONLY)
    assert modes[0] == stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need rights there")
def test_a_link_in_place_of_the_part_file_is_not_followed(file: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"not ours")
    file.with_name(file.name + files.PART_SUFFIX).symlink_to(target)
    files.write_file(file, NEW)
    assert target.read_bytes() == b"not ours"
    assert file.read_bytes() == NEW


def test_a_new_file_never_replaces_another(file: Path) -> None:
    with pytest.raises(FileExistsError), files.new_file(file):
        pass
    assert file.read_bytes() == OLD


def test_overwriting_an_open_file_keeps_its_length_and_what_is_before_the_start(
    tmp_path: Path,
) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(3_000_000))
    with path.open("r+b", buffering=0) as opened:
        files.overwrite(opened.fileno(), 2_999_000, start=1_000)
    content = path.read_bytes()
    assert len(content) == 3_000_000
    assert content[:1_000] == bytes(1_000)
    assert bytes(8) not in content[1_000:]


def test_a_shredded_file_is_overwritten_before_it_is_removed(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"x" * 3_000_000)
    os.link(path, tmp_path / "witness")  # a second name for the same bytes
    files.shred(path)
    assert not path.exists()
    left = (tmp_path / "witness").read_bytes()
    assert len(left) == 3_000_000
    assert b"xxxxxxxx" not in left


def test_shredding_an_absent_file_is_fine(tmp_path):
    files.shred(tmp_path / "nothing")


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need rights there")
def test_a_symbolic_link_is_not_followed(tmp_path):
    target = tmp_path / "target"
    target.write_bytes(b"not ours")
    link = tmp_path / "link"
    link.symlink_to(target)
    with pytest.raises(OSError, match=r"."):
        files.shred(link)
    assert target.read_bytes() == b"not ours"


def test_scrubbing_leaves_what_is_before_its_start(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(bytes(4096))
    files.scrub(path, start=28)
    content = path.read_bytes()
    assert content[:28] == bytes(28)
    assert len(content) == 4096
    assert content[28:].count(0) < 200


def test_writing_in_place_keeps_the_file_itself(tmp_path):
    path = tmp_path / "file"
    files.write_in_place(path, b"one")
    number = path.stat().st_ino
    files.write_in_place(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_ino == number


MOVES = ("rename", "replace", "unlink", "rmdir")


def held_error(winerror: int) -> PermissionError:
    """Return what Windows says if another program has a file open."""
    error = PermissionError(errno.EACCES, "The process cannot access the file")
    error.winerror = winerror  # type: ignore[attr-defined]  # only Windows has it
    return error


class Holder:
    """Another program that holds what was just written, until it was waited for often enough."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, waits: int, winerror: int = 32) -> None:
        self.waits = waits
        self._winerror = winerror
        self.waited_s = 0.0
        self._real = {name: getattr(Path, name) for name in MOVES}
        for name in self._real:
            monkeypatch.setattr(Path, name, self._refusing(name))
        monkeypatch.setattr(files.time, "sleep", self._sleep)

    def _refusing(self, name: str) -> Callable[..., object]:
        def move(made: Path, *rest: object, **options: object) -> object:
            if self.waits > 0:
                raise held_error(self._winerror)
            return self._real[name](made, *rest, **options)

        return move

    def _sleep(self, seconds: float) -> None:
        self.waits -= 1
        self.waited_s += seconds


def test_what_another_program_holds_for_a_moment_gets_its_name(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = Holder(monkeypatch, waits=4)
    files.write_file(file, NEW)
    assert file.read_bytes() == NEW
    assert 0.5 < holder.waited_s < files.PATIENCE_S
    folder = tmp_path / "made.part"
    folder.mkdir()
    holder.waits = 4
    files.take_name(folder, tmp_path / "made")
    assert (tmp_path / "made").is_dir()


def test_what_stays_held_is_named_as_held_and_nothing_is_left(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = Holder(monkeypatch, waits=10**6)
    with pytest.raises(files.HeldError) as held:
        files.write_file(file, NEW)
    assert held.value.errno == errno.EACCES
    assert files.PATIENCE_S <= holder.waited_s < 2 * files.PATIENCE_S
    assert file.read_bytes() == OLD
    assert list(file.parent.iterdir()) == [file]


def test_another_error_is_not_waited_for(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "disk")

    holder = Holder(monkeypatch, waits=0)
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk"):
        files.write_file(file, NEW)
    assert holder.waited_s == 0


@pytest.mark.parametrize("winerror", [5, 32])
def test_what_is_removed_waits_for_another_program_too(
    file: Path, monkeypatch: pytest.MonkeyPatch, winerror: int
) -> None:
    folder = file.parent / "empty"
    folder.mkdir()
    holder = Holder(monkeypatch, waits=3, winerror=winerror)
    files.remove(file)
    holder.waits = 3
    files.remove_folder(folder)
    assert list(folder.parent.iterdir()) == []
    assert holder.waited_s > 0.5


@pytest.mark.skipif(sys.platform == "win32", reason="Windows says the same of a file in use")
def test_a_folder_that_may_not_be_written_is_not_waited_for(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    holder = Holder(monkeypatch, waits=0)
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(PermissionError) as caught:
        files.remove(file)
    assert not isinstance(caught.value, files.HeldError)
    assert holder.waited_s == 0


def test_without_a_way_to_open_no_link_one_is_refused_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(OLD)
    try:
        link.symlink_to(target)
    except OSError:
        pytest.skip("may not make links here")
    monkeypatch.setattr(files, "_NO_LINK", 0)
    for change in (files.scrub, lambda path: files.write_in_place(path, NEW)):
        with pytest.raises(NotPlainError):
            change(link)
    assert target.read_bytes() == OLD


_MOVING = {"unlink", "rename", "rmdir", "rmtree"}
_OTHERS = {"self.first.rename", "file.unlink"}  # a field's label, and the card's own patience
# `camera/leftovers` and `demo` remove what only they have made, and may leave it
_MAY_MOVE = {"files.py", "camera/card/opening.py", "camera/leftovers.py", "demo.py"}


def test_nothing_else_renames_or_removes() -> None:
    """Whoever moves a file without patience calls a scanner's short look a read-only disk."""
    package = Path(files.__file__).parent
    found = [
        f"{file.relative_to(package).as_posix()}:{call.lineno} {call.func.attr}"
        for file in sorted(package.rglob("*.py"))
        if file.relative_to(package).as_posix() not in _MAY_MOVE
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        if call.func.attr in _MOVING and ast.unparse(call.func) not in _OTHERS
    ]
    assert found == []
