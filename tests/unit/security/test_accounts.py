import time
from dataclasses import replace

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, Role, new_id
from dermstation.security.accounts import (
    check_secret_of,
    operators,
    set_up_keys,
    slot_for,
    unlock_with_recovery,
    unlock_with_secret,
)
from dermstation.security.kdf import DEFAULT_KDF
from dermstation.security.keyfile import read_key_file, write_key_file
from dermstation.security.recovery import new_recovery_key
from dermstation.security.slots import IndexKeys
from dermstation.security.tries_file import MOST_FAILED_TRIES, TRIES_TWINS, read_tries
from tests.unit.security.rotation import begin_rotation, finish_rotation

PASSPHRASE = "copper lantern river seventeen"
PIN = "481516"
WRONG_PIN = "481517"


@pytest.fixture
def vault(tmp_path, operator, keystore, kdf):
    """A vault folder with an operator who uses PIN and pepper: folder, index key, recovery key."""
    keys, recovery = set_up_keys(tmp_path, operator, PIN, keystore=keystore, kdf=kdf)
    return tmp_path, bytes(keys.current), recovery


@pytest.fixture
def sign_in(vault, operator, keystore, uptime):
    def attempt(pin=PIN):
        """Sign in, to a vault that opens."""
        keys = unlock_with_secret(vault[0], operator.id, pin, keystore=keystore, uptime_s=uptime)
        keys.attempt.forgive()
        return keys

    return attempt


@pytest.fixture
def colleague(vault, keystore, kdf):
    """Add an administrator, who could end a lock-out of the operator."""
    folder, key, _ = vault
    content = read_key_file(folder)
    added = Operator(new_id(), "Dr Test Administrator", Role.ADMINISTRATOR)
    slot = slot_for(added, PASSPHRASE, IndexKeys(bytearray(key)), keystore=None, kdf=kdf)
    more = replace(content, generation=2, slots=(*content.slots, slot))
    write_key_file(folder, more, [bytearray(key)])
    return added


def as_administrator(vault, operator):
    content = read_key_file(vault[0])
    slots = [
        replace(one, operator=replace(one.operator, role=Role.ADMINISTRATOR))
        for one in content.slots
    ]
    more = replace(content, generation=content.generation + 1, slots=tuple(slots))
    write_key_file(vault[0], more, [bytearray(vault[1])])


def refused(call, *arguments, **named):
    with pytest.raises(StationError) as caught:
        call(*arguments, **named)
    return caught.value.code, caught.value.facts


def test_pin_with_pepper_unlocks_the_key_made_at_set_up(vault, sign_in):
    assert sign_in().current == vault[1]


def test_recovery_key_unlocks_the_key_made_at_set_up(vault):
    assert unlock_with_recovery(vault[0], vault[2]).current == vault[1]


def test_another_recovery_key_is_wrong(vault):
    code, _ = refused(unlock_with_recovery, vault[0], new_recovery_key())
    assert code is ErrorCode.RECOVERY_KEY_WRONG


def test_a_recovery_key_shown_beforehand_is_the_one_used(tmp_path, operator, kdf):
    shown = new_recovery_key()
    keys, used = set_up_keys(tmp_path, operator, PASSPHRASE, keystore=None, recovery=shown, kdf=kdf)
    assert used == shown
    assert unlock_with_recovery(tmp_path, shown).current == keys.current


def test_the_sign_in_list_needs_no_key(vault, operator):
    assert operators(vault[0]) == (operator,)


def test_without_a_keystore_a_pin_is_refused_and_a_passphrase_accepted(tmp_path, operator, kdf):
    code, facts = refused(set_up_keys, tmp_path, operator, PIN, keystore=None, kdf=kdf)
    assert (code, facts["rule"]) == (ErrorCode.SECRET_WEAK, "words")
    assert list(tmp_path.iterdir()) == []
    keys, _ = set_up_keys(tmp_path, operator, PASSPHRASE, keystore=None, kdf=kdf)
    assert unlock_with_secret(tmp_path, operator.id, PASSPHRASE, keystore=None) == keys


