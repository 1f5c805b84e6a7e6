"""Pictures of a card in a folder, looked at and imported as the window does."""

from dataclasses import replace

from dermstation.camera.card.pictures import Inspected
from dermstation.camera.card.places import CardPlace
from dermstation.camera.card.reader import CardReader
from dermstation.domain.errors import StationError
from dermstation.domain.quality import Verdict
from dermstation.domain.records import ConsentForm, now
from dermstation.domain.shots import ShotKind
from dermstation.workflow.episodes import TypedPatient, open_episode, record_consent
from dermstation.workflow.importing import Candidate, candidate, import_picture
from dermstation.workflow.jobs import Jobs
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView
from tests.unit.camera.card.samples import name
from tests.unit.workflow.conftest import PATIENT
from tests.unit.workflow.samples import report

SHOT = ShotKind.CLOSEUP


class Here:
    """Jobs that run vault work at once, on the test's own thread, which opened the vault."""

    def on_vault(self, job, *args, **kwargs):
        from concurrent.futures import Future

        done = Future()
        try:
            done.set_result(job(*args, **kwargs))
        except StationError as trouble:
            done.set_exception(trouble)
        return done


JOBS: Jobs = Here()  # type: ignore[assignment]


def looked_at(
    reader: CardReader,
    place: CardPlace,
    view: EpisodeView,
    number: int = 1,
    shot: ShotKind = SHOT,
    *,
    verdict: Verdict = Verdict.GOOD,
    path: str = "",
) -> Candidate:
    picture: Inspected = reader.inspect(place.path, path or name(number), shot)
    judged = replace(picture, report=report(shot, verdict))
    return candidate(judged, place, shot, view.lesions[0].id, now())


def imported(signed_in: SignedIn, view: EpisodeView, chosen: Candidate):
    return import_picture(signed_in.vault, chosen, view.lesions[0], signed_in.operator, None)


def second_episode(signed_in: SignedIn) -> EpisodeView:
    from dermstation.domain.identity import NhsNumber
    from dermstation.workflow import episodes

    other = replace(PATIENT, nhs_number=NhsNumber.parse("9990000026"), family_name="Patient-Two")
    assert isinstance(other, TypedPatient)
    view = open_episode(signed_in.vault, signed_in.operator, other)
    record_consent(
        signed_in.vault,
        signed_in.operator,
        view.episode.id,
        given=True,
        form=ConsentForm.VERBAL,
        secondary_use=False,
    )
    return episodes.save_lesion(
        signed_in.vault,
        view.episode.id,
        lesion_id=None,
        site_code="41550009",
        side=None,
        history="",
    )
