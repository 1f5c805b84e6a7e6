from dataclasses import replace
from datetime import timedelta

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.presets import Limits, Preset
from dermstation.domain.records import ConsentForm
from dermstation.domain.routes import Route
from dermstation.handover.options import DeviceData, PackageOptions
from dermstation.settings import Settings
from dermstation.workflow import episodes, package_files, packaging, reviewing
from dermstation.workflow.outstanding import outstanding
from dermstation.workflow.package_choice import Practice, options_of, practice_of
from dermstation.workflow.prediction import gather, predict
from tests.unit.workflow.conftest import pack, ready

PRACTICE = Practice("Test Practice", device=DeviceData("Test Maker", "Test Scope", "TS-1"))


@pytest.mark.parametrize(
    "options",
    [
        PackageOptions(),
        PackageOptions(Preset.VISION, one_pdf=True),
        PackageOptions(Preset.ERS_WEB, dicom=True, fhir=True),
    ],
)
def test_the_prediction_matches_the_package(signed_in, view, packages, options) -> None:
    ready(signed_in, view)
    arguments = (signed_in.vault, signed_in.operator, view.episode.id)
    predicted = predict(gather(*arguments, PRACTICE, options))
    made = packaging.make_package(*arguments, packages, PRACTICE, options=options)
    assert predicted.files == made.package.files
    assert predicted.total_bytes == sum(file.size_bytes for file in made.package.files)
    assert predicted.limits == options.limits


def test_pictures_made_smaller_are_named(signed_in, view) -> None:
    ready(signed_in, view)
    arguments = (signed_in.vault, signed_in.operator, view.episode.id, PRACTICE)
    whole = predict(gather(*arguments, PackageOptions()))
    assert whole.shrunk == ()
    largest = max(file.size_bytes for file in whole.files if file.name.endswith(".jpg"))
    limits = Limits(file_bytes=max(largest - 1_000, 100_000))
    found = predict(gather(*arguments, PackageOptions(own_limits=limits)))
    assert found.shrunk
    assert set(found.shrunk) <= {"L1 general", "L1 close-up", "L1 dermoscopic"}


@pytest.mark.parametrize(("dicom", "name_cut"), [(True, True), (False, False)])
def test_a_name_that_is_cut_in_dicom_is_said(signed_in, view, dicom, name_cut) -> None:
    ready(signed_in, view)
    options = PackageOptions(dicom=dicom)
    contents = gather(signed_in.vault, signed_in.operator, view.episode.id, PRACTICE, options)
    assert not predict(contents).name_cut
    long = replace(contents.patient, family_name="Long-" * 13 + "Test")
    assert predict(replace(contents, patient=long)).name_cut is name_cut


def test_settings_choose_destination_limits_and_device(tmp_path) -> None:
    settings = Settings(
        package_preset="vision",
        package_file_bytes=500_000,
        package_dicom=True,
        dermatoscope_manufacturer="Test Maker",
        practice_code="L84001",
        network_folders_allowed=True,
    )
    options = options_of(settings)
    assert options.preset is Preset.VISION
    assert options.dicom
    assert options.limits == Limits(500_000, 5_000_000, 4)
    assert options_of(settings, Preset.ERS_WEB).limits == Limits()
    assert options_of(Settings()) == PackageOptions()
    practice = practice_of(settings, tmp_path)
    assert (practice.code, practice.device.manufacturer) == ("L84001", "Test Maker")
    assert practice.network_allowed


class TestWithoutPictures:
    def summary(self, signed_in, view, reason: str | None) -> None:
        episodes.save_summary(
            signed_in.vault,
            view.episode.id,
            histories={},
            question="",
            route=Route.ROUTINE,
            no_pictures_because=reason,
        )
        episodes.finish_pictures(signed_in.vault, view.episode.id)

    def make(self, signed_in, view, packages):
        reviewing.review(signed_in.vault, signed_in.operator, view.episode.id)
        return packaging.make_package(
            signed_in.vault, signed_in.operator, view.episode.id, packages, PRACTICE
        )

    def test_a_reason_lets_the_referral_go_without_delay(self, signed_in, view, packages) -> None:
        self.summary(signed_in, view, "A tattoo that cannot be covered.")
        made = self.make(signed_in, view, packages)
        assert [file.name for file in made.package.files] == ["referral-summary.pdf"]

    @pytest.mark.parametrize("reason", [None, "", "  "])
    def test_without_a_reason_the_missing_pictures_are_reported(
        self, signed_in, view, packages, reason
    ) -> None:
        self.summary(signed_in, view, reason)
        with pytest.raises(StationError) as caught:
            self.make(signed_in, view, packages)
        assert caught.value.code is ErrorCode.SHOT_MISSING

    def test_the_reason_is_kept_and_not_lost_by_another_save(self, signed_in, view) -> None:
        self.summary(signed_in, view, "A face.")
        self.summary(signed_in, view, None)
        consent = signed_in.vault.episodes.get(view.episode.id).consent
        assert consent.no_pictures_because == "A face."
        assert consent.form is ConsentForm.VERBAL


def test_only_an_unsealed_package_past_its_deadline_is_reported(signed_in, view, packages) -> None:
    packed = pack(signed_in, view, packages)
    assert outstanding(signed_in.vault, signed_in.operator, 24).overdue == 0
    old = replace(packed.package, created_at=packed.package.created_at - timedelta(hours=30))
    assert package_files.deadline_of(old, 24) < packed.package.created_at
    assert outstanding(signed_in.vault, signed_in.operator, 0).overdue == 1
    sealed = tuple(
        replace(file, media_type="application/pdf; encrypted") for file in packed.package.files
    )
    signed_in.vault.packages.save(replace(packed.package, files=sealed))
    assert outstanding(signed_in.vault, signed_in.operator, 0).overdue == 0


def test_the_pictures_that_are_checked_are_those_on_the_disk(signed_in, view, packages) -> None:
    package = pack(signed_in, view, packages).package
    shown = packaging.package_pictures(package)
    assert list(shown) == [one.name for one in package.files if one.name.endswith(".jpg")]
    swapped = packages / package.folder / package.files[1].name
    swapped.write_bytes((packages / package.folder / package.files[2].name).read_bytes())
    with pytest.raises(StationError) as caught:
        packaging.package_pictures(package)
    assert caught.value.code is ErrorCode.PACKAGE_NOT_VERIFIED
