"""Camera processes that were taken over: each runs in the place of `run_camera`."""

import json
import os
import pickle
import struct
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

import numpy as np

from dermstation.camera import layout as at
from dermstation.camera.messages import report_bytes
from dermstation.camera.reports import Activity, Phase, SourceReport
from dermstation.camera.shared_memory import NamelessMemory
from dermstation.camera.source import Mode

MARK = "DERMSTATION_TEST_MARK"  # the variable that names the file which no attack may make
GOOD = SourceReport(Phase.STREAMING, "Camera", Mode(320, 240, 30.0))


class Opener:
    """Makes a file when it is unpickled."""

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str, int]]:
        return os.open, (os.environ[MARK], os.O_CREAT)


def _begun(connection: Connection, memory: NamelessMemory) -> np.ndarray:
    """Wait for the order to begin, and give a sign of life that lasts."""
    connection.recv_bytes()
    header = np.frombuffer(memory.buffer, np.int64, at.HEADER_WORDS)
    header[at.ACTIVITY] = Activity.WAITING
    header[at.BEAT] = time.perf_counter_ns()
    return header


def _rest(header: np.ndarray) -> None:
    station = os.getppid()
    while os.getppid() == station:
        header[at.BEAT] = time.perf_counter_ns()
        time.sleep(0.05)


def sends_a_pickle(connection: Connection, memory: NamelessMemory) -> None:
    header = _begun(connection, memory)
    connection.send(Opener())
    _rest(header)


def sends_text(connection: Connection, memory: NamelessMemory) -> None:
    header = _begun(connection, memory)
    connection.send_bytes(b"[" * 3000)
    _rest(header)


def sends_too_much(connection: Connection, memory: NamelessMemory) -> None:
    header = _begun(connection, memory)
    connection.send_bytes(b" " * 10**6)
    _rest(header)


def claims_a_length(connection: Connection, memory: NamelessMemory) -> None:
    header = _begun(connection, memory)
    os.write(connection.fileno(), struct.pack("!iQ", -1, 2**62))
    _rest(header)


def floods(connection: Connection, memory: NamelessMemory) -> None:
    _begun(connection, memory)
    while True:
        connection.send_bytes(report_bytes(GOOD))


def names_a_file(connection: Connection, memory: NamelessMemory) -> None:
    header = _begun(connection, memory)
    said = json.loads(report_bytes(GOOD))
    said["settled"] = {
        "kind": "file", "index": -1, "identity": "", "controls": [], "lock": [],
    }  # fmt: skip
    connection.send_bytes(json.dumps(said).encode())
    _rest(header)


def writes_anywhere(connection: Connection, memory: NamelessMemory) -> None:
    """Claim a frame beyond the end of the memory."""
    header = _begun(connection, memory)
    connection.send_bytes(report_bytes(GOOD))
    table = np.frombuffer(memory.buffer, np.int64, at.ENTRIES * at.FIELDS, 8 * at.HEADER_WORDS)
    table = table.reshape(at.ENTRIES, at.FIELDS)
    sequence = int(header[at.NEWEST]) + 1
    table[sequence % at.ENTRIES] = (
        0, sequence, time.perf_counter_ns(), 0, 320, 240, 2**40, 320 * 240 * 3, 0, 0,
    )  # fmt: skip
    header[at.NEWEST] = sequence
    _rest(header)


def beats_in_the_future(connection: Connection, memory: NamelessMemory) -> None:
    header = _begun(connection, memory)
    station = os.getppid()
    header[at.BEAT] = 2**62
    while os.getppid() == station:
        time.sleep(0.05)


def sends_half_a_message(connection: Connection, memory: NamelessMemory) -> None:
    header = _begun(connection, memory)
    os.write(connection.fileno(), struct.pack("!i", 4000) + b"{")
    _rest(header)


def reads_no_orders(connection: Connection, memory: NamelessMemory) -> None:
    header = _begun(connection, memory)
    connection.send_bytes(report_bytes(GOOD))
    _rest(header)


def hangs_up(connection: Connection, memory: NamelessMemory) -> None:
    header = _begun(connection, memory)
    connection.close()
    _rest(header)


BREAK_A_RULE = (
    sends_a_pickle,
    sends_text,
    sends_too_much,
    *(() if sys.platform == "win32" else (claims_a_length,)),  # its pipes keep messages apart
    floods,
    names_a_file,
    writes_anywhere,
    beats_in_the_future,
)


def messages(count: int) -> list[bytes]:
    """Return messages that no camera process sends, each wrong in a way of its own."""
    chance = np.random.default_rng(64)
    good = json.loads(report_bytes(GOOD))
    wrong: list[bytes] = []
    values = (None, [], {}, -1, 2**63, 1e999, "x" * 5000, "\x00", True, "\u202e", [[[]]], "none")
    while len(wrong) < count:
        kind = len(wrong) % 4
        if kind == 0:
            raw = bytearray(report_bytes(GOOD))
            raw[int(chance.integers(len(raw)))] ^= int(chance.integers(1, 256))
            wrong.append(bytes(raw))
        elif kind == 1:
            said = dict(good)
            key = list(said)[int(chance.integers(len(said)))]
            said[key] = values[int(chance.integers(len(values)))]
            wrong.append(json.dumps(said).encode())
        elif kind == 2:
            wrong.append(pickle.dumps(Opener()) + chance.bytes(8))
        else:
            wrong.append(chance.bytes(int(chance.integers(1, 3000))))
    return wrong
