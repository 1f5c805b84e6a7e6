"""Tell why a server could not be reached, or could not prove who it is."""

import re
import socket
import ssl
from collections.abc import Iterator

from dermstation.domain.errors import ErrorCode, StationError

# OpenSSL's X509_V_ERR_...: openssl-verification-options(1), x509_vfy.h
_FAULTS = {9: "not_yet", 10: "expired", 62: "name", 64: "name"}
_ABOUT_OURS = re.compile(r"ALERT_(BAD_|UNSUPPORTED_|UNKNOWN_)?(CERTIFICATE|CA)", re.IGNORECASE)


def tls_trouble(error: BaseException, partner: str) -> StationError:
    """Return the trouble for a connection that failed with `error`.

    ARCHIVE_CERTIFICATE (fact `fault`), ARCHIVE_OWN_CERTIFICATE, ARCHIVE_FAILED ("late"), or
    ARCHIVE_UNREACHABLE.
    """
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            fault = _FAULTS.get(cause.verify_code, "issuer")
            return StationError(ErrorCode.ARCHIVE_CERTIFICATE, partner=partner, fault=fault)
        if isinstance(cause, ssl.SSLError) and _ABOUT_OURS.search(cause.reason or ""):
            return StationError(ErrorCode.ARCHIVE_OWN_CERTIFICATE, partner=partner)
    return StationError(ErrorCode.ARCHIVE_UNREACHABLE, partner=partner)


def why_not(host: str, port: int, tls: ssl.SSLContext, wait_s: float, partner: str) -> StationError:
    """Return why no association came about: try the TLS handshake alone.

    One that succeeds means that the server broke off behind it: ARCHIVE_FAILED ("aborted").
    """
    try:
        with (
            socket.create_connection((host, port), wait_s) as plain,
            tls.wrap_socket(plain, server_hostname=host) as secured,
        ):
            # with TLS 1.3 a server says only here that it does not like our certificate
            secured.settimeout(_SAYS_SO_WITHIN_S)
            secured.recv(1)
    except TimeoutError:
        pass
    except OSError as error:
        return tls_trouble(error, partner)
    return StationError(ErrorCode.ARCHIVE_FAILED, partner=partner, status="aborted")


_SAYS_SO_WITHIN_S = 1.0


def _causes(error: BaseException) -> Iterator[BaseException]:
    """List an error and all it came from; libraries hide it in arguments as well."""
    waiting, seen = [error], set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        hidden = (one.__cause__, one.__context__, getattr(one, "reason", None), *one.args)
        waiting += [other for other in hidden if isinstance(other, BaseException)]
