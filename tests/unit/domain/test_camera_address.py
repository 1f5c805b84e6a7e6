"""An address is parted from its password and put together again, whatever the password is."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermstation.domain.camera_address import (
    names_somebody,
    parted,
    with_password,
    without_password,
)

NAMES = st.text("abcXYZ0189._~-%", max_size=8)
PASSWORDS = st.text("abcXYZ0189._~-%:@!$&'()*+,;=", min_size=1, max_size=12)


@given(st.sampled_from(["http", "https", "rtsp", "HTTP"]), NAMES, PASSWORDS)
def test_a_password_goes_out_and_comes_back(scheme: str, name: str, password: str) -> None:
    address = f"{scheme}://{name}:{password}@camera-1:8080/live?size=big@1"
    bare, found = parted(address)
    assert found == password
    assert urlsplit(bare).password is None
    assert (urlsplit(bare).hostname, urlsplit(bare).port) == ("camera-1", 8080)
    assert with_password(bare, found) == address
    assert with_password(address, "other") == address
    assert without_password(bare) == bare


@pytest.mark.parametrize(
    "text",
    [
        "auto",
        "device:0",
        "file:/tmp/a:b@c",
        "http://camera/a:b@c",
        "https://camera?who=a:b@c",
        "sim:fault=absent",
        "",
    ],
)
def test_what_asks_for_no_sign_in_stays_as_it_is(text: str) -> None:
    assert parted(text) == (text, "")
    assert with_password(text, "secret") == text
    assert not names_somebody(text)
