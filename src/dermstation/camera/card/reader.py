"""The station's end of the card reader: sends its orders, limits it and replaces it.

Use from one thread at a time. Each call ends within a time limit: a process that hangs on a card,
or takes too much time or memory over a picture, is killed, and the next call starts a new one.
"""

import contextlib
import json
import logging
import multiprocessing
import time
from collections.abc import Sequence
from datetime import datetime
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Any, Self

import numpy as np
import psutil

from dermstation.camera.card.inspection import MAX_BYTES, PREVIEW_PIXELS
from dermstation.camera.card.pictures import (
    CardFile,
    CardThumbnail,
    EraseOutcome,
    ExifFacts,
    Inspected,
    Listing,
)
from dermstation.camera.card.process import run_reader
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.quality import QualityReport
from dermstation.domain.shots import ShotKind

log = logging.getLogger(__name__)

MOST_CPU_S = 2.0  # processor time for one picture; waiting for a slow card does not count
MOST_MEMORY_BYTES = 512 * 1024 * 1024
_START_WITHIN_S = 60.0
_ANSWER_WITHIN_S = 30.0
_ERASE_WITHIN_S = 120.0
_CHECK_EVERY_S = 0.02
_END_WITHIN_S = 5.0
_BUFFER_LIMIT = max(MAX_BYTES, PREVIEW_PIXELS * 3) + 1


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
        answer, _ = self._ask({"do": "list", "root": root}, ErrorCode.CARD_UNREADABLE)
        return Listing(
            tuple(_file(one) for one in answer["files"]),
            answer["others"],
            answer["not_listed"],
            answer["is_whole"],
        )

    def thumbnail(self, root: str, path: str) -> CardThumbnail:
        """Return a small version of a picture.

        Raises StationError IMAGE_UNREADABLE, IMAGE_TOO_LARGE, CARD_ABSENT or CARD_UNREADABLE.
        """
        answer, (pixels,) = self._ask({"do": "thumbnail", "root": root, "path": path})
        return CardThumbnail(
            _file(answer["file"]), answer["sha256"], _exif(answer["exif"]), _array(answer, pixels)
        )

    def inspect(self, root: str, path: str, shot: ShotKind) -> Inspected:
        """Return a whole picture, judged as a shot of this kind. Raises as `thumbnail` does."""
        order = {"do": "inspect", "root": root, "path": path, "shot": shot.value}
        answer, (data, pixels) = self._ask(order)
        return Inspected(
            file=_file(answer["file"]),
            sha256=answer["sha256"],
            width=answer["width"],
            height=answer["height"],
            exif=_exif(answer["exif"]),
            report=QualityReport.from_json(answer["report"]),
            data=data,
            pixels=_array(answer, pixels),
        )

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
            answer, _ = self._ask(order, ErrorCode.CARD_UNREADABLE, within_s=_ERASE_WITHIN_S)
        except StationError:
            return EraseOutcome.FAILED
        return EraseOutcome(answer["outcome"])

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
        when_lost: ErrorCode = ErrorCode.IMAGE_UNREADABLE,
        *,
        within_s: float | None = None,
    ) -> tuple[dict[str, Any], Sequence[bytes]]:
        """Send an order and wait for the answer; a process that fails is ended.

        Raises the StationError that the process reports, or `when_lost` if the process is lost.
        """
        if self._child is None or not self._child.is_alive:
            self.close()
            self._child = _Child()
        try:
            bounded = order["do"] in ("thumbnail", "inspect")
            answer, buffers = self._child.ask(order, within_s or _ANSWER_WITHIN_S, bounded=bounded)
        except (EOFError, OSError):
            log.warning("the card reader ended over an order: %s", order["do"])
            self.close()
            raise StationError(when_lost, reason="reader ended") from None
        except _OverBounds as over:
            log.info("the card reader was ended: %s", over)
            self.close()
            raise StationError(when_lost, reason=str(over)) from None
        if "error" in answer:
            raise StationError(ErrorCode(answer["error"]), **answer["facts"])
        return answer, buffers


class _Child:
    """One reader process and the pipe to it."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(
            target=run_reader, args=(theirs,), name="card-reader", daemon=True
        )
        self._process.start()
        theirs.close()  # so that each side notices when the other is gone
        # wait until it is ready, so that its start does not count against the first picture
        with contextlib.suppress(EOFError, OSError):  # the first order will report it
            if self._pipe.poll(_START_WITHIN_S):
                self._pipe.recv_bytes()

    @property
    def pid(self) -> int | None:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.is_alive()

    def ask(
        self, order: dict[str, str], within_s: float, *, bounded: bool
    ) -> tuple[dict[str, Any], Sequence[bytes]]:
        """Send an order and return the answer. Raises EOFError, OSError or _OverBounds."""
        self._pipe.send_bytes(json.dumps(order).encode())
        self._wait(within_s, bounded=bounded)
        answer = json.loads(self._pipe.recv_bytes(_BUFFER_LIMIT))
        return answer, [
            self._pipe.recv_bytes(_BUFFER_LIMIT) for _ in range(answer.get("buffers", 0))
        ]

    def end(self) -> None:
        """Kill the process, whatever it is doing.

        No erasure is cut short by closing the reader, because `erase` waits for its answer.
        """
        self._process.kill()
        self._process.join(_END_WITHIN_S)
        self._pipe.close()
        if self._process.exitcode is not None:
            self._process.close()

    def _wait(self, within_s: float, *, bounded: bool) -> None:
        ends_at = time.monotonic() + within_s
        try:
            child = psutil.Process(self._process.pid)
            cpu_at_start_s = _cpu_s(child)
            while not self._pipe.poll(_CHECK_EVERY_S):
                if time.monotonic() > ends_at:
                    raise _OverBounds("time")
                if not bounded:
                    continue
                if _cpu_s(child) - cpu_at_start_s > MOST_CPU_S:
                    raise _OverBounds("effort")
                if child.memory_info().rss > MOST_MEMORY_BYTES:
                    raise _OverBounds("memory")
        except psutil.NoSuchProcess:
            raise EOFError from None


class _OverBounds(Exception):  # noqa: N818 - it never leaves this module
    """The process took more time or memory than one order is allowed."""


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _file(listed: list[Any]) -> CardFile:
    path, size_bytes, modified_at = listed
    return CardFile(path, size_bytes, _instant(modified_at))


def _exif(noted: dict[str, Any]) -> ExifFacts:
    return ExifFacts(_instant(noted["taken_at"]), noted["camera"], noted["orientation"])


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _array(answer: dict[str, Any], raw: bytes) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    height, width, planes = answer["shape"]
    return np.frombuffer(raw, np.uint8).reshape(height, width, planes)
