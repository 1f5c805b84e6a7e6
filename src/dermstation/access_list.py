"""Who Windows lets into a folder: its owner and access list, in the text form of Windows (SDDL).

The text is judged by plain functions; only reading and writing it ask Windows.
"""

import ctypes
import re
import sys
from pathlib import Path

# SYSTEM and the administrators do everything, the users of the PC work in the folder and cannot
# remove it itself; nothing is inherited from the folder around it.
HOME_LIST = (
    "O:BAG:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;;0x1201bf;;;BU)(A;OICIIO;0x1301bf;;;BU)"
)
# Everyone, anonymous, guests, the network, and packaged apps: winnt.h, "SID Strings"
_OUTSIDERS = frozenset(
    {"WD", "AN", "BG", "LG", "NU", "AC"}
    | {"S-1-1-0", "S-1-5-7", "S-1-5-2", "S-1-5-32-546", "S-1-15-2-1", "S-1-15-2-2"}
)
_ADMINISTRATORS = frozenset({"BA", "SY", "LA", "DA"})
_OWNER = re.compile(r"O:(S-[0-9-]+|[A-Z]{2})")
_LIST = re.compile(r"D:(?P<flags>[A-Z_]*)(?P<entries>(?:\([^)]*\))*)")
_ENTRY = re.compile(r"\(([^)]*)\)")
_ALLOWS = frozenset({"A", "XA", "OA", "ZA"})
_FILE_OBJECT, _OWNER_AND_LIST = 1, 0x1 | 0x4  # accctrl.h, winnt.h
_REVISION = 1


def is_owned_by_administrators(text: str) -> bool:
    """Return whether no ordinary account owns the folder, who could change its list."""
    found = _OWNER.search(text)
    return found is not None and found[1] in _ADMINISTRATORS


def keeps_outsiders_out(text: str) -> bool:
    """Return whether the list is the folder's own, and lets in nobody from outside the PC."""
    found = _LIST.search(text)
    if found is None or "P" not in found["flags"] or "NO_ACCESS" in found["flags"]:
        return False
    entries = [one.split(";") for one in _ENTRY.findall(found["entries"])]
    return not any(one[0] in _ALLOWS and one[-1] in _OUTSIDERS for one in entries)


def list_of(folder: Path) -> str:
    """Return the owner and the list of a folder; "" if Windows does not say, and elsewhere."""
    if sys.platform == "win32":
        security = ctypes.WinDLL("advapi32")
        descriptor, text = ctypes.c_void_p(), ctypes.c_wchar_p()
        asked = (str(folder), _FILE_OBJECT, _OWNER_AND_LIST, None, None, None, None)
        if security.GetNamedSecurityInfoW(*asked, ctypes.byref(descriptor)):
            return ""
        try:
            told = security.ConvertSecurityDescriptorToStringSecurityDescriptorW(
                descriptor, _REVISION, _OWNER_AND_LIST, ctypes.byref(text), None
            )
            return str(text.value or "") if told else ""
        finally:
            _free(text)
            _free(descriptor)
    return ""


def make_with_list(folder: Path, text: str) -> None:
    """Create a folder with an owner and a list of its own, from its first instant on.

    Nothing is done on other systems, which have modes. Raises OSError: who may not give a folder to
    the administrators is none of them.
    """
    if sys.platform == "win32":
        descriptor = ctypes.c_void_p()
        security = ctypes.WinDLL("advapi32", use_last_error=True)
        if not security.ConvertStringSecurityDescriptorToSecurityDescriptorW(
            text, _REVISION, ctypes.byref(descriptor), None
        ):
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            attributes = _Attributes(ctypes.sizeof(_Attributes), descriptor, 0)
            kernel = ctypes.WinDLL("kernel32", use_last_error=True)
            if not kernel.CreateDirectoryW(str(folder), ctypes.byref(attributes)):
                raise ctypes.WinError(ctypes.get_last_error())
        finally:
            _free(descriptor)


class _Attributes(ctypes.Structure):
    """SECURITY_ATTRIBUTES of minwinbase.h."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("descriptor", ctypes.c_void_p),
        ("is_inherited", ctypes.c_int),
    )


def _free(given: ctypes.c_void_p | ctypes.c_wchar_p) -> None:
    """Give back memory that Windows allocated."""
    if sys.platform == "win32":
        ctypes.windll.kernel32.LocalFree(given)
