"""Scenarios on an episode: saving, the package, the wipe and a covered copy."""

import secrets
from pathlib import Path

from dermstation.domain.copies import CopyKind, Shape, ShapeKind
from dermstation.handover.verify import verify_package
from dermstation.vault.store import Vault
from dermstation.workflow import deriving, packaging, wiping
from dermstation.workflow.package_choice import Practice
from dermstation.workflow.viewing import view_of
from tests.faults.scene import (
    ADMIN,
    Ack,
    expected_of,
    facts_of,
    faults_of,
    hashes,
    new_vault,
    note,
    old_key_opens,
    open_vault,
    save_one,
    signed_in,
)
from tests.unit.vault.conftest import Samples
from tests.unit.workflow.conftest import an_episode, pack, ready

# captures


def prepare_capture(home: Path) -> None:
    with new_vault(home) as vault:
        _, _, _, _ = Samples().fill(vault, captures=1)
        note(home, captures=hashes(vault))


def act_capture(home: Path, ack: Ack) -> None:
    with open_vault(home) as vault:
        for _ in range(2):
            save_one(vault, ack)
        vault.settle()


def check_capture(home: Path, acked: list[str]) -> list[str]:
    expected = expected_of(home, acked)
    with open_vault(home) as vault:
        faults = faults_of(vault, expected)
        (episode,) = vault.episodes.unfinished()
        (lesion,) = vault.lesions.of_episode(episode.id)
        image = secrets.token_bytes(1_000)
        vault.captures.save(Samples().capture(lesion, image), image)  # work can continue
    return faults


# the package


def prepare_package(home: Path) -> None:
    (home / "packages").mkdir()
    with new_vault(home) as vault:
        ready(signed_in(vault), an_episode(signed_in(vault)))
        note(home, captures=hashes(vault))


def act_package(home: Path, ack: Ack) -> None:
    with open_vault(home) as vault:
        (episode,) = vault.episodes.unfinished()
        packaging.make_package(vault, ADMIN, episode.id, home / "packages", Practice())
        ack("packaged")


def check_package(home: Path, acked: list[str]) -> list[str]:
    with open_vault(home) as vault:
        wiping.resume(vault)
        faults = faults_of(vault, dict(facts_of(home)["captures"]))
        (episode,) = vault.episodes.unfinished()
        whole = vault.packages.verified((episode.id,))
        if acked and not whole:
            faults.append("an acknowledged package is lost")
        listed = {Path(one.folder) / file.name for one in whole for file in one.files}
        there = {path for path in (home / "packages").rglob("*") if path.is_file()}
        faults += [f"unencrypted and not listed: {path.suffix}" for path in there - listed]
        if acked:
            findings = verify_package(Path(whole[-1].folder), whole[-1].files)
            faults += [f"package: {finding.fault}" for finding in findings]
    return faults


# the wipe


def prepare_wipe(home: Path) -> None:
    (home / "packages").mkdir()
    with new_vault(home) as vault:
        kept = Samples().fill(vault, which=1)
        view = pack(signed_in(vault), an_episode(signed_in(vault)), home / "packages")
        file_id = vault.episodes.place(view.episode.id).file_id
        captures = {one.id: one.sha256 for one in vault.captures.of_episode(kept[1].id)}
        gone = [one.id for one in vault.captures.of_episode(view.episode.id)]
        note(
            home, captures=captures, episode=view.episode.id, file_id=file_id, gone=gone,
            index_key=bytes(vault._database.key).hex(),
        )  # fmt: skip


def act_wipe(home: Path, ack: Ack) -> None:
    with open_vault(home) as vault:
        episode_id = str(facts_of(home)["episode"])
        wiping.hand_over(vault, ADMIN, episode_id, in_record=True, in_ers=True)
        ack("wiped")


def check_wipe(home: Path, acked: list[str]) -> list[str]:
    facts = facts_of(home)
    with open_vault(home) as vault:
        began = not is_unfinished(vault, str(facts["episode"]))
        wiping.resume(vault)
        faults = faults_of(vault, dict(facts["captures"]))
        is_there = is_unfinished(vault, str(facts["episode"]))
        if acked and is_there:
            faults.append("a wiped episode is back")
        if began or acked:
            file = home / "vault" / "episodes" / f"{facts['file_id']}.db"
            left = list((home / "packages").iterdir())
            if file.exists() or left or is_there:
                faults.append("a wipe was begun and is not finished")
            if not vault.certificates.all():
                faults.append("a wipe has no certificate")
        elif not set(facts["gone"]) <= set(hashes(vault)):
            faults.append("an episode that is not wiped has lost captures")
    if began or acked:
        faults += old_key_opens(home, str(facts["index_key"]))
    return faults


def is_unfinished(vault: Vault, episode_id: str) -> bool:
    return any(one.id == episode_id for one in vault.episodes.unfinished())


# a covered copy and its original


def prepare_cover(home: Path) -> None:
    with new_vault(home) as vault:
        view = an_episode(signed_in(vault))
        ready(signed_in(vault), view)
        file_id = vault.episodes.place(view.episode.id).file_id
        note(home, file_id=file_id, index_key=bytes(vault._database.key).hex())


def act_cover(home: Path, ack: Ack) -> None:
    shapes = (Shape(ShapeKind.ELLIPSE, 0.2, 0.2, 0.6, 0.7),)
    with open_vault(home) as vault:
        (episode,) = vault.episodes.unfinished()
        (origin, *_) = vault.captures.of_episode(episode.id)
        drawing = deriving.begin_drawing(vault, episode.id, origin.id, CopyKind.COVERED)
        deriving.save_copies(vault, deriving.draw(drawing, shapes, ADMIN))
        ack("covered")
        deriving.wipe_covered(vault, ADMIN, episode.id)
        ack("wiped")


def check_cover(home: Path, acked: list[str]) -> list[str]:
    facts = facts_of(home)
    with open_vault(home) as vault:
        faults = faults_of(vault, {})
        (episode,) = vault.episodes.unfinished()
        view = view_of(vault, episode.id)
        gone = [one for one in view.captures if one.wiped_at is not None]
        for one in view.copies:
            vault.captures.image(one.id)
        if "covered" in acked and not view.copies:
            faults.append("an acknowledged copy is lost")
        if "wiped" in acked and not gone:
            faults.append("a wiped original is back")
        if gone and not view.copies:
            faults.append("an original is wiped and has no copy")
        there = {path.stem for path in (home / "vault" / "episodes").glob("*.db")}
        if there != {vault.episodes.place(episode.id).file_id}:
            faults.append("there is one file of pictures too many, or one is missing")
    if gone:
        faults += ["the earlier file is still there"] if facts["file_id"] in there else []
        faults += old_key_opens(home, str(facts["index_key"]))
    return faults
