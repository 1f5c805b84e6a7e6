"""The card's page, operated as a person does."""

from pathlib import Path

from dermstation.ui.card.page import CardPage
from dermstation.ui.card.source_page import CardSourcePage
from tests.ui.capture.test_flow import at_the_pictures
from tests.ui.desk import Desk
from tests.unit.camera.card.samples import name

SMALL = 3


def at_the_card(desk: Desk, root: Path) -> CardPage:
    """Go from the capture page to the pictures of a folder, and wait until all are shown."""
    at_the_pictures(desk).buttons.card.click()
    source = desk.page(CardSourcePage)
    source.folder_chosen.emit(root)
    return seen(desk)


def seen(desk: Desk) -> CardPage:
    page = desk.page(CardPage)
    desk.until(lambda: not any("Reading" in page.grid.words_of(key) for key in page.grid._items))
    return page


def choose(page: CardPage, number: int) -> None:
    page.grid.setCurrentItem(page.grid._items[name(number)])


def show_full(desk: Desk, page: CardPage, number: int) -> None:
    choose(page, number)
    page._show_full.click()
    desk.until(lambda: page._use.isVisible() and page._use.isEnabled())


def use(desk: Desk, page: CardPage) -> None:
    """Use the picture under review, with a reason if it is poor."""
    page.review.why.choice.setCurrentIndex(0)
    page._use.click()
    desk.until(lambda: page.is_choosing)


def on_the_card(root: Path) -> set[str]:
    return {path.name for path in root.rglob("*.JPG")}
