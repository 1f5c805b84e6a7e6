"""A stream of any length, encrypted to one public key: the format of a backup.

The header holds the magic, the format, and the stream's random key sealed to the recipient. Then
come pieces of at most one MiB, each encrypted with ChaCha20-Poly1305 under that key. The nonce is
the piece's number and whether it is the last, so that a stream that was cut, altered or rearranged
does not open. Independent of the database.
"""

import io
import secrets
import struct
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security.kdf import KEY_BYTES, zero
from dermstation.security.locked_memory import locked
from dermstation.security.sealing import SEALED_BYTES, TAG_BYTES, WrongKeyError, seal, unseal

PIECE_BYTES = 1 << 20
FORMAT = 1
_MAGIC = b"DERMBACK"
_HEAD = struct.Struct(">8sH")
_LENGTH = struct.Struct(">I")
_NONCE = struct.Struct(">QI")  # number, 1 for the last piece
_PURPOSE = b"backup key"


class SealingWriter(io.RawIOBase):
    """A writable file-like object; `close` writes the last piece, `drop` does not."""

    def __init__(self, file: BinaryIO, recipient: bytes) -> None:
        super().__init__()
        self._file = file
        key = locked(bytearray(secrets.token_bytes(KEY_BYTES)))
        self._head = _HEAD.pack(_MAGIC, FORMAT) + seal(key, recipient, _PURPOSE)
        self._cipher = ChaCha20Poly1305(bytes(key))
        zero(key)
        self._pending = bytearray()
        self._number = 0
        self._is_dropped = False
        file.write(self._head)

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: object) -> int:
        """Take `data`, and encrypt and write the pieces that are now complete."""
        view = memoryview(data).cast("B")  # type: ignore[arg-type]  # as every raw file takes it
        self._pending += view
        while len(self._pending) > PIECE_BYTES:
            self._put(bytes(self._pending[:PIECE_BYTES]), is_last=False)
            del self._pending[:PIECE_BYTES]
        return len(view)

    def close(self) -> None:
        """Write the last piece, without which the stream does not open."""
        if not self.closed and not self._is_dropped:
            self._put(bytes(self._pending), is_last=True)
        super().close()

    def drop(self) -> None:
        """Abandon the stream: without its last piece it never opens."""
        self._is_dropped = True
        self.close()

    def reader(self, file: BinaryIO) -> "OpeningReader":
        """Return a reader for what was written, to check it without the recipient's key.

        Raises StationError BACKUP_DAMAGED if the header is another one.
        """
        return OpeningReader(file, written=(self._head, self._cipher))

    def _put(self, piece: bytes, *, is_last: bool) -> None:
        nonce = _NONCE.pack(self._number, is_last)
        sealed = self._cipher.encrypt(nonce, piece, self._head)
        self._file.write(_LENGTH.pack(len(sealed)) + sealed)
        self._number += 1


class OpeningReader(io.RawIOBase):
    """A readable file-like object.

    Raises StationError: BACKUP_DAMAGED (not such a stream, cut or altered), VAULT_NEWER, and
    RECOVERY_KEY_WRONG if it was sealed to another key.
    """

    def __init__(
        self,
        file: BinaryIO,
        private: bytes | bytearray = b"",
        *,
        written: tuple[bytes, ChaCha20Poly1305] | None = None,
    ) -> None:
        """Read the header. `written` are header and cipher if this process wrote the stream."""
        super().__init__()
        self._file = file
        self._head = file.read(_HEAD.size + SEALED_BYTES)
        if written is None:
            self._cipher = ChaCha20Poly1305(bytes(self._stream_key(private)))
        else:
            head, self._cipher = written
            if self._head != head:
                raise StationError(ErrorCode.BACKUP_DAMAGED, part="head")
        self._plain = memoryview(b"")
        self._number = 0
        self._is_at_end = False

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: object) -> int:
        """Read from the rest of the current piece, or from the next one; return 0 at the end."""
        target = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        while not self._plain and not self._is_at_end:
            self._read_piece()
        count = min(len(target), len(self._plain))
        target[:count] = self._plain[:count]
        self._plain = self._plain[count:]
        return count

    def _stream_key(self, private: bytes | bytearray) -> bytearray:
        if len(self._head) != _HEAD.size + SEALED_BYTES:
            raise StationError(ErrorCode.BACKUP_DAMAGED, part="head")
        magic, found = _HEAD.unpack_from(self._head)
        if magic != _MAGIC:
            raise StationError(ErrorCode.BACKUP_DAMAGED, part="head")
        if found > FORMAT:
            raise StationError(ErrorCode.VAULT_NEWER, found=found, known=FORMAT)
        try:
            return unseal(self._head[_HEAD.size :], private, _PURPOSE)
        except WrongKeyError:
            raise StationError(ErrorCode.RECOVERY_KEY_WRONG) from None

    def _read_piece(self) -> None:
        head = self._file.read(_LENGTH.size)
        if len(head) != _LENGTH.size:
            raise StationError(ErrorCode.BACKUP_DAMAGED, piece=self._number)
        (length,) = _LENGTH.unpack(head)
        if not TAG_BYTES <= length <= PIECE_BYTES + TAG_BYTES:
            raise StationError(ErrorCode.BACKUP_DAMAGED, piece=self._number)
        sealed = self._file.read(length)
        for is_last in (False, True):
            try:
                plain = self._cipher.decrypt(_NONCE.pack(self._number, is_last), sealed, self._head)
            except InvalidTag:
                continue
            self._plain, self._is_at_end = memoryview(plain), is_last
            self._number += 1
            if is_last and self._file.read(1):
                raise StationError(ErrorCode.BACKUP_DAMAGED, part="end")
            return
        raise StationError(ErrorCode.BACKUP_DAMAGED, piece=self._number)
