"""Run a function in a forked child and report what it acknowledged and returned, and its end."""

import json
import os
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dermstation.domain.errors import StationError
from tests.typeset_apart import typeset_apart


@dataclass
class Outcome:
    """How a child ended: killed, refused by a StationError, by a bug, or normally."""

    acked: list[str] = field(default_factory=list)
    value: Any = None
    was_killed: bool = False
    refused: str = ""
    bug: str = ""


def in_child(job: Callable[[Callable[[str], None]], Any]) -> Outcome:
    """Run `job(ack)` in a separate child, which leaves no lock and no memory behind."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _be_child(job, writing)
    os.close(writing)
    outcome = Outcome()
    with os.fdopen(reading, encoding="utf-8") as lines:
        for line in lines:
            kind, value = json.loads(line)
            if kind == "ack":
                outcome.acked.append(value)
            else:
                setattr(outcome, kind, value)
    _, status = os.waitpid(child, 0)
    outcome.was_killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    if not outcome.was_killed and status != 0:
        outcome.bug = outcome.bug or f"ended with status {status}"
    return outcome


def _be_child(job: Callable[[Callable[[str], None]], Any], writing: int) -> None:
    def send(kind: str, value: object) -> None:
        os.write(writing, (json.dumps([kind, value]) + "\n").encode())

    typeset_apart()
    try:
        send("value", job(lambda text: send("ack", text)))
    except StationError as error:
        send("refused", error.code.value)
    except BaseException:  # noqa: BLE001 - the child must not become a second campaign
        send("bug", traceback.format_exc()[-1500:])
    os._exit(0)
