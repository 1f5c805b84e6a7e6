"""The card reader's process: carries out the station's orders one after another.

Runs as a spawned child; imports numpy, cv2 and Pillow, never Qt. It ends when the station closes
its end of the pipe. Answers are JSON and plain bytes: the station never unpickles anything that
came from a picture (`answers`).
"""

import errno
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from dermstation.camera.card.companions import find_companions
from dermstation.camera.card.erasing import erase, erase_companion
from dermstation.camera.card.inspection import inspect, thumbnail
from dermstation.camera.card.listing import list_pictures
from dermstation.camera.card.pictures import CardFile, ExifFacts, ImportedPicture
from dermstation.camera.card.volumes import is_pulled
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.shots import ShotKind
from dermstation.security.confinement import Needs, confine

CONFINED, UNCONFINED = b"C", b"U"

_Answer = tuple[dict[str, Any], tuple[bytes | memoryview, ...]]
_CARD_GONE = {errno.ENODEV, errno.ENXIO, errno.EIO}


def run_reader(connection: Connection) -> None:
    """Serve orders until the pipe is closed; the entry point of the child process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the station handles Ctrl-C
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - POSIX only

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # keep pictures out of core dumps
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    cv2.setNumThreads(1)
    is_confined = confine(Needs(erasing=True))
    connection.send_bytes(CONFINED if is_confined else UNCONFINED)  # ready
    while True:
        try:
            order = json.loads(connection.recv_bytes())
            answer, buffers = _answer(order)
            connection.send_bytes(json.dumps(answer).encode())
            for buffer in buffers:
                connection.send_bytes(buffer)
        except (EOFError, OSError):
            return


def _answer(order: dict[str, str]) -> _Answer:
    try:
        return _HANDLERS[order["do"]](order)
    except StationError as trouble:
        return {"error": trouble.code.value, "facts": trouble.facts}, ()
    except OSError as error:
        return {"error": _code_of(error, order["root"]).value, "facts": {"errno": error.errno}}, ()
    except (cv2.error, MemoryError):
        facts = {"reason": "content"}
        return {"error": ErrorCode.IMAGE_UNREADABLE.value, "facts": facts}, ()


def _list(order: dict[str, str]) -> _Answer:
    found = list_pictures(order["root"])
    answer = {
        "files": [_file(file) for file in found.files],
        "others": found.others,
        "not_listed": found.not_listed,
        "is_whole": found.is_whole,
    }
    return answer, ()


def _thumbnail(order: dict[str, str]) -> _Answer:
    seen = thumbnail(order["root"], order["path"])
    answer = {
        "file": _file(seen.file),
        "sha256": seen.sha256,
        "exif": _exif(seen.exif),
        "shape": seen.pixels.shape,
    }
    return answer, (_bytes_of(seen.pixels),)


def _inspect(order: dict[str, str]) -> _Answer:
    found = inspect(order["root"], order["path"], ShotKind(order["shot"]))
    answer = {
        "file": _file(found.file),
        "sha256": found.sha256,
        "width": found.width,
        "height": found.height,
        "exif": _exif(found.exif),
        "report": found.report.to_json(),
        "shape": found.pixels.shape,
    }
    return answer, (found.data, _bytes_of(found.pixels))


def _erase(order: dict[str, str]) -> _Answer:
    half_erased_bytes = int(order["half_erased_bytes"])
    outcome = erase(order["root"], order["path"], order["sha256"], half_erased_bytes)
    return {"outcome": outcome.value}, ()


def _companions(order: dict[str, str]) -> _Answer:
    pictures = [ImportedPicture(*one) for one in json.loads(order["pictures"])]
    found = find_companions(order["root"], pictures)
    answer = {
        "files": [[_file(one.file), one.picture, one.is_certain] for one in found.files],
        "is_whole": found.is_whole,
    }
    return answer, ()


def _erase_companion(order: dict[str, str]) -> _Answer:
    path, size_bytes, modified_at = json.loads(order["file"])
    shown = CardFile(path, size_bytes, modified_at and datetime.fromisoformat(modified_at))
    return {"outcome": erase_companion(order["root"], shown).value}, ()


_HANDLERS: dict[str, Callable[[dict[str, str]], _Answer]] = {
    "list": _list,
    "thumbnail": _thumbnail,
    "inspect": _inspect,
    "erase": _erase,
    "companions": _companions,
    "erase_companion": _erase_companion,
}


def _code_of(error: OSError, root: str) -> ErrorCode:
    """Return the code for `error`, distinguishing a missing card from an unreadable file."""
    if is_pulled(root) or not os.path.isdir(root):  # noqa: PTH112 - returns False for any error
        return ErrorCode.CARD_ABSENT
    return ErrorCode.CARD_UNREADABLE if error.errno in _CARD_GONE else ErrorCode.IMAGE_UNREADABLE


def _file(file: CardFile) -> list[object]:
    return [file.path, file.size_bytes, _text(file.modified_at)]


def _exif(exif: ExifFacts) -> dict[str, object]:
    return {**asdict(exif), "taken_at": _text(exif.taken_at)}


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _bytes_of(pixels: NDArray[np.uint8]) -> memoryview:
    return pixels.reshape(-1).data
