"""Freeze a vault made by the imported code: `python tests/vaults/make.py OUT.zip`.

Run it once for each format, with that format's code. The patient is made up, the images are noise,
the secrets are in `ways.json`.
"""

import hashlib
import json
import secrets
import sys
import tempfile
import zipfile
from datetime import date
from pathlib import Path

from keyring.backend import KeyringBackend

from dermstation.domain.identity import NhsNumber, Patient
from dermstation.domain.quality import Aspect, Judgement, QualityReport, Verdict
from dermstation.domain.records import (
    Capture,
    Episode,
    Lesion,
    MediaType,
    Operator,
    Role,
    new_id,
    now,
)
from dermstation.domain.shots import ShotKind
from dermstation.domain.sites import Side
from dermstation.domain.states import EpisodeState
from dermstation.security.kdf import KdfParameters
from dermstation.security.keyfile import FORMAT
from dermstation.vault.holders import add_holder, drop_holder
from dermstation.vault.migration import Schema, migrations
from dermstation.vault.setup import set_up
from dermstation.vault.store import Vault

CHEAP = KdfParameters(memory_kib=64, passes=1, lanes=1)
PIN = "482917"
PASSPHRASE = "copper lantern river seventeen"
THEIRS = "gravel window seven otter"
PIN_OPERATOR = Operator("a" * 32, "Test Administrator", Role.ADMINISTRATOR)
PHRASE_OPERATOR = Operator("b" * 32, "Test Clinician", Role.CLINICIAN)
REVOKED_OPERATOR = Operator("c" * 32, "Test Leaver", Role.NURSE)
IMAGE_BYTES = 3_000


class MemoryKeystore(KeyringBackend):
    """A keystore in memory; its contents go into `ways.json`."""

    priority = -1.0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.stored: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.stored.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.stored[username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.stored.pop(username, None)


def make_vault(folder: Path) -> dict[str, object]:
    """Make a vault in `folder`; return every way to open it, and the hashes of its captures."""
    keystore = MemoryKeystore()
    vault, recovery = set_up(folder, PIN_OPERATOR, PIN, keystore=keystore, kdf=CHEAP)
    add_holder(vault, PHRASE_OPERATOR, PASSPHRASE, keystore=None, kdf=CHEAP)
    add_holder(vault, REVOKED_OPERATOR, THEIRS, keystore=keystore, kdf=CHEAP)
    hashes = _fill(vault)
    before = (folder / "keys.a").read_bytes()
    vault.operators.revoke(REVOKED_OPERATOR.id)
    drop_holder(vault, REVOKED_OPERATOR.id, keystore=None)
    vault.rotate_index_key()
    vault.close()
    (folder.parent / "keys.revoked").write_bytes(before)
    return {
        "key_format": FORMAT,
        "index_version": len(migrations(Schema.INDEX)),
        "recovery": " ".join(recovery.words),
        "peppers": keystore.stored,
        "captures": hashes,
    }


def _fill(vault: Vault) -> dict[str, str]:
    patient = Patient(
        new_id(), "Testgiven", "Patient-One", date(1958, 9, 3), NhsNumber.parse("9990000018")
    )
    episode = Episode(new_id(), patient.id, EpisodeState.OPEN, now(), PIN_OPERATOR.id)
    lesion = Lesion(new_id(), episode.id, 1, "41550009", Side.LEFT, "Growing for a year")
    vault.patients.save(patient)
    vault.episodes.save(episode)
    vault.lesions.save(lesion)
    hashes = {}
    for shot in (ShotKind.CLOSEUP, ShotKind.DERMOSCOPIC):
        image = b"\xff\xd8\xff\xe0" + secrets.token_bytes(IMAGE_BYTES)
        digest = hashlib.sha256(image).hexdigest()
        found = (Judgement(Aspect.FOCUS, 88, Verdict.GOOD),)
        report = QualityReport(shot, 1600, 1200, found, 4.0)
        capture = Capture(
            new_id(),
            episode.id,
            lesion.id,
            shot,
            digest,
            MediaType.JPEG,
            len(image),
            1600,
            1200,
            now(),
            PIN_OPERATOR.id,
            "sim",
            report,
        )
        vault.captures.save(capture, image)
        hashes[capture.id] = digest
    return hashes


def freeze(out: Path) -> None:
    """Make a vault and pack it together with the ways to open it."""
    with tempfile.TemporaryDirectory() as made:
        home = Path(made)
        ways = make_vault(home / "vault")
        (home / "ways.json").write_text(json.dumps(ways, indent=1))
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            for path in sorted(home.rglob("*")):
                if path.is_file() and path.suffix != ".lock":
                    packed.write(path, path.relative_to(home))


if __name__ == "__main__":
    freeze(Path(sys.argv[1]))
