"""`dermstation vault check|backup|restore|rescue`: check, back up, restore and rescue the store."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dermstation.commands.printing import FINDING, OK, Subcommands, print_json, print_words
from dermstation.commands.signing_in import add_secret_file_to, add_who_to
from dermstation.domain.rights import Right

if TYPE_CHECKING:
    from dermstation.vault.checking import CheckReport


def add_to(commands: Subcommands) -> None:
    """Declare the command."""
    vault = commands.add_parser(
        "vault", help="check, back up, restore or rescue the store of pictures"
    )
    actions = vault.add_subparsers(title="actions", metavar="ACTION", required=True)
    check = actions.add_parser("check", help="report what is whole and what is damaged")
    check.add_argument(
        "--discard-aside",
        action="store_true",
        help="first remove, for good, the files set aside because this store does not list them",
    )
    check.set_defaults(run=_check)
    backup = actions.add_parser("backup", help="write an encrypted backup into a folder")
    backup.add_argument("folder", type=Path)
    backup.add_argument("--keep", type=int, help="keep only this many of the newest backups")
    backup.set_defaults(run=_backup)
    restore = actions.add_parser("restore", help="restore the store from a backup")
    restore.add_argument("backup", type=Path)
    add_secret_file_to(restore)
    restore.set_defaults(run=_restore)
    rescue = actions.add_parser("rescue", help="save what a damaged store still holds")
    rescue.add_argument("folder", type=Path, help="a new folder for the new store")
    rescue.set_defaults(run=_rescue)
    for action in (check, backup, rescue):
        add_who_to(action)
    for action in (check, backup, restore, rescue):
        action.add_argument("--json", action="store_true", help="print JSON")


def _check(wanted: argparse.Namespace) -> int:
    from dermstation.commands.opening import open_vault  # noqa: PLC0415 - slow to import
    from dermstation.paths import station_paths  # noqa: PLC0415
    from dermstation.vault.checking import check_vault  # noqa: PLC0415

    right = Right.ADMINISTER if wanted.discard_aside else None
    with open_vault(wanted, station_paths(wanted.home).vault, right) as vault:
        if wanted.discard_aside:
            vault.discard_aside()
        report = check_vault(vault)
    if wanted.json:
        print_json(
            {
                "ok": report.ok,
                "captures_whole": len(report.whole),
                "captures_lost": list(report.lost),
                "damage": [
                    {"kind": one.kind.value, "reference": one.reference} for one in report.damage
                ],
                "index": list(report.index_pages),
                "key_files_agree": report.key_files_agree,
            }
        )
    else:
        print_words(*_check_words(report))
    return OK if report.ok else FINDING


def _check_words(report: "CheckReport") -> list[str]:
    lines = [f"Whole pictures: {len(report.whole)}."]
    lines += [f"Lost: picture {capture_id}." for capture_id in report.lost]
    lines += [f"Damaged: {one.kind.value} {one.reference}." for one in report.damage]
    lines += [f"Damaged index: {complaint}." for complaint in report.index_pages]
    if not report.key_files_agree:
        lines.append(
            "The two key files differed: one was older, damaged, or exchanged for another. Both are"
            " written again; the audit says more."
        )
    if report.ok:
        lines.append("Nothing is damaged.")
    else:
        lines.append("Restore the newest backup, or save what is left with: vault rescue FOLDER")
    return lines


def _backup(wanted: argparse.Namespace) -> int:
    from dermstation.commands.opening import open_vault  # noqa: PLC0415 - slow to import
    from dermstation.paths import station_paths  # noqa: PLC0415
    from dermstation.vault.backup import Backup, remove_old_backups  # noqa: PLC0415

    with open_vault(wanted, station_paths(wanted.home).vault, Right.ADMINISTER) as vault:
        backup = Backup(vault, wanted.folder)
        while (progress := backup.step()).path is None:
            pass
        vault_id = vault.id
    removed = 0
    if wanted.keep is not None:
        removed = remove_old_backups(progress.path, vault_id, wanted.keep)
    if wanted.json:
        count = progress.episodes
        print_json({"backup": str(progress.path), "episodes": count, "removed": removed})
    else:
        print_words(
            f"The backup is made, read back and checked: {progress.path}",
            f"It has the pictures of {progress.episodes} episodes. Only the recovery key opens it.",
        )
    return OK


def _restore(wanted: argparse.Namespace) -> int:
    from dermstation.commands.opening import read_secret  # noqa: PLC0415 - slow to import
    from dermstation.paths import station_paths  # noqa: PLC0415
    from dermstation.security.recovery import parse_recovery_key  # noqa: PLC0415
    from dermstation.security.witness import read_witness  # noqa: PLC0415
    from dermstation.vault.checking import check_vault  # noqa: PLC0415
    from dermstation.vault.restore import restore, standing_of  # noqa: PLC0415
    from dermstation.workflow.keystores import keystore_of  # noqa: PLC0415
    from dermstation.workflow.notices import standing_words  # noqa: PLC0415

    recovery = parse_recovery_key(read_secret("Recovery key", wanted.secret_file))
    paths = station_paths(wanted.home)
    folder = paths.vault
    with restore(wanted.backup, folder, recovery) as vault:
        report = check_vault(vault)
        standing = standing_of(vault, wanted.backup, read_witness(keystore_of(paths), folder))
    if wanted.json:
        print_json(
            {
                "ok": report.ok,
                "captures_whole": len(report.whole),
                "of_another_store": standing.is_of_another_vault,
                "entries_since": standing.entries_since,
                "newer_backup": str(standing.newer) if standing.newer else None,
            }
        )
    else:
        print_words(
            f"The store is restored. It has {len(report.whole)} whole pictures; all were checked.",
            *standing_words(standing),
            "On a new PC, sign in with the recovery key: a PIN works only on the PC it was set on.",
        )
    return OK if report.ok else FINDING


def _rescue(wanted: argparse.Namespace) -> int:
    from dermstation.commands.opening import unlocked  # noqa: PLC0415 - slow to import
    from dermstation.paths import station_paths  # noqa: PLC0415
    from dermstation.vault.salvage import salvage  # noqa: PLC0415

    folder = station_paths(wanted.home).vault
    keys, _ = unlocked(wanted, folder)
    try:
        saved = salvage(folder, keys, wanted.folder)
        if keys.attempt is not None:  # nothing was opened: it neither counts nor forgives
            keys.attempt.take_back(is_failed=False)
    finally:
        keys.forget()
    if wanted.json:
        print_json(
            {
                "ok": not saved.not_whole,
                "rows": saved.rows,
                "not_whole": list(saved.not_whole),
                "episode_files": saved.episode_files,
            }
        )
    else:
        print_words(
            f"Saved into {wanted.folder}: {saved.rows.get('episodes', 0)} episodes,"
            f" {saved.rows.get('captures', 0)} pictures.",
            *(f"Incomplete: {table}." for table in saved.not_whole),
            "Move the damaged store away and put this one in its place; then sign in as before.",
        )
    return FINDING if saved.not_whole else OK
