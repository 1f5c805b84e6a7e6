"""Whatever happens to a picture, covered stays covered, and originals are never changed."""

import hashlib
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dermstation.domain.copies import CopyKind
from dermstation.domain.routes import Route
from dermstation.domain.shots import STANDARD_SHOTS, ShotKind
from dermstation.handover.verify import verify_package
from dermstation.workflow import capturing, deriving, episodes, packaging
from dermstation.workflow.package_choice import Practice
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView
from tests.unit.workflow.conftest import ready, take
from tests.unit.workflow.derived import (
    ARROW,
    BOX,
    cover,
    general,
    mark,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.sampled_from(["mark", "cover", "drop", "retake", "wipe"]), max_size=7))
def test_no_sequence_of_steps_packs_a_mark_on_what_is_covered_or_changes_an_original(
    signed_in: SignedIn, steps: list[str]
) -> None:
    from tests.unit.workflow.conftest import an_episode

    view = an_episode(signed_in)
    vault, operator, episode_id = signed_in.vault, signed_in.operator, view.episode.id
    take(signed_in, view, ShotKind.GENERAL)
    for step in steps:
        now = episodes.view_of(vault, episode_id)
        if step == "mark":
            mark(signed_in, view)
        elif step == "cover":
            cover(signed_in, view)
        elif step == "retake":
            take(signed_in, view, ShotKind.GENERAL)
        elif step == "wipe":
            deriving.wipe_covered(vault, operator, episode_id)
        elif general(now).wiped_at is None:
            deriving.drop_copy(vault, operator, episode_id, general(now).id, CopyKind.COVERED)
        after = episodes.view_of(vault, episode_id)
        base, *marks = after.packed(after.lesions[0])
        assert base is after.shown(general(after))
        assert all(one.derivation and one.derivation.base_id == base.id for one in marks)
        for one in (*after.captures, *after.copies):
            if one.wiped_at is None:
                data = vault.captures.image(one.id)
                assert hashlib.sha256(data).hexdigest() == one.sha256
    assert vault.captures.is_whole(episode_id)


def test_backup_restore_and_rescue_carry_the_copies(
    signed_in: SignedIn, view: EpisodeView, tmp_path: Path, recovery, packages: Path
) -> None:
    from dermstation.security.accounts import unlock_with_recovery
    from dermstation.vault.backup import Backup
    from dermstation.vault.restore import restore
    from dermstation.vault.salvage import salvage
    from dermstation.vault.store import Vault

    ready(signed_in, view)
    mark(signed_in, view)
    wanted = cover(signed_in, view, BOX, keep=False)
    backup = Backup(signed_in.vault, packages)
    while (progress := backup.step()).path is None:
        pass
    folder = signed_in.vault.folder
    signed_in.vault.close()
    restore(progress.path, tmp_path / "restored", recovery).close()
    keys = unlock_with_recovery(folder, recovery)
    salvage(folder, keys, tmp_path / "rescued")
    for where in ("restored", "rescued"):
        with Vault.open(
            tmp_path / where, unlock_with_recovery(tmp_path / where, recovery)
        ) as vault:
            found = episodes.view_of(vault, view.episode.id)
            assert found.copies == wanted.copies
            assert found.packed(found.lesions[0]) == wanted.packed(wanted.lesions[0])
            for one in found.packed(found.lesions[0]):
                assert vault.captures.image(one.id)


def test_pictures_of_every_route_and_form_are_the_covered_ones(
    signed_in: SignedIn, view: EpisodeView, packages: Path
) -> None:
    """DICOM, FHIR, the summary and the message use the copy, and only the copy."""
    from dermstation.domain.presets import Preset
    from dermstation.handover.options import DeviceData, PackageOptions

    ready(signed_in, view, Route.ROUTINE)
    mark(signed_in, view, ARROW)
    cover(signed_in, view, BOX)
    made = packaging.make_package(
        signed_in.vault,
        signed_in.operator,
        view.episode.id,
        packages,
        Practice("Test", device=DeviceData("Maker", "Model", "1")),
        options=PackageOptions(Preset.GP_SYSTEM, dicom=True, fhir=True),
    )
    folder = Path(made.package.folder)
    assert verify_package(folder) == ()
    import pydicom

    covered_file = pydicom.dcmread(folder / "L1-general.dcm")
    marked_file = pydicom.dcmread(folder / "L1-general-2.dcm")
    assert covered_file.ImageType[0] == marked_file.ImageType[0] == "DERIVED"
    assert "covered" in covered_file.DerivationDescription
    assert covered_file.ImageComments.startswith("L1 General, covered copy. Quality ")
    assert marked_file.ImageComments.startswith("L1 General, marked and covered copy. Quality ")
    for one in (covered_file, marked_file):
        pixels = one.pixel_array
        height, width = pixels.shape[:2]
        inner = pixels[
            int(0.44 * height) : int(0.48 * height), int(0.3 * width) : int(0.36 * width)
        ]
        assert np.ptp(inner.reshape(-1, 3), axis=0).max() <= 8
    xml = (folder / "referral.xml").read_text("utf-8")
    assert "General, covered copy" in xml
    assert "General, marked and covered copy" in xml


def test_all_standard_shots_can_be_marked(signed_in: SignedIn, view: EpisodeView) -> None:
    ready(signed_in, view)
    for shot in STANDARD_SHOTS:
        after = mark(signed_in, view, shot=shot)
    assert len(after.packed(after.lesions[0])) == 6
    assert capturing.previews(signed_in.vault, after).trouble is None
