import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security.passphrases import check_secret, folded, suggest_passphrase


def rule_broken(secret, *, has_pepper):
    with pytest.raises(StationError) as caught:
        check_secret(secret, has_pepper=has_pepper)
    assert caught.value.code is ErrorCode.SECRET_WEAK
    assert secret not in repr(caught.value) or not secret.strip()
    return caught.value.facts["rule"]


@pytest.mark.parametrize("pin", ["481516", "900210", "26041971", "112233", "121314"])
def test_a_pin_of_six_digits_is_accepted_with_a_pepper(pin):
    check_secret(pin, has_pepper=True)


@pytest.mark.parametrize(
    ("pin", "rule"),
    [
        ("48151", "digits"),
        ("000000", "same"),
        ("7777777", "same"),
        ("123456", "run"),
        ("34567890", "run"),
        ("987654", "run"),
        ("890123", "run"),
        ("121212", "repeated"),
        ("480480", "repeated"),
    ],
)
def test_easily_guessed_pins_are_refused(pin, rule):
    assert rule_broken(pin, has_pepper=True) == rule


@pytest.mark.parametrize("pin", ["481516", "48151623429999999999"])
def test_no_pin_is_accepted_without_a_pepper(pin):
    assert rule_broken(pin, has_pepper=False) == "words"


@pytest.mark.parametrize("has_pepper", [True, False])
@pytest.mark.parametrize(
    ("secret", "rule"),
    [
        ("", "words"),
        ("correct horse battery", "words"),
        ("word word Word WORD word", "words"),
        ("one two six ten", "length"),
    ],
)
def test_short_or_repeating_passphrases_are_refused(secret, rule, has_pepper):
    assert rule_broken(secret, has_pepper=has_pepper) == rule


def test_four_different_words_of_sixteen_characters_are_accepted():
    check_secret("correct horse battery staple", has_pepper=False)
    check_secret("one two six seven", has_pepper=False)


def test_suggested_passphrases_pass_the_rules_and_differ():
    suggested = [suggest_passphrase() for _ in range(200)]
    for passphrase in suggested:
        check_secret(passphrase, has_pepper=False)
    assert len(set(suggested)) == 200


def test_white_space_and_composition_do_not_matter_but_case_does():
    assert folded("  cafe\u0301   au lait\t") == folded("caf\u00e9 au lait")
    assert folded("Horse") != folded("horse")
