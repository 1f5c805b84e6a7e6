"""What several tests of the pictures begin with."""

from dermstation.domain.records import ConsentForm
from dermstation.ui.capture.page import CapturePage
from dermstation.ui.home.page import HomePage
from dermstation.workflow import episodes
from tests.ui.desk import Desk
from tests.unfinished import unfinished
from tests.unit.workflow.conftest import PATIENT, an_episode


def at_the_pictures(desk: Desk, camera: str = "sim") -> CapturePage:
    """Sign in and continue an episode whose first picture is next."""
    desk.set_up(an_episode)
    desk.open(camera)
    desk.sign_in()
    desk.page(HomePage).rows[0].go_on.click()
    return desk.page(CapturePage)


def captures(desk: Desk):
    (line,) = desk.in_vault(unfinished)
    return line.view.captures


def an_episode_to_be(signed_in) -> None:
    """Open an episode with consent but no lesion."""
    opened = episodes.open_episode(signed_in.vault, signed_in.operator, PATIENT)
    episodes.record_consent(
        signed_in.vault,
        signed_in.operator,
        opened.episode.id,
        given=True,
        form=ConsentForm.VERBAL,
        secondary_use=False,
    )
