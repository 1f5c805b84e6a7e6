"""Turn errors of the operating system into the StationError that they mean for the vault."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.files import HeldError

_FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}


def trouble(error: OSError) -> StationError:
    """Return the StationError for an OSError.

    Its code is VAULT_DISK_FULL, VAULT_READ_ONLY or VAULT_WRITE_FAILED.
    """
    if error.errno in _FULL:
        return StationError(ErrorCode.VAULT_DISK_FULL)
    if isinstance(error, HeldError):
        return StationError(ErrorCode.VAULT_WRITE_FAILED, held=True)
    if error.errno in _READ_ONLY:
        return StationError(ErrorCode.VAULT_READ_ONLY)
    return StationError(ErrorCode.VAULT_WRITE_FAILED, errno=error.errno)


@contextmanager
def named_troubles() -> Iterator[None]:
    """Turn an OSError raised in the block into the StationError of `trouble`."""
    try:
        yield
    except OSError as error:
        raise trouble(error) from error
