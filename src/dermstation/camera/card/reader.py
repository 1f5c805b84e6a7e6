"""The station's end of the card reader: sends its orders, limits it and replaces it.

Use from one thread at a time. Each call ends within a time limit: a process that hangs on a card,
takes too much time or memory over a picture, or answers what was not asked, is killed, and the next
call starts a new one.
"""

import contextlib
import json
import logging
import multiprocessing
import time
from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Self, TypeVar

import psutil

from dermstation.camera.card.answers import (
    LONGEST_ANSWER,
    LONGEST_BUFFER,
    companions_of,
    inspected_of,
    listing_of,
    outcome_of,
    raise_trouble,
    thumbnail_of,
)
from dermstation.camera.card.pictures import (
    CardFile,
    CardThumbnail,
    Companions,
    EraseOutcome,
    ImportedPicture,
    Inspected,
    Listing,
)
from dermstation.camera.card.process import CONFINED, run_reader
from dermstation.camera.child_pipe import ChildPipe, MalformedMessageError
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.shots import ShotKind

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

MOST_CPU_S = 2.0  # processor time for one picture; waiting for a slow card does not count
_USUAL_START_S = 0.5  # processor time; a PC on which starting takes longer is slower by as much
MOST_MEMORY_BYTES = 512 * 1024 * 1024
_START_WITHIN_S = 60.0
_ANSWER_WITHIN_S = 30.0
_ERASE_WITHIN_S = 120.0
_SEARCH_WITHIN_S = 60.0
_SLOWEST_BYTES_A_S = 2_000_000  # a film is overwritten on a slow card
_CHECK_EVERY_S = 0.02
_END_WITHIN_S = 5.0
_READY_BYTES = len(CONFINED)


class CardReader:
    """A process that reads cards, as a context manager that ends it."""

    def __init__(self) -> None:
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def list_pictures(self, root: str) -> Listing:
        """List the pictures of a card. Raises StationError CARD_ABSENT or CARD_UNREADABLE."""
        order = {"do": "list", "root": root}
        return self._ask(order, listing_of, when_lost=ErrorCode.CARD_UNREADABLE)

    def thumbnail(self, root: str, path: str) -> CardThumbnail:
        """Return a small version of a picture.

        Raises StationError IMAGE_UNREADABLE, IMAGE_TOO_LARGE, CARD_ABSENT or CARD_UNREADABLE.
        """
        order = {"do": "thumbnail", "root": root, "path": path}
        return self._ask(order, partial(thumbnail_of, path=path), 1)

    def inspect(self, root: str, path: str, shot: ShotKind) -> Inspected:
        """Return a whole picture, judged as a shot of this kind. Raises as `thumbnail` does."""
        order = {"do": "inspect", "root": root, "path": path, "shot": shot.value}
        return self._ask(order, partial(inspected_of, path=path, shot=shot), 2)

    def erase(self, root: str, path: str, sha256: str, half_erased_bytes: int = 0) -> EraseOutcome:
        """Erase the picture with this content from the card; any failure is an outcome.

        `half_erased_bytes` is the picture's size if an earlier erasure was interrupted, else 0.
        """
        order = {
            "do": "erase",
            "root": root,
            "path": path,
            "sha256": sha256,
            "half_erased_bytes": str(half_erased_bytes),
        }
        try:
            return self._ask(order, outcome_of, within_s=_ERASE_WITHIN_S)
        except StationError:
            return EraseOutcome.FAILED

    def find_companions(self, root: str, pictures: Sequence[ImportedPicture]) -> Companions:
        """Find the companions of pictures anywhere on a card. Raises as `list_pictures` does."""
        listed = json.dumps([[one.path, one.size_bytes, one.sha256] for one in pictures])
        order = {"do": "companions", "root": root, "pictures": listed}
        read = partial(companions_of, pictures={one.path for one in pictures})
        return self._ask(
            order, read, when_lost=ErrorCode.CARD_UNREADABLE, within_s=_SEARCH_WITHIN_S
        )

    def erase_companion(self, root: str, file: CardFile) -> EraseOutcome:
        """Erase a companion if it is still the file that was found; any failure is an outcome."""
        modified_at = file.modified_at.isoformat() if file.modified_at else None
        listed = json.dumps([file.path, file.size_bytes, modified_at])
        order = {"do": "erase_companion", "root": root, "file": listed}
        within_s = _ERASE_WITHIN_S + file.size_bytes / _SLOWEST_BYTES_A_S
        try:
            return self._ask(order, outcome_of, within_s=within_s)
        except StationError:
            return EraseOutcome.FAILED

    def close(self) -> None:
        """End the process; the next call starts another one."""
        child, self._child = self._child, None
        if child is not None:
            child.end()

    @property
    def process_id(self) -> int | None:
        """Return the id of the process, or None if there is none."""
        return self._child.pid if self._child is not None else None

    def _ask(
        self,
        order: dict[str, str],
        read: Callable[..., Answer],
        buffers: int = 0,
        *,
        when_lost: ErrorCode = ErrorCode.IMAGE_UNREADABLE,
        within_s: float | None = None,
    ) -> Answer:
        """Send an order and wait for the answer, which has so many buffers and is read by `read`.

        Raises the StationError that the process reports, or `when_lost` if the process is lost; a
        process that fails is ended.
        """
        if self._child is None or not self._child.is_alive:
            self.close()
            self._child = _Child()
        try:
            bounded = order["do"] in ("thumbnail", "inspect")
            within_s = within_s or _ANSWER_WITHIN_S
            return read(*self._child.ask(order, buffers, within_s, bounded=bounded))
        except (EOFError, OSError):
            log.warning("the card reader ended over an order: %s", order["do"])
            self.close()
            raise StationError(when_lost, reason="reader ended") from None
        except MalformedMessageError:
            log.warning("the card reader broke a rule over an order: %s", order["do"])
            self.close()
            raise StationError(when_lost, reason="reader answer") from None
        except _OverBounds as over:
            log.info("the card reader was ended: %s", over)
            self.close()
            raise StationError(when_lost, reason=str(over)) from None


