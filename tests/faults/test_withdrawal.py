"""Killed at each step of a withdrawal, the vault holds either all pictures or none."""

import itertools

from dermstation.domain.records import ConsentForm, Operator, Role
from dermstation.vault.store import Vault
from dermstation.workflow.episodes import record_consent
from dermstation.workflow.viewing import view_of
from tests.unit.vault.conftest import home, kdf, killed_before, samples

__all__ = ["home", "kdf", "killed_before", "samples"]

CAPTURES = 3
FEWEST_STEPS = 20
OPERATOR = Operator("a" * 32, "Dr Test Operator-One", Role.CLINICIAN)


def answer(vault: Vault, *, given: bool) -> None:
    (episode,) = vault.episodes.unfinished()
    record_consent(
        vault, OPERATOR, episode.id, given=given, form=ConsentForm.VERBAL, secondary_use=False
    )


def check(vault: Vault) -> bool:
    """Return whether consent is still given, after checking that the pictures agree with it."""
    (episode,) = vault.episodes.unfinished()
    view = view_of(vault, episode.id)
    files = list((vault.folder / "episodes").glob("*.db"))
    assert vault.damage == ()
    if view.episode.consent.given:
        assert len(view.captures) == CAPTURES
        for capture in view.captures:
            assert vault.captures.image(capture.id)  # this checks the hash
        assert len(files) == 1
        return True
    assert view.captures == ()
    assert files == [], "a picture that was withdrawn is still on the disk"
    assert vault.withdrawals.pending() == ()
    return False


def test_no_kill_during_a_withdrawal_leaves_some_of_the_pictures(
    home, samples, killed_before, tmp_path
) -> None:
    with home.open() as vault:
        samples.fill(vault, captures=CAPTURES)
        answer(vault, given=True)
    stood = []
    for steps in itertools.count():
        copy = home.copy_to(tmp_path / "copy")

        def act(copy=copy) -> None:
            with copy.open() as vault:
                answer(vault, given=False)

        was_killed = killed_before(steps, act)
        with copy.open() as vault:
            stood.append(check(vault))
            answer(vault, given=False)  # a second withdrawal finishes the first
        with copy.open() as vault:
            assert not check(vault)
        if not was_killed:
            break
    assert steps >= FEWEST_STEPS
    assert stood == sorted(stood, reverse=True)  # once withdrawn, it stays withdrawn
    assert stood[0]
    assert not stood[-1]
