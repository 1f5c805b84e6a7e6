"""`make audit` against an index and a service of faults that answer on this machine alone."""

import importlib.util
import json
import sys
import threading
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("uv", reason="a tool for development, which the test rig does not install")

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime.now(UTC)
NEW, LONG_AGO = (NOW - timedelta(days=few) for few in (5, 2_000))
# what the index has: name, versions with their dates
INDEX = {
    "fresh": {"1.0": LONG_AGO, "1.1": NEW},
    "lapsed": {"2.0": LONG_AGO},
    "left-behind": {"1.0": LONG_AGO, "3.0": NEW},
}
LOCK = """\
fresh==1.1 \\
    --hash=sha256:0000
lapsed==2.0 ; sys_platform == 'win32' \\
    --hash=sha256:0000
    # via fresh
left-behind==1.0 \\
    --hash=sha256:0000
"""


class _Answers(BaseHTTPRequestHandler):
    """An index by PEP 691 and 700, and the OSV service."""

    faulty: set[str]
    status: dict[str, str]

    def do_GET(self) -> None:
        parts = self.path.strip("/").split("/")
        if parts[0] == "packages":
            self._say(self._project(parts[1]), "application/vnd.pypi.simple.v1+json")
        elif parts[0] == "files":  # what a package says of itself; its wheel is never fetched
            name, version, _ = parts[1].split("-", 2)
            self._send(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(), "")
        else:
            self._say({"id": "MADE-UP-1", "summary": "made up", "modified": NEW.isoformat()})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        vulnerability = {"id": "MADE-UP-1", "modified": NEW.isoformat()}
        self._say(
            {
                "results": [
                    {"vulns": [vulnerability]} if one["package"]["name"] in self.faulty else {}
                    for one in asked["queries"]
                ]
            }
        )

    def log_message(self, *words: object) -> None:
        """Say nothing."""

    def _project(self, name: str) -> dict:
        files = []
        for version, at in INDEX[name].items():
            file = f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
            files.append(
                {
                    "filename": file,
                    "url": f"/files/{file}",
                    "hashes": {"sha256": "0" * 64},
                    "core-metadata": True,
                    "upload-time": at.isoformat(),
                }
            )
        return {
            "meta": {"api-version": "1.4"},
            "name": name,
            "project-status": {"status": self.status.get(name, "active")},
            "versions": list(INDEX[name]),
            "files": files,
        }

    def _say(self, told: dict, kind: str = "application/json") -> None:
        self._send(json.dumps(told).encode(), kind)

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def services() -> Iterator[tuple[str, type[_Answers]]]:
    answers = type("Answers", (_Answers,), {"faulty": set(), "status": {}})
    with ThreadingHTTPServer(("127.0.0.1", 0), answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", answers
        server.shutdown()
        thread.join()


@pytest.fixture
def audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / "packaging" / "audit.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "audit", module)  # for its dataclass
    spec.loader.exec_module(module)
    for name, text in (
        ("LOCK", LOCK),
        ("PROGRAM_LOCK", LOCK.partition("\nlapsed")[0]),
        ("REASONS", '[old]\nlapsed = "Nothing else does it."\n[held]\nleft-behind = "ADR"\n'),
    ):
        (tmp_path / name).write_text(text)
        monkeypatch.setattr(module, name, tmp_path / name)
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    return module


def ask_index_at(address: str, audit: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set pip to an index by its variable, as a person does."""
    option = audit.OPTION.replace("[-_]", "_").upper()
    monkeypatch.setenv(f"PIP_{option}", f"{address}/packages")


def test_it_tells_age_and_newest_version_and_all_is_well_with_reasons(
    services, audit, monkeypatch, capsys
) -> None:
    address, _ = services
    ask_index_at(address, audit, monkeypatch)
    assert audit.main(["--service-url", address], NOW.date()) == audit.NOTHING
    told = capsys.readouterr().out
    lines = {line.split()[0]: line.split() for line in told.splitlines() if line.strip()}
    assert lines["fresh"] == ["fresh", "1.1", f"{NEW:%Y-%m-%d}", "5", "the", "program"]
    assert lines["left-behind"][4] == "3.0"
    assert "2000  " in told
    assert f"lapsed: no release since {LONG_AGO:%Y-%m-%d}. Nothing else does it." in told
    assert "left-behind: 3.0 is there. ADR" in told
    assert "asked for 3 packages" in told


def test_a_known_fault_a_given_up_package_and_a_missing_reason_are_to_do(
    services, audit, monkeypatch, capsys
) -> None:
    address, answers = services
    answers.faulty, answers.status = {"fresh"}, {"lapsed": "archived"}
    audit.REASONS.write_text('[old]\nfresh = "?"\n[held]\n')
    ask_index_at(address, audit, monkeypatch)
    assert audit.main(["--service-url", address], NOW.date()) == audit.TO_DO
    told = capsys.readouterr().out
    assert "To do: fresh 1.1: MADE-UP-1, made up" in told
    assert f"To do: lapsed: no release since {LONG_AGO:%Y-%m-%d}" in told
    assert 'To do: fresh is in audit.toml as "old", which it is not any more' in told
    assert "left-behind: 3.0 is there. Renew the lock" in told
    assert "To do: lapsed: its makers call it archived" in told


def test_without_the_service_of_faults_it_says_that_they_are_not_known(
    services, audit, monkeypatch, capsys
) -> None:
    address, _ = services
    ask_index_at(address, audit, monkeypatch)
    assert audit.main(["--service-url", "http://127.0.0.1:9"], NOW.date()) == audit.NO_SERVICE
    told = capsys.readouterr().out
    assert "Known faults were NOT asked for" in told
    assert "fresh" in told


def test_without_an_index_it_says_that_nothing_is_known(audit, monkeypatch, capsys) -> None:
    ask_index_at("http://127.0.0.1:9", audit, monkeypatch)
    assert audit.main([], NOW.date()) == audit.NO_INDEX
    assert capsys.readouterr().out.startswith("Nothing is known")


def test_only_locked_packages_have_a_reason() -> None:
    lock = (ROOT / "requirements-dev.lock").read_text()
    for kind in tomllib.loads((ROOT / "packaging" / "audit.toml").read_text()).values():
        assert all(f"\n{name}==" in lock and reason for name, reason in kind.items())