def test_a_second_set_up_is_refused(vault, operator, keystore, kdf):
    code, _ = refused(set_up_keys, vault[0], operator, PIN, keystore=keystore, kdf=kdf)
    assert code is ErrorCode.VAULT_EXISTS


@pytest.mark.parametrize(
    ("name", "code"), [("  ", ErrorCode.NAME_EMPTY), ("x" * 101, ErrorCode.NAME_TOO_LONG)]
)
def test_an_operator_needs_a_name_of_valid_length(tmp_path, name, code, kdf):
    nameless = Operator("1", name, Role.NURSE)
    assert refused(set_up_keys, tmp_path, nameless, PASSPHRASE, keystore=None, kdf=kdf)[0] is code


# wrong attempts


@pytest.mark.usefixtures("colleague")
def test_each_wrong_attempt_doubles_the_wait_up_to_a_minute(sign_in, uptime):
    for tries_left, wait_s in zip(range(9, 0, -1), [1, 2, 4, 8, 16, 32, 60, 60, 60], strict=True):
        assert refused(sign_in, WRONG_PIN) == (ErrorCode.SECRET_WRONG, {"tries_left": tries_left})
        assert refused(sign_in) == (ErrorCode.SECRET_WAIT, {"seconds": wait_s})
        uptime.now_s += wait_s - 0.5
        assert refused(sign_in) == (ErrorCode.SECRET_WAIT, {"seconds": 1})
        uptime.now_s += 0.5
    assert refused(sign_in, WRONG_PIN) == (ErrorCode.SECRET_WRONG, {"tries_left": 0})


def test_the_last_way_in_is_never_locked_and_waits_longer(vault, sign_in, uptime):
    for wait_s in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, *[900] * 20]:
        assert refused(sign_in, WRONG_PIN) == (ErrorCode.SECRET_WRONG, {})
        assert refused(sign_in) == (ErrorCode.SECRET_WAIT, {"seconds": wait_s})
        uptime.now_s += wait_s
    assert sign_in().current == vault[1]


def test_of_two_administrators_one_can_always_get_in(vault, operator, colleague, sign_in, uptime):
    as_administrator(vault, operator)

    def as_colleague(secret):
        return unlock_with_secret(
            vault[0], colleague.id, secret, keystore=None, uptime_s=uptime
        ).attempt.forgive()

    for _ in range(12):
        refused(sign_in, WRONG_PIN)
        refused(as_colleague, "not the right words")
        uptime.now_s += 900
    as_colleague(PASSPHRASE)
    assert refused(sign_in) == (ErrorCode.SECRET_WRONG, {"tries_left": 0})  # and can be reset


@pytest.mark.usefixtures("colleague")
def test_after_ten_wrong_attempts_even_the_right_pin_is_refused(sign_in, uptime):
    for _ in range(10):
        refused(sign_in, WRONG_PIN)
        uptime.now_s += 60
    for _ in range(2):
        uptime.now_s += 1e6
        assert refused(sign_in) == (ErrorCode.SECRET_WRONG, {"tries_left": 0})


@pytest.mark.usefixtures("colleague")
def test_the_right_pin_resets_earlier_attempts(vault, sign_in, uptime):
    for _ in range(3):
        refused(sign_in, WRONG_PIN)
        uptime.now_s += 60
    sign_in()
    assert refused(sign_in, WRONG_PIN) == (ErrorCode.SECRET_WRONG, {"tries_left": 9})


def test_an_attempt_is_counted_before_it_is_made(sign_in, vault, operator, monkeypatch):
    def killed(*_arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("dermstation.security.slots.OperatorSlot.private", killed)
        with pytest.raises(KeyboardInterrupt):
            sign_in()
    assert read_tries(vault[0]).wrong_of(operator.id).count == 1


@pytest.mark.usefixtures("colleague")
def test_a_restart_of_the_pc_starts_the_wait_again_but_only_once(sign_in, uptime):
    for _ in range(6):
        refused(sign_in, WRONG_PIN)
        uptime.now_s += 60
    refused(sign_in, WRONG_PIN)
    uptime.now_s = 5.0  # restarted: the uptime is small again
    assert refused(sign_in) == (ErrorCode.SECRET_WAIT, {"seconds": 60})
    uptime.now_s += 59
    assert refused(sign_in) == (ErrorCode.SECRET_WAIT, {"seconds": 1})
    uptime.now_s += 1
    sign_in()


def test_the_wall_clock_does_not_affect_the_wait(vault, operator, keystore, monkeypatch):
    def attempt(pin):
        return unlock_with_secret(vault[0], operator.id, pin, keystore=keystore)

    refused(attempt, WRONG_PIN)
    uptime_s = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: uptime_s)
    for wall_clock_s in (0.0, 4e9):
        monkeypatch.setattr(time, "time", lambda now=wall_clock_s: now)
        code, _ = refused(
            unlock_with_secret,
            vault[0],
            operator.id,
            PIN,
            keystore=keystore,
            uptime_s=lambda: uptime_s,
        )
        assert code is ErrorCode.SECRET_WAIT


