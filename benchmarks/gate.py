"""The cost of the gate in the camera process: CPU of its thread for each packet, by its own clock.

Three gates look at the same packets in turn, so that each sees the same machine: one that decodes
every packet, as at the start of a stream or while some are torn; the gate as it is, once it trusts
the camera; and one that decodes none, for what the decoding costs.
"""

import time

import numpy as np

from benchmarks.streams import frames
from dermstation.camera import gate
from dermstation.camera.frames import Encoding
from dermstation.camera.source import Mode, RawFrame

_ROUNDS = 3
_NEVER = 10**9


def gate_ms_per_frame(width: int, height: int) -> dict[str, float]:
    """Return the gate's CPU in ms for each packet, by how often it decodes one."""
    packets = [np.frombuffer(one, np.uint8) for one in frames(width, height, most_scenes=1)]
    usual = gate.CHECKED_OF_TRUSTED
    ways = {"untrusted": 1, "trusted": usual, "decoding_none": _NEVER}
    gates = {name: _trusting(packets, width, height) for name in ways}
    spent_s = dict.fromkeys(ways, 0.0)
    try:
        for _ in range(_ROUNDS):
            for name, share in ways.items():
                gate.CHECKED_OF_TRUSTED = share
                spent_s[name] += _look(gates[name], packets, width, height)
    finally:
        gate.CHECKED_OF_TRUSTED = usual
    return {name: round(spent_s[name] * 1000 / _ROUNDS / len(packets), 2) for name in ways}


def _trusting(packets: list[np.ndarray], width: int, height: int) -> gate.FrameGate:
    """Return a gate that has seen enough whole packets to trust the camera."""
    made = gate.FrameGate()
    while made._whole_in_a_row < gate.TRUSTED_AFTER:
        _look(made, packets, width, height)
    return made


def _look(made: gate.FrameGate, packets: list[np.ndarray], width: int, height: int) -> float:
    mode = Mode(width, height, 30.0)
    began_s = time.thread_time()
    for packet in packets:
        raw = RawFrame(time.perf_counter_ns(), Encoding.JPEG, width, height, packet)
        assert made.passes(raw, mode, is_recording=False), "a whole packet was refused"
    return time.thread_time() - began_s
