"""Power cuts in the middle of the walk: it continues at the same place, and nothing is lost."""

from dermstation.domain.shots import STANDARD_SHOTS
from dermstation.domain.states import EpisodeState
from dermstation.handover.verify import verify_package
from dermstation.workflow import unlocking
from tests.e2e.hand import CERTIFICATE, HAND_OVER, HOME, PICTURES
from tests.e2e.place import Place
from tests.e2e.traces import Planted, files_below, traces

PLANTED = Planted()


def test_a_half_typed_patient_survives_a_power_cut(place: Place) -> None:
    place.choose_small_pictures()
    index = place.vault_folder / "vault.db"
    hand = place.start()
    hand.sign_in()
    hand.begin_patient()
    before = index.read_bytes()
    place.screen.fill(PLANTED.nhs_number)
    place.screen.type(PLANTED.family_name[:-1])
    place.screen.wait_for_commit(index, before)
    before = index.read_bytes()
    place.screen.type(PLANTED.family_name[-1])
    place.screen.wait_for_commit(index, before)
    place.screen.kill()
    assert traces(PLANTED, files_below(*place.everywhere)) == []

    hand = place.start()
    hand.sign_in()
    hand.begin_patient()
    hand.use_unfinished_entry()
    place.screen.key("Tab", "Tab")
    place.screen.fill(PLANTED.given_name, f"{PLANTED.born_on:%d/%m/%Y}")
    hand.confirm_patient()
    place.screen.kill()

    signed_in = place.open_vault()
    (episode,) = signed_in.vault.episodes.unfinished()
    patient = signed_in.vault.patients.get(episode.patient_id)
    unlocking.lock(signed_in)
    assert patient.family_name == PLANTED.family_name
    assert patient.nhs_number.digits == PLANTED.nhs_number


def test_power_cuts_at_the_pictures_and_at_the_hand_over_lose_nothing(place: Place) -> None:
    place.choose_small_pictures()
    place.open_episode(PLANTED)
    hand = place.start()
    hand.sign_in()
    hand.continue_episode(PICTURES)
    hand.take_picture()
    hand.press_shutter()
    hand.wait_for_review()
    frames = place.screen.shared_memory()
    assert frames
    place.screen.kill()
    assert not [file for file in frames if file.is_relative_to("/dev/shm")]
    state, first = place.look()
    assert state is EpisodeState.OPEN
    assert [one.shot for one, _ in first] == [STANDARD_SHOTS[0]]

    hand = place.start()
    hand.sign_in()
    hand.continue_episode(PICTURES)
    hand.take_picture()
    hand.take_picture(last=True)  # two are enough, because the first one exists
    hand.fill_summary(PLANTED)
    hand.make_package()
    place.screen.kill()
    state, captures = place.look()
    assert state is EpisodeState.PACKAGED
    assert [one.shot for one, _ in captures] == list(STANDARD_SHOTS)
    assert captures[:1] == first
    (package,) = place.packages.iterdir()
    assert verify_package(package) == ()

    hand = place.start()
    hand.sign_in()
    hand.continue_episode(HAND_OVER)
    hand.tick_both()
    before = files_below(package)
    hand.go_on()

    def is_being_wiped() -> bool:
        try:
            return files_below(package) != before
        except FileNotFoundError:  # it went while it was read
            return True

    place.screen.wait(is_being_wiped, "the beginning of the wipe")
    place.screen.kill()

    hand = place.start()
    hand.sign_in(HOME, CERTIFICATE)
    assert not package.exists()
    assert list((place.vault_folder / "episodes").iterdir()) == []
    assert place.screen.quit() == 0
    signed_in = place.open_vault()
    (certificate,) = signed_in.vault.certificates.all()
    unlocking.lock(signed_in)
    assert certificate.complete
    assert traces(PLANTED, files_below(*place.everywhere)) == []
