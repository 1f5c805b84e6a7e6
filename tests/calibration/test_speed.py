"""Whole assessments are timed, for each kind of shot."""

import numpy as np

from calibration.speed import measure_speed
from dermstation.domain.shots import ShotKind
from tests.skin_pictures import exposed, skin


def test_each_kind_is_timed_on_its_own_pictures() -> None:
    picture = exposed(skin())
    pictures = {ShotKind.DERMOSCOPIC: [picture], ShotKind.CLOSEUP: [picture, np.flip(picture, 1)]}
    found = measure_speed(pictures, rounds=2)
    assert [(one.shot, one.pictures) for one in found] == [
        (ShotKind.DERMOSCOPIC, 1),
        (ShotKind.CLOSEUP, 2),
    ]
    for one in found:
        assert 0 < one.p50_ms <= one.p95_ms <= one.every_p95_ms
        assert one.live_p95_ms > 0
        assert one.kept_p95_ms > 0
        assert one.laplacians > 0
