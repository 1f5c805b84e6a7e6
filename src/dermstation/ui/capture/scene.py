"""What the capture loop is about: the page on the screen, a press of the shutter. GUI thread."""

from dataclasses import dataclass
from time import perf_counter_ns

from dermstation.camera.frames import Frame
from dermstation.camera.link import CameraLink
from dermstation.domain.records import Lesion, Operator
from dermstation.domain.shots import ShotKind
from dermstation.ui.capture.aids import Noted
from dermstation.ui.capture.page import CapturePage
from dermstation.vault.store import Vault
from dermstation.workflow.bursting import Press
from dermstation.workflow.capturing import Held, save
from dermstation.workflow.messages import Message
from dermstation.workflow.notices import held_before_lock
from dermstation.workflow.viewfinder import Viewfinder
from dermstation.workflow.viewing import view_of
from dermstation.workflow.walk import EpisodeView


@dataclass(slots=True)
class Scene:
    """The lesion, shot and operator of the page on the screen; dropped with the page."""

    vault: Vault
    operator: Operator
    view: EpisodeView
    lesion: Lesion
    shot: ShotKind
    page: CapturePage


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press of the shutter: its lesion, shot and operator, and the facts known then."""

    lesion: Lesion
    shot: ShotKind
    operator: Operator
    noted: Noted


def press_of(scene: Scene, frame: Frame, viewfinder: Viewfinder, link: CameraLink) -> Press:
    """Describe a press of the shutter now, with the frame that was shown."""
    return Press(
        frame,
        perf_counter_ns(),
        scene.shot,
        link.status().label,
        viewfinder.aimed_at_ns,
        lesion_id=scene.lesion.id,
        pressed_by=scene.operator.id,
        reference=viewfinder.reference,
        focus=viewfinder.focus,
    )


def words_before_lock(scene: Scene, pressed: Pressed) -> Message:
    """Return a message about a picture that was taken before the lock."""
    presser = pressed.operator
    return held_before_lock(presser.name, is_other=presser.id != scene.operator.id)


def saved(
    vault: Vault, held: Held, lesion: Lesion, operator: Operator, reason: str | None
) -> EpisodeView:
    """Save a held picture on the vault's thread, and return the episode as it then is."""
    save(vault, held, lesion, operator, reason)
    return view_of(vault, lesion.episode_id)
