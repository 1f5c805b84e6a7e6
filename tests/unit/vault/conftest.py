import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import traceback
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dermstation.domain.identity import NhsNumber, Patient
from dermstation.domain.quality import Aspect, Cause, Judgement, QualityReport, Verdict
from dermstation.domain.records import (
    Capture,
    CaptureDetails,
    Episode,
    HandOver,
    Lesion,
    MediaType,
    Operator,
    Package,
    PackageFile,
    Role,
    new_id,
    now,
)
from dermstation.domain.shots import ShotKind
from dermstation.domain.sites import Side
from dermstation.domain.states import EpisodeEvent, EpisodeState
from dermstation.security.accounts import unlock_with_recovery
from dermstation.security.kdf import KdfParameters
from dermstation.vault.backup import Backup
from dermstation.vault.connection import Database
from dermstation.vault.setup import set_up
from dermstation.vault.store import Vault
from tests.typeset_apart import typeset_apart

JPEG_START = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01"
KDF = KdfParameters(memory_kib=64, passes=1, lanes=1)
PASSPHRASE = "copper lantern river seventeen"


class Home:
    """A vault folder which can be opened without the cost of a PIN, and copied."""

    def __init__(self, folder, recovery, operator):
        self.folder = folder
        self.recovery = recovery
        self.operator = operator

    def keys(self):
        return unlock_with_recovery(self.folder, self.recovery)

    def open(self):
        return Vault.open(self.folder, self.keys())

    def copy_to(self, folder):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        return Home(folder, self.recovery, self.operator)

    def files(self):
        return [path for path in self.folder.rglob("*") if path.is_file()]


class Samples:
    """Made-up records, each new at every call."""

    numbers = ("9990000018", "9990000026", "9990000034", "9990000123")
    operator_id = "a" * 32

    def patient(self, which=0):
        family_name = ("Patient-One", "Patient-Two", "Patient-Three", "Patient-Four")[which]
        number = NhsNumber.parse(self.numbers[which])
        return Patient(new_id(), "Testgiven", family_name, date(1958, 9, 3), number)

    def episode(self, patient, **changes):
        episode = Episode(new_id(), patient.id, EpisodeState.OPEN, now(), self.operator_id)
        return replace(episode, **changes)

    def lesion(self, episode, number=1):
        return Lesion(new_id(), episode.id, number, "41550009", Side.LEFT, "Growing for a year")

    def report(self, shot=ShotKind.DERMOSCOPIC):
        focus = Judgement(Aspect.FOCUS, 41, Verdict.FAIR, Cause.SHAKE, {"blur_px": 2.25})
        exposure = Judgement(Aspect.EXPOSURE, 93, Verdict.GOOD)
        return QualityReport(shot, 1600, 1200, (focus, exposure), 4.25)

    def image(self, size=20_000):
        return JPEG_START + secrets.token_bytes(size)

    def capture(self, lesion, image, **changes):
        capture = Capture(
            id=new_id(),
            episode_id=lesion.episode_id,
            lesion_id=lesion.id,
            shot=ShotKind.DERMOSCOPIC,
            sha256=hashlib.sha256(image).hexdigest(),
            media_type=MediaType.JPEG,
            size_bytes=len(image),
            width=1600,
            height=1200,
            captured_at=now(),
            captured_by=self.operator_id,
            camera="sim",
            report=self.report(),
            details=CaptureDetails(camera_bytes=True, press_offset_ms=-33, mm_per_px=0.0125),
        )
        return replace(capture, **changes)

    def package(self, episode, folder, files=()):
        listed = tuple(
            PackageFile(path.name, "image/jpeg", path.stat().st_size, sha256_of(path))
            for path in files
        )
        return Package(new_id(), episode.id, str(folder), listed, now(), self.operator_id)

    def hand_over(self):
        return HandOver(True, True, now(), self.operator_id)

    def fill(self, vault, which=0, captures=2):
        """Save a patient with an episode, a lesion and captures; return them all."""
        patient = self.patient(which)
        episode = self.episode(patient)
        lesion = self.lesion(episode)
        vault.patients.save(patient)
        vault.episodes.save(episode)
        vault.lesions.save(lesion)
        saved = {}
        for _ in range(captures):
            image = self.image()
            capture = self.capture(lesion, image)
            vault.captures.save(capture, image)
            saved[capture.id] = image
        return patient, episode, lesion, saved

    def hand_on(self, vault, episode):
        """Take an open episode through to handed over."""
        for event in (
            EpisodeEvent.SHOTS_COMPLETED,
            EpisodeEvent.REVIEWED,
            EpisodeEvent.PACKAGED,
            EpisodeEvent.HANDED_OVER,
        ):
            episode = vault.episodes.change_state(episode.id, event)
        return episode


