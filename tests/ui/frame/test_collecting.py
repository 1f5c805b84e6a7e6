"""Objects in a cycle are destroyed in the GUI thread, whichever thread makes the garbage."""

import gc
import threading

from PySide6.QtWidgets import QWidget

from dermstation.ui.frame.collecting import Collector


class _Cyclic(QWidget):
    def __init__(self, ended_in: list[threading.Thread]) -> None:
        super().__init__()
        self._myself = self
        self._ended_in = ended_in

    def __del__(self) -> None:
        self._ended_in.append(threading.current_thread())


class TestCollector:
    def test_another_thread_collects_nothing_however_much_it_allocates(self, qtbot) -> None:
        gc.collect()
        ended_in: list[threading.Thread] = []
        _Cyclic(ended_in)
        kept: list[list[int]] = []
        busy = threading.Thread(target=lambda: kept.extend([number] for number in range(200_000)))
        busy.start()
        busy.join()
        assert ended_in == []
        qtbot.waitUntil(lambda: bool(ended_in))
        assert ended_in == [threading.main_thread()]

    def test_once_stopped_python_collects_by_itself(self, dressed) -> None:
        collector = Collector()
        assert not gc.isenabled()
        collector.stop()
        assert gc.isenabled()
        gc.disable()  # as the collector shared by all tests needs it
