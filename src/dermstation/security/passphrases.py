"""The rules for an operator's secret: a PIN if it is enough (`pin_policy`), else a passphrase.

Anyone with a copy of the vault can make four guesses per second and core for ever, so a million
PINs are no protection without the pepper in the OS keystore. Pure; never logs or stores a secret.
"""

import secrets
import unicodedata
from collections.abc import Iterable

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security.guessable import faults_of, is_known, words_of
from dermstation.security.recovery import word_list

PIN_DIGITS = 6
PASSPHRASE_WORDS = 4
PASSPHRASE_CHARS = 16
_UP = "01234567890123456789"
_DOWN = _UP[::-1]


def folded(secret: str) -> str:
    """Return the secret in the form that is hashed: NFKC, white space folded, case kept."""
    return " ".join(unicodedata.normalize("NFKC", secret).split())


def check_secret(secret: str, *, has_pepper: bool, names: Iterable[str] = ()) -> None:
    """Refuse a new secret that is too easy to guess; `names` are those of its owner.

    With a pepper that is well guarded a PIN of digits only is accepted; anything else is judged as
    a passphrase.
    Raises StationError SECRET_WEAK with the fact `rule`: for a PIN "digits" (fewer than
    `least`), "same", "run" (123456, 987654), "repeated" (121212); for a passphrase "words"
    (fewer than `least` different words), "length" (fewer than `least` characters), "known", or
    what makes its words easy to guess: "word" with one of the faults of `guessable.faults_of`.
    """
    plain = folded(secret)
    if has_pepper and is_pin(plain):
        _check_pin(plain)
    else:
        _check_passphrase(plain, names)


def is_pin(secret: str) -> bool:
    """Return whether a secret is digits only."""
    plain = folded(secret)
    return plain.isascii() and plain.isdigit()


def suggest_passphrase(*names: str) -> str:
    """Return a passphrase of four random words that passes `check_secret`; `names` as there."""
    words = word_list()
    while True:
        passphrase = " ".join(secrets.choice(words) for _ in range(PASSPHRASE_WORDS))
        try:
            check_secret(passphrase, has_pepper=False, names=names)
        except StationError:
            continue  # a word was drawn twice, is like another or a name, or all are very short
        return passphrase


def _check_pin(pin: str) -> None:
    if len(pin) < PIN_DIGITS:
        raise _weak("digits", PIN_DIGITS)
    if len(set(pin)) == 1:
        raise _weak("same")
    if any(pin in run * (len(pin) // len(run) + 2) for run in (_UP, _DOWN)):
        raise _weak("run")
    if pin in (pin + pin)[1:-1]:  # a string is periodic exactly if it occurs inside its double
        raise _weak("repeated")


def _check_passphrase(passphrase: str, names: Iterable[str]) -> None:
    words = words_of(passphrase)
    if len(words) < PASSPHRASE_WORDS:
        raise _weak("words", PASSPHRASE_WORDS)
    if len(passphrase) < PASSPHRASE_CHARS:
        raise _weak("length", PASSPHRASE_CHARS)
    if is_known(passphrase):
        raise _weak("known")
    faults = list(faults_of(words, names))
    if faults.count("") < PASSPHRASE_WORDS:
        raise _weak(f"word {next(filter(None, faults))}", PASSPHRASE_WORDS)


def _weak(rule: str, least: int | None = None) -> StationError:
    facts = {} if least is None else {"least": least}
    return StationError(ErrorCode.SECRET_WEAK, rule=rule, **facts)
