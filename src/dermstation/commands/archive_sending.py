"""`dermstation archive send|status`: send episodes to the archive, and say what is proven there."""

import argparse
from typing import TYPE_CHECKING, Any

from dermstation.commands.printing import FINDING, OK, Subcommands, print_json, print_words
from dermstation.commands.signing_in import add_who_to
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.rights import Right

if TYPE_CHECKING:
    from dermstation.domain.records import Operator
    from dermstation.vault.store import Vault
    from dermstation.workflow.archive_standing import Standing


def add_to(actions: Subcommands) -> None:
    """Declare the two actions."""
    send = actions.add_parser("send", help="send pictures, and read them back from the archive")
    send.add_argument(
        "episode",
        nargs="?",
        metavar="EPISODE",
        help="queue this episode, whose package is made, and send it; without, send what is due",
    )
    send.set_defaults(run=_send)
    status = actions.add_parser("status", help="say what is proven, what waits and what failed")
    status.set_defaults(run=_status)
    for action in (send, status):
        add_who_to(action)
        action.add_argument("--json", action="store_true", help="print JSON")


def _send(wanted: argparse.Namespace) -> int:
    from dermstation.archive.connection import access_of  # noqa: PLC0415 - slow to import
    from dermstation.archive.couriers import courier_of, host_of  # noqa: PLC0415
    from dermstation.archive.token import find_token  # noqa: PLC0415
    from dermstation.commands.opening import open_vault  # noqa: PLC0415
    from dermstation.paths import station_paths  # noqa: PLC0415
    from dermstation.settings_file import load_settings  # noqa: PLC0415
    from dermstation.workflow import archiving  # noqa: PLC0415
    from dermstation.workflow.archive_standing import standing_of, standings  # noqa: PLC0415
    from dermstation.workflow.keystores import keystore_of  # noqa: PLC0415
    from dermstation.workflow.package_choice import practice_of  # noqa: PLC0415

    paths, episode_id = station_paths(wanted.home), wanted.episode
    settings = load_settings(paths.settings)
    if not archiving.is_offered(settings):
        raise StationError(ErrorCode.ARCHIVE_NOT_SET)
    access, practice = access_of(settings), practice_of(settings, paths.packages)
    token = find_token(keystore_of(paths), access.address)
    with courier_of(access, token) as courier, open_vault(wanted, paths.vault) as vault:
        operator = _operator(vault)
        if episode_id is not None:
            _check_known(vault, episode_id)
            archiving.queue(vault, operator, episode_id, practice)
        host = host_of(access)
        archiving.send_due(vault, operator, practice, courier, archive=host, episode_id=episode_id)
        of_one = standing_of(vault, episode_id) if episode_id is not None else None
        found = standings(vault) if of_one is None else (of_one,)
    return _print(found, as_json=wanted.json)


def _status(wanted: argparse.Namespace) -> int:
    from dermstation.commands.opening import open_vault  # noqa: PLC0415 - slow to import
    from dermstation.paths import station_paths  # noqa: PLC0415
    from dermstation.workflow.archive_standing import not_sent_of, standings  # noqa: PLC0415

    with open_vault(wanted, station_paths(wanted.home).vault, Right.CAPTURE) as vault:
        found, not_sent = standings(vault), not_sent_of(vault)
    return _print(found, not_sent, as_json=wanted.json)


def _operator(vault: "Vault") -> "Operator":
    """Return who opened the vault. Raises StationError RIGHT_MISSING for the recovery key."""
    found = [one for one in vault.operators.all() if one.id == vault.audit.acting]
    if not found:
        raise StationError(ErrorCode.RIGHT_MISSING, right=Right.COMPLETE.value)
    return found[0]


def _check_known(vault: "Vault", episode_id: str) -> None:
    if not vault.episodes.with_ids((episode_id,)):
        raise StationError(ErrorCode.EPISODE_NOT_KNOWN)


def _print(found: "tuple[Standing, ...]", not_sent: tuple[str, ...] = (), *, as_json: bool) -> int:
    is_proven = all(one.is_proven for one in found)
    if as_json:
        episodes = [_told(one) for one in found]
        print_json({"ok": is_proven, "episodes": episodes, "not_sent": list(not_sent)})
    else:
        lines = [line for one in found for line in (f"Episode {one.episode_id}", *one.words)]
        lines = lines or ["Nothing is on its way to the archive."]
        print_words(*lines, *(f"Packaged and not sent: episode {one}" for one in not_sent))
    return OK if is_proven else FINDING


def _told(one: "Standing") -> dict[str, Any]:
    return {
        "episode": one.episode_id,
        "objects": one.objects,
        "proven": one.proven,
        "failed": one.failed,
        "error": one.trouble.code.value if one.trouble else None,
        "next_try_at": one.next_try_at.isoformat() if one.next_try_at else None,
        "words": list(one.words),
    }
