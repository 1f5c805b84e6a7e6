"""`dermstation audit verify`, `vault` and `wipe`: their words, JSON output and exit status."""

import io
import json

import pytest

from dermstation.cli import main
from dermstation.domain.records import Operator, Role
from dermstation.domain.states import EpisodeEvent
from dermstation.security.accounts import unlock_with_recovery
from dermstation.security.kdf import KdfParameters
from dermstation.security.recovery import new_recovery_key
from dermstation.vault.connection import INDEX_PRAGMAS, Database
from dermstation.vault.holders import add_holder
from dermstation.vault.setup import set_up
from dermstation.vault.store import Vault
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.wiping import Resumed
from tests.unit.workflow.conftest import an_episode

CHEAP = KdfParameters(memory_kib=64, passes=1, lanes=1)
PASSPHRASE = "four plain words here"
THEIRS = "gravel window seven otter"
OPERATOR = Operator("a" * 32, "Test Doctor", Role.ADMINISTRATOR)
RECOVERY = new_recovery_key()

PAGE_BYTES = 4096


@pytest.fixture
def home(tmp_path):
    made = tmp_path / "home"
    set_up(made / "vault", OPERATOR, PASSPHRASE, keystore=None, recovery=RECOVERY, kdf=CHEAP)[
        0
    ].close()
    return made


@pytest.fixture
def run(home, monkeypatch, capsys):
    """Run the command line with lines of standard input; return status, output and errors."""

    # do not harden the tests' own process
    hardened = []
    monkeypatch.setattr("dermstation.commands.opening.harden_process", lambda: hardened.append(1))

    def call(*words, typed=(PASSPHRASE,), at=home):
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
        status = main(["--home", str(at), *words])
        said = capsys.readouterr()
        return status, said.out, said.err

    call.hardened = hardened
    return call


def tamper(home):
    keys = unlock_with_recovery(home / "vault", RECOVERY)
    database = Database(home / "vault" / "vault.db", [keys.current], INDEX_PRAGMAS)
    database.change("DROP TRIGGER audit_is_never_changed")
    database.change("UPDATE audit SET at = '2026-01-01T00:00:00.000000+00:00' WHERE number = 1")
    database.close()


def test_a_whole_audit_is_reported_as_whole(run):
    status, out, err = run("audit", "verify")
    assert (status, err) == (0, "")
    assert run.hardened  # keys were in memory, so there must be no dump
    assert out.startswith("The audit is whole: ")


def test_a_changed_audit_is_a_finding(run, home):
    tamper(home)
    status, out, _ = run("audit", "verify", "--json")
    assert status == 1
    found = json.loads(out)
    assert not found["ok"]
    assert found["findings"] == [{"fault": "changed", "first": 1, "last": 1}]
    assert run("audit", "verify", "--recovery", typed=[" ".join(RECOVERY.words)])[1] == (
        "Entry 1 was changed.\n"
    )


def test_a_wrong_secret_is_refused_in_plain_words(run):
    status, out, err = run("audit", "verify", typed=["not the right words"])
    assert (status, out) == (1, "")
    assert "not right" in err


def test_an_unknown_operator_gets_the_list_of_operators(run):
    status, out, err = run("audit", "verify", "--operator", "Nobody")
    assert status == 1
    assert "Test Doctor" in out
    assert "No operator with this name" in err
    assert run("audit", "verify", "--operator", "test doctor")[0] == 0


def test_a_whole_vault_is_checked_backed_up_and_restored(run, tmp_path):
    status, out, err = run("vault", "check")
    assert (status, err) == (0, "")
    assert "Nothing is damaged." in out
    share = tmp_path / "share"
    share.mkdir()
    for _ in range(3):
        status, out, _ = run("vault", "backup", str(share), "--keep", "2", "--json")
        assert status == 0
    made = json.loads(out)
    assert made["removed"] == 1
    assert len(list(share.iterdir())) == 2
    words = [" ".join(RECOVERY.words)]
    new = tmp_path / "new"
    assert run("vault", "restore", made["backup"], typed=words, at=new)[0] == 0
    assert run("vault", "check", "--recovery", typed=words, at=new)[0] == 0
    status, _, err = run("vault", "restore", made["backup"], typed=words, at=new)
    assert status == 1
    assert "a backup never replaces one" in err


