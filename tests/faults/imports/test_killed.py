"""Killed at each step between import and erasure: no picture is lost or forgotten."""

import hashlib
import itertools
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

from dermstation.camera.card import erasing
from dermstation.camera.card.pictures import EraseOutcome
from dermstation.camera.card.places import folder_place
from dermstation.camera.card.reader import CardReader
from dermstation.domain.records import ConsentForm, Operator, Role, now
from dermstation.domain.shots import ShotKind
from dermstation.vault.store import Vault
from dermstation.workflow.card_erasing import erase_copies, on_this_card
from dermstation.workflow.episodes import record_consent
from dermstation.workflow.importing import (
    Candidate,
    candidate,
    copies_left,
    import_picture,
    is_verified,
)
from tests.unit.camera.card.samples import card, jpeg, name
from tests.unit.vault.conftest import home, kdf, killed_before, samples
from tests.unit.workflow.samples import report

__all__ = ["home", "kdf", "killed_before", "samples"]

SHOTS = (ShotKind.GENERAL, ShotKind.CLOSEUP)
FEWEST_STEPS = 40
OPERATOR = Operator("a" * 32, "Dr Test Operator-One", Role.CLINICIAN)


class _Here:
    """Jobs for the vault, run at once in the only thread."""

    def on_vault(self, job, *arguments):
        done = Future()
        done.set_result(job(*arguments))
        return done


class _InThisProcess:
    """The reader's erasure in this process, so that it can be killed in the middle."""

    def erase(self, *order) -> EraseOutcome:
        return erasing.erase(*order)


def work(vault: Vault, candidates: tuple[Candidate, ...]) -> None:
    """Import each picture, then erase them all."""
    place = candidates[0].place
    (episode,) = vault.episodes.unfinished()
    (lesion,) = vault.lesions.of_episode(episode.id)
    for one in candidates:
        import_picture(vault, one, lesion, OPERATOR, None)
    copies = copies_left(vault, episode.id)
    chosen = on_this_card(copies, place, {name(1), name(2)})
    erase_copies(_Here(), vault, _InThisProcess(), place, chosen, operator=OPERATOR)


def check(vault: Vault, root: Path, candidates: tuple[Candidate, ...]) -> None:
    """Check that each picture is on the card or in the vault; if on both, the vault knows it."""
    (episode,) = vault.episodes.unfinished()
    left = {copy.sha256 for copy in copies_left(vault, episode.id)}
    for number, one in enumerate(candidates, start=1):
        sha256 = one.picture.sha256
        file = root / name(number)
        on_card = file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == sha256
        in_vault = is_verified(vault, one.capture_id, sha256)
        assert on_card or in_vault, "a picture is lost"
        assert in_vault or sha256 not in left
        if in_vault and on_card:
            assert sha256 in left, "a picture on the card is forgotten"


def test_no_kill_between_import_and_erasure_loses_a_picture(
    home, samples, killed_before, tmp_path
) -> None:
    with home.open() as vault:
        _, episode, lesion, _ = samples.fill(vault, captures=0)
        record_consent(
            vault, OPERATOR, episode.id, given=True, form=ConsentForm.VERBAL, secondary_use=False
        )
    pictures = [jpeg(seed=seed) for seed in range(len(SHOTS))]
    root = card(tmp_path / "card", *pictures)
    with CardReader() as reader:
        candidates = tuple(
            candidate(
                replace(found, report=report(shot)), folder_place(root), shot, lesion.id, now()
            )
            for number, shot in enumerate(SHOTS, start=1)
            for found in [reader.inspect(str(root), name(number), shot)]
        )
    for steps in itertools.count():
        card(root, *pictures)
        copy = home.copy_to(tmp_path / "copy")

        def act(copy=copy) -> None:
            with copy.open() as vault:
                work(vault, candidates)

        was_killed = killed_before(steps, act)
        with copy.open() as vault:
            check(vault, root, candidates)
            work(vault, candidates)  # a second run finishes the work
            check(vault, root, candidates)
            assert not copies_left(vault, episode.id)
            assert not list(root.rglob("*.JPG"))
        if not was_killed:
            break
    assert steps >= FEWEST_STEPS
