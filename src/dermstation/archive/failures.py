"""What an archive's reasons for refusing one object mean."""

from dermstation.archive.connection import ARCHIVE
from dermstation.domain.errors import ErrorCode, StationError

# PS3.7, annex C; PS3.4, table B.2-1
_FULL = range(0xA700, 0xA800)
_NO_SUCH_CLASS, _NOT_AUTHORISED = 0x0122, 0x0124
_SYNTAX_REFUSED = 0xC122  # PS3.18, STOW-RS
_CODES = {
    _NO_SUCH_CLASS: ErrorCode.ARCHIVE_FORMAT,
    _SYNTAX_REFUSED: ErrorCode.ARCHIVE_FORMAT,
    _NOT_AUTHORISED: ErrorCode.ARCHIVE_REFUSED,
    **dict.fromkeys(_FULL, ErrorCode.ARCHIVE_FULL),
}


def refusal(reason: int) -> StationError:
    """Return the trouble for a status or failure reason of one object.

    ARCHIVE_FULL, ARCHIVE_FORMAT, ARCHIVE_REFUSED or ARCHIVE_NOT_STORED.
    """
    code = _CODES.get(reason, ErrorCode.ARCHIVE_NOT_STORED)
    return StationError(code, partner=ARCHIVE, status=f"{reason:04X}", classes="DICOM")
