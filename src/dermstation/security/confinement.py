"""Take from a child process what it does not need, before it looks at its first hostile byte.

Linux: a seccomp filter for all of its threads. It can no longer start a program, reach another
process, make, rename or shorten a file, type into the terminal, or use the parts of the kernel that
attackers look for; and no network, unless its camera is there. What it asks for in vain fails as if
it were not permitted. Windows: a job, which keeps it from starting programs and from the clipboard;
entered under Wine, which enforces no such limit, and not run on Windows. A restricted token is not
used there.
"""

import ctypes
import errno
import multiprocessing
import os
import platform
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import resource_tracker

from dermstation.security import system_calls as calls

_NO_NEW_PRIVILEGES = 38  # PR_SET_NO_NEW_PRIVS: linux/prctl.h
_SET_FILTER, _ALL_THREADS = 1, 1  # SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000  # SECCOMP_RET_*: linux/seccomp.h
_LOAD, _EQUAL, _ANY_BIT, _AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06  # linux/bpf_common.h
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # struct seccomp_data
_X32 = 0x40000000  # numbers of another way of calling on x86-64
_INSTRUCTION = struct.Struct("=HBBI")

_CLONE_THREAD = 0x00010000
_MAKES_OR_SHORTENS = os.O_WRONLY | 0o100 | 0o1000 | 0o20000000  # O_CREAT, O_TRUNC, O_TMPFILE
_TYPE_INTO_TERMINAL, _PASTE_INTO_TERMINAL = 0x5412, 0x541C  # TIOCSTI, TIOCLINUX

_Program = list[tuple[int, int, int, int]]


@dataclass(frozen=True, slots=True)
class Needs:
    """What a child process cannot do without."""

    network: bool = False
    erasing: bool = False


def confine(needs: Needs) -> bool:
    """Confine this process for good; return whether the system could.

    Never fails: a system without such a filter runs the process as before.
    """
    if sys.platform == "win32":
        return _confine_by_job()
    if sys.platform != "linux":
        return False
    _let_go_of_tracker()
    architecture = {"x86_64": calls.X86_64, "aarch64": calls.AARCH64}.get(platform.machine())
    if architecture is None or sys.maxsize < 2**32:
        return False
    return _set_filter(filter_of(needs, architecture, os.getpid()), architecture)


def _let_go_of_tracker() -> None:
    """Cut this process off from Python's resource tracker, which unlinks what it is told to."""
    descriptor = getattr(getattr(resource_tracker, "_resource_tracker", None), "_fd", None)
    if descriptor is None or multiprocessing.parent_process() is None:
        return
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def filter_of(needs: Needs, architecture: int, pid: int) -> bytes:
    """Return the filter's program for a process."""
    program: _Program = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _ERRNO | errno.EPERM),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if architecture == calls.X86_64:
        program += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _ERRNO | errno.EPERM)]
    for number in _refused(needs, architecture):
        program += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERRNO | errno.EPERM)]
    for name, judgement in _judgements(pid).items():
        number_or_none = calls.number_of(name, calls.JUDGED, architecture)
        if number_or_none is not None:
            program += [(_EQUAL, 0, len(judgement), number_or_none), *judgement]
    program.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(_INSTRUCTION.pack(*one) for one in program)


def _refused(needs: Needs, architecture: int) -> Iterator[int]:
    groups = [calls.SERVING, calls.OTHERS, calls.SYSTEM, calls.FILES]
    groups += [] if needs.network else [calls.NETWORK]
    groups += [] if needs.erasing else [calls.ERASING]
    for group in groups:
        for name in group:
            number = calls.number_of(name, group, architecture)
            if number is not None:
                yield number


