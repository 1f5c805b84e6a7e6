"""Load in advance what the first package of a session would wait for: fonts and slow libraries.

FHIR's models are imported once in a process, which takes longer than a package does. Runs on any
thread.
"""

from importlib import import_module

from dermstation.handover.faces import load_faces
from dermstation.handover.options import PackageOptions

_DICOM_MODULES = ("dicom", "dicom_pdf", "dicom_checks")


def make_ready(options: PackageOptions) -> None:
    """Load what a package with these options needs, unless that is loaded already."""
    load_faces()
    import_module("dermstation.handover.pdf_checks")
    if options.dicom:
        for module in _DICOM_MODULES:
            import_module(f"dermstation.handover.{module}")
    if options.fhir:
        from dermstation.handover.fhir import load_models  # noqa: PLC0415 - slow to import

        load_models()
