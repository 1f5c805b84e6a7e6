"""A store of one account becomes the PC's, through the pages; a PIN that is not enough is told."""

import pytest

from dermstation.domain.records import Operator, Role, new_id
from dermstation.paths import StationPaths
from dermstation.security.shared_keystore import SharedKeystore
from dermstation.ui.entry.sign_in_page import SignInPage
from dermstation.ui.entry.take_over_page import TakeOverPage
from dermstation.ui.entry.welcome_page import WelcomePage
from dermstation.ui.home.page import HomePage
from dermstation.ui.station.menu_page import StationMenuPage
from dermstation.ui.station.operator_pages import SecretPage
from dermstation.vault.setup import set_up
from tests.ui.desk import CHEAP, PASSPHRASE, Desk
from tests.unit.security.sealers import TestSealer
from tests.unit.sharing import share_home

PIN = "493817"
ADMIN = Operator(new_id(), "Test Administrator", Role.ADMINISTRATOR)


@pytest.fixture
def shared(tmp_path, monkeypatch, qtbot):
    """A desk whose home the accounts of the PC share."""
    paths = share_home(tmp_path, monkeypatch)
    # on Windows the tester's folders belong to no administrator, which would be told first
    monkeypatch.setattr("dermstation.workflow.home_check.home_faults", lambda _home: ())
    desk = Desk(qtbot, paths.home)
    yield desk
    desk.close()


def own_store(desk: Desk) -> None:
    own = StationPaths(desk.paths.own)
    set_up(own.vault, ADMIN, PASSPHRASE, keystore=None, kdf=CHEAP)[0].close()


def test_an_empty_shared_home_is_set_up_as_ever(shared) -> None:
    shared.open()
    shared.page(WelcomePage)


def test_an_account_with_a_store_is_asked_to_share_it(shared) -> None:
    own_store(shared)
    shared.open()
    page = shared.page(TakeOverPage)
    page.secret.set_text(PASSPHRASE)
    shared.press(page)
    shared.page(HomePage)
    shared.said("The store is moved", "The old place in this account is wiped")
    assert not (shared.paths.own / "vault").exists()
    assert shared.in_vault(lambda vault: vault.folder) == shared.paths.vault


def test_a_new_store_may_be_set_up_all_the_same(shared) -> None:
    own_store(shared)
    shared.open()
    shared.page(TakeOverPage).new_store.click()
    shared.page(WelcomePage)
    assert (shared.paths.own / "vault").exists()


def test_a_second_store_is_named_and_left_alone(shared) -> None:
    own_store(shared)
    shared.set_up()
    shared.open()
    shared.page(SignInPage)
    shared.said("has a store of its own", str(shared.paths.own))
    shared.sign_in()
    shared.page(HomePage)
    assert (shared.paths.own / "vault").exists()


def test_a_pin_that_is_not_enough_any_more_is_told_and_a_passphrase_ends_it(
    shared,
) -> None:
    answers = [True]
    keystore = SharedKeystore(shared.paths.keystore, TestSealer(), lambda: answers[-1])
    set_up(shared.paths.vault, ADMIN, PIN, keystore=keystore, kdf=CHEAP)[0].close()
    answers.append(False)
    shared.open(keystore=keystore)
    shared.sign_in(PIN)
    home = shared.page(HomePage)
    shared.said("disk of this PC is not encrypted", "Choose a passphrase")
    home.station.click()
    shared.page(StationMenuPage).secret.click()
    page = shared.page(SecretPage)
    page.present.set_text(PIN)
    for field in (page.secret.first, page.secret.second):
        field.set_text(PASSPHRASE)
    shared.press(page)
    shared.page(StationMenuPage).back_pressed.emit()
    home = shared.page(HomePage)
    assert "not encrypted" not in home.notice.words