def test_an_operator_not_in_the_files_is_a_bug(vault, keystore):
    with pytest.raises(LookupError):
        unlock_with_secret(vault[0], "nobody", PIN, keystore=keystore)


def test_a_try_is_only_taken_back_if_the_vault_did_not_open(
    vault, sign_in, operator, keystore, uptime
):
    refused(sign_in, WRONG_PIN)
    uptime.now_s += 60
    keys = unlock_with_secret(vault[0], operator.id, PIN, keystore=keystore, uptime_s=uptime)
    assert read_tries(vault[0]).wrong_of(operator.id).count == 2
    keys.attempt.take_back(is_failed=False)
    left = read_tries(vault[0])
    assert left.wrong_of(operator.id).count == 1  # what went wrong before is not forgiven
    assert len(left.failed) == 1
    sign_in()
    left = read_tries(vault[0])
    assert left.wrong_of(operator.id).count == 0
    assert [one.operator_id for one in left.failed] == [operator.id]
    assert left.total == 3


@pytest.mark.usefixtures("colleague")
def test_old_files_of_tries_put_back_do_not_reset_the_count_in_the_keystore(vault, sign_in, uptime):
    for _ in range(4):
        refused(sign_in, WRONG_PIN)
        uptime.now_s += 60
    for _ in range(2):  # old ones, then none at all
        for name in TRIES_TWINS.names:
            (vault[0] / name).unlink(missing_ok=True)
    assert refused(sign_in, WRONG_PIN) == (ErrorCode.SECRET_WRONG, {"tries_left": 5})
    assert refused(sign_in) == (ErrorCode.SECRET_WAIT, {"seconds": 16})
    assert read_tries(vault[0]).put_back == 1
    for name in TRIES_TWINS.names:
        (vault[0] / name).write_bytes(b"something else")
    assert refused(sign_in) == (ErrorCode.SECRET_WAIT, {"seconds": 16})
    for _ in range(5):
        uptime.now_s += 60
        refused(sign_in, WRONG_PIN)
        for name in TRIES_TWINS.names:
            (vault[0] / name).unlink()
    uptime.now_s += 1e6
    assert refused(sign_in) == (ErrorCode.SECRET_WRONG, {"tries_left": 0})


def test_many_failed_tries_are_all_counted_for_the_audit(vault, uptime):
    for _ in range(60):
        refused(unlock_with_recovery, vault[0], new_recovery_key(), uptime_s=uptime)
        uptime.now_s += 60
    tries = read_tries(vault[0])
    assert len(tries.failed) + tries.more["recovery key"] == 60 == tries.total
    assert unlock_with_recovery(vault[0], vault[2], uptime_s=uptime).current == vault[1]


def test_many_wrong_recovery_keys_push_no_other_failed_try_out(vault, sign_in, operator, uptime):
    for _ in range(3):
        refused(sign_in, WRONG_PIN)
        uptime.now_s += 60
    for _ in range(70):
        refused(unlock_with_recovery, vault[0], new_recovery_key(), uptime_s=uptime)
        uptime.now_s += 60
    tries = read_tries(vault[0])
    assert [one.operator_id for one in tries.failed].count(operator.id) == 3
    assert len(tries.failed) == MOST_FAILED_TRIES
    assert tries.more == {"recovery key": 73 - MOST_FAILED_TRIES}


