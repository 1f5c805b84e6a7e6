"""The technical log: rotating, small, ids only.

Nothing about a patient is ever passed to a log call. As a second safeguard, everything that looks
like an NHS number or a date is struck out of each message, and exceptions lose their messages.
"""

import logging
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path

from dermstation.files import make_private

LOG_BYTES = 1_000_000
LOG_FILES = 3
_HANDLER_NAME = "station"
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_KEPT_OR_IDENTITY = re.compile(
    r"""
    (?P<kept> (?<![0-9a-z]) [0-9a-f]{32,} (?![0-9a-z]) )      # our ids and hashes stay whole
    | (?<!\d) \d{3}[\s-]?\d{3}[\s-]?\d{4} (?!\d)              # an NHS number
    | (?<!\d) \d{1,2}[/.\s-]\d{1,2}[/.\s-]\d{4} (?!\d)         # 3/9/1958
    | (?<!\d) \d{4}[/.-]\d{1,2}[/.-]\d{1,2} (?!\d)             # 1958-09-03
    | (?<!\d) \d{1,2}[\s-]?(?:"""
    + _MONTHS
    + r""")[a-z]*[\s,-]{0,2}\d{4} (?!\d)                         # 3 September 1958
    | (?<!\d) (?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d{2} (?!\d)  # 03091958
    | \b date (?:time)? \( [^)]* \)                            # datetime.date(1958, 9, 3)
    """,
    re.VERBOSE | re.IGNORECASE,
)


def strike_out(text: str) -> str:
    """Replace everything like an NHS number or a date, except inside 32 or more hex digits."""
    return _KEPT_OR_IDENTITY.sub(lambda found: found["kept"] or "[struck out]", text)


class RedactingFormatter(logging.Formatter):
    """Format a record, striking out everything that looks like an NHS number or a date of birth."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line to write to the file."""
        # Another handler's formatter may have stored the exception's text, including its message.
        record.exc_text = None
        line = super().format(record)
        record.exc_text = None
        return line

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """Strike out only in the message: the record's own time is a date and must stay."""
        record.message = strike_out(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's own name
        """Return an exception's type and traceback without its message, which may quote input."""
        exception = ei[1] if isinstance(ei, tuple) else None
        lines = [type(exception).__name__]
        trace = exception.__traceback__ if isinstance(exception, BaseException) else None
        while trace is not None:
            code = trace.tb_frame.f_code
            lines.append(f"  at {Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        return "\n".join(lines)


def start_logging(folder: Path) -> None:
    """Send the program's log to `folder`/station.log; without a writable folder, nothing is logged.

    If called again, it continues in the new folder only.
    """
    formatter = RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    root = logging.getLogger("dermstation")
    root.setLevel(logging.INFO)
    root.propagate = False
    for earlier in [one for one in root.handlers if one.name == _HANDLER_NAME]:
        root.removeHandler(earlier)
        earlier.close()
    try:
        make_private(folder)
        handler: logging.Handler = RotatingFileHandler(
            folder / "station.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8"
        )
    except OSError:
        handler = logging.NullHandler()
    handler.set_name(_HANDLER_NAME)
    handler.setFormatter(formatter)
    root.addHandler(handler)
