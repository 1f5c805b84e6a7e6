"""Fixtures for a real vault, in a separate folder for each test."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from time import perf_counter_ns

import numpy as np
import pytest

from dermstation.camera.card.places import CardPlace, folder_place
from dermstation.camera.card.reader import CardReader
from dermstation.camera.frames import Encoding, Frame
from dermstation.domain.consents import Answer
from dermstation.domain.identity import NhsNumber
from dermstation.domain.lesion_facts import Identifiable, Safeguards
from dermstation.domain.records import ConsentForm, Operator, Role, new_id
from dermstation.domain.rights import Right, may
from dermstation.domain.routes import Route
from dermstation.domain.shots import STANDARD_SHOTS, ShotKind
from dermstation.domain.sites import Side
from dermstation.security.recovery import RecoveryKey, new_recovery_key
from dermstation.vault.setup import set_up
from dermstation.workflow import capturing, episodes, packaging, reviewing, routing
from dermstation.workflow.package_choice import Practice
from dermstation.workflow.route_checks import ASKS_TOLD
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView
from dermstation.workflow.wiping import Resumed
from tests.cheap_keys import CHEAP, cheap_keys
from tests.unit.camera.card.samples import card, jpeg

PASSPHRASE = "four plain words here"
PATIENT = episodes.TypedPatient(
    NhsNumber.parse("9990000018"), "Patient-One", "Test", date(1958, 9, 3)
)
NURSE = Operator("e" * 32, "Test Nurse-Two", Role.NURSE)
SETTLED = Safeguards(is_intimate=False, identifiable=Identifiable.NOTHING)
REASON = "Test picture"  # a poor one is used all the same


def take(
    signed_in: SignedIn, view: EpisodeView, *shots: ShotKind, seed: int = 7
) -> tuple[capturing.Held, ...]:
    """Hold and save one small picture for each shot of the first lesion."""
    taken = []
    for shot in shots:
        pixels = np.random.default_rng(seed).integers(60, 200, (240, 320, 3), dtype=np.uint8)
        frame = Frame(1, perf_counter_ns(), Encoding.BGR, 320, 240, pixels)
        held = capturing.hold(frame, shot, "Simulated dermatoscope")
        capturing.save(signed_in.vault, held, view.lesions[0], signed_in.operator, REASON)
        taken.append(held)
    return tuple(taken)


def ready(signed_in: SignedIn, view: EpisodeView, route: Route = Route.ROUTINE) -> None:
    """Take all pictures, choose the route, and review, so that only the package is left to make."""
    take(signed_in, view, *STANDARD_SHOTS)
    episodes.save_summary(
        signed_in.vault, view.episode.id, histories={}, question="Please advise.", route=route
    )
    if route in ASKS_TOLD:
        routing.save_told(signed_in.vault, view.episode.id, Answer.YES)
    episodes.finish_pictures(signed_in.vault, view.episode.id)
    if may(signed_in.operator, Right.REVIEW):
        reviewing.review(signed_in.vault, signed_in.operator, view.episode.id)


def pack(
    signed_in: SignedIn, view: EpisodeView, packages: Path, route: Route = Route.ROUTINE
) -> EpisodeView:
    """Make the package of an episode."""
    ready(signed_in, view, route)
    return packaging.make_package(
        signed_in.vault, signed_in.operator, view.episode.id, packages, Practice("Test Practice")
    )


def files_below(folder: Path) -> list[Path]:
    """List every file below a folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def an_episode(signed_in: SignedIn) -> EpisodeView:
    """Open an episode with consent and one lesion."""
    vault, operator = signed_in.vault, signed_in.operator
    episode_id = episodes.open_episode(vault, operator, PATIENT).episode.id
    episodes.record_consent(
        vault, operator, episode_id, given=True, form=ConsentForm.VERBAL, secondary_use=False
    )
    return episodes.save_lesion(
        vault,
        episode_id,
        lesion_id=None,
        site_code="41550009",
        side=Side.LEFT,
        history="Grew over three months.",
        safeguards=SETTLED,
    )


@pytest.fixture(scope="module", autouse=True)
def _cheap_keys() -> Iterator[None]:
    with cheap_keys():
        yield


@pytest.fixture
def recovery() -> RecoveryKey:
    return new_recovery_key()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "vault"


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    made = tmp_path / "packages"
    made.mkdir()
    return made


@pytest.fixture
def signed_in(folder: Path, recovery: RecoveryKey) -> Iterator[SignedIn]:
    operator = Operator(new_id(), "Test Nurse", Role.CLINICIAN)
    vault, _ = set_up(folder, operator, PASSPHRASE, keystore=None, recovery=recovery, kdf=CHEAP)
    yield SignedIn(vault, operator, Resumed())
    vault.close()


@pytest.fixture
def view(signed_in: SignedIn) -> EpisodeView:
    """An episode with consent and one lesion."""
    return an_episode(signed_in)


@pytest.fixture
def small_disk() -> Iterator[Callable[[Path, str], Path]]:
    """Mount small file systems in memory, if the tests run as root on Linux."""
    mounted: list[Path] = []

    def mount(folder: Path, size: str) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
        if subprocess.run(command, capture_output=True, check=False).returncode != 0:
            pytest.skip("mounting is not allowed here")
        mounted.append(folder)
        return folder

    if sys.platform != "linux" or shutil.which("mount") is None:
        pytest.skip("needs Linux")
    yield mount
    for folder in reversed(mounted):
        subprocess.run(["umount", str(folder)], check=True)


def remount(folder: Path, how: str) -> None:
    """Turn a mounted file system read-only ("ro") or writable again ("rw")."""
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)


@pytest.fixture(scope="module")
def reader() -> Iterator[CardReader]:
    with CardReader() as one:
        yield one


@pytest.fixture
def place(tmp_path: Path) -> CardPlace:
    """Return a card with three pictures."""
    return folder_place(card(tmp_path / "card", *(jpeg(seed=seed) for seed in range(3))))
