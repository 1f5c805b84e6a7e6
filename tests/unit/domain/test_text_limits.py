import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.text_limits import NOTE_MAX_CHARS, check_length


def test_a_text_as_long_as_allowed_passes_and_one_more_character_is_refused() -> None:
    check_length("x" * NOTE_MAX_CHARS, NOTE_MAX_CHARS)
    with pytest.raises(StationError) as refused:
        check_length("x" * (NOTE_MAX_CHARS + 1), NOTE_MAX_CHARS)
    assert refused.value.code is ErrorCode.TEXT_TOO_LONG
    assert refused.value.facts == {"limit": NOTE_MAX_CHARS}
