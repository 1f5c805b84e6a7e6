"""DICOMweb: the session for https, and what its failures mean."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from dicomweb_client.web import DICOMwebClient
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth

from dermstation.archive.connection import ARCHIVE, ArchiveAccess, keep_quiet
from dermstation.archive.tls_faults import tls_trouble, why_not
from dermstation.domain.errors import ErrorCode, StationError

_FULL = 507  # Insufficient Storage, RFC 4918
_FORMAT = {406, 415}
_REFUSED = {401, 403}
_BAD_REQUEST = 400
_HTTPS_PORT = 443

for _name in ("dicomweb_client", "retrying", "urllib3"):
    keep_quiet(_name)


class _VerifiedHttps(HTTPAdapter):
    """Verify by one TLS context alone: neither by the library's own list nor not at all."""

    def __init__(self, context: ssl.SSLContext, wait_s: float) -> None:
        self._context = context
        self._wait_s = wait_s
        super().__init__()

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **more)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Add no authority to those of the context."""

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        # whatever the caller said, or forgot to say
        more.update(verify=True, cert=None, proxies={}, timeout=more.get("timeout") or self._wait_s)
        return super().send(request, *args, **more)


class _Bearer(AuthBase):
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def web_session(access: ArchiveAccess, token: str) -> requests.Session:
    """Return a session for the archive's address that follows nobody to another one.

    Raises StationError ARCHIVE_NOT_SET, ARCHIVE_OWN_CERTIFICATE.
    """
    if not access.address:
        raise StationError(ErrorCode.ARCHIVE_NOT_SET)
    session = requests.Session()
    session.trust_env = False  # REQUESTS_CA_BUNDLE, proxies and .netrc do not count
    session.max_redirects = 0
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))  # several threads share it
    # a server that compresses coded pixels takes five times as long for each object
    session.headers["Accept-Encoding"] = "identity"
    session.adapters.clear()  # nothing goes by http
    session.mount("https://", _VerifiedHttps(access.tls(), access.wait_s))
    name, colon, password = token.partition(":")
    if colon:
        session.auth = HTTPBasicAuth(name.encode(), password.encode())
    elif token:
        session.auth = _Bearer(token)
    return session


def dicom_web(access: ArchiveAccess, session: requests.Session) -> DICOMwebClient:
    """Return the archive's DICOMweb services; trying again is up to the caller."""
    made = DICOMwebClient(access.address, session=session, timeout=access.wait_s)
    made.set_http_retry_params(retry=False)
    return made


@contextmanager
def troubles_told(access: ArchiveAccess) -> Iterator[None]:
    """Turn each failure of a request to the archive into a trouble.

    Raises StationError ARCHIVE_UNREACHABLE, ARCHIVE_CERTIFICATE, ARCHIVE_OWN_CERTIFICATE,
    ARCHIVE_REFUSED, ARCHIVE_FORMAT, ARCHIVE_FULL, ARCHIVE_FAILED, ARCHIVE_ANSWER.
    """
    try:
        yield
    except requests.HTTPError as error:
        raise http_trouble(error.response) from None
    except requests.Timeout:
        raise StationError(ErrorCode.ARCHIVE_FAILED, partner=ARCHIVE, status="late") from None
    except requests.ConnectionError as error:
        trouble = tls_trouble(error, ARCHIVE)
        if trouble.code is ErrorCode.ARCHIVE_UNREACHABLE:
            # a refusal of our certificate can be lost behind the request that crossed it
            trouble = _without_request(access)
        raise trouble from None
    except (requests.RequestException, ValueError):
        # a redirect, no JSON, another media type: nothing that we asked for
        raise StationError(ErrorCode.ARCHIVE_ANSWER, partner=ARCHIVE) from None


def http_trouble(response: requests.Response | None) -> StationError:
    """Return the trouble that a status of 400 or more means."""
    if response is None:
        return StationError(ErrorCode.ARCHIVE_ANSWER, partner=ARCHIVE)
    status = response.status_code
    facts = {"partner": ARCHIVE, "status": status}
    if status in _REFUSED:
        return StationError(ErrorCode.ARCHIVE_REFUSED, **facts)
    if status == _BAD_REQUEST and b"SSL certificate" in response.content:
        # nginx's answer to a certificate that is missing or refused
        return StationError(ErrorCode.ARCHIVE_OWN_CERTIFICATE, **facts)
    if status == _FULL:
        return StationError(ErrorCode.ARCHIVE_FULL, **facts)
    if status in _FORMAT:
        return StationError(ErrorCode.ARCHIVE_FORMAT, classes="DICOM", **facts)
    return StationError(ErrorCode.ARCHIVE_FAILED, **facts)


def _without_request(access: ArchiveAccess) -> StationError:
    place = urlsplit(access.address)
    host, port = str(place.hostname), place.port or _HTTPS_PORT
    return why_not(host, port, access.tls(), access.wait_s, ARCHIVE)
