"""A picture of another kind than the shot asks for, and one with several similar lesions."""

from dermstation.domain.quality_words import quality_words
from dermstation.domain.shots import ShotKind
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.review.page import LesionReviewPage
from tests.ui.capture.walking import at_the_pictures, captures
from tests.ui.desk import Desk


class TestAnotherKind:
    """The first picture is a general one; the camera is held on the skin."""

    def held(self, desk: Desk) -> CapturePage:
        page = at_the_pictures(desk)
        desk.until(page.shutter.isEnabled)
        desk.link.set_knobs(scene="dermoscopic")
        desk.until(lambda: "Dermoscopy?" in page.readings.light.words)
        assert "Take the scope off" in page.readings.light.words
        page = desk.take()
        assert page.review.kind.isVisible()
        return page

    def test_it_is_stored_as_what_it_looks_like_if_the_operator_says_so(self, desk) -> None:
        page = self.held(desk)
        page.review.kind.answers[0].click()
        desk.until(lambda: desk.window.walk.capture.held.shot is ShotKind.DERMOSCOPIC)
        assert not page.review.kind.isVisible()
        desk.save(page)
        (saved,) = captures(desk)
        assert saved.shot is saved.report.shot is ShotKind.DERMOSCOPIC
        assert saved.details.pressed_as is ShotKind.GENERAL
        assert page.aim.shot is ShotKind.GENERAL  # it is still missing

    def test_it_stays_what_it_is_if_the_operator_says_so_and_both_are_kept(self, desk) -> None:
        page = self.held(desk)
        page.review.kind.answers[1].click()
        assert "Kept as a general picture. The package says so." in desk.texts()
        desk.save(page)
        (saved,) = captures(desk)
        assert saved.shot is ShotKind.GENERAL
        assert saved.details.kind_kept
        assert quality_words(saved.report) == (
            "fair: kept as a general picture although it looks like dermoscopy"
        )

    def test_no_answer_is_needed(self, desk) -> None:
        desk.save(self.held(desk))
        (saved,) = captures(desk)
        assert saved.shot is ShotKind.GENERAL
        assert saved.details.kind_kept is None

    def test_taken_again_the_first_shot_is_aimed_at(self, desk) -> None:
        page = self.held(desk)
        page.review.kind.answers[0].click()
        desk.until(lambda: desk.window.walk.capture.held.shot is ShotKind.DERMOSCOPIC)
        page.buttons.again.click()
        assert page.aim.shot is ShotKind.GENERAL
        assert captures(desk) == ()


def test_a_picture_with_several_similar_lesions_is_used_and_its_marking_is_next(desk) -> None:
    page = at_the_pictures(desk)
    desk.take().review.mark.click()
    review = desk.page(LesionReviewPage)
    assert len(captures(desk)) == 1
    assert review.tools.mark.isEnabled()
    desk.press(review)
    assert desk.page(CapturePage) is not page
