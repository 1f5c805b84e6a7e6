"""A package is made as IT has fixed it for the PC, or not at all."""

from pathlib import Path

import pytest

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.presets import Preset
from dermstation.handover.options import PackageOptions
from dermstation.settings import Settings
from dermstation.workflow import packaging
from dermstation.workflow.package_choice import check_fixed, options_of, practice_of
from tests.unit.workflow.conftest import ready


def fixed(name: str, **over: bool | str) -> Settings:
    return Settings(fixed=frozenset({name}), **over)


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    """The folder for packages, and another one."""
    own, other = tmp_path / "own", tmp_path / "other"
    own.mkdir()
    other.mkdir()
    return own, other


WRONG = {
    "package_preset": (fixed("package_preset"), PackageOptions(Preset.VISION)),
    "package_one_pdf": (fixed("package_one_pdf", package_one_pdf=True), PackageOptions()),
    "package_dicom": (fixed("package_dicom"), PackageOptions(dicom=True)),
    "package_fhir": (fixed("package_fhir", package_fhir=True), PackageOptions()),
}


@pytest.mark.parametrize("name", WRONG)
def test_another_destination_or_form_is_refused(name: str, places) -> None:
    settings, wrong = WRONG[name]
    practice = practice_of(settings, places[0])
    with pytest.raises(StationError) as refused:
        check_fixed(practice, places[1], wrong)
    assert refused.value.code is ErrorCode.SETTING_FIXED
    assert refused.value.facts == {"setting": name}
    check_fixed(practice, places[1], options_of(settings))
    check_fixed(practice_of(Settings(), places[0]), places[1], wrong)  # nothing is fixed


def test_no_package_is_made_elsewhere(signed_in, view, places) -> None:
    own, other = places
    ready(signed_in, view)
    practice = practice_of(fixed("package_folder"), own)
    arguments = (signed_in.vault, signed_in.operator, view.episode.id)
    with pytest.raises(StationError) as refused:
        packaging.make_package(*arguments, other, practice)
    assert refused.value.facts == {"setting": "package_folder"}
    assert not any(other.iterdir())
    made = packaging.make_package(*arguments, own, practice)
    assert Path(made.package.folder).parent == own


def test_no_path_leads_out_of_the_fixed_folder(places) -> None:
    own, other = places
    practice = practice_of(fixed("package_folder"), own)
    check_fixed(practice, own, PackageOptions())
    check_fixed(practice, own / "below", PackageOptions())
    for out in (own / ".." / "other", other):
        with pytest.raises(StationError):
            check_fixed(practice, out, PackageOptions())


def test_no_link_leads_out_of_the_fixed_folder(places) -> None:
    own, other = places
    (own / "link").symlink_to(other)
    with pytest.raises(StationError):
        check_fixed(practice_of(fixed("package_folder"), own), own / "link", PackageOptions())


def test_one_pdf_may_always_be_sealed(places) -> None:
    practice = practice_of(fixed("package_one_pdf"), places[0])
    check_fixed(practice, places[0], PackageOptions().as_one_pdf(sealed=True))
