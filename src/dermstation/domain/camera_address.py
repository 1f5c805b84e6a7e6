"""The address of a network camera, with its password and without. Pure; nothing here logs."""

import re

_NETWORK = re.compile(r"(?P<before>(?:https?|rtsp)://)(?P<who>[^/?#]*)@(?P<after>.*)", re.I | re.S)


def parted(address: str) -> tuple[str, str]:
    """Return an address without its password, and the password; the name before it stays."""
    found = _NETWORK.fullmatch(address.strip())
    if found is None:
        return address, ""
    name, _, password = found["who"].partition(":")
    return f"{found['before']}{name}@{found['after']}", password


def without_password(address: str) -> str:
    """Return an address as it may be shown."""
    return parted(address)[0]


def names_somebody(address: str) -> bool:
    """Return whether an address asks for a sign-in at the camera."""
    return _NETWORK.fullmatch(address.strip()) is not None


def with_password(address: str, password: str) -> str:
    """Return an address with a password, unless it has one or asks for no sign-in."""
    found = _NETWORK.fullmatch(address.strip())
    if found is None or not password or ":" in found["who"]:
        return address
    return f"{found['before']}{found['who']}:{password}@{found['after']}"
