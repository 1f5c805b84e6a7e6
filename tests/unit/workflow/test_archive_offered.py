"""What of the archive is offered: nothing without its settings, and nothing to made-up patients."""

import pytest

from dermstation.settings import Settings
from dermstation.workflow import archived_pictures, archiving, worklist

SERVERS = {
    "archive_address": "https://archive.example/dicom-web",
    "worklist_node": "WORKLIST@worklist.example:104",
}


@pytest.mark.parametrize("room", [archived_pictures, archiving, worklist])
def test_made_up_patients_and_real_servers_do_not_meet(room) -> None:
    assert not room.is_offered(Settings())
    assert room.is_offered(Settings(**SERVERS))
    assert not room.is_offered(Settings(**SERVERS, demo_mode=True))
