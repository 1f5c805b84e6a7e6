import pytest

from dermstation.domain.archive_place import DicomNode, checked_address, checked_title
from dermstation.domain.errors import ErrorCode, StationError


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("DERM@archive.example:11112", DicomNode("DERM", "archive.example", 11112)),
        (" OUR PACS@10.0.0.1:104 ", DicomNode("OUR PACS", "10.0.0.1", 104)),
        ("A@B@host:2762", DicomNode("A@B", "host", 2762)),
        ("X@[::1]:104", DicomNode("X", "::1", 104)),
        ("", None),
        ("  ", None),
    ],
)
def test_a_node_is_title_host_and_port(text: str, node: DicomNode | None) -> None:
    assert DicomNode.parse(text) == node


@pytest.mark.parametrize(
    "text",
    [
        *("host:104", "@host:104", "X@host", "X@host:0", "X@host:65536", "X@host:port", "X@:104"),
        *("SEVENTEEN LETTERS@host:104", "A\\B@host:104", " @host:104", "X@host:104/path"),
    ],
)
def test_what_is_no_node_is_refused(text: str) -> None:
    with pytest.raises(StationError) as raised:
        DicomNode.parse(text)
    assert raised.value.code is ErrorCode.SETTING_INVALID


@pytest.mark.parametrize("title", ["", " X", "X ", "X" * 17, "A\tB", "\u00c4"])
def test_a_title_is_printable_ascii_without_spaces_around_it(title: str) -> None:
    with pytest.raises(StationError):
        checked_title(title)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://archive.example/dicom-web/", "https://archive.example/dicom-web"),
        (" https://10.0.0.1:8443 ", "https://10.0.0.1:8443"),
        ("HTTPS://archive", "HTTPS://archive"),
        ("", ""),
    ],
)
def test_an_address_is_taken_without_its_last_slash(text: str, address: str) -> None:
    assert checked_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        *("http://archive.example", "archive.example", "https://", "ftp://archive", "https:///x"),
        *("https://name:secret@archive", "https://archive/?a=1", "https://archive/#x"),
        *("https://archive:99999", "https://arc hive", "https://[::1"),
    ],
)
def test_only_https_without_a_password_is_an_address(text: str) -> None:
    with pytest.raises(StationError) as raised:
        checked_address(text)
    assert raised.value.code is ErrorCode.SETTING_INVALID
