import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError, PasswordDeleteError

from dermstation.domain.records import Operator, Role, new_id
from dermstation.security.kdf import KdfParameters


class MemoryKeystore(KeyringBackend):
    """A keystore in memory that can be made to fail."""

    priority = -1.0

    def __init__(self):
        super().__init__()
        self.stored = {}
        self.fails = False

    def get_password(self, service, username):
        self._fail()
        return self.stored.get((service, username))

    def set_password(self, service, username, password):
        self._fail()
        self.stored[service, username] = password

    def delete_password(self, service, username):
        self._fail()
        if self.stored.pop((service, username), None) is None:
            raise PasswordDeleteError

    def _fail(self):
        if self.fails:
            raise KeyringError("the keystore is out of order")


class Uptime:
    """The PC's uptime in seconds, controlled by the test."""

    def __init__(self):
        self.now_s = 1000.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def keystore():
    return MemoryKeystore()


@pytest.fixture
def uptime():
    return Uptime()


@pytest.fixture
def kdf():
    return KdfParameters(memory_kib=64, passes=1, lanes=1)


@pytest.fixture
def operator():
    return Operator(new_id(), "Dr Test Operator-One", Role.CLINICIAN)
