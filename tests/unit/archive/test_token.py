"""The archive's token: in the keystore, for one address, in one of two forms."""

import base64

import pytest
import requests

from dermstation.archive.connection import ArchiveAccess
from dermstation.archive.token import drop_token, find_token, hand_on_token, keep_token
from dermstation.archive.web import web_session
from dermstation.domain.errors import ErrorCode, StationError
from tests.unit.security.conftest import MemoryKeystore

ADDRESS = "https://archive.example/dicom-web"


@pytest.mark.parametrize("token", ["abc.DEF-1_2~3+4/5==", "station:with spaces: and colons"])
def test_what_was_kept_is_found_for_that_address_alone(token: str) -> None:
    keystore = MemoryKeystore()
    keep_token(keystore, ADDRESS, token)
    assert find_token(keystore, ADDRESS) == token
    assert find_token(keystore, "https://other.example/dicom-web") == ""
    assert find_token(None, ADDRESS) == ""
    assert not any("archive.example" in text for name in keystore.stored for text in name)
    keep_token(keystore, ADDRESS, "")
    assert find_token(keystore, ADDRESS) == ""


@pytest.mark.parametrize("token", ["two words", ":password", "name:", "a\nb", "x" * 1_001])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(StationError) as raised:
        keep_token(MemoryKeystore(), ADDRESS, token)
    assert raised.value.code is ErrorCode.ARCHIVE_TOKEN


def test_without_a_keystore_nothing_is_kept() -> None:
    with pytest.raises(StationError) as raised:
        keep_token(None, ADDRESS, "abc")
    assert raised.value.code is ErrorCode.ARCHIVE_TOKEN


def test_it_is_handed_on_to_another_keystore_if_there_is_one() -> None:
    source, target = MemoryKeystore(), MemoryKeystore()
    keep_token(source, ADDRESS, "abc")
    hand_on_token(ADDRESS, source, target)
    hand_on_token(ADDRESS, source, None)
    hand_on_token(ADDRESS, None, target)
    assert find_token(target, ADDRESS) == "abc"


def test_it_goes_with_the_store_and_an_unwilling_keystore_holds_nothing_up() -> None:
    keystore = MemoryKeystore()
    keep_token(keystore, ADDRESS, "abc")
    drop_token(None, ADDRESS)
    drop_token(keystore, "")
    assert find_token(keystore, ADDRESS) == "abc"
    drop_token(keystore, ADDRESS)
    drop_token(keystore, ADDRESS)
    assert find_token(keystore, ADDRESS) == ""


def header_of(token: str) -> str | None:
    with web_session(ArchiveAccess("DERMSTATION", ADDRESS), token) as session:
        asked = session.prepare_request(requests.Request("GET", ADDRESS))
    return asked.headers.get("Authorization")


def test_a_token_goes_into_the_header_by_its_form() -> None:
    basic = base64.b64encode("Stan:f\u00fcnf:5".encode()).decode()
    assert header_of("Stan:f\u00fcnf:5") == f"Basic {basic}"
    assert header_of("abc") == "Bearer abc"
    assert header_of("") is None
