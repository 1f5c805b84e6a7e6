"""What IT reads about a station names nobody."""

from pathlib import Path

from dermstation import __version__
from dermstation.domain.purpose import PURPOSE
from dermstation.paths import StationPaths
from dermstation.settings import Settings
from dermstation.workflow.about import about, value_words
from dermstation.workflow.doctor import Check


def test_the_text_holds_purpose_version_checks_and_findings_but_no_account(monkeypatch) -> None:
    home = Path.home() / "station"
    checks = {
        "free_space": Check(3_140_000_000),
        "swap": Check(None, "Encrypt that disk."),
        "dumps": Check([]),
    }
    monkeypatch.setattr("dermstation.workflow.about.examine", lambda *_: checks)
    found = about(StationPaths(home), Settings())
    text = found.text()
    for words in (PURPOSE, f"Version: {__version__}", "Free space: 3.1 GB", "Encrypt that disk."):
        assert words in text
    assert f"Logs: {Path('~') / 'station' / 'logs'}" in text
    assert str(Path.home()) not in text
    assert found.findings == ("Encrypt that disk.",)


def test_a_value_is_told_in_words() -> None:
    told = [
        value_words(one)
        for one in (None, True, [], ["a", "b"], {"key_files": 2, "open_in": None}, 5)
    ]
    assert told == ["none", "yes", "none", "a, b", "key files 2", "5"]
