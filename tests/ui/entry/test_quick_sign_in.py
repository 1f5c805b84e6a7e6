"""A sign-in that comes before the rooms are loaded."""

import threading

from dermstation.ui import window
from dermstation.ui.home.page import HomePage


def test_a_quick_sign_in_loads_the_rooms_beside_the_window(desk, monkeypatch) -> None:
    loaders, load = [], window.rooms_class

    def noted() -> type:
        loaders.append(threading.current_thread())
        return load()

    monkeypatch.setattr(window, "rooms_class", noted)
    desk.set_up()
    desk.open()
    desk.sign_in()
    desk.page(HomePage)
    assert loaders[0] is not threading.main_thread()
