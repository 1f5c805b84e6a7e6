"""`dermstation archive ...`: try the archive and the worklist server, and ask them.

Nothing that is printed names a patient, and no number is given on the command line.
"""

import argparse
from collections import Counter
from pathlib import Path

from dermstation.commands import archive_sending
from dermstation.commands.printing import FINDING, OK, Subcommands, print_json, print_words
from dermstation.commands.signing_in import add_secret_file_to


def add_to(commands: Subcommands) -> None:
    """Declare the command."""
    archive = commands.add_parser("archive", help="try and ask the archive and the worklist server")
    actions = archive.add_subparsers(title="actions", metavar="ACTION", required=True)
    echo = actions.add_parser("echo", help="try whether each server lets this station in")
    echo.set_defaults(run=_echo)
    worklist = actions.add_parser("worklist", help="count who is expected here today")
    worklist.set_defaults(run=_worklist)
    find = actions.add_parser("find", help="list the pictures of one patient in the archive")
    find.add_argument(
        "--number-file",
        type=Path,
        metavar="FILE",
        help="read the NHS number from the first line of this file, which nobody else may read",
    )
    find.set_defaults(run=_find)
    archive_sending.add_to(actions)
    token = actions.add_parser("token", help="keep the archive's token in the keystore of this PC")
    add_secret_file_to(token)
    token.add_argument("--remove", action="store_true", help="remove it from there")
    token.set_defaults(run=_token)
    for action in (echo, worklist, find, token):
        action.add_argument("--json", action="store_true", help="print JSON")


def _echo(wanted: argparse.Namespace) -> int:
    from dermstation.paths import station_paths  # noqa: PLC0415 - slow to import, like the rest
    from dermstation.settings_file import load_settings  # noqa: PLC0415
    from dermstation.workflow.archive_check import try_servers  # noqa: PLC0415
    from dermstation.workflow.keystores import keystore_of  # noqa: PLC0415
    from dermstation.workflow.messages import message_for  # noqa: PLC0415

    paths = station_paths(wanted.home)
    found = try_servers(load_settings(paths.settings), keystore_of(paths))
    words = {name: str(message_for(one)) if one else "" for name, one in found.items()}
    is_good = bool(found) and not any(words.values())
    if wanted.json:
        servers = {
            name: {
                "ok": one is None,
                "error": one.code.value if one else None,
                "words": words[name],
            }
            for name, one in found.items()
        }
        print_json({"ok": is_good, "servers": servers})
    else:
        lines = [f"{name}: {said or 'lets this station in'}" for name, said in words.items()]
        print_words(*lines or ["No server is set."])
    return OK if is_good else FINDING


def _worklist(wanted: argparse.Namespace) -> int:
    from dermstation.paths import station_paths  # noqa: PLC0415 - as above
    from dermstation.settings_file import load_settings  # noqa: PLC0415
    from dermstation.workflow.worklist import expected_today  # noqa: PLC0415

    found = expected_today(load_settings(station_paths(wanted.home).settings))
    unusable = sum(one.patient is None for one in found)
    if wanted.json:
        times = [one.begins or None for one in found]
        print_json({"ok": True, "entries": len(found), "to_complete": unusable, "begins": times})
    else:
        print_words(
            f"Expected here today: {len(found)}. To be completed by hand: {unusable}.",
            *(one.begins or "no time" for one in found),
        )
    return OK


def _find(wanted: argparse.Namespace) -> int:
    from dermstation.archive.connection import access_of  # noqa: PLC0415 - as above
    from dermstation.archive.finding import find_pictures  # noqa: PLC0415
    from dermstation.archive.token import find_token  # noqa: PLC0415
    from dermstation.commands.opening import read_secret  # noqa: PLC0415
    from dermstation.domain.identity import NhsNumber  # noqa: PLC0415
    from dermstation.paths import station_paths  # noqa: PLC0415
    from dermstation.settings_file import load_settings  # noqa: PLC0415
    from dermstation.workflow.keystores import keystore_of  # noqa: PLC0415

    paths = station_paths(wanted.home)
    access = access_of(load_settings(paths.settings))
    number = NhsNumber.parse(read_secret("NHS number", wanted.number_file))
    token = find_token(keystore_of(paths), access.address)
    found = find_pictures(access, token, number.digits)
    if wanted.json:
        pictures = [
            {
                "taken": one.taken_at.isoformat() if one.taken_at else None,
                "kind": "dermoscopic" if one.is_dermoscopic else "photographic",
                "size": [one.width, one.height],
                "site": one.site_code or None,
                "study": one.study,
                "uid": one.uid,
            }
            for one in found
        ]
        print_json({"ok": True, "pictures": pictures})
    else:
        days = [one.taken_at.astimezone().date() if one.taken_at else "no date" for one in found]
        lines = [f"{day}: {count}" for day, count in Counter(days).items()]
        print_words(f"Pictures of this patient in the archive: {len(found)}.", *lines)
    return OK


def _token(wanted: argparse.Namespace) -> int:
    from dermstation.archive.connection import access_of  # noqa: PLC0415 - as above
    from dermstation.archive.token import keep_token  # noqa: PLC0415
    from dermstation.commands.opening import read_secret  # noqa: PLC0415
    from dermstation.domain.errors import ErrorCode, StationError  # noqa: PLC0415
    from dermstation.paths import station_paths  # noqa: PLC0415
    from dermstation.security.process import harden_process  # noqa: PLC0415
    from dermstation.settings_file import load_settings  # noqa: PLC0415
    from dermstation.workflow.keystores import keystore_of  # noqa: PLC0415

    harden_process()
    paths = station_paths(wanted.home)
    address = access_of(load_settings(paths.settings)).address
    if not address:
        raise StationError(ErrorCode.ARCHIVE_NOT_SET)
    token = "" if wanted.remove else read_secret("Token", wanted.secret_file)
    keep_token(keystore_of(paths), address, token)
    if wanted.json:
        print_json({"ok": True})
    else:
        print_words("The token was removed." if wanted.remove else "The token is in the keystore.")
    return OK
