"""Outcomes of jobs arrive on the window's thread, each at its own handler."""

import re
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

import dermstation.ui
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, Role, new_id
from dermstation.ui.frame.background import Background
from dermstation.ui.frame.session import Session
from dermstation.ui.frame.shell import Shell
from dermstation.ui.parts.page import Page
from dermstation.workflow.jobs import Jobs
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.wiping import Resumed


@pytest.fixture
def jobs():
    made = Jobs()
    yield made
    made.stop()


@pytest.fixture
def told() -> list[StationError]:
    """The troubles shown on the current page."""
    return []


@pytest.fixture
def background(qapp, jobs: Jobs, told: list[StationError]) -> Background:
    return Background(jobs, told.append)


def never(_outcome: object) -> None:
    raise AssertionError("this handler should not be called")


def full(_vault: object = None) -> None:
    raise StationError(ErrorCode.VAULT_DISK_FULL)


def heard_after(qtbot: QtBot, background: Background) -> None:
    """Wait until every outcome so far was handled or dropped."""
    seen: list[None] = []
    for start in (background.on_worker, background.at_low_priority, background.on_vault):
        start(lambda: None).even_after_session().then(seen.append)
    qtbot.waitUntil(lambda: len(seen) == 3)


@pytest.mark.parametrize(
    ("start", "worker"),
    [("on_vault", "vault"), ("on_worker", "worker"), ("at_low_priority", "low-priority")],
)
def test_a_result_arrives_on_the_thread_of_the_window(
    qtbot: QtBot, background: Background, start: str, worker: str
) -> None:
    seen: list[tuple[threading.Thread, threading.Thread]] = []
    running = getattr(background, start)(threading.current_thread)
    running.then(lambda there: seen.append((there, threading.current_thread()))).otherwise(never)
    qtbot.waitUntil(lambda: bool(seen))
    there, here = seen[0]
    assert there.name.startswith(worker)
    assert here is threading.main_thread()


def test_a_known_trouble_goes_to_its_own_handler(
    qtbot: QtBot, background: Background, told: list[StationError]
) -> None:
    seen: list[StationError] = []
    background.on_vault(full).then(never).otherwise(seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0].code is ErrorCode.VAULT_DISK_FULL
    assert not told


def test_a_known_trouble_is_shown_on_the_page_by_default(
    qtbot: QtBot, background: Background, told: list[StationError]
) -> None:
    background.on_worker(full).silently()
    background.on_vault(full)
    heard_after(qtbot, background)
    assert [trouble.code for trouble in told] == [ErrorCode.VAULT_DISK_FULL]


def test_a_bug_is_never_swallowed(qtbot: QtBot, background: Background) -> None:
    with qtbot.waitSignal(background.crashed) as crash:
        background.on_worker(lambda: 1 // 0).then(never).otherwise(never)
    assert isinstance(crash.args[0], ZeroDivisionError)


def test_a_bug_in_a_job_that_nobody_waits_for_is_not_swallowed_either(
    qtbot: QtBot, background: Background
) -> None:
    with qtbot.waitSignal(background.crashed):
        background.at_low_priority(lambda: 1 // 0).silently()
    with qtbot.waitSignal(background.crashed):  # even after the end of its session
        background.at_low_priority(lambda: 1 // 0)
        background.end_session()


def test_a_handler_is_in_time_even_if_the_job_was_already_done(
    qtbot: QtBot, background: Background, jobs: Jobs
) -> None:
    done = jobs.on_worker(lambda: 7)
    done.result()
    seen: list[int] = []
    background.watch(done).then(seen.append)
    assert not seen
    qtbot.waitUntil(lambda: seen == [7])


def test_an_outcome_after_its_session_is_dropped_unless_it_outlives_the_session(
    qtbot: QtBot, background: Background, told: list[StationError]
) -> None:
    seen: list[str] = []
    background.on_vault(lambda: "dropped").then(seen.append)
    background.on_vault(full)
    background.on_vault(lambda: "kept").even_after_session().then(seen.append)
    background.end_session()
    background.on_vault(lambda: "of the next session").then(seen.append)
    heard_after(qtbot, background)
    assert seen == ["kept", "of the next session"]
    assert not told


class TestOfASession:
    @pytest.fixture
    def shell(self, qtbot: QtBot) -> Shell:
        made = Shell(demo=False)
        qtbot.addWidget(made)
        made.show_page(Page("Any"))
        made.page.set_primary("&Save")
        return made

    @pytest.fixture
    def session(self, shell: Shell, background: Background) -> Session:
        made = Session(shell, background)
        operator = Operator(new_id(), "Test Nurse", Role.CLINICIAN)
        made.begin(SignedIn("the open vault", operator, Resumed()))  # type: ignore[arg-type]
        return made

    def test_a_job_gets_the_open_vault(self, qtbot: QtBot, session: Session) -> None:
        seen: list[tuple[object, int]] = []
        session.on_vault(lambda vault, one: (vault, one), 1).then(seen.append)
        qtbot.waitUntil(lambda: seen == [("the open vault", 1)])

    def test_nothing_starts_after_the_end(
        self, qtbot: QtBot, session: Session, background: Background
    ) -> None:
        session.end()
        session.on_vault(never).then(never).otherwise(never)
        heard_after(qtbot, background)

    def test_the_button_is_disabled_while_a_job_is_submitted(
        self, qtbot: QtBot, session: Session, shell: Shell, background: Background
    ) -> None:
        page = shell.page
        session.submit(lambda _vault: None)
        assert not page.primary.isEnabled()
        heard_after(qtbot, background)
        assert not page.primary.isEnabled()  # another page comes

    @pytest.mark.parametrize("says_more", [False, True])
    def test_the_button_is_enabled_again_if_the_job_fails(
        self,
        qtbot: QtBot,
        session: Session,
        shell: Shell,
        told: list[StationError],
        says_more: bool,
    ) -> None:
        seen: list[StationError] = []
        running = session.submit(full)
        if says_more:
            running.otherwise(seen.append)
        qtbot.waitUntil(lambda: bool(seen or told))
        assert shell.page.primary.isEnabled()


def test_the_window_starts_every_job_through_background() -> None:
    folder = Path(dermstation.ui.__file__).parent
    past = re.compile(r"jobs\s*\.\s*(on_vault|on_worker|at_low_priority)\b|ThreadPoolExecutor")
    found = [str(file) for file in folder.rglob("*.py") if past.search(file.read_text("utf-8"))]
    assert found == [str(folder / "frame" / "background.py")]


def test_the_vault_has_one_thread_and_keeps_the_order(jobs: Jobs) -> None:
    order: list[int] = []
    threads = {
        future.result()
        for future in [
            jobs.on_vault(lambda i=i: (order.append(i), threading.get_ident())[1])
            for i in range(50)
        ]
    }
    assert order == list(range(50))
    assert len(threads) == 1
