"""A sealer for the tests in the place of the PC's, with a key that lives as long as the test."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class TestSealer:
    """AES-GCM under a key of its own: another one stands for another PC."""

    __test__ = False

    def __init__(self) -> None:
        self._cipher = AESGCM(AESGCM.generate_key(256))

    def seal(self, plain: bytes, name: bytes) -> bytes:
        return bytes(12) + self._cipher.encrypt(bytes(12), plain, name)

    def unseal(self, sealed: bytes, name: bytes) -> bytes:
        try:
            return self._cipher.decrypt(sealed[:12], sealed[12:], name)
        except (InvalidTag, ValueError):
            raise OSError("not sealed here") from None
