import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security.recovery import RecoveryKey, new_recovery_key, parse_recovery_key

# a fixed key: a random one may hold "key" or "rule", which the error says for reasons of its own
WORDS = RecoveryKey(b"\x7f" * 16).words


def test_twelve_words_read_back_as_the_same_key():
    key = new_recovery_key()
    assert len(key.words) == 12
    assert parse_recovery_key(" ".join(key.words)) == key


def test_words_follow_bip_39():
    assert RecoveryKey(bytes(16)).words == ("abandon",) * 11 + ("about",)
    assert RecoveryKey(b"\x7f" * 16).words[-2:] == ("thank", "yellow")


def test_two_keys_differ():
    assert new_recovery_key() != new_recovery_key()


@pytest.mark.parametrize(
    "written",
    [
        lambda words: " ".join(words).upper(),
        ", ".join,
        lambda words: "\n".join(words) + "\n",
        lambda words: "  ".join(f"{n}. {word}" for n, word in enumerate(words, 1)),
        lambda words: "\r\n".join(f"{n}.{word}" for n, word in enumerate(words, 1)),
        lambda words: " ".join(f"{n}) {word}" for n, word in enumerate(words, 1)),
        lambda words: "; ".join(words) + ".",
    ],
)
def test_case_spacing_commas_and_numbering_do_not_matter(written):
    key = new_recovery_key()
    assert parse_recovery_key(written(key.words)) == key


def test_a_word_not_in_the_list_is_reported_only_by_its_number():
    words = list(WORDS)
    words[4] = "dermatoscope"
    with pytest.raises(StationError) as caught:
        parse_recovery_key(" ".join(words))
    assert caught.value.code is ErrorCode.RECOVERY_KEY_MISTYPED
    assert caught.value.facts == {"rule": "word", "word_number": 5}
    assert not any(word in repr(caught.value) for word in words)


@pytest.mark.parametrize("count", [0, 11, 13])
def test_a_wrong_number_of_words_is_reported(count):
    with pytest.raises(StationError) as caught:
        parse_recovery_key("abandon " * count)
    assert caught.value.facts == {"rule": "count", "words": count, "expected": 12}


def test_listed_words_with_a_wrong_checksum_are_refused():
    with pytest.raises(StationError) as caught:
        parse_recovery_key("abandon " * 12)
    assert caught.value.facts == {"rule": "checksum"}


def test_repr_does_not_show_the_key():
    assert repr(new_recovery_key()) == "RecoveryKey(...)"
