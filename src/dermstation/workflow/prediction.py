"""Predict the package as it would be made now: its files, their sizes, and any loss of quality.

The package is made in memory and then discarded, so that the figures are its real ones.
`gather` runs on the vault's thread, `predict` on any.
"""

from dataclasses import dataclass

from dermstation.domain.presets import Limits
from dermstation.domain.quality_words import quality_words
from dermstation.domain.records import Operator, PackageFile
from dermstation.domain.rights import Right, require
from dermstation.handover.assembly import assemble
from dermstation.handover.contents import PackageContents
from dermstation.handover.dicom_text import is_shortened
from dermstation.handover.options import PackageOptions
from dermstation.vault.store import Vault
from dermstation.workflow.package_choice import Practice
from dermstation.workflow.packaging import package_contents
from dermstation.workflow.viewing import view_of


@dataclass(frozen=True, slots=True)
class Prediction:
    """The files of a package in order, and notes on the pictures that are made smaller."""

    files: tuple[PackageFile, ...]
    limits: Limits
    shrunk: tuple[str, ...] = ()  # labels of the pictures that are made smaller
    worse: tuple[str, ...] = ()  # after shrinking: "L1 dermoscopic is then fair: not in focus"
    name_cut: bool = False  # DICOM has no room for the whole name of the patient

    @property
    def total_bytes(self) -> int:
        """Return the size of all files together."""
        return sum(file.size_bytes for file in self.files)


def gather(
    vault: Vault, operator: Operator, episode_id: str, practice: Practice, options: PackageOptions
) -> PackageContents:
    """Read the contents that the package would have. Raises StationError, also RIGHT_MISSING."""
    require(operator, Right.COMPLETE)
    return package_contents(vault, operator, view_of(vault, episode_id), practice, options)


def predict(contents: PackageContents) -> Prediction:
    """Make the package in memory. Raises the same StationErrors as `assemble`."""
    made = assemble(contents)
    images = made.plan.images
    return Prediction(
        files=made.files,
        limits=contents.options.limits,
        shrunk=tuple(image.label for image in images if image.shrunk),
        worse=tuple(
            f"{image.label} is then {quality_words(image.report)}"
            for image in images
            if image.worse
        ),
        name_cut=contents.options.dicom and is_shortened(contents.patient),
    )
