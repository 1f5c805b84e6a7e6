"""How long it takes until an earlier picture that the archive holds is on the screen."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtWidgets import QApplication

from benchmarks.screen import SIZE, virtual_screen
from dermstation.domain.identity import NhsNumber
from dermstation.domain.records import Lesion
from dermstation.domain.shots import ShotKind
from dermstation.domain.sites import Side
from dermstation.imaging.codec import Bgr
from dermstation.settings import Settings
from dermstation.ui.review.shared_zoom import SharedZoom
from dermstation.ui.review.still import Still
from dermstation.workflow.archived_pictures import LesionShot, fetch_earlier, newest_pixels
from dermstation.workflow.picture_review import pixels_to_review
from tests.archive.objects import Visit
from tests.archive.orthanc import TokenKeystore
from tests.unit.workflow.samples import view


def shown_ms(settings: Settings, numbers: Sequence[str]) -> dict[str, list[float]]:
    """Return the times from asking to painted, of one patient after another.

    `newest` is the picture that lies over the live one; `review` the four newest with their quality
    measured, of which one is painted.
    """
    took: dict[str, list[float]] = {"newest": [], "review": []}
    with virtual_screen():
        app = QApplication.instance() or QApplication([])
        still = Still(SharedZoom(), "earlier")
        still.resize(*SIZE)
        still.show()
        app.processEvents()
        for number in numbers:
            wanted = _wanted(number)
            for name, way in (("newest", _newest), ("review", _reviewed)):
                took[name].append(_ms(lambda way=way, one=wanted: way(settings, one), still))
        still.close()
    return took


def _wanted(number: str) -> LesionShot:
    """Return the lesion of which `tests.archive.objects` makes pictures, at another visit."""
    visit = Visit(number)
    lesion = Lesion("1" * 32, "e" * 32, 1, visit.site, Side.LEFT)
    seen = view(lesions=(lesion,))
    patient = replace(seen.patient, nhs_number=NhsNumber(number), born_on=visit.born_on)
    return LesionShot(replace(seen, patient=patient), lesion, ShotKind.DERMOSCOPIC)


def _newest(settings: Settings, wanted: LesionShot) -> Bgr | None:
    return newest_pixels(settings, TokenKeystore(), wanted)


def _reviewed(settings: Settings, wanted: LesionShot) -> Bgr:
    found = fetch_earlier(settings, TokenKeystore(), wanted)
    return pixels_to_review(found[0].earlier.capture, found[0].image)


def _ms(get: Callable[[], Bgr | None], still: Still) -> float:
    began = time.perf_counter()
    pixels = get()
    assert pixels is not None
    still.show_pixels(pixels)
    still.repaint()
    return (time.perf_counter() - began) * 1000
