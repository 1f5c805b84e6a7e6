"""The keystore of the operating system: which one it is, and how long the station waits for it.

The two that are used are named here: the Credential Locker of Windows, and the Secret Service of
the Linux desktop (GNOME's keyring, KWallet, KeePassXC). `keyring` could also find one by its file
keyringrc.cfg, by environment variables and by entry points. All of these name Python code to run,
and whoever may write one of them would run theirs inside the station, so none is ever asked.

A locked keystore shows a prompt and answers only after it. Nobody may see that prompt, so every
call ends after some time. Any thread.
"""

import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from dermstation.domain.errors import ErrorCode, StationError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "dermstation"  # above all names that the station stores
ANSWERS_WITHIN_S = 20.0
_FOUND_WITHIN_S = 5.0
_ASK_AGAIN_AFTER_S = 60.0  # the prompt of an earlier call may be gone without an answer
_UNANSWERED_MOST = 4
_AT_THE_END_S = 2.0
T = TypeVar("T")


class Keystore(Protocol):
    """What the station needs of a keystore."""

    def get_password(self, service: str, username: str, /) -> str | None:
        """Return what is stored under a name, or None."""

    def set_password(self, service: str, username: str, password: str, /) -> None:
        """Store a text under a name."""

    def delete_password(self, service: str, username: str, /) -> None:
        """Remove what is stored under a name."""


class OsKeystore:
    """A keystore whose calls end after some time, with StationError KEYSTORE_FAILED "waiting".

    While a call is still unanswered, further ones fail at once: one prompt is enough.
    """

    def __init__(
        self, backend: "KeyringBackend", answers_within_s: float = ANSWERS_WITHIN_S
    ) -> None:
        self._backend = backend
        self._within_s = answers_within_s
        self._one_at_a_time = threading.Lock()
        self._unanswered: list[Future[Any]] = []
        self._ask_again_s = 0.0
        self._closed: Future[Any] = Future()

    @property
    def name(self) -> str:
        """Return the name of the keystore's module."""
        return type(self._backend).__module__

    def get_password(self, service: str, username: str, /) -> str | None:
        """Return what is stored under a name, or None. Raises StationError KEYSTORE_FAILED."""
        return self._asked(partial(self._backend.get_password, service, username))

    def set_password(self, service: str, username: str, password: str, /) -> None:
        """Store a text under a name. Raises StationError KEYSTORE_FAILED."""
        self._asked(partial(self._backend.set_password, service, username, password))

    def delete_password(self, service: str, username: str, /) -> None:
        """Remove what is stored under a name. Raises StationError KEYSTORE_FAILED."""
        self._asked(partial(self._backend.delete_password, service, username))

    def close(self) -> None:
        """Wait for no answer for long any more, because the station ends."""
        with suppress(Exception):  # closed before
            self._closed.set_result(None)

    def _asked(self, call: Callable[[], T]) -> T:
        with self._one_at_a_time:
            self._check_unanswered()
            answer = _begun(call)
            wait([answer, self._closed], self._within_s, FIRST_COMPLETED)
            if self._closed.done():  # the last state of the vault is still to be stored
                wait([answer], min(self._within_s, _AT_THE_END_S))
            if not answer.done():
                self._unanswered.append(answer)
                self._ask_again_s = time.monotonic() + _ASK_AGAIN_AFTER_S
                raise StationError(ErrorCode.KEYSTORE_FAILED, step="waiting")
        return answer.result()

    def _check_unanswered(self) -> None:
        self._unanswered = [one for one in self._unanswered if not one.done()]
        if not self._unanswered:
            return
        too_many = len(self._unanswered) >= _UNANSWERED_MOST
        if too_many or time.monotonic() < self._ask_again_s:
            raise StationError(ErrorCode.KEYSTORE_FAILED, step="waiting")


def find_keystore() -> OsKeystore | None:
    """Return the OS keystore of this session, or None if there is none."""
    finding = _begun(_backend)
    wait([finding], _FOUND_WITHIN_S)
    found = finding.result() if finding.done() else None
    return None if found is None else OsKeystore(found)


def answering(keystore: Keystore | None) -> Keystore | None:
    """Return a keystore if it answers now, else None: it is locked, out of order or gone."""
    if keystore is None:
        return None
    try:
        keystore.get_password(SERVICE, "does it answer")
    except Exception:  # noqa: BLE001 - D-Bus, Win32 and keyring errors have no common base
        return None
    return keystore


def _backend() -> "KeyringBackend | None":
    """Return the keystore of this system, if it is there."""
    try:
        if sys.platform == "win32":
            from keyring.backends.Windows import WinVaultKeyring as Backend  # noqa: PLC0415
        else:
            from keyring.backends.SecretService import Keyring as Backend  # noqa: PLC0415
        _ = Backend.priority  # raises if it is not there
    except Exception:  # noqa: BLE001 - as above
        return None
    # not by its constructor, which sets attributes from environment variables
    made: KeyringBackend = Backend.__new__(Backend)
    if sys.platform == "win32":
        # by default it would roam with the account to other PCs
        made.persist = "local machine"  # type: ignore[attr-defined]
    return made


def _begun(call: Callable[[], T]) -> "Future[T]":
    """Make a call on a thread that the program's end does not wait for."""
    answer: Future[T] = Future()

    def make() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever asked
            answer.set_exception(error)

    threading.Thread(target=make, name="keystore", daemon=True).start()
    return answer
