import io
import logging
import sys
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import new_id
from dermstation.logs import LOG_BYTES, LOG_FILES, RedactingFormatter, start_logging, strike_out

BORN = date(1958, 9, 3)


def record(message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    trouble = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("dermstation.x", logging.INFO, "x.py", 1, message, args, trouble)


def raised(message: str) -> ValueError:
    with pytest.raises(ValueError, match="invalid literal") as caught:
        int(message)  # its error quotes the argument
    return caught.value


@pytest.mark.parametrize(
    "number",
    [
        "9990000018",
        "999 000 0018",
        "999-000-0018",
        "999\u00a0000\u00a00018",
        "ref9990000018",
        "9990000018_general.jpg",
        "nhs=9990000018,",
        "(9990000018)",
    ],
)
def test_nhs_numbers_are_struck_out(number: str) -> None:
    line = strike_out(f"got {number} here")
    assert "[struck out]" in line
    assert "0018" not in line


@pytest.mark.parametrize(
    "born",
    [
        "03/09/1958",
        "3/9/1958",
        "03-09-1958",
        "3.9.1958",
        "03091958",
        "1958-09-03",
        "3 September 1958",
        "03-Sep-1958",
        "03SEP1958",
        str(BORN),
        repr(BORN),
        repr(datetime(1958, 9, 3)),  # noqa: DTZ001 - what a careless program would log
        f"{datetime(1958, 9, 3)}",  # noqa: DTZ001
    ],
)
def test_dates_are_struck_out(born: str) -> None:
    line = strike_out(f"born {born}.")
    assert "[struck out]" in line
    assert "1958" not in line


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.sampled_from(["%d/%m/%Y", "%Y-%m-%d"]))
def test_every_date_is_struck_out(day: date, form: str) -> None:
    assert strike_out(day.strftime(form)) == "[struck out]"


@given(st.integers(10**9, 10**10 - 1))
def test_every_ten_digits_are_struck_out(number: int) -> None:
    assert strike_out(f"x {number:010d} y") == "x [struck out] y"


def test_ids_and_hashes_stay_whole() -> None:
    for _ in range(2000):
        identifier = new_id()
        assert strike_out(f"episode {identifier} opened") == f"episode {identifier} opened"
    digits_only = "12345678901234567890123456789012"
    assert strike_out(digits_only) == digits_only


@pytest.mark.parametrize(
    "text",
    [
        "1600x1200 at 30.0 fps",
        "camera process 4711 ended with -9",
        "5242880 bytes of 5242880",
        "version 6.9.3, build 10.0.19045",
        "1735689600123456789 ns",
    ],
)
def test_technical_figures_stay(text: str) -> None:
    assert strike_out(text) == text


def test_arguments_are_struck_out_like_the_text() -> None:
    line = RedactingFormatter("%(message)s").format(record("patient %s, born %s", 9990000018, BORN))
    assert line == "patient [struck out], born [struck out]"


def test_the_time_of_the_record_stays() -> None:
    line = RedactingFormatter("%(asctime)s %(message)s").format(record("opened"))
    assert line[:4].isdigit()
    assert line.endswith(" opened")


def test_an_exception_is_named_and_placed_without_its_message() -> None:
    line = RedactingFormatter("%(message)s").format(
        record("failed", error=raised("no row for Test Patient-One"))
    )
    assert "ValueError" in line
    assert "at test_logs.py:" in line
    assert "Patient-One" not in line


def test_a_chained_exception_reveals_nothing() -> None:
    def fail() -> None:
        try:
            raise raised("Test Patient-One")
        except ValueError as first:
            raise StationError(ErrorCode.VAULT_DAMAGED) from first

    with pytest.raises(StationError) as caught:
        fail()
    line = RedactingFormatter("%(message)s").format(record("failed", error=caught.value))
    assert "StationError" in line
    assert "Patient-One" not in line


def test_text_stored_by_another_formatter_is_not_used() -> None:
    entry = record("failed", error=raised("Test Patient-One"))
    assert "Patient-One" in logging.Formatter("%(message)s").format(entry)
    assert "Patient-One" not in RedactingFormatter("%(message)s").format(entry)


def test_an_empty_exception_does_not_stop_the_log() -> None:
    entry = record("outside")
    entry.exc_info = (None, None, None)
    assert RedactingFormatter("%(message)s").format(entry).startswith("outside")


def log_text(folder: Path) -> str:
    return (folder / "station.log").read_text(encoding="utf-8")


def test_the_log_goes_to_its_folder_and_nowhere_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    start_logging(tmp_path / "deep" / "logs")
    logging.getLogger("dermstation.vault").info("opened %s", "a" * 32)
    assert "INFO dermstation.vault opened " + "a" * 32 in log_text(tmp_path / "deep" / "logs")
    assert capsys.readouterr() == ("", "")
    assert not caplog.records


def test_debug_is_not_written(tmp_path: Path) -> None:
    start_logging(tmp_path)
    logging.getLogger("dermstation.vault").debug("row by row")
    assert log_text(tmp_path) == ""


def test_started_again_each_line_is_written_once(tmp_path: Path) -> None:
    start_logging(tmp_path / "first")
    start_logging(tmp_path / "second")
    logging.getLogger("dermstation").info("once")
    assert log_text(tmp_path / "first") == ""
    assert log_text(tmp_path / "second").count("once") == 1


def test_the_log_stays_small(tmp_path: Path) -> None:
    start_logging(tmp_path)
    line = "x" * 10_000
    for _ in range((LOG_FILES + 2) * LOG_BYTES // len(line)):
        logging.getLogger("dermstation").info(line)
    files = sorted(tmp_path.iterdir())
    assert len(files) == LOG_FILES + 1
    assert all(file.stat().st_size <= LOG_BYTES for file in files)


def test_a_folder_that_cannot_be_written_is_tolerated(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    start_logging(blocked / "logs")
    logging.getLogger("dermstation").info("unheard")
    assert blocked.read_bytes() == b""


@pytest.mark.expects_log("camera gone")
def test_a_warning_reaches_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    start_logging(tmp_path)
    logging.getLogger("dermstation.camera").warning("camera gone")
    assert "WARNING dermstation.camera camera gone" in log_text(tmp_path)
    assert sys.stderr.getvalue() == ""
