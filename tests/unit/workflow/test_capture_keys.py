"""The table of keys: no key has two meanings on a stage or can be chosen for the shutter there."""

from collections import Counter

from dermstation.settings import SHUTTER_KEYS
from dermstation.workflow.capture_keys import KEY_TABLE, WHEN, Act, Stage, Tool, row_at, row_of


def test_everything_that_a_key_does_has_one_row() -> None:
    assert Counter(row.act for row in KEY_TABLE) == Counter([*Tool, *Act])


def test_no_key_means_two_things_on_one_stage() -> None:
    meanings = Counter(
        (stage, key) for row in KEY_TABLE for stage in row.stages for key in row.keys
    )
    assert set(meanings.values()) == {1}
    for stage, key in meanings:
        assert key in row_at(stage, key).keys


def test_no_key_of_the_page_can_be_chosen_for_the_shutter_where_there_is_one() -> None:
    take = row_of(Act.TAKE)
    others = {
        key for row in KEY_TABLE if row is not take and row.stages & take.stages for key in row.keys
    }
    assert not others.intersection(SHUTTER_KEYS)
    assert set(take.keys) < set(SHUTTER_KEYS)
    assert row_of(Tool.HOW).keys == ("F1",)


def test_the_words_are_for_people() -> None:
    explained = {words for words, _ in WHEN}
    for row in KEY_TABLE:
        assert row.word
        assert row.about
        assert row.tip == f"{row.about}  ({row.all_keys})"
        assert row.when == "always" or set(row.when.split(", ")) <= explained
    assert row_of(Act.RETAKE).all_keys == "R, Esc"
    assert row_of(Act.MOVE).all_keys == "Arrows"
    assert row_of(Act.CONFIRM).when == "always"
    beside = {Stage.HOW_TO, Stage.TAKEN, Stage.KEYS, Stage.RULER, Stage.MARKS}
    assert row_of(Act.LEAVE).stages == beside
