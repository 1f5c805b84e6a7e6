"""Every known trouble has plain words."""

import string

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.workflow.messages import MESSAGES, message_for


@pytest.mark.parametrize("code", list(ErrorCode))
def test_every_code_says_what_happened_and_what_to_do(code: ErrorCode) -> None:
    words = MESSAGES[code]
    assert words.what
    assert words.todo


def test_no_message_is_without_a_code() -> None:
    assert set(MESSAGES) == set(ErrorCode)


def test_facts_are_filled_in() -> None:
    assert "has 9 digits" in str(message_for(StationError(ErrorCode.NHS_NUMBER_LENGTH, digits=9)))


def test_an_absent_fact_does_not_break_the_words() -> None:
    for code in ErrorCode:
        assert "{" not in str(message_for(StationError(code)))


def test_messages_speak_to_people() -> None:
    programmers_words = ("exception", "null", "errno", "traceback", "stack", "invalid")
    for words in MESSAGES.values():
        text = str(words).lower()
        assert not any(word in text for word in programmers_words), text


def test_sentences_end() -> None:
    for words in MESSAGES.values():
        for part in (words.what, words.safe, words.todo):
            fields = [name for _, name, _, _ in string.Formatter().parse(part) if name]
            assert not part or part[-1] in ".}", part
            assert all(name.isidentifier() for name in fields)
