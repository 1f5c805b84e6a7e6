"""Make the referral package of an episode.

Runs on the vault's thread. Every file is noted in the vault before it is written in the clear, so
that none is forgotten after a crash. A package counts only once it was read back and found whole.
"""

import hashlib
from dataclasses import replace
from pathlib import Path

from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Operator, Package, new_id, now
from dermstation.domain.rights import Right, require
from dermstation.domain.states import EpisodeEvent, EpisodeState
from dermstation.handover.contents import CaptureContents, LesionContents, PackageContents
from dermstation.handover.options import PackageOptions
from dermstation.handover.places import check_place
from dermstation.handover.verify import PackageFault, verify_package
from dermstation.handover.writer import write_package
from dermstation.imaging.codec import Bgr
from dermstation.imaging.colour_space import decode_srgb
from dermstation.plain_files import read_plain
from dermstation.vault.store import Vault
from dermstation.workflow.insight import counted_sets
from dermstation.workflow.package_choice import Practice, check_fixed
from dermstation.workflow.package_files import final_place, removed_or_left
from dermstation.workflow.package_progress import PackageProgress
from dermstation.workflow.patient_copy import given_words
from dermstation.workflow.review_policy import is_reviewed, needs_review
from dermstation.workflow.route_checks import check_route
from dermstation.workflow.viewing import view_of
from dermstation.workflow.walk import EpisodeView


def make_package(
    vault: Vault,
    operator: Operator,
    episode_id: str,
    destination: Path,
    practice: Practice,
    *,
    options: PackageOptions | None = None,
    passphrase: str = "",
    progress: PackageProgress | None = None,
) -> EpisodeView:
    """Write and verify the package of an episode in a new folder below `destination`.

    `passphrase` opens a sealed package; it is not stored anywhere. `progress` follows the files and
    may cancel them, which leaves nothing.
    Raises StationError: RIGHT_MISSING, SETTING_FIXED, ROUTE_MISSING, whatever `check_route` finds
    missing, REVIEW_MISSING (the practice's policy requires a review of the present content for this
    route), STEP_NOT_ALLOWED, PLACE_*, PACKAGE_*, CAPTURE_CHANGED.
    """
    require(operator, Right.COMPLETE)
    options = options or PackageOptions()
    check_fixed(practice, destination, options)
    check_place(destination, network_allowed=practice.network_allowed, sealed=options.sealed)
    view = view_of(vault, episode_id)
    route = view.episode.route
    if route is None:
        raise StationError(ErrorCode.ROUTE_MISSING)
    check_route(view, route)
    if needs_review(view, practice.review_routes):
        raise StationError(ErrorCode.REVIEW_MISSING)
    if view.episode.state is EpisodeState.CAPTURED:
        vault.episodes.change_state(episode_id, EpisodeEvent.REVIEWED)
    contents = package_contents(vault, operator, view, practice, options)
    progress = progress or PackageProgress()
    package = _write(vault, contents, destination, passphrase, progress)
    try:
        progress.check()
        with vault.transaction():
            vault.packages.save(replace(package, verified_at=now()))
            vault.episodes.change_state(episode_id, EpisodeEvent.PACKAGED)
            vault.set_scores.put(episode_id, counted_sets(view, contents.created_at))
    except BaseException:
        removed_or_left(vault, package.id)  # a package not in the vault must not stay in the clear
        raise
    return view_of(vault, episode_id)


def check_package(package: Package) -> None:
    """Compare the folder with the manifest in the vault before a hand-over.

    A missing file is accepted: whoever attached it has moved it. A file that differs is a hazard.
    Raises StationError PACKAGE_NOT_VERIFIED.
    """
    findings = verify_package(Path(package.folder), package.files)
    moved = {PackageFault.FILE_MISSING, PackageFault.FOLDER_ABSENT}
    changed = [finding for finding in findings if finding.fault not in moved]
    if changed:
        raise StationError(ErrorCode.PACKAGE_NOT_VERIFIED, findings=len(changed))


def package_pictures(package: Package) -> dict[str, Bgr]:
    """Decode a package's picture files small, as they are on the disk now.

    Raises StationError PACKAGE_NOT_VERIFIED for a file that is missing, changed or unreadable.
    """
    pictures = {}
    for file in package.files:
        if not file.media_type.startswith("image/"):
            continue
        try:
            data = read_plain(Path(package.folder) / file.name, file.size_bytes)
            if hashlib.sha256(data).hexdigest() != file.sha256:
                raise StationError(ErrorCode.PACKAGE_NOT_VERIFIED, findings=1)
            pictures[file.name] = decode_srgb(data, reduce=2)
        except OSError as error:
            raise StationError(ErrorCode.PACKAGE_NOT_VERIFIED, errno=error.errno) from None
    return pictures


def _write(
    vault: Vault,
    contents: PackageContents,
    destination: Path,
    passphrase: str,
    progress: PackageProgress,
) -> Package:
    def before_file(path: Path) -> None:
        progress.note_path()
        vault.packages.note_file(contents.package_id, final_place(path))

    vault.packages.save(
        Package(
            contents.package_id,
            contents.episode.id,
            str(destination),
            (),
            contents.created_at,
            contents.created_by,
        )
    )
    try:
        return write_package(
            contents,
            destination,
            before_file=before_file,
            planned=progress.plan,
            passphrase=passphrase,
        )
    except BaseException:
        removed_or_left(vault, contents.package_id)
        raise


def package_contents(
    vault: Vault,
    operator: Operator,
    view: EpisodeView,
    practice: Practice,
    options: PackageOptions,
) -> PackageContents:
    """Gather the contents of a package, with the pictures' bytes.

    Raises StationError RIGHT_MISSING, CAPTURE_CHANGED, EPISODE_FILE_MISSING.
    """
    require(operator, Right.COMPLETE)
    lesions = tuple(
        LesionContents(
            lesion,
            tuple(
                CaptureContents(capture, vault.captures.image(capture.id))
                for capture in view.packed(lesion)
            ),
            view.left_out(lesion),
            view.score(lesion),
        )
        for lesion in view.lesions
    )
    return PackageContents(
        package_id=new_id(),
        episode=view.episode,
        patient=view.patient,
        lesions=lesions,
        operators={one.id: one.name for one in vault.operators.all()},
        practice_name=practice.name,
        created_at=now(),
        created_by=operator.id,
        options=options,
        device=practice.device,
        practice_code=practice.code,
        told=view.told,
        copies_given=given_words(view),
        referrer=practice.referrer(operator),
        reviewed_by=view.review.reviewed_by if view.review and is_reviewed(view) else "",
    )
