"""Every fault of a package has plain words."""

import pytest

from dermstation.handover.findings import PackageFault, PackageFinding
from dermstation.workflow.package_faults import PACKAGE_FAULTS, package_words


@pytest.mark.parametrize("fault", list(PackageFault))
def test_every_fault_has_a_sentence(fault: PackageFault) -> None:
    assert PACKAGE_FAULTS[fault].endswith(".")


def test_the_file_is_named_first() -> None:
    words = package_words(PackageFinding(PackageFault.FILE_EMPTY, "L1-closeup.jpg"))
    assert words == "L1-closeup.jpg: This file is empty."


def test_a_fault_of_the_folder_names_no_file() -> None:
    assert (
        package_words(PackageFinding(PackageFault.FOLDER_ABSENT)) == "This folder does not exist."
    )
