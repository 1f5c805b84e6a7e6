"""Marked and covered copies for tests: draw, save or pack one in a single line."""

from pathlib import Path

from dermstation.domain.audit import AuditEvent
from dermstation.domain.copies import CopyKind, Shape, ShapeKind
from dermstation.domain.lesion_facts import Identifiable, Safeguards
from dermstation.domain.shots import ShotKind
from dermstation.workflow import deriving, episodes, packaging
from dermstation.workflow.package_choice import Practice
from dermstation.workflow.unlocking import SignedIn
from dermstation.workflow.walk import EpisodeView

RING = Shape(ShapeKind.RING, 0.3, 0.3, 0.6, 0.6)
ARROW = Shape(ShapeKind.ARROW, 0.1, 0.1, 0.4, 0.4)
BOX = Shape(ShapeKind.RECTANGLE, 0.2, 0.2, 0.5, 0.5)
OVAL = Shape(ShapeKind.ELLIPSE, 0.5, 0.5, 0.9, 0.8)


def draw(
    signed_in: SignedIn,
    view: EpisodeView,
    kind: CopyKind,
    *shapes: Shape,
    shot: ShotKind = ShotKind.GENERAL,
    keep: bool = True,
) -> EpisodeView:
    vault, operator = signed_in.vault, signed_in.operator
    capture = episodes.view_of(vault, view.episode.id).taken(view.lesions[0])[shot]
    drawing = deriving.begin_drawing(vault, view.episode.id, capture.id, kind)
    copies = deriving.draw(drawing, shapes, operator)
    after = deriving.save_copies(vault, copies)
    return after if keep else deriving.wipe_covered(vault, operator, view.episode.id)


def mark(signed_in: SignedIn, view: EpisodeView, *shapes: Shape, **over) -> EpisodeView:
    return draw(signed_in, view, CopyKind.MARKED, *(shapes or (RING,)), **over)


def cover(signed_in: SignedIn, view: EpisodeView, *shapes: Shape, **over) -> EpisodeView:
    return draw(signed_in, view, CopyKind.COVERED, *(shapes or (BOX,)), **over)


def general(view: EpisodeView):
    return view.taken(view.lesions[0])[ShotKind.GENERAL]


def events(signed_in: SignedIn) -> list[AuditEvent]:
    return [one.event for one in reversed(signed_in.vault.audit.entries())]


def packed(signed_in: SignedIn, view: EpisodeView, folder: Path, **over) -> Path:
    made = packaging.make_package(
        signed_in.vault,
        signed_in.operator,
        view.episode.id,
        folder,
        Practice("Test Practice"),
        **over,
    )
    assert made.package is not None
    return Path(made.package.folder)


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def the_face_shows(signed_in: SignedIn, view: EpisodeView) -> None:
    """Record for the first lesion that the face could identify the patient."""
    lesion = view.lesions[0]
    episodes.save_lesion(
        signed_in.vault,
        view.episode.id,
        lesion_id=lesion.id,
        site_code=lesion.site_code,
        side=lesion.side,
        safeguards=Safeguards(is_intimate=False, identifiable=Identifiable.FACE),
    )
