"""Every topic has steps, drawings, few words and a source; a practice's links are checked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.shots import ShotKind
from dermstation.resources import resources
from dermstation.workflow.how_to import (
    HowTo,
    LinkKind,
    OwnLink,
    read_how_to,
    read_links,
)

FOLDER = resources() / "how_to"
STEP_MAX_WORDS = 14
TIP_MAX_WORDS = 20  # read in ten seconds, twice
NINE = (
    "attach_scope",
    "change_scope",
    "move_plate",
    "plate_on_off",
    "plate_stuck",
    "look_through",
    "dermoscopic_picture",
    "clinical_after",
    "for_patient",
)


@pytest.fixture(scope="module")
def how_to() -> HowTo:
    found = sorted(one.name for one in FOLDER.iterdir() if one.name.endswith(".toml"))
    return read_how_to(FOLDER.joinpath(name).read_text("utf-8") for name in found)


def test_the_nine_topics_and_the_basics_are_there_in_order(how_to: HowTo) -> None:
    assert tuple(topic.id for topic in how_to.topics) == (*NINE, "dermoscopy_basics")


def test_every_topic_has_several_short_steps_and_a_source(how_to: HowTo) -> None:
    for topic in how_to.topics:
        assert 4 <= len(topic.steps) <= 6, topic.id
        assert "G-care" in topic.source, topic.id
        for step in topic.steps:
            assert len(step.words.split()) <= STEP_MAX_WORDS, step.words
            assert step.shows.endswith((".", "?")), step.shows


def test_every_drawing_is_there_once_and_none_is_left_over(how_to: HowTo) -> None:
    used = [step.drawing for topic in how_to.topics for step in topic.steps]
    assert len(set(used)) == len(used)
    there = {one.name.removesuffix(".svg") for one in FOLDER.iterdir() if one.name[-4:] == ".svg"}
    assert set(used) == there


def test_every_shot_has_its_steps_first_and_a_tip_of_ten_seconds(how_to: HowTo) -> None:
    for shot in ShotKind:
        tip = how_to.tip(shot)
        assert tip is not None
        assert len(tip.words.split()) <= TIP_MAX_WORDS
        assert tip in how_to.of_shot(shot)[0].tips


def test_help_follows_the_shot_and_what_was_done_before_it(how_to: HowTo) -> None:
    def drawings(shot: ShotKind, *done: ShotKind) -> list[str]:
        return [step.drawing for step in how_to.of_shot(shot, done)[0].steps]

    assert drawings(ShotKind.CLOSEUP) == ["clin-closeup", "clin-ruler", "clin-light"]
    assert drawings(ShotKind.CLOSEUP, ShotKind.GENERAL)[0] == "clin-closeup"
    assert drawings(ShotKind.CLOSEUP, ShotKind.DERMOSCOPIC)[0] == "clin-scope-off"
    assert drawings(ShotKind.GENERAL) == ["clin-general", "clin-light"]
    assert drawings(ShotKind.LATERAL) == ["clin-light", "clin-side"]


def test_the_steps_give_the_distances_of_the_guidance(how_to: HowTo) -> None:
    (clinical,) = (topic for topic in how_to.topics if topic.id == "clinical_after")
    words = " ".join(step.words for step in clinical.steps)
    assert "20 to 30 cm" in words
    assert "1 to 1.5 m" in words
    assert "ruler" in words


def test_the_glass_is_disinfected_and_alcohol_stays_off_delicate_skin(how_to: HowTo) -> None:
    found = {topic.id: topic for topic in how_to.topics}
    for name in ("look_through", "dermoscopic_picture"):
        said = " ".join((*(step.words for step in found[name].steps), found[name].note))
        assert "before and after each patient, as its maker says" in said, name
        for place in ("eye", "lips", "genitals", "sore skin"):
            assert place in said, name
        assert "water or ultrasound gel, no alcohol" in said, name
    assert "Polarised light needs neither contact" in found["dermoscopic_picture"].note


def test_no_two_steps_say_level_with_the_skin_and_mean_two_things(how_to: HowTo) -> None:
    said = [step.words for topic in how_to.topics for step in topic.steps]
    assert not [words for words in said if "level with the skin" in words]


def test_the_figures_of_the_field_are_all_of_their_source(how_to: HowTo) -> None:
    words = next(one.words for one in how_to.topics[-1].steps if one.drawing == "basic-wrong")
    for figure in ("100", "85 without dermoscopy", "60 not sharp", "55 poorly lit"):
        assert figure in words


def test_dermoscopy_is_an_aid_and_the_station_gives_no_diagnosis(how_to: HowTo) -> None:
    basics = how_to.topics[-1]
    assert "never used in isolation" in basics.note
    assert "In trained hands it can spare referrals" in basics.note
    words = " ".join(step.words for step in basics.steps)
    assert "history and a naked-eye examination" in words
    assert "no diagnosis, no risk" in words


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("https://practice.example/film", LinkKind.WEB),
        ("C:\\Films\\our scope.mp4", LinkKind.FILE),
        ("S:\\films\\scope.webm", LinkKind.FILE),
        ("/srv/films/scope.pdf", LinkKind.FILE),
    ],
)
def test_films_and_https_pages_of_the_practice_are_accepted(target: str, kind: LinkKind) -> None:
    assert read_links(f" Ours | {target} ;; Again|{target}") == (
        OwnLink("Ours", target, kind),
        OwnLink("Again", target, kind),
    )


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("https://practice.example", "form"),
        ("|https://practice.example", "form"),
        ("Ours|", "form"),
        ("Ours|a\tb.mp4", "form"),
        (f"{'x' * 33}|https://practice.example", "title"),
        ("Ours|http://practice.example", "address"),
        ("Ours|https://", "address"),
        ("Ours|https://[::1", "address"),
        ("Ours|https://name:word@practice.example", "address"),
        ("Ours|https://practice.example/a b", "address"),
        ("Ours|file:///srv/film.mp4", "address"),
        ("Ours|javascript://x", "address"),
        ("Ours|films/scope.mp4", "path"),
        ("Ours|\\\\server\\films\\scope.mp4", "share"),
        ("Ours|//server/films/scope.mp4", "share"),
        ("Ours|/\\server/films/scope.mp4", "share"),
        ("Ours|\\\\?\\UNC\\server\\films\\scope.mp4", "share"),
        ("Ours|\\\\server@SSL\\DavWWWRoot\\scope.mp4", "share"),
        ("Ours|file:////server/films/scope.mp4", "address"),
        ("Ours|C:\\Films\\setup.exe", "type"),
        ("Ours|/srv/films/scope.sh", "type"),
        ("Ours|C:\\Films\\scope.mp4.lnk", "type"),
    ],
)
def test_anything_else_is_refused_with_its_place(entry: str, fault: str) -> None:
    with pytest.raises(StationError) as refused:
        read_links(f"Good|https://practice.example;;{entry}")
    assert refused.value.code is ErrorCode.HOW_TO_LINK_INVALID
    assert refused.value.facts == {"place": 2, "fault": fault}


@given(st.text(max_size=80))
def test_no_setting_gives_a_link_that_starts_a_program(text: str) -> None:
    try:
        links = read_links(text)
    except StationError:
        return
    for link in links:
        assert link.target.startswith("https://") or "." in link.target[-5:]
        assert not link.target.replace("\\", "/").startswith("//")


def test_a_topic_that_is_nested_too_deeply_is_refused_like_any_other_wrong_one() -> None:
    with pytest.raises(ValueError, match="not a how-to topic"):
        read_how_to([f"id = {'[' * 9_000}"])