class _Child:
    """One reader process and the pipe to it."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe = ChildPipe(context)
        self._process: SpawnProcess = context.Process(
            target=run_reader, args=(self._pipe.theirs,), name="card-reader", daemon=True
        )
        self._process.start()
        self._pipe.theirs.close()  # so that each side notices when the other is gone
        # wait until it is ready, so that its start does not count against the first picture
        with contextlib.suppress(EOFError, OSError, MalformedMessageError):
            if self._pipe.has_message(_START_WITHIN_S, _READY_BYTES):  # else the first order tells
                confined = self._pipe.take(_READY_BYTES) == CONFINED
                log.info("the card reader %s", "is confined" if confined else "is not confined")
        self._slowness = 1.0
        with contextlib.suppress(psutil.NoSuchProcess):
            self._slowness = max(1.0, _cpu_s(psutil.Process(self.pid)) / _USUAL_START_S)

    @property
    def pid(self) -> int | None:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.is_alive()

    def ask(
        self, order: dict[str, str], buffers: int, within_s: float, *, bounded: bool
    ) -> list[bytes]:
        """Send an order and return the answer: a message and its buffers.

        Raises the StationError that the message reports, EOFError, OSError, MalformedMessageError
        or _OverBounds.
        """
        self._pipe.send(json.dumps(order).encode())
        most_cpu_s = MOST_CPU_S * self._slowness if bounded else None
        bounds = _Bounds(self._process.pid, within_s, most_cpu_s)
        answer = [self._next(bounds, LONGEST_ANSWER)]
        raise_trouble(answer[0])
        return answer + [self._next(bounds, LONGEST_BUFFER) for _ in range(buffers)]

    def end(self) -> None:
        """Kill the process, whatever it is doing.

        No erasure is cut short by closing the reader, because `erase` waits for its answer.
        """
        self._process.kill()
        self._process.join(_END_WITHIN_S)
        self._pipe.close()
        if self._process.exitcode is not None:
            self._process.close()

    def _next(self, bounds: "_Bounds", longest: int) -> bytes:
        try:
            while not self._pipe.has_message(_CHECK_EVERY_S, longest):
                bounds.check()
        except psutil.NoSuchProcess:
            raise EOFError from None
        return self._pipe.take(longest)


class _Bounds:
    """How long one order may take, and how much of the machine; without `most_cpu_s` all of it."""

    def __init__(self, pid: int | None, within_s: float, most_cpu_s: float | None) -> None:
        self._ends_at = time.monotonic() + within_s
        self._most_cpu_s = most_cpu_s
        try:
            self._process = psutil.Process(pid)
            self._cpu_at_start_s = _cpu_s(self._process)
        except psutil.NoSuchProcess:
            raise EOFError from None

    def check(self) -> None:
        """Raise _OverBounds or psutil.NoSuchProcess if the process is to be ended."""
        if time.monotonic() > self._ends_at:
            raise _OverBounds("time")
        if self._most_cpu_s is None:
            return
        if _cpu_s(self._process) - self._cpu_at_start_s > self._most_cpu_s:
            raise _OverBounds("effort")
        if self._process.memory_info().rss > MOST_MEMORY_BYTES:
            raise _OverBounds("memory")


class _OverBounds(Exception):  # noqa: N818 - it never leaves this module
    """The process took more time or memory than one order is allowed."""


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
