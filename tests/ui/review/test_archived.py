"""Pictures of earlier visits beside those of today, from a real archive, and nowhere on the PC."""

from datetime import date

import pytest
from pydicom.dataset import Dataset

from dermstation.archive.token import keep_token
from dermstation.domain.shots import ShotKind
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.home.page import HomePage
from dermstation.ui.review.page import LesionReviewPage
from tests.archive.conftest import orthanc, started_orthanc
from tests.archive.objects import PHOTOGRAPHIC, Visit, as_file, picture
from tests.archive.orthanc import TOKEN, Orthanc
from tests.ui.desk import Desk
from tests.ui.review.test_flow import review, summary, with_pictures
from tests.unit.security.conftest import MemoryKeystore
from tests.unit.workflow.conftest import an_episode

__all__ = ["orthanc", "started_orthanc"]

EARLIER = Visit(site="41550009", laterality="L", day=date(2026, 3, 2))


@pytest.fixture
def with_archive(orthanc: Orthanc) -> dict[str, object]:
    access = orthanc.access()
    keystore = MemoryKeystore()
    keep_token(keystore, access.address, TOKEN)
    return {
        "demo_mode": False,  # made-up patients are not looked for in an archive
        "keystore": keystore,
        "archive_address": access.address,
        "archive_ca_file": access.ca_file,
        "archive_certificate_file": access.certificate_file,
    }


def listed(page: LesionReviewPage) -> list[str]:
    compare = page.tools.compare
    return [compare.itemText(place) for place in range(1, compare.count())]


def test_the_same_site_at_an_earlier_visit_is_shown_beside_today(
    desk: Desk, orthanc: Orthanc, with_archive: dict[str, object]
) -> None:
    one = picture(EARLIER)
    covered = picture(Visit(site="41550009", laterality="L", day=date(2025, 2, 1)))
    original = picture(Visit(site="41550009", laterality="L", study=covered.StudyInstanceUID))
    _made_of(covered, original)
    for dataset in (
        one,
        covered,
        original,
        picture(EARLIER, PHOTOGRAPHIC),
        picture(Visit(site="41550009", laterality="R")),
        picture(Visit(number="9990000026", site="41550009")),
    ):
        orthanc.rest("/instances", as_file(dataset))
    page = review(desk, summary(desk, with_pictures(), **with_archive), ShotKind.DERMOSCOPIC)
    desk.until(page.tools.compare.isEnabled)
    assert listed(page) == ["02-Mar-2026, from the archive", "01-Feb-2025, from the archive"]
    page.tools.compare.setCurrentIndex(1)
    desk.until(lambda: len(page.tiles) == 2 and all(one.still.has_picture for one in page.tiles))
    held = desk.in_vault(lambda vault: vault.captures.of_episode(desk.shell.episode_id))
    assert one.SOPInstanceUID not in {capture.id for capture in held}
    stored = b"".join(file.read_bytes() for file in desk.paths.home.rglob("*") if file.is_file())
    assert str(one.SOPInstanceUID).encode() not in stored


def test_it_can_be_laid_over_the_live_picture_and_only_over_its_own_shot(
    desk: Desk, orthanc: Orthanc, with_archive: dict[str, object]
) -> None:
    orthanc.rest("/instances", as_file(picture(EARLIER)))
    desk.set_up(an_episode)
    desk.open(**with_archive)
    desk.sign_in()
    desk.page(HomePage).rows[0].go_on.click()
    page = desk.page(CapturePage)
    ghost = page.view.over.ghost
    page.aim.shots.tile(ShotKind.DERMOSCOPIC).click()
    desk.until(lambda: ghost.has_picture)
    page.aim.shots.tile(ShotKind.GENERAL).click()
    desk.until(lambda: not ghost.has_picture)
    page.aim.shots.tile(ShotKind.DERMOSCOPIC).click()
    desk.until(lambda: ghost.has_picture)


def test_an_archive_that_is_not_there_is_named_and_the_review_goes_on(
    desk: Desk, orthanc: Orthanc, with_archive: dict[str, object]
) -> None:
    orthanc.stop()
    try:
        page = review(desk, summary(desk, with_pictures(), **with_archive))
        desk.until(lambda: "The archive broke off" in desk.texts())
        assert len(page.tiles) == 3
    finally:
        orthanc.start()


def _made_of(copy: Dataset, original: Dataset) -> None:
    item = Dataset()
    item.ReferencedSOPClassUID = original.SOPClassUID
    item.ReferencedSOPInstanceUID = original.SOPInstanceUID
    copy.SourceImageSequence = [item]
