"""The length limits of typed texts: one table for the pages and for the checks behind them."""

from dermstation.domain.errors import ErrorCode, StationError

NAME_MAX_CHARS = 100  # of a patient, an operator, a chaperone, whoever answered or interpreted
HISTORY_MAX_CHARS = 4_000  # of a lesion, in free words
NOTE_MAX_CHARS = 500  # one line of a lesion's history, such as the medicines
MESSAGE_MAX_CHARS = 8_000  # the limit of the Advice & Guidance message in e-RS (e-RS API A044)
QUESTION_MAX_CHARS = MESSAGE_MAX_CHARS  # it goes into the message
REASON_MAX_CHARS = 500  # why there are no pictures, why an episode is kept
SHORT_REASON_MAX_CHARS = 200  # one line: why a picture is left out, or is used although it is poor
SEARCH_MAX_CHARS = 200


def check_length(text: str, limit: int) -> None:
    """Refuse a text of more than `limit` characters. Raises StationError TEXT_TOO_LONG."""
    if len(text) > limit:
        raise StationError(ErrorCode.TEXT_TOO_LONG, limit=limit)