def sha256_of(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def samples():
    return Samples()


@pytest.fixture
def kdf():
    return KDF


@pytest.fixture
def home(tmp_path):
    operator = Operator(Samples.operator_id, "Dr Test Operator-One", Role.CLINICIAN)
    vault, recovery = set_up(tmp_path / "vault", operator, PASSPHRASE, keystore=None, kdf=KDF)
    vault.close()
    return Home(tmp_path / "vault", recovery, operator)


@pytest.fixture
def vault(home):
    with home.open() as opened:
        yield opened


class Killing:
    """Run an action in a child that is killed before its n-th operation on the disk.

    Counted are commits, re-keyings, openings, syncs, unlinks, renames and the statements that
    change a database by themselves. If it is `thorough`, so is every other SQL statement: reads,
    and changes that nothing on the disk has of yet.
    """

    def __init__(self, *, thorough):
        self.is_thorough = thorough

    def __call__(self, number, action):
        """Return whether the action was killed: False means that it ended before."""
        child = os.fork()
        if child == 0:
            typeset_apart()
            try:
                _count_down_to_kill(number, thorough=self.is_thorough)
                action()
            except BaseException:  # noqa: BLE001 - the child must not become a second pytest
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            assert os.WTERMSIG(status) == signal.SIGKILL
            return True
        assert os.waitstatus_to_exitcode(status) == 0
        return False


@pytest.fixture(params=["changes", pytest.param("statements", marks=pytest.mark.slow)])
def killed_before(request):
    """Kill before each change of the disk; in the long runs before each SQL statement too."""
    if not hasattr(os, "fork"):
        pytest.skip("needs fork")
    return Killing(thorough=request.param == "statements")


def _count_down_to_kill(number, *, thorough):
    left = number

    def counted(operation):
        def wrapper(*arguments, **named):
            nonlocal left
            left -= thorough or operation.__name__ != "_run" or _changes_at_once(*arguments)
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return operation(*arguments, **named)

        return wrapper

    for owner, names in (
        (os, ("write", "fsync", "unlink", "rename", "mkdir", "rmdir")),
        (Database, ("_run", "_commit", "rekey", "_connect")),
    ):
        for name in names:
            setattr(owner, name, counted(getattr(owner, name)))


def _changes_at_once(database, sql, *_):
    """Return whether a statement is none that reads, sets up, or waits for a commit."""
    is_quiet = sql.lstrip().upper().startswith(("SELECT", "PRAGMA", "BEGIN"))
    return not is_quiet and not database._raw.in_transaction


@pytest.fixture
def small_disk():
    """Mount small file systems in memory, where the tests run as root on Linux."""
    mounted = []

    def mount(folder, size):
        folder.mkdir(parents=True, exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode != 0:
            pytest.skip("mounting is not allowed here")
        mounted.append(folder)
        return folder

    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("needs root on Linux")
    yield mount
    for folder in reversed(mounted):
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def project_source():
    return Path(sys.modules["dermstation"].__file__).parents[1]


def back_up(vault, folder):
    folder.mkdir(exist_ok=True)
    backup = Backup(vault, folder)
    while (progress := backup.step()).path is None:
        pass
    assert progress.done == progress.total
    return progress.path
