"""Ask a network camera for its stream over http or https, by the standard library alone.

No redirect is followed, no proxy is used. A certificate must be valid for the camera's name and
issued by somebody whom this PC trusts. A name and password in the address are sent only when the
camera asks for them: as a digest if it knows that (RFC 7616), else as they are.
"""

import base64
import hashlib
import secrets
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Self
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import parse_http_list, parse_keqv_list

from dermstation.domain.errors import ErrorCode, StationError

_ALGORITHMS = {"MD5": "md5", "SHA-256": "sha256"}


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of a camera's URL; `path` includes the query."""

    is_secure: bool
    host: str
    port: int | None
    path: str
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, url: str) -> Self:
        """Return the parts of an http or https URL."""
        parts: SplitResult = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        names = (unquote(parts.username or ""), unquote(parts.password or ""))
        return cls(parts.scheme == "https", parts.hostname or "", parts.port, path, *names)


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer whose body is still coming, and the socket that it comes through."""

    socket: socket.socket
    response: HTTPResponse

    def close(self) -> None:
        """Disconnect."""
        self.response.close()
        self.socket.close()


def request(address: Address, timeout_s: float) -> Stream:
    """Return the camera's answer with status 200.

    Raises StationError CAMERA_ABSENT if nobody answers, CAMERA_CERTIFICATE if it is not known who
    does, and CAMERA_FAILED for any other answer.
    """
    stream = _asked(address, timeout_s, {})
    if stream.response.status == HTTPStatus.UNAUTHORIZED and address.user:
        challenges = stream.response.headers.get_all("WWW-Authenticate", [])
        stream.close()
        stream = _asked(address, timeout_s, _credentials(address, challenges))
    status = stream.response.status
    if status != HTTPStatus.OK:
        stream.close()
        raise StationError(ErrorCode.CAMERA_FAILED, reason="answer", status=status)
    return stream


def _asked(address: Address, timeout_s: float, headers: Mapping[str, str]) -> Stream:
    connection = _connection(address, timeout_s)
    try:
        connection.connect()
        opened = connection.sock  # the connection forgets it once the answer has begun
        connection.request("GET", address.path, headers={"Accept": "*/*", **headers})
        return Stream(opened, connection.getresponse())
    except ssl.SSLCertVerificationError:
        connection.close()
        raise StationError(ErrorCode.CAMERA_CERTIFICATE) from None
    except OSError as error:
        connection.close()
        raise StationError(ErrorCode.CAMERA_ABSENT, errno=error.errno) from None
    except (HTTPException, ValueError):
        connection.close()
        raise StationError(ErrorCode.CAMERA_FAILED, reason="http") from None


def _connection(address: Address, timeout_s: float) -> HTTPConnection:
    if not address.is_secure:
        return HTTPConnection(address.host, address.port, timeout=timeout_s)
    return HTTPSConnection(
        address.host, address.port, timeout=timeout_s, context=ssl.create_default_context()
    )


def _credentials(address: Address, challenges: list[str]) -> dict[str, str]:
    """Return the header that answers one of the challenges; empty if none can be answered."""
    kinds = {one.partition(" ")[0].lower(): one.partition(" ")[2] for one in challenges}
    value = _digest(address, kinds["digest"]) if "digest" in kinds else None
    if value is None and "basic" in kinds:
        both = f"{address.user}:{address.password}".encode()
        value = "Basic " + base64.b64encode(both).decode()
    return {} if value is None else {"Authorization": value}


def _digest(address: Address, challenge: str) -> str | None:
    """Return the answer to a digest challenge, or None if it is of a kind not known."""
    try:
        asked = parse_keqv_list(parse_http_list(challenge))
    except ValueError:
        return None
    algorithm = asked.get("algorithm", "MD5")
    qops = [one.strip() for one in asked.get("qop", "").split(",")]
    if algorithm.upper() not in _ALGORITHMS or not {"realm", "nonce"} <= asked.keys():
        return None

    def hashed(*parts: str) -> str:
        # the standard asks for MD5 too, and older cameras know nothing else
        maker = hashlib.new(_ALGORITHMS[algorithm.upper()], usedforsecurity=False)
        maker.update(":".join(parts).encode())
        return maker.hexdigest()

    who = hashed(address.user, asked["realm"], address.password)
    what = hashed("GET", address.path)
    said = {
        "username": address.user,
        "realm": asked["realm"],
        "nonce": asked["nonce"],
        "uri": address.path,
    }
    plain = {"algorithm": algorithm}
    if "auth" in qops:
        count, own = "00000001", secrets.token_hex(8)
        plain |= {"qop": "auth", "nc": count}
        said["cnonce"] = own
        said["response"] = hashed(who, asked["nonce"], count, own, "auth", what)
    else:
        said["response"] = hashed(who, asked["nonce"], what)
    if "opaque" in asked:
        said["opaque"] = asked["opaque"]
    if any('"' in one or "\\" in one for one in said.values()):
        return None
    quoted = [f'{name}="{value}"' for name, value in said.items()]
    return "Digest " + ", ".join(quoted + [f"{name}={value}" for name, value in plain.items()])
