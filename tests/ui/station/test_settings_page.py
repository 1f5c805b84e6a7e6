"""The settings page is made from the table, and returns choices with their own types."""

import pytest

from dermstation.domain.setting import SET_BY_IT, Who
from dermstation.settings import SETTINGS, Settings, differences
from dermstation.ui.station.settings_page import SettingsPage
from tests.ui.seen import texts


def saved_by(page: SettingsPage, qtbot) -> dict[str, object]:
    with qtbot.waitSignal(page.saved) as caught:
        page.primary.click()
    return caught.args[0]


def test_it_shows_what_an_administrator_may_change_and_no_more(qtbot) -> None:
    page = SettingsPage(Settings())
    qtbot.addWidget(page)
    shown = {*page.texts, *page.ticks, *page.choices, *page.several}
    assert shown == {name for name, row in SETTINGS.items() if Who.ADMINISTRATOR in row.changed_by}


def test_untouched_settings_are_saved_as_they_were(qtbot) -> None:
    settings = Settings(package_preset="vision", review_routes="usc", tips_after_weeks=0)
    page = SettingsPage(settings)
    qtbot.addWidget(page)
    saved = saved_by(page, qtbot)
    assert saved == {name: getattr(settings, name) for name in saved}
    assert differences(Settings(**saved)) == differences(settings)


def test_choices_are_saved_by_their_names(qtbot) -> None:
    page = SettingsPage(Settings())
    qtbot.addWidget(page)
    for tick in page.several["review_routes"].values():
        tick.setChecked(False)
    preset = page.choices["package_preset"]
    preset.setCurrentIndex(preset.findText("Patient record only: 5 MB per file"))
    page.texts["lock_after_minutes"].set_text(" 9 ")
    saved = saved_by(page, qtbot)
    assert saved["review_routes"] == "none"
    assert saved["package_preset"] == "record_only"
    assert saved["lock_after_minutes"] == 9


@pytest.mark.parametrize("typed", ["", "0", "31", "4.5", "-4", "four", "\u0664"])
def test_a_wrong_number_is_reported_beside_it_and_nothing_is_saved(qtbot, typed) -> None:
    page = SettingsPage(Settings())
    qtbot.addWidget(page)
    page.texts["lock_after_minutes"].set_text(typed)
    with qtbot.assertNotEmitted(page.saved):
        page.primary.click()
    assert page.texts["lock_after_minutes"].error == "Enter a whole number from 1 to 30."


def test_what_it_has_fixed_is_closed_says_so_and_is_not_saved(qtbot) -> None:
    fixed = {"practice_name", "lock_after_minutes", "sounds", "package_preset", "review_routes"}
    page = SettingsPage(Settings(fixed=frozenset(fixed)))
    qtbot.addWidget(page)
    assert not page.texts["lock_after_minutes"].isEnabled()
    assert not page.ticks["sounds"].isEnabled()
    assert not page.choices["package_preset"].isEnabled()
    assert not any(one.isEnabled() for one in page.several["review_routes"].values())
    assert page.texts["practice_code"].isEnabled()
    assert texts(page).count(SET_BY_IT) == len(fixed)
    page.texts["lock_after_minutes"].set_text("30")
    saved = saved_by(page, qtbot)
    assert not fixed & set(saved)
    assert "practice_code" in saved
