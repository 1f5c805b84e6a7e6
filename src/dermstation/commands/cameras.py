"""`dermstation cameras`: which cameras are attached, what they offer, and what they deliver."""

import argparse
from typing import Any

from dermstation.commands.printing import FINDING, OK, Subcommands, print_json, print_words
from dermstation.media_parts import check_media_parts
from dermstation.paths import StationPaths, station_paths
from dermstation.settings_file import load_settings

_BY_SOCKET = {
    "alike": "another camera of this kind is attached",
    "no_serial": "it has no serial number",
}


def add_to(commands: Subcommands) -> None:
    """Declare the command."""
    cameras = commands.add_parser("cameras", help="list the cameras and try each of them")
    cameras.add_argument("--json", action="store_true", help="print JSON")
    cameras.add_argument(
        "--quick", action="store_true", help="only list the cameras, without opening them"
    )
    # SUPPRESS: a --camera before the command must survive the command's own default
    cameras.add_argument(
        "--camera", default=argparse.SUPPRESS, help="try only this one: sim, file:PATH, a URL ..."
    )
    cameras.set_defaults(run=_run)


def _run(wanted: argparse.Namespace) -> int:
    check_media_parts()
    # slow to import, and the camera process imports this module each time it starts
    from dermstation.camera.discovery import attached_devices  # noqa: PLC0415

    paths = station_paths(wanted.home)
    overrides = {"camera": wanted.camera} if wanted.camera else {}
    settings = load_settings(paths.settings, overrides)
    attached = () if wanted.camera else attached_devices()
    named = [device.camera for device in attached]
    if settings.camera not in {"auto", *named}:
        named.append(_with_password(paths, settings.camera))
    size = (settings.stream_width, settings.stream_height)
    offered = {device.camera: device for device in attached}
    cameras = [
        {**_offered(offered.get(camera)), **_tried(camera, *size, quick=wanted.quick)}
        for camera in named
    ]
    if not wanted.quick:
        _remember(paths.cameras, cameras)
    for camera in cameras:
        camera.pop("trials_of", None)
    report = {"attached": len(attached), "cameras": cameras}
    if wanted.json:
        print_json(report)
    else:
        print_words(*(_words(camera) for camera in cameras) if cameras else ["No camera."])
    works = all(one["works"] is not False for one in cameras)
    return OK if cameras and works else FINDING


def _with_password(paths: StationPaths, camera: str) -> str:
    """Return a network camera's address with its password from the keystore."""
    from dermstation.domain.camera_address import names_somebody, with_password  # noqa: PLC0415
    from dermstation.workflow.camera_password import find_password  # noqa: PLC0415
    from dermstation.workflow.keystores import keystore_of  # noqa: PLC0415

    if not names_somebody(camera):
        return camera
    return with_password(camera, find_password(paths.settings, camera, keystore_of(paths)))


def _offered(device: Any) -> dict[str, Any]:
    if device is None:
        return {}
    modes = None
    if device.modes is not None:
        modes = [
            {"format": mode.pixel_format, "size": [mode.width, mode.height], "fps": mode.fps}
            for mode in device.modes
        ]
    return {
        "name": device.name,
        "identity": device.identity,
        "index": device.index,
        "by_socket": device.by_socket and device.by_socket.value,
        "modes": modes,
    }


def _tried(camera: str, width: int, height: int, *, quick: bool) -> dict[str, Any]:
    """Try one camera. A network address may contain a password, so only its kind is shown."""
    from dermstation.camera.spec import CameraKind, parse_camera  # noqa: PLC0415
    from dermstation.workflow.camera_check import best_backend, try_camera  # noqa: PLC0415
    from dermstation.workflow.camera_pictures import pictures_words  # noqa: PLC0415
    from dermstation.workflow.camera_setup import OWN_BYTES  # noqa: PLC0415

    spec = parse_camera(camera)
    is_device = spec.kind is CameraKind.DEVICE
    shown = camera if is_device else spec.kind.value
    if quick:
        return {"camera": shown, "works": None}
    trials = try_camera(spec, width, height)
    return {
        "camera": shown,
        "works": any(trial.fps > 0 for trial in trials),
        "requested": [width, height],
        "best": best_backend(trials) or None,
        "backends": [
            {
                "backend": trial.backend or None,
                "label": trial.label,
                "actual": list(trial.actual),
                "as_requested": trial.as_requested,
                "nominal_fps": trial.nominal_fps,
                "fps": trial.fps,
                "opened_after_s": trial.opened_after_s,
                "keeps_packets": trial.keeps_packets,
                "why_pixels": trial.cause and trial.cause.value,
                "pictures": pictures_words(trial.cause or OWN_BYTES)
                if trial.keeps_packets is not None
                else None,
                "coding": trial.coding or None,
                "adds_tables": trial.adds_tables,
                "error": trial.code.value if trial.code else None,
                "held_by": trial.program or None,
            }
            for trial in trials
        ],
        "trials_of": (camera, trials) if is_device else None,
    }


def _remember(file: Any, cameras: list[dict[str, Any]]) -> None:
    """Store each device's measurements, so that the window opens it with the best back end."""
    from dermstation.workflow.camera_check import remember_trials  # noqa: PLC0415
    from dermstation.workflow.camera_setup import load_setup, save_setup  # noqa: PLC0415

    tried = [one["trials_of"] for one in cameras if one.get("trials_of")]
    if not tried:
        return
    setup = load_setup(file)
    for camera, trials in tried:
        setup = remember_trials(setup, camera, trials)
    save_setup(setup, file)


def _words(camera: dict[str, Any]) -> str:
    name = camera.get("name") or camera["camera"]
    lines = [f"{name}  ({camera['camera']})"]
    if camera.get("modes"):
        best = max(camera["modes"], key=lambda mode: mode["size"][0] * mode["size"][1])
        lines.append(f"  offers {len(camera['modes'])} modes, the largest {_size(best['size'])}")
    if camera.get("by_socket"):
        lines.append(f"  known by its socket: {_BY_SOCKET[camera['by_socket']]}")
    for trial in camera.get("backends", []):
        by = f"by {trial['backend']}" if trial["backend"] else trial["label"]
        if trial["error"]:
            held = f", held by {trial['held_by']}" if trial["held_by"] else ""
            lines.append(f"  {by}: no picture ({trial['error']}{held})")
            continue
        kept = trial["pictures"]
        if trial["adds_tables"]:
            kept += ", and the Huffman tables that it leaves out are added"
        lines.append(
            f"  {by}: {_size(trial['actual'])} at {trial['fps']} a second, first picture after"
            f" {trial['opened_after_s']} s; {kept}"
        )
    return "\n".join(lines)


def _size(size: list[int]) -> str:
    return f"{size[0]} x {size[1]}"