def test_wrong_recovery_keys_make_the_next_one_wait(vault, uptime):
    for wait_s in (1, 2, 4, 8):
        refused(unlock_with_recovery, vault[0], new_recovery_key(), uptime_s=uptime)
        found = refused(unlock_with_recovery, vault[0], vault[2], uptime_s=uptime)
        assert found == (ErrorCode.SECRET_WAIT, {"seconds": wait_s})
        uptime.now_s += wait_s
    keys = unlock_with_recovery(vault[0], vault[2], uptime_s=uptime)
    keys.attempt.forgive()
    assert unlock_with_recovery(vault[0], vault[2], uptime_s=uptime).attempt is None


def test_the_secret_of_a_known_slot_is_checked_and_counted(vault, operator, keystore, uptime):
    slot = read_key_file(vault[0]).slot(operator.id)
    named = {"keystore": keystore, "uptime_s": uptime}
    assert refused(check_secret_of, vault[0], slot, WRONG_PIN, **named)[0] is ErrorCode.SECRET_WRONG
    assert refused(check_secret_of, vault[0], slot, PIN, **named)[0] is ErrorCode.SECRET_WAIT
    uptime.now_s += 1
    check_secret_of(vault[0], slot, PIN, **named)
    assert read_tries(vault[0]).wrong_of(operator.id).count == 0


# the pepper


def test_a_copied_vault_does_not_open_without_the_pepper(vault, operator):
    code, _ = refused(unlock_with_secret, vault[0], operator.id, PIN, keystore=None)
    assert code is ErrorCode.KEYSTORE_FAILED


def test_a_failing_keystore_costs_no_attempt_and_the_recovery_key_still_opens(
    vault, sign_in, keystore, operator
):
    keystore.fails = True
    for _ in range(12):
        assert refused(sign_in)[0] is ErrorCode.KEYSTORE_FAILED
    assert read_tries(vault[0]).wrong_of(operator.id).count == 0
    assert unlock_with_recovery(vault[0], vault[2]).current == vault[1]
    keystore.fails = False
    assert sign_in().current == vault[1]


def test_a_different_pepper_is_a_keystore_failure_not_a_wrong_pin(sign_in, keystore):
    (place,) = keystore.stored
    keystore.stored[place] = "A" * 43 + "="
    assert refused(sign_in)[0] is ErrorCode.KEYSTORE_FAILED


# rotation


def test_rotation_gives_both_keys_and_then_only_the_new_one(vault, sign_in):
    coming = bytes(begin_rotation(vault[0], vault[1]))
    for keys in (sign_in(), unlock_with_recovery(vault[0], vault[2])):
        assert (keys.current, keys.next) == (vault[1], coming)
    finish_rotation(vault[0], coming)
    for keys in (sign_in(), unlock_with_recovery(vault[0], vault[2])):
        assert (keys.current, keys.next) == (coming, None)


def test_after_the_rotation_no_file_holds_the_old_key_sealed(vault, operator):
    old = read_key_file(vault[0])
    sealed_before = [old.recovery.current, old.slot(operator.id).keys.current]
    finish_rotation(vault[0], begin_rotation(vault[0], vault[1]))
    for name in ("keys.a", "keys.b"):
        content = (vault[0] / name).read_bytes()
        assert not any(sealed.hex().encode() in content for sealed in sealed_before)


# the rest


def test_forgotten_keys_are_zeros(vault):
    begin_rotation(vault[0], vault[1])
    keys = unlock_with_recovery(vault[0], vault[2])
    keys.forget()
    assert keys.current == bytes(32)
    assert keys.next == bytes(32)
    assert repr(keys) == "IndexKeys(...)"


def test_the_default_cost_is_64_mib_3_passes_4_lanes_and_opens(tmp_path, operator, keystore):
    assert (DEFAULT_KDF.memory_kib, DEFAULT_KDF.passes, DEFAULT_KDF.lanes) == (65536, 3, 4)
    keys, _ = set_up_keys(tmp_path, operator, PIN, keystore=keystore)
    assert read_key_file(tmp_path).slot(operator.id).kdf == DEFAULT_KDF
    assert unlock_with_secret(tmp_path, operator.id, PIN, keystore=keystore) == keys
