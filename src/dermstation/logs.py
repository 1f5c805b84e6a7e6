"""The technical log: rotating, small, ids only.

Nothing of a patient is ever passed to a log call; as a second fence every record is written with
ten-digit numbers and dates struck out.
"""

import logging
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path

LOG_BYTES = 1_000_000
LOG_FILES = 3
_LOOKS_LIKE_IDENTITY = re.compile(
    r"(?<![\da-f])(\d{3}[ -]?\d{3}[ -]?\d{4}|\d{1,2}/\d{1,2}/\d{4})(?!\w)"
)


class RedactingFormatter(logging.Formatter):
    """Format a record, striking out what looks like an NHS number or a date of birth."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line as it goes into the file."""
        return _LOOKS_LIKE_IDENTITY.sub("[struck out]", super().format(record))

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's own name
        """Give type and place of an exception without its message, which may quote input."""
        exception = ei[1] if isinstance(ei, tuple) else None
        lines = [type(exception).__name__]
        trace = exception.__traceback__ if isinstance(exception, BaseException) else None
        while trace is not None:
            code = trace.tb_frame.f_code
            lines.append(f"  at {Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        return "\n".join(lines)


def start_logging(folder: Path) -> None:
    """Send the program's log to `folder`/station.log; a folder that cannot be written is borne."""
    formatter = RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    root = logging.getLogger("dermstation")
    root.setLevel(logging.INFO)
    root.propagate = False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(
            folder / "station.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8"
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(formatter)
    root.addHandler(handler)
