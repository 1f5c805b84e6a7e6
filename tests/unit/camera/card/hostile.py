"""Card readers that were taken over by a picture: each runs in the place of `run_reader`."""

import json
import os
import struct
import sys
import time
from multiprocessing.connection import Connection

from dermstation.camera.card.process import CONFINED
from tests.unit.camera.hostile import Opener


def answers_a_pickle(connection: Connection) -> None:
    _ready(connection)
    connection.send(Opener())
    _rest(connection)


def answers_something_else(connection: Connection) -> None:
    _ready(connection)
    connection.send_bytes(json.dumps({"files": 7}).encode())
    _rest(connection)


def reports_what_is_no_trouble_of_a_card(connection: Connection) -> None:
    _ready(connection)
    connection.send_bytes(json.dumps({"error": "secret_wrong", "facts": {}}).encode())
    _rest(connection)


def claims_a_length(connection: Connection) -> None:
    _ready(connection)
    os.write(connection.fileno(), struct.pack("!iQ", -1, 2**62))
    _rest(connection)


def answers_half(connection: Connection) -> None:
    _ready(connection)
    os.write(connection.fileno(), struct.pack("!i", 4000) + b"{")
    _rest(connection)


BREAK_A_RULE = (
    answers_a_pickle,
    answers_something_else,
    reports_what_is_no_trouble_of_a_card,
    *(() if sys.platform == "win32" else (claims_a_length,)),  # its pipes keep messages apart
)


def _ready(connection: Connection) -> None:
    connection.send_bytes(CONFINED)
    connection.recv_bytes()


def _rest(connection: Connection) -> None:
    station = os.getppid()
    while os.getppid() == station:
        time.sleep(0.05)
    connection.close()
