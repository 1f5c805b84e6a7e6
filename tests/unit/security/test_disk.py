import errno

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.files import HeldError
from dermstation.security import disk
from dermstation.workflow.messages import message_for


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, ErrorCode.VAULT_DISK_FULL),
        (errno.EROFS, ErrorCode.VAULT_READ_ONLY),
        (errno.EACCES, ErrorCode.VAULT_READ_ONLY),
        (errno.EIO, ErrorCode.VAULT_WRITE_FAILED),
    ],
)
def test_operating_system_errors_get_names(number, code):
    with pytest.raises(StationError) as caught, disk.named_troubles():
        raise OSError(number, "secret path")
    assert caught.value.code is code
    assert "secret path" not in repr(caught.value)


def test_a_file_that_another_program_holds_is_named_as_held():
    with pytest.raises(StationError) as caught, disk.named_troubles():
        raise HeldError(errno.EACCES, "Access is denied")
    assert caught.value.code is ErrorCode.VAULT_WRITE_FAILED
    assert "Another program" in str(message_for(caught.value))
