"""What a package would be if it were made now: its files, their sizes, what is given up and why.

Everything is made in memory and let go again, so that the figures are those of the package itself.
`gather` runs on the vault's thread, `predict` on any.
"""

from dataclasses import dataclass

from dermstation.domain.presets import Limits
from dermstation.domain.quality_words import quality_words
from dermstation.domain.records import Operator, PackageFile
from dermstation.handover.assembly import assemble
from dermstation.handover.contents import PackageContents
from dermstation.handover.options import PackageOptions
from dermstation.vault.store import Vault
from dermstation.workflow.package_choice import Practice
from dermstation.workflow.packaging import package_contents
from dermstation.workflow.viewing import view_of


@dataclass(frozen=True, slots=True)
class Prediction:
    """The files of a package in their order, and what is to be said of the pictures."""

    files: tuple[PackageFile, ...]
    limits: Limits
    shrunk: tuple[str, ...] = ()  # labels of pictures that are made smaller
    worse: tuple[str, ...] = ()  # what shrinking costs: "L1 dermoscopic is then fair: not in focus"

    @property
    def total_bytes(self) -> int:
        """Add the sizes up."""
        return sum(file.size_bytes for file in self.files)


def gather(
    vault: Vault, operator: Operator, episode_id: str, practice: Practice, options: PackageOptions
) -> PackageContents:
    """Read what would go into the package. Raises StationError."""
    return package_contents(vault, operator, view_of(vault, episode_id), practice, options)


def predict(contents: PackageContents) -> Prediction:
    """Make the package in memory. Raises the StationErrors of making it."""
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
    )
