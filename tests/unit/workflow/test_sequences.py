"""In any order of steps, no package lacks consent, a required picture or a review, or holds
anything of another patient."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdf
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from dermstation.domain.consents import Answer
from dermstation.domain.dermoscopy_gap import NoDermoscopy
from dermstation.domain.errors import StationError
from dermstation.domain.identity import NhsNumber
from dermstation.domain.lesion_facts import History, Identifiable, Point, Safeguards
from dermstation.domain.records import ConsentForm, Lesion, Operator, Role, new_id
from dermstation.domain.routes import Route
from dermstation.domain.shots import ShotKind
from dermstation.domain.sites import Side
from dermstation.domain.states import EpisodeState
from dermstation.security.recovery import new_recovery_key
from dermstation.vault.setup import set_up
from dermstation.workflow import admission, episodes, package_files, packaging, reviewing, routing
from dermstation.workflow.dermoscopy_gap import save_gap
from dermstation.workflow.package_choice import Practice
from dermstation.workflow.removing_lesions import bring_back, remove_lesion
from dermstation.workflow.review_policy import REVIEWED_ROUTES
from dermstation.workflow.route_checks import WITHOUT_DERMOSCOPY, asks_why
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import REQUIRED_SHOTS, EpisodeView
from dermstation.workflow.wiping import Resumed
from tests.cheap_keys import CHEAP
from tests.unit.workflow.conftest import PASSPHRASE, PATIENT, take

PATIENTS = (
    PATIENT,
    replace(
        PATIENT,
        nhs_number=NhsNumber("9990000026"),
        family_name="Quarternion-Two",
        born_on=date(1971, 2, 28),
    ),
)
REACHED = History(points=frozenset(Point))

# making a package takes time: a failing example is reported without shrinking it
_NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
WHO = st.sampled_from([0, 1])
STEPS = st.one_of(
    st.tuples(st.just("consent"), WHO, st.booleans()),
    st.tuples(st.just("lesion"), WHO, st.booleans()),
    st.tuples(st.just("take"), WHO, st.sampled_from(ShotKind)),
    st.tuples(st.just("history"), WHO, st.booleans()),
    st.tuples(st.just("why"), WHO, st.sampled_from(NoDermoscopy)),
    st.tuples(st.just("route"), WHO, st.sampled_from(Route)),
    st.tuples(st.just("told"), WHO, st.sampled_from(Answer)),
    st.tuples(st.just("settle"), WHO, st.sampled_from((None, False))),
    st.tuples(st.just("describe"), WHO, st.sampled_from(("", "Grew."))),
    st.tuples(st.just("question"), WHO, st.sampled_from(("", "?"))),
    st.tuples(st.just("remove"), WHO, st.none()),
    st.tuples(st.just("bring back"), WHO, st.none()),
    st.tuples(st.just("finish"), WHO, st.none()),
    st.tuples(st.just("more"), WHO, st.none()),
    st.tuples(st.just("package"), WHO, st.none()),
    st.tuples(st.just("withdraw"), WHO, st.none()),
    st.tuples(st.just("review"), WHO, st.booleans()),  # by a clinician, or by a nurse
    st.tuples(st.just("take back"), WHO, st.none()),
    st.tuples(st.just("ask"), WHO, st.none()),
)
# the beginnings of most walks, so that they come far enough for a package
BEGUN = [
    ("consent", True),
    ("lesion", False),
    ("settle", False),
    ("describe", "Grew."),
    ("take", ShotKind.GENERAL),
    ("take", ShotKind.CLOSEUP),
    ("why", NoDermoscopy.NOT_HERE),
    ("route", Route.RADS),
    ("told", Answer.YES),
    ("review", True),
]
LAST = [("finish", 0, None), ("package", 0, None)]
HOW_FAR = st.integers(0, len(BEGUN))
ORDERS = st.lists(STEPS, max_size=10)


@contextmanager
def station(folder: Path) -> Iterator[SignedIn]:
    operator = Operator(new_id(), "Test Clinician", Role.CLINICIAN)
    vault, _ = set_up(
        folder / "vault",
        operator,
        PASSPHRASE,
        keystore=None,
        recovery=new_recovery_key(),
        kdf=CHEAP,
    )
    with vault:
        yield SignedIn(vault, operator, Resumed())


def told_of(view: EpisodeView) -> object:
    """Return what a clinician looks at, gathered here independently of the rule under test."""
    consent, episode = view.episode.consent, view.episode
    return (
        consent and (consent.given, consent.form, consent.no_pictures_because),
        [
            (
                *(one.site_code, one.side, one.history, one.facts.history.points),
                *(one.facts.history.acknowledged, one.facts.safeguards.without_pictures),
                one.facts.no_dermoscopy,
            )
            for one in view.lesions
        ],
        [(one.id, one.sha256) for one in view.captures],
        (episode.route, episode.question, view.told),
    )


def review(
    signed_in: SignedIn, view: EpisodeView, step: str, how: object, reviewed: dict[str, object]
) -> None:
    """Do one step of a review, and remember what a clinician looked at."""
    vault, operator, episode_id = signed_in.vault, signed_in.operator, view.episode.id
    match step:
        case "review":
            by = operator if how else replace(operator, role=Role.NURSE)
            reviewed[episode_id] = told_of(reviewing.review(vault, by, episode_id))
        case "take back":
            reviewing.take_back_review(vault, operator, episode_id)
            reviewed.pop(episode_id, None)
        case "ask":
            reviewing.ask_for_review(vault, operator, episode_id)


def do(  # noqa: C901 - one line a step
    signed_in: SignedIn, view: EpisodeView, step: str, how: object, packages: Path
) -> None:
    vault, operator, episode_id = signed_in.vault, signed_in.operator, view.episode.id
    lesion = view.lesions[-1] if view.lesions else None
    match step:
        case "consent":
            episodes.record_consent(
                vault,
                operator,
                episode_id,
                given=bool(how),
                form=ConsentForm.VERBAL,
                secondary_use=False,
            )
        case "lesion":
            episodes.save_lesion(
                vault,
                episode_id,
                lesion_id=None,
                site_code="41550009",
                side=Side.LEFT,
                safeguards=Safeguards(without_pictures=bool(how)),
            )
        case "take" if lesion is not None and isinstance(how, ShotKind):
            take(signed_in, view, how)
        case "settle" | "describe" | "remove" | "bring back" if lesion is not None:
            change_lesion(signed_in, view, lesion, step, how)
        case "question":
            route = view.episode.route
            episodes.save_summary(vault, episode_id, histories={}, question=str(how), route=route)
        case "history" | "why" | "told" if lesion is not None:
            tell(signed_in, lesion, how)
        case "route" if isinstance(how, Route):
            episodes.save_summary(vault, episode_id, histories={}, question="?", route=how)
        case "finish":
            episodes.finish_pictures(vault, episode_id)
        case "more":
            episodes.take_more(vault, episode_id)
        case "package":
            packaging.make_package(vault, operator, episode_id, packages, Practice("Test Practice"))
        case "withdraw":
            package_files.withdraw_package(vault, operator, episode_id)


def change_lesion(
    signed_in: SignedIn, view: EpisodeView, lesion: Lesion, step: str, how: object
) -> None:
    """Answer what is asked about privacy or take it back, describe, remove, or bring back."""
    vault, operator, episode_id = signed_in.vault, signed_in.operator, view.episode.id
    if step == "settle":
        asked = Identifiable.NOT_ASKED if how is None else Identifiable.NOTHING
        without = lesion.facts.safeguards.without_pictures
        episodes.save_lesion(
            vault,
            episode_id,
            lesion_id=lesion.id,
            site_code=lesion.site_code,
            side=lesion.side,
            safeguards=Safeguards(
                None if how is None else False, identifiable=asked, without_pictures=without
            ),
        )
    elif step == "describe":
        history = lesion.facts.history
        episodes.save_history(vault, episode_id, lesion.id, history=history, text=str(how))
    elif step == "remove":
        remove_lesion(vault, operator, episode_id, lesion.id)
    elif view.removed:
        bring_back(vault, operator, episode_id, view.removed[-1].id)


def tell(signed_in: SignedIn, lesion: Lesion, how: object) -> None:
    """Keep the 7-point list, why there is no dermoscopic picture, or what the patient was told."""
    if isinstance(how, Answer):
        routing.save_told(signed_in.vault, lesion.episode_id, how)
        return
    if isinstance(how, NoDermoscopy):
        save_gap(signed_in.vault, lesion.episode_id, lesion.id, how)
        return
    history = replace(REACHED, acknowledged=bool(how))
    episodes.save_history(signed_in.vault, lesion.episode_id, lesion.id, history=history, text="")


def check(view: EpisodeView, other: EpisodeView, reviewed: dict[str, object]) -> None:
    """Check that a package has everything it must have and nothing that it must not."""
    if view.episode.state is not EpisodeState.PACKAGED:
        return
    package, route = view.package, view.episode.route
    assert package is not None
    assert route is not None
    assert view.episode.consent is not None
    assert view.lesions
    assert route is not Route.RADS or view.told is Answer.YES
    assert route is not Route.USC or view.told.is_asked
    if route in REVIEWED_ROUTES:
        assert reviewed[view.episode.id] == told_of(view)  # by a clinician, and nothing since
    assert route not in (Route.ADVICE, Route.RADS) or view.episode.question.strip()
    for lesion in view.lesions:
        kept = lesion.facts.safeguards
        assert lesion.history or view.chosen(lesion)
        assert lesion.history or route is Route.RECORD_ONLY
        assert not view.chosen(lesion) or kept.is_intimate is not None
        assert not view.chosen(lesion) or kept.identifiable is not Identifiable.NOT_ASKED
        assert set(REQUIRED_SHOTS.get(route, ())) <= set(view.chosen(lesion))
        history = lesion.facts.history
        if asks_why(view, lesion) and route not in WITHOUT_DERMOSCOPY:
            assert lesion.facts.no_dermoscopy is not None
        assert route is Route.USC or not history.suggests_cancer_route or history.acknowledged
    assert {one.episode_id for one in view.captures} <= {view.episode.id}
    text = ""
    for file in Path(package.folder).glob("*.pdf"):
        text += "".join(page.extract_text() for page in pypdf.PdfReader(file).pages)
    assert view.patient.family_name.upper() in text.upper()
    assert other.patient.family_name.upper() not in text.upper()
    assert str(other.patient.nhs_number) not in text
    pictures = len([one for one in package.files if one.media_type == "image/jpeg"])
    assert pictures == sum(len(view.chosen(lesion)) for lesion in view.lesions)


def play(begun: int, steps: list[tuple[str, int, object]]) -> None:
    """Play the first steps of a walk, then any, and check both patients after each."""
    with TemporaryDirectory() as folder, station(Path(folder)) as signed_in:
        packages = Path(folder) / "packages"
        packages.mkdir()
        reviewed: dict[str, object] = {}
        opened = [
            admission.admit(signed_in.vault, signed_in.operator, one, made_up=True).episode.id
            for one in PATIENTS
        ]
        walk = [(step, who, how) for step, how in BEGUN[:begun] for who in (0, 1)]
        for step, who, how in [*walk, *steps, *LAST]:
            seen = [episodes.view_of(signed_in.vault, one) for one in opened]
            with suppress(StationError):
                do(signed_in, seen[who], step, how, packages)
                review(signed_in, seen[who], step, how, reviewed)
            seen = [episodes.view_of(signed_in.vault, one) for one in opened]
            check(seen[0], seen[1], reviewed)
            check(seen[1], seen[0], reviewed)


@example(begun=0, steps=[("lesion", 0, True), ("route", 0, Route.ADVICE)])  # nobody consented
@example(begun=1, steps=[("route", 0, Route.ADVICE)])  # no lesion
@example(begun=9, steps=[("history", 0, False)])
@example(begun=9, steps=[])  # nobody reviewed
@example(begun=9, steps=[("review", 0, False)])  # nobody who may
@example(begun=10, steps=[("package", 0, None), ("withdraw", 0, None), ("route", 0, Route.USC)])
@example(begun=10, steps=[("more", 0, None), ("take", 0, ShotKind.DERMOSCOPIC)])
@example(begun=10, steps=[("consent", 0, False)])
@example(begun=10, steps=[("settle", 0, None)])
@example(begun=10, steps=[("question", 0, "")])
@example(begun=10, steps=[("lesion", 0, False), ("route", 0, Route.USC), ("review", 0, True)])
@example(begun=10, steps=[("lesion", 0, False), ("remove", 0, None), ("review", 0, True)])
@example(begun=10, steps=[("package", 0, None), ("history", 0, False)])
@example(begun=10, steps=[("package", 0, None), ("take back", 0, None)])
@example(begun=10, steps=[("package", 0, None), ("take", 0, ShotKind.GENERAL)])
@example(begun=10, steps=[("package", 0, None), ("route", 0, Route.USC)])
@settings(max_examples=8, phases=_NO_SHRINKING, suppress_health_check=[HealthCheck.too_slow])
@given(begun=HOW_FAR, steps=ORDERS)
def test_no_order_of_steps_makes_a_package_that_lacks_or_mixes_anything(
    begun: int, steps: list[tuple[str, int, object]]
) -> None:
    play(begun, steps)


@pytest.mark.slow
@settings(max_examples=100, phases=_NO_SHRINKING, suppress_health_check=[HealthCheck.too_slow])
@given(begun=HOW_FAR, steps=ORDERS)
def test_no_order_of_steps_among_many_does(
    begun: int, steps: list[tuple[str, int, object]]
) -> None:
    play(begun, steps)


def test_a_walk_that_has_everything_does_make_a_package(tmp_path: Path) -> None:
    """A package is possible: the test above does not pass merely because everything is refused."""
    packages = tmp_path / "packages"
    packages.mkdir()
    with station(tmp_path) as signed_in:
        opened = admission.admit(signed_in.vault, signed_in.operator, PATIENT, made_up=True)
        episode_id = opened.episode.id
        for step, how in [*BEGUN, ("package", None)]:
            view = episodes.view_of(signed_in.vault, episode_id)
            do(signed_in, view, step, how, packages)
            review(signed_in, view, step, how, {})
        assert episodes.view_of(signed_in.vault, episode_id).episode.state is EpisodeState.PACKAGED