def _judgements(pid: int) -> dict[str, _Program]:
    """Return what decides on the calls that depend on their arguments; each ends by returning."""
    allow, refuse = (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _ERRNO | errno.EPERM)
    unknown = (_RETURN, 0, 0, _ERRNO | errno.ENOSYS)  # the C library then uses the older call

    def argument(place: int) -> tuple[int, int, int, int]:
        return (_LOAD, 0, 0, _ARGUMENTS + 8 * place)  # its lower half

    to_itself = [argument(0), (_EQUAL, 0, 1, pid), allow, refuse]
    return {
        "clone": [argument(0), (_ANY_BIT, 0, 1, _CLONE_THREAD), allow, refuse],
        "clone3": [unknown],  # its flags lie in memory, where a filter cannot look
        "openat2": [unknown],
        "open": [argument(1), (_ANY_BIT, 0, 1, _MAKES_OR_SHORTENS), refuse, allow],
        "openat": [argument(2), (_ANY_BIT, 0, 1, _MAKES_OR_SHORTENS), refuse, allow],
        # the kinds that are not 0 cut pieces out of a file; the ring is allocated by the other
        "fallocate": [argument(1), (_EQUAL, 0, 1, 0), allow, refuse],
        "kill": to_itself,
        "tgkill": to_itself,
        "prlimit64": [
            argument(0), (_EQUAL, 1, 0, 0), (_EQUAL, 0, 1, pid), allow, refuse,
        ],
        "ioctl": [
            argument(1), (_EQUAL, 1, 0, _TYPE_INTO_TERMINAL),
            (_EQUAL, 0, 1, _PASTE_INTO_TERMINAL), refuse, allow,
        ],
    }  # fmt: skip


def _set_filter(program: bytes, architecture: int) -> bool:
    """Set the filter for every thread of this process; return whether the kernel accepted it."""
    if sys.platform != "linux":
        return False
    code = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("@HP", len(program) // _INSTRUCTION.size, ctypes.addressof(code))
    library = ctypes.CDLL(None)
    try:
        if library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
            return False
        call = library.syscall
    except AttributeError:
        return False
    call.restype = ctypes.c_long
    number = ctypes.c_long(calls.SECCOMP[architecture])
    refused = call(number, ctypes.c_long(_SET_FILTER), ctypes.c_long(_ALL_THREADS), head)
    return bool(refused == 0)


def _confine_by_job() -> bool:
    """Put this process into a job that may not start another process or use the clipboard.

    A process that is in a job already, as the station's launcher may have put it, can enter none
    that keeps it from the clipboard; it then enters one that only lets it start no process.
    """
    return _has_entered_job(_NO_CLIPBOARD_NOR_DESKTOP) or _has_entered_job(0)


def _has_entered_job(desktop_limits: int) -> bool:
    """Put this process into a job of its own, and return whether the system did so."""
    if sys.platform == "win32":
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = ctypes.c_void_p
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        job = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
        if not job:
            return False
        limits = _ExtendedLimits()
        limits.limit_flags = _ONE_PROCESS | _DIE_ON_EXCEPTION
        limits.active_process_limit = 1
        desktop = ctypes.c_uint32(desktop_limits)
        set_limits = kernel.SetInformationJobObject
        has_entered = (
            set_limits(job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits))
            and (
                desktop_limits == 0
                or set_limits(job, _UI_RESTRICTIONS, ctypes.byref(desktop), ctypes.sizeof(desktop))
            )
            and kernel.AssignProcessToJobObject(job, ctypes.c_void_p(kernel.GetCurrentProcess()))
        )
        return bool(has_entered)  # the job lives as long as the process: its handle is not closed
    return False


_EXTENDED_LIMITS, _UI_RESTRICTIONS = 9, 4  # JOBOBJECTINFOCLASS: winnt.h
_ONE_PROCESS, _DIE_ON_EXCEPTION = 0x8, 0x400  # JOB_OBJECT_LIMIT_*
_NO_CLIPBOARD_NOR_DESKTOP = 0xFF  # all of JOB_OBJECT_UILIMIT_*


class _ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION of winnt.h."""

    _fields_ = [
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("limit_flags", ctypes.c_uint32),
        ("least_working_set", ctypes.c_size_t),
        ("most_working_set", ctypes.c_size_t),
        ("active_process_limit", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority_class", ctypes.c_uint32),
        ("scheduling_class", ctypes.c_uint32),
        ("io_counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    ]
