import pickle

from dermstation.domain.errors import ErrorCode, StationError


def test_an_error_shows_its_code_and_facts() -> None:
    error = StationError(ErrorCode.NAME_TOO_LONG, limit=100)
    assert str(error) == "name_too_long"
    assert repr(error) == "StationError(name_too_long, limit=100)"
    assert repr(StationError(ErrorCode.NAME_EMPTY)) == "StationError(name_empty)"


def test_a_code_is_written_as_its_own_name() -> None:
    assert all(code.value == code.name.lower() for code in ErrorCode)


def test_an_error_passes_between_processes_whole() -> None:
    error = StationError(ErrorCode.CAMERA_BUSY, device=2)
    again = pickle.loads(pickle.dumps(error))
    assert again.code is ErrorCode.CAMERA_BUSY
    assert again.facts == {"device": 2}
