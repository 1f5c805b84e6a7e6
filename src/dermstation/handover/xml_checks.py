"""Check a package's XML: well formed, with nothing that a reader would fetch or run."""

from collections.abc import Iterator
from xml.parsers import expat

from dermstation.handover.findings import PackageFault

_SCRIPTS = ("script", "xml-stylesheet")
_DEEPEST = 100


class _ActiveError(Exception):
    """Something that a reader would fetch or run."""


def xml_faults(data: bytes) -> Iterator[PackageFault]:
    """Yield the faults of an XML file: damaged, active, or not a valid FHIR document.

    A document type is refused before its contents are read, because readers fetch or expand its
    entities.
    """
    try:
        root = _parsed(data)
    except _ActiveError:
        yield PackageFault.XML_ACTIVE
        return
    except (expat.ExpatError, ValueError):
        yield PackageFault.XML_DAMAGED
        return
    if root == "http://hl7.org/fhir Bundle":
        from dermstation.handover.fhir import is_valid_bundle  # noqa: PLC0415 - slow to import

        if not is_valid_bundle(data):
            yield PackageFault.FHIR_WRONG


def _parsed(data: bytes) -> str:
    """Parse the whole document and return the namespace and name of its root.

    Raises _ActiveError for anything a reader would fetch or run, and ExpatError or ValueError if
    the document is malformed or nested too deeply.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    names: list[str] = []
    depth = 0

    def refuse(*_: object) -> None:
        raise _ActiveError

    def begin(name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise ValueError(depth)
        if not names:
            names.append(name)
        if name.rsplit(" ", maxsplit=1)[-1].lower() in _SCRIPTS:
            raise _ActiveError

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def instruction(target: str, _data: str) -> None:
        if target.lower() in _SCRIPTS:
            raise _ActiveError

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.ProcessingInstructionHandler = instruction
    parser.Parse(data, True)
    return names[0]
