"""Locks, and a way back, at any moment: the same place after it, nothing lost, nobody shown."""

from dermstation.domain.records import now
from dermstation.domain.shots import STANDARD_SHOTS
from tests.e2e.hand import CERTIFICATE, HAND_OVER, HOME, PICTURES, SIGN_IN
from tests.e2e.place import Place
from tests.e2e.traces import Planted, files_below, traces

PLANTED = Planted()


def test_a_lock_or_a_way_back_at_any_moment_of_a_picture_loses_nothing(place: Place) -> None:
    place.choose_small_pictures()
    place.open_episode(PLANTED)
    hand = place.start("sim")  # its PNG takes longer to make than a JPEG to keep
    hand.sign_in()
    hand.continue_episode(PICTURES)
    hand.press_shutter()
    hand.back()  # leaves the picture that is just being held
    place.screen.wait_for_page(HOME)

    hand.continue_episode(PICTURES)
    hand.press_shutter()
    hand.lock()
    hand.sign_in(PICTURES)
    hand.wait_for_review()  # without a second press
    hand.lock()
    locked_at = now()
    assert traces(PLANTED, files_below(*place.everywhere)) == []
    hand.sign_in(PICTURES)
    hand.wait_for_review()
    hand.use_picture()
    hand.lock()
    hand.sign_in(PICTURES)
    hand.take_picture()
    hand.take_picture(last=True)  # two more are enough
    place.screen.kill()
    _, captures = place.look()
    assert [one.shot for one, _ in captures] == list(STANDARD_SHOTS)
    assert captures[0][0].captured_at < locked_at  # the one that waited in memory


def test_a_locked_station_shows_no_patient_when_a_long_job_ends(place: Place) -> None:
    place.choose_small_pictures()
    place.open_episode(PLANTED)
    hand = place.start()
    hand.sign_in()
    hand.continue_episode(PICTURES)
    hand.take_picture()
    hand.take_picture()
    hand.take_picture(last=True)
    hand.fill_summary(PLANTED)
    hand.go_on_from_text()
    hand.lock()
    place.screen.titles.clear()
    hand.sign_in(HAND_OVER)
    assert place.screen.titles <= {f"dermstation \u00b7 {page}" for page in (SIGN_IN, HAND_OVER)}

    hand.tick_both()
    hand.go_on()
    hand.lock()
    place.screen.titles.clear()
    hand.sign_in(CERTIFICATE)
    assert place.screen.titles <= {f"dermstation \u00b7 {page}" for page in (SIGN_IN, CERTIFICATE)}
    assert list(place.packages.iterdir()) == []
