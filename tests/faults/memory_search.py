"""A search for many needles in the memory of every process of the station."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from tests.e2e.place import Place
from tests.faults.memory_needles import kind_of

_CHUNK = 64 << 20
_PAGE = 4096
_MAP = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (\S+)")


@dataclass
class MemorySearch:
    """The searches of one run of the program, and what was wrong."""

    place: Place
    tried: int = 0
    bad: list[str] = field(default_factory=list)
    counts: dict[str, Any] = field(default_factory=dict)

    def finds(self, when: str, needles: Mapping[str, bytes]) -> None:
        """Check that every kind of needle is there now."""
        found = self._found(needles)
        self.counts[when] = {"needles": len(needles), "found": len(found)}
        for kind in sorted({kind_of(name) for name in needles} - {kind_of(name) for name in found}):
            self.bad.append(f"{when}: no {kind} found, so the search is blind")

    def finds_nothing(self, when: str, needles: Mapping[str, bytes]) -> None:
        """Check that no needle is anywhere."""
        found = self._found(needles)
        self.counts[when] = {
            "needles": len(needles),
            "found": len(found),
            "processes": len(self.place.screen.family()),
        }
        self.bad += [f"{when}: {name} in {where}" for name, where in sorted(found.items())]

    def _found(self, needles: Mapping[str, bytes]) -> dict[str, str]:
        """Return where each needle is found."""
        self.tried += 1
        sieve = _Sieve(needles)
        found: dict[str, str] = {}
        for process in self.place.screen.family():
            for data in _memory(process.pid):
                for name in sieve.names_in(data):
                    found.setdefault(name, _role(process))
        return found


class _Sieve:
    """A search for many needles at once, by their first two bytes and then by all of them."""

    def __init__(self, needles: Mapping[str, bytes]) -> None:
        self._by_start: dict[int, list[tuple[str, bytes]]] = {}
        for name, needle in needles.items():
            start = int.from_bytes(needle[:4], "little")
            self._by_start.setdefault(start, []).append((name, needle))
        self._starts = np.array(sorted(self._by_start), np.uint32)
        self._firsts = np.zeros(1 << 16, bool)
        self._firsts[self._starts & 0xFFFF] = True

    def names_in(self, data: bytes) -> Iterator[str]:
        """Yield the names of the needles in some bytes."""
        for odd in (0, 1):
            pairs = np.frombuffer(data, "<u2", (len(data) - odd) // 2, odd)
            places = np.flatnonzero(self._firsts[pairs[:-1]])
            whole = pairs[places].astype(np.uint32) | pairs[places + 1].astype(np.uint32) << 16
            places = places[np.isin(whole, self._starts)]
            for at in places * 2 + odd:
                start = int.from_bytes(data[at : at + 4], "little")
                for name, needle in self._by_start[start]:
                    if data[at : at + len(needle)] == needle:
                        yield name


def is_station(pid: int) -> bool:
    """Return whether a process is a station or a spare: those start no camera until sign-in."""
    try:
        return "multiprocessing-fork" in " ".join(psutil.Process(pid).cmdline())
    except psutil.NoSuchProcess:
        return False


def _role(process: psutil.Process) -> str:
    return "the launcher" if not is_station(process.pid) else "a process of the station"


def _memory(pid: int) -> Iterator[bytes]:
    """Yield what a process may have written into its memory, in pieces that overlap."""
    try:
        maps = Path(f"/proc/{pid}/maps").read_text()
        memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    except OSError:
        return
    try:
        for found in _MAP.finditer(maps):
            start, end, rights = int(found[1], 16), int(found[2], 16), found[3]
            if "w" not in rights:
                continue
            for at in range(start, end, _CHUNK):
                size = min(_CHUNK + _PAGE, end - at)
                try:
                    data = os.pread(memory, size, at)
                except OSError:
                    continue  # a device, or gone
                if written := _written(data):
                    yield written
    finally:
        os.close(memory)


def _written(data: bytes) -> bytes:
    """Return the pages that are not all zeros: most of what is mapped was never used."""
    pages = np.frombuffer(data, np.uint64).reshape(-1, _PAGE // 8)
    return pages[pages.any(axis=1)].tobytes()
