import secrets

import pytest

from dermstation.security.kdf import KdfParameters, derive_wrapping_key, expand, zero
from dermstation.security.sealing import (
    SEALED_BYTES,
    WrongKeyError,
    public_key,
    seal,
    unseal,
    unwrap,
    wrap,
)

CHEAP = KdfParameters(memory_kib=64, passes=1, lanes=1)


def test_a_sealed_key_opens_only_with_the_private_key():
    private, other, key = (secrets.token_bytes(32) for _ in range(3))
    sealed = seal(key, public_key(private), b"test")
    assert len(sealed) == SEALED_BYTES
    assert unseal(sealed, private, b"test") == key
    with pytest.raises(WrongKeyError):
        unseal(sealed, other, b"test")
    with pytest.raises(WrongKeyError):
        unseal(sealed, private, b"other purpose")


def test_any_flipped_byte_keeps_the_box_closed():
    private = secrets.token_bytes(32)
    sealed = seal(bytes(32), public_key(private), b"test")
    for position in range(len(sealed)):
        altered = bytearray(sealed)
        altered[position] ^= 0x01
        with pytest.raises(WrongKeyError):
            unseal(bytes(altered), private, b"test")


def test_an_all_zero_sender_is_a_wrong_key_not_a_crash():
    with pytest.raises(WrongKeyError):
        unseal(bytes(SEALED_BYTES), secrets.token_bytes(32), b"test")


def test_a_shortened_box_is_a_wrong_key_not_a_crash():
    private = secrets.token_bytes(32)
    sealed = seal(bytes(32), public_key(private), b"test")
    with pytest.raises(WrongKeyError):
        unseal(sealed[:-1], private, b"test")


def test_sealing_twice_gives_different_boxes():
    recipient = public_key(secrets.token_bytes(32))
    assert seal(bytes(32), recipient, b"test") != seal(bytes(32), recipient, b"test")


def test_a_wrapped_key_opens_only_with_its_wrapping_key_and_its_owner():
    wrapping, key = bytearray(secrets.token_bytes(32)), secrets.token_bytes(32)
    wrapped = wrap(key, wrapping, b"operator")
    assert unwrap(wrapped, wrapping, b"operator") == key
    with pytest.raises(WrongKeyError):
        unwrap(wrapped, wrapping, b"another operator")
    with pytest.raises(WrongKeyError):
        unwrap(wrapped, bytearray(32), b"operator")


def test_the_wrapping_key_depends_on_secret_salt_pepper_cost_and_purpose():
    salt, pepper = secrets.token_bytes(16), secrets.token_bytes(32)
    base = derive_wrapping_key("secret", salt, pepper, CHEAP, b"a")
    assert base == derive_wrapping_key(" secret ", salt, pepper, CHEAP, b"a")
    costlier = KdfParameters(memory_kib=128, passes=1, lanes=1)
    others = [
        derive_wrapping_key("Secret", salt, pepper, CHEAP, b"a"),
        derive_wrapping_key("secret", bytes(16), pepper, CHEAP, b"a"),
        derive_wrapping_key("secret", salt, b"", CHEAP, b"a"),
        derive_wrapping_key("secret", salt, pepper, costlier, b"a"),
        derive_wrapping_key("secret", salt, pepper, CHEAP, b"b"),
    ]
    assert len({bytes(key) for key in [base, *others]}) == 6


def test_hkdf_follows_rfc_5869_test_case_1():
    key = expand(b"\x0b" * 22, bytes(range(13)), bytes(range(0xF0, 0xFA)))
    assert key.hex() == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"


@pytest.mark.parametrize("cost", [(1 << 21, 1, 1), (64, 0, 1), (64, 1, 9), (64, 65, 1), (7, 1, 1)])
def test_costs_out_of_bounds_are_refused(cost):
    with pytest.raises(ValueError, match="bounds"):
        KdfParameters(*cost)


def test_zeroing_overwrites_in_place():
    key = bytearray(secrets.token_bytes(32))
    zero(key)
    assert key == bytes(32)
