"""`dermstation audit verify`: report changed or missing entries in the audit, and old copies."""

import argparse

from dermstation.commands.printing import FINDING, OK, Subcommands, print_json, print_words
from dermstation.commands.signing_in import add_who_to
from dermstation.domain.rights import Right


def add_to(commands: Subcommands) -> None:
    """Declare the command."""
    audit = commands.add_parser("audit", help="check the record of who did what")
    actions = audit.add_subparsers(title="actions", metavar="ACTION", required=True)
    verify = actions.add_parser("verify", help="report changes, missing entries and old copies")
    add_who_to(verify)
    verify.add_argument("--json", action="store_true", help="print JSON")
    verify.set_defaults(run=_run)


def _run(wanted: argparse.Namespace) -> int:
    from dermstation.commands.opening import open_vault  # noqa: PLC0415 - slow to import
    from dermstation.paths import station_paths  # noqa: PLC0415
    from dermstation.workflow.auditing import finding_words, verify_audit  # noqa: PLC0415

    with open_vault(wanted, station_paths(wanted.home).vault, Right.ADMINISTER) as vault:
        findings, count = verify_audit(vault), vault.audit.count()
    if wanted.json:
        listed = [
            {"fault": one.fault.value, "first": one.first, "last": one.last} for one in findings
        ]
        print_json({"ok": not findings, "entries": count, "findings": listed})
    else:
        whole = f"The audit is whole: {count} entries, each as it was written."
        print_words(*(map(finding_words, findings) if findings else [whole]))
    return FINDING if findings else OK
