"""What of the archive is offered: nothing without its settings, and nothing to made-up patients."""

import pytest

from dermstation.settings import Settings
from dermstation.workflow import archived_pictures, archiving

ADDRESS = "https://archive.example/dicom-web"


@pytest.mark.parametrize("room", [archived_pictures, archiving])
def test_made_up_patients_never_reach_an_archive(room) -> None:
    assert not room.is_offered(Settings())
    assert room.is_offered(Settings(archive_address=ADDRESS))
    assert not room.is_offered(Settings(archive_address=ADDRESS, demo_mode=True))
