"""Boot the lab's kernel on the host's own files, run a part of the lab in it, and read its rows.

The guest sees the host's files, and what it writes is dropped, except in the folder that it
shares. The kernel is an ordinary process of the host.
"""

import contextlib
import json
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.lab.build import kernel, tools
from tests.lab.frames import make_frames
from tests.lab.rows import Row

REPOSITORY = Path(__file__).parents[2]
_MEMORY = "mem=2560M"
_ARGUMENTS = (
    "root=/dev/root rootfstype=hostfs rootflags=/ ro quiet random.trust_cpu=on con=null"
    " con0=null,fd:1 scsi_debug.add_host=0 scsi_debug.dev_size_mb=64 scsi_debug.removable=1"
    " scsi_debug.delay=0"
)


@dataclass(frozen=True)
class Job:
    """A part of the lab, what it is told, and how long it may take before it is given up."""

    part: str
    share: float = 1.0
    within_s: float = 1800.0


def run_in_guest(lab: Path, job: Job, scratch: Path) -> tuple[Row, ...]:
    """Return the rows of a part; a guest that ended early adds a row that says so."""
    shared = scratch / job.part
    shared.mkdir(parents=True)
    frames = make_frames(lab / "frames")
    shutil.copytree(frames, shared / "frames")
    init = shared / "init.sh"
    init.write_bytes(Path(__file__).with_name("init.sh").read_bytes())
    init.chmod(0o755)
    (shared / "run.sh").write_text(_command(job), encoding="utf-8")
    with (
        (shared / "console.log").open("wb") as console,
        contextlib.suppress(subprocess.TimeoutExpired),
    ):
        subprocess.run(
            [
                str(kernel(lab)),
                _MEMORY,
                *_ARGUMENTS.split(),
                f"init={init}",
                f"LAB_TOOLS={tools(lab)}",
                f"LAB_SHARED={shared}",
            ],
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=subprocess.STDOUT,
            env={**os.environ, "TMPDIR": "/dev/shm"},  # where its memory lies
            timeout=job.within_s,
            check=False,
        )
    return _rows(job, shared)


def _command(job: Job) -> str:
    module = ["-m", "tests.lab.inside", job.part, "--share", str(job.share)]
    code = shlex.quote(f"{REPOSITORY / 'src'}:{REPOSITORY}")
    return (
        f"cd {shlex.quote(str(REPOSITORY))}\n"
        f"export PYTHONPATH={code}\n"
        f"export PYTHONDONTWRITEBYTECODE=1\n"
        f"{shlex.join([sys.executable, *module])} --to /lab/rows.jsonl >> /lab/out.log 2>&1\n"
        f"echo $? > /lab/status\n"
    )


def _rows(job: Job, shared: Path) -> tuple[Row, ...]:
    file = shared / "rows.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    rows = [Row.from_json(json.loads(line)) for line in lines]
    status = shared / "status"
    if not status.exists() or status.read_text(encoding="utf-8").strip() != "0":
        found = f"ended early: see {shared.name}/out.log and console.log"
        rows.append(Row(job.part, "the guest", "runs to its end", found, is_ok=False))
    return tuple(rows)