def test_a_damaged_vault_is_a_finding_and_rescue_saves_the_rest(run, home, tmp_path):
    path = home / "vault" / "vault.db"
    with Vault.open(home / "vault", unlock_with_recovery(home / "vault", RECOVERY)) as vault:
        sql = "SELECT rootpage FROM sqlite_master WHERE name = 'drafts'"
        page = vault._database.value(sql)  # not a page of the schema: then nothing could be saved
    content = bytearray(path.read_bytes())
    content[(page - 1) * PAGE_BYTES + 2000] ^= 1
    path.write_bytes(content)
    status, out, err = run("vault", "check")
    assert status == 1
    assert "amaged" in out + err
    status, out, _ = run("vault", "rescue", str(tmp_path / "saved" / "vault"), "--json")
    assert json.loads(out)["rows"]["operators"] <= 1
    assert status in (0, 1)


def test_an_interrupted_wipe_is_finished_from_the_command_line(run, home):
    keys = unlock_with_recovery(home / "vault", RECOVERY)
    with Vault.open(home / "vault", keys) as vault:
        signed_in = SignedIn(vault, OPERATOR, Resumed())
        episode = an_episode(signed_in).episode
        vault.episodes.change_state(episode.id, EpisodeEvent.ABANDONED)
        vault.wiping.begin(episode.id, wiped_by=OPERATOR.id, hand_over=None, reason="abandoned")
    status, out, _ = run("wipe", "--resume", "--json")
    assert status == 0
    found = json.loads(out)
    assert (len(found["finished"]), found["waiting"]) == (1, 0)
    assert run("wipe", "--resume")[1] == "Wipes finished now: 0.\n"
    with pytest.raises(SystemExit) as wrong:
        run("wipe")
    assert wrong.value.code == 2


def test_an_empty_store_is_removed_with_its_keys_and_everything_else_of_the_station(
    run, home, tmp_path
):
    (home / "settings.toml").write_text("lock_after_minutes = 2\n")
    (home / "logs").mkdir(exist_ok=True)
    (home / "handed").mkdir(exist_ok=True)
    (home / "handed" / "note.json").write_text("a patient whom the record system named")
    watched = [home / "vault" / "keys.a", home / "handed" / "note.json"]
    before = [file.read_bytes() for file in watched]
    kept = [tmp_path / file.name for file in watched]
    for file, name in zip(watched, kept, strict=True):
        name.hardlink_to(file)  # another name of the same blocks
    status, out, err = run("vault", "remove", "--json")
    assert (status, err) == (0, "")
    assert json.loads(out)["other_files"] == 2
    assert [one.name for one in home.iterdir()] == ["logs"]
    for name, old in zip(kept, before, strict=True):
        assert name.read_bytes() != old  # overwritten, not only unlinked
    assert run("vault", "check")[0] == 1


def test_a_store_with_an_unfinished_episode_is_removed_only_if_it_is_named(run, home):
    keys = unlock_with_recovery(home / "vault", RECOVERY)
    with Vault.open(home / "vault", keys) as vault:
        an_episode(SignedIn(vault, OPERATOR, Resumed()))
    for words in ((), ("--unfinished", "2")):
        status, _, err = run("vault", "remove", *words)
        assert status == 1
        assert "Not handed over: 1." in err
        assert (home / "vault" / "vault.db").exists()
    assert run("vault", "remove", "--unfinished", "1")[0] == 0
    assert not (home / "vault").exists()


def test_a_removal_that_was_cut_off_is_gone_on_with(run, home, monkeypatch):
    def cut(_folder):
        raise OSError(5, "cut off")

    with monkeypatch.context() as cutting:
        cutting.setattr("dermstation.workflow.removing.wipe_folder", cut)
        assert run("vault", "remove")[0] == 1
    assert not (home / "vault").exists()
    assert not [*home.rglob("keys.[ab]")]
    assert run("vault", "remove", typed=())[0] == 0
    assert [*home.iterdir()] == []


def test_only_an_administrator_removes_the_store(run, home):
    keys = unlock_with_recovery(home / "vault", RECOVERY)
    with Vault.open(home / "vault", keys) as vault:
        nurse = Operator("b" * 32, "Test Nurse", Role.NURSE)
        add_holder(vault, nurse, THEIRS, keystore=None, kdf=CHEAP)
    status, _, err = run("vault", "remove", "--operator", "Test Nurse", typed=(THEIRS,))
    assert status == 1
    assert err.strip()
    assert (home / "vault" / "vault.db").exists()
