"""Open a vault of every past format, and one of the present format, in every possible way."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.security.accounts import unlock_with_recovery
from dermstation.security.keyfile import FORMAT, KEY_FILES, read_key_file
from dermstation.security.recovery import new_recovery_key
from dermstation.vault.audit import Rollback
from dermstation.vault.migration import Schema, migrations, user_version
from dermstation.workflow import unlocking
from tests.vaults import make

HERE = Path(__file__).parent
FROZEN = sorted(path.name for path in HERE.glob("*.zip"))
NEW_SECRET = "entirely new plain words"
WRONG = {make.PIN: "482918", make.PASSPHRASE: "copper lantern river eighteen"}


class Frozen:
    """A copy of a frozen vault, with everything that opens it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / "vault"
        self.ways = json.loads((home / "ways.json").read_text())
        self.keystore = make.MemoryKeystore()
        self.keystore.stored = dict(self.ways["peppers"])

    def enter(self, operator, secret):
        return unlocking.sign_in(self.folder, operator.id, secret, keystore=self.keystore)

    def check(self, signed_in, operator) -> None:
        """Check that everything is as it was when it was frozen, then close the vault."""
        with signed_in.vault as vault:
            assert vault.damage == ()
            assert vault.rollback is Rollback.NONE
            assert user_version(vault._database) == len(migrations(Schema.INDEX))
            assert signed_in.operator.id == operator.id
            (episode,) = vault.episodes.unfinished()
            assert vault.patients.get(episode.patient_id).family_name == "Patient-One"
            images = {
                one.id: hashlib.sha256(vault.captures.image(one.id)).hexdigest()
                for one in vault.captures.of_episode(episode.id)
            }
            assert images == self.ways["captures"]
            assert vault.audit.verify() == ()
            assert vault.key_files.faults == ()
            ids = vault.id, {one.operator.id for one in vault.identity.authorised().slots}
        content = read_key_file(self.folder)
        assert content.anchor is not None
        assert content.format == FORMAT
        assert (content.vault_id, {one.operator.id for one in content.slots}) == ids
        assert ids[1] == {make.PIN_OPERATOR.id, make.PHRASE_OPERATOR.id}


@pytest.fixture(params=[*FROZEN, "present"])
def frozen(request, tmp_path) -> Frozen:
    if request.param == "present":
        ways = make.make_vault(tmp_path / "vault")
        (tmp_path / "ways.json").write_text(json.dumps(ways))
    else:
        with zipfile.ZipFile(HERE / request.param) as packed:
            packed.extractall(tmp_path)
    return Frozen(tmp_path)


def code_of(call, *arguments):
    with pytest.raises(StationError) as caught:
        call(*arguments)
    return caught.value.code


def test_there_is_a_frozen_vault_of_each_merged_format() -> None:
    assert {"index-1.zip", "index-2.zip", "index-3.zip"} <= set(FROZEN)
    assert FORMAT == 3  # before a new format is merged, freeze a vault of it with make.py


@pytest.mark.parametrize(
    ("operator", "secret"),
    [(make.PIN_OPERATOR, make.PIN), (make.PHRASE_OPERATOR, make.PASSPHRASE)],
    ids=["pin", "passphrase"],
)
def test_it_opens_with_a_secret_and_not_with_a_wrong_one(frozen, operator, secret) -> None:
    assert code_of(frozen.enter, operator, WRONG[secret]) is ErrorCode.SECRET_WRONG
    other = make.PHRASE_OPERATOR if operator is make.PIN_OPERATOR else make.PIN_OPERATOR
    others = make.PASSPHRASE if secret is make.PIN else make.PIN
    frozen.check(frozen.enter(other, others), other)


@pytest.mark.parametrize(
    ("operator", "secret"),
    [(make.PIN_OPERATOR, make.PIN), (make.PHRASE_OPERATOR, make.PASSPHRASE)],
    ids=["pin", "passphrase"],
)
def test_it_opens_again_after_its_first_opening(frozen, operator, secret) -> None:
    for _ in range(2):
        frozen.check(frozen.enter(operator, secret), operator)


def test_it_does_not_open_with_another_recovery_key(frozen) -> None:
    wrong = new_recovery_key()
    assert code_of(unlock_with_recovery, frozen.folder, wrong) is ErrorCode.RECOVERY_KEY_WRONG
    assert code_of(unlock_with_recovery, frozen.folder, wrong) is ErrorCode.SECRET_WAIT


def test_it_opens_with_the_recovery_key(frozen) -> None:
    recover = unlocking.sign_in_with_recovery_key
    operator = make.PIN_OPERATOR
    words = frozen.ways["recovery"]
    signed_in = recover(frozen.folder, operator.id, words, NEW_SECRET, keystore=frozen.keystore)
    frozen.check(signed_in, operator)
    frozen.check(frozen.enter(operator, NEW_SECRET), operator)


@pytest.mark.parametrize("keystore", ["other pepper", "empty", "absent"])
def test_without_its_pepper_a_pin_needs_the_recovery_key(frozen, keystore) -> None:
    if keystore == "other pepper":
        stored = frozen.keystore.stored
        frozen.keystore.stored = dict(zip(stored, reversed(stored.values()), strict=True))
    elif keystore == "empty":
        frozen.keystore.stored = {}
    else:
        frozen.keystore = None
    assert code_of(frozen.enter, make.PIN_OPERATOR, make.PIN) is ErrorCode.KEYSTORE_FAILED
    # a passphrase needs none
    frozen.check(frozen.enter(make.PHRASE_OPERATOR, make.PASSPHRASE), make.PHRASE_OPERATOR)


def test_a_revoked_operator_is_gone_and_old_key_files_do_not_help(frozen) -> None:
    leaver = make.REVOKED_OPERATOR
    assert leaver.id not in {one.id for one in unlocking.operators(frozen.folder)}
    with pytest.raises(LookupError):
        frozen.enter(leaver, make.THEIRS)
    old = (frozen.home / "keys.revoked").read_bytes()
    for name in KEY_FILES:
        (frozen.folder / name).write_bytes(old)
    assert leaver.id in {one.id for one in unlocking.operators(frozen.folder)}
    assert code_of(frozen.enter, leaver, make.THEIRS) is ErrorCode.VAULT_DAMAGED
