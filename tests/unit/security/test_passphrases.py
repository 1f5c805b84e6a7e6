import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security import passphrases
from dermstation.security.passphrases import check_secret, folded, suggest_passphrase
from dermstation.workflow.messages import message_for


def rule_broken(secret, *, has_pepper, names=()):
    with pytest.raises(StationError) as caught:
        check_secret(secret, has_pepper=has_pepper, names=names)
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
        ("word-word_word.word", "words"),
        ("one two six ten", "length"),
    ],
)
def test_short_or_repeating_passphrases_are_refused(secret, rule, has_pepper):
    assert rule_broken(secret, has_pepper=has_pepper) == rule


@pytest.mark.parametrize(
    ("secret", "rule"),
    [
        ("aaaa bbbb cccc dddd", "word repeated"),
        ("abab cdcd efef ghgh", "word repeated"),
        ("aaab bbbc cccd ddde", "word repeated"),
        ("1111 2222 3333 4444", "word number"),
        ("1958 copper 2024 lantern 03091958", "word number"),
        ("ab cd ef gh ij kl mn", "word short"),
        ("abcd efgh ijkl mnop", "word run"),
        ("dcba hgfe lkji ponm", "word run"),
        ("qwer asdf zxcv uiop", "word run"),
        ("qwer1 asdf2 zxcv3 uiop4", "word run"),
        ("monday tuesday wednesday thursday", "word series"),
        ("One Three Four Five Six", "word series"),
        ("one two six seven", "word series"),
        ("password secret admin letmein", "word series"),
        ("password1 secret2 admin3 letmein4", "word series"),
        ("hello hello1 hello2 hello3 hello4", "word alike"),
        ("asdg asdh asdj asdk", "word alike"),
        ("window windows mywindow winduw", "word alike"),
        ("the cat sat on the mat", "word alike"),
        ("ivy testname oakes surgery plan", "word name"),
        ("mytestname copper lantern river", "word name"),
        ("Testname1958 copper lantern river", "word name"),
        ("correct horse battery staple", "known"),
        ("Correct-Horse-Battery-Staple", "known"),
    ],
)
def test_words_that_are_guessed_at_once_do_not_count(secret, rule):
    names = ["Dr Ivy Testname-Oakes"]
    assert rule_broken(secret, has_pepper=False, names=names) == rule
    todo = message_for(StationError(ErrorCode.SECRET_WEAK, rule=rule, least=4)).todo
    assert todo != message_for(StationError(ErrorCode.SECRET_WEAK)).todo


@pytest.mark.parametrize(
    "secret",
    [
        "copper lantern river seventeen",
        "gravel window seven otter",
        "copper lantern river monday tuesday 1958 aaaa oak",
        "Schnee Fenster l\u00f6ffel Wolke",
        "\u0440\u0435\u043a\u0430 \u0441\u043d\u0435\u0433 copper lantern",
        "testname copper lantern river oak",
        "copper-lantern-river-oak",
    ],
)
def test_four_real_words_of_sixteen_characters_are_accepted_whatever_is_beside_them(secret):
    check_secret(secret, has_pepper=False, names=["Dr Ivy Testname-Oakes"])


def test_suggested_passphrases_pass_the_rules_and_differ():
    suggested = [suggest_passphrase() for _ in range(200)]
    for passphrase in suggested:
        check_secret(passphrase, has_pepper=False)
    assert len(set(suggested)) == 200


def test_no_suggestion_holds_a_name_of_its_owner_which_would_be_refused(monkeypatch):
    words = ("copper", "lantern", "river", "seventeen", "contest", "myself")
    monkeypatch.setattr(passphrases, "word_list", lambda: words)
    drawn = {word for _ in range(100) for word in suggest_passphrase("Self-test").split()}
    assert drawn == {"copper", "lantern", "river", "seventeen"}


def test_white_space_and_composition_do_not_matter_but_case_does():
    assert folded("  cafe\u0301   au lait\t") == folded("caf\u00e9 au lait")
    assert folded("Horse") != folded("horse")
