"""Each act that takes something out of the vault, or destroys it, asks for a right by itself."""

import ast
import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import dermstation.workflow
from dermstation.domain import rights
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import ConsentForm, Role
from dermstation.domain.rights import Right
from dermstation.workflow import (
    auditing,
    backing_up,
    card_erasing,
    changing_settings,
    chart_checking,
    deriving,
    drafting,
    episodes,
    insight,
    operators,
    package_files,
    packaging,
    patient_copy,
    patient_inbox,
    prediction,
    retaining,
    reviewing,
    unread_files,
    wiping,
)
from tests.unit.workflow.conftest import NURSE

ADMINISTER, CAPTURE, COMPLETE, REVIEW = (
    Right.ADMINISTER,
    Right.CAPTURE,
    Right.COMPLETE,
    Right.REVIEW,
)
# Every act that takes something out of the vault or destroys it, and the right it asks for. Those
# marked * also ask for the right to complete, unless it is the operator's own work (`own_work`).
ACTS: dict[Callable[..., object], Right] = {
    # out of the vault
    packaging.make_package: COMPLETE,
    packaging.package_contents: COMPLETE,
    prediction.gather: COMPLETE,
    drafting.write_draft: COMPLETE,
    drafting.message_to_copy: COMPLETE,
    patient_copy.gather_sheet: CAPTURE,
    patient_copy.save_sheet: CAPTURE,
    patient_copy.record_given: CAPTURE,
    wiping.save_certificate: CAPTURE,
    auditing.look_at_audit: ADMINISTER,
    auditing.export_audit: ADMINISTER,
    insight.look_at_insight: ADMINISTER,
    insight.export_insight: ADMINISTER,
    chart_checking.keep_check: CAPTURE,
    backing_up.begin: ADMINISTER,
    # destroyed
    wiping.hand_over: COMPLETE,
    wiping.abandon: CAPTURE,  # *
    episodes.record_consent: CAPTURE,  # *, but the "no" itself is recorded
    deriving.wipe_covered: CAPTURE,  # *
    package_files.withdraw_package: COMPLETE,
    card_erasing.erase_copies: CAPTURE,
    card_erasing.erase_companions: CAPTURE,
    unread_files.UnreadFiles.wipe: CAPTURE,
    patient_inbox.PatientInbox.remove: CAPTURE,
    # kept for longer, or released for the package
    retaining.retain: COMPLETE,
    retaining.possible_owners: COMPLETE,
    retaining.take_up: COMPLETE,
    reviewing.review: REVIEW,
    reviewing.take_back_review: REVIEW,
    # keys and settings
    operators.list_operators: ADMINISTER,
    operators.add_operator: ADMINISTER,
    operators.revoke_operator: ADMINISTER,
    operators.reset_secret: ADMINISTER,
    changing_settings.change_settings: ADMINISTER,
}

# What writes outside the vault or destroys, wherever it is called.
_DEEDS = {
    "wiping.begin",
    "withdrawals.wipe_captures",
    "originals.wipe",
    "packages.drop",
    "operators.revoke",
    "write_package",
    "write_patient_pdf",
    "write_certificate_pdf",
    "email_draft",
    "message_text",
    "new_file",
    "write_file",
    "shred",
    "scrub",
    "overwrite_file",
    "unlink_file",
    "remove_package",
    "Backup",
    "restore",
    "_reader.erase",
    "reader.erase",
    "reader.erase_companion",
    "clear_exports",
    "captures.image",
}
# Where one of those is called without a right of its own, and why that is enough.
_INSIDE = {
    "chart_checking.save_chart_sheet": "the empty chart, with nothing from the vault",
    # parts of an act above
    "packaging._write": "part of make_package",
    "package_files._remove": "part of making and withdrawing; finishes what a crash left",
    "drafting._write": "part of write_draft",
    "card_erasing._erase": "part of erase_copies",
    "card_erasing._erase_companion": "part of erase_companions",
    "unread_files._wipe": "part of wipe, and of the days that the setting allows",
    "wiping._removed": "part of hand_over and abandon, and finishes what a crash left",
    "clearing.clear_exports": "part of _removed",
    # shown on the screen of whoever is signed in, or stored in the vault again
    "capturing.previews": "on the screen",
    "picture_review.image_of": "on the screen",
    "deriving.begin_drawing": "on the screen",
    "importing.is_verified": "reads back what was imported",
    "held_sealing.keep_on_disk": "sealed under a key of the vault, as it will be stored",
    "held_sealing.take_up_held": "on the screen of whoever signs in, at its own episode",
    # nothing about a patient
    "camera_setup.save_setup": "facts about cameras",
    "scales._write": "facts about cameras",
    # the record system's own file
    "patient_inbox.leave_note": "a path that the record system named",
    "unread_files.UnreadFiles._leave_note": "a path that the record system named",
    # asked for where the vault is opened, by an administrator or the recovery key
    "removing._removed": "part of the command `vault remove`, which asks for Right.ADMINISTER",
    "taking_over._copy_others": "part of take_over, which asks for Right.ADMINISTER",
    "taking_over.finish": "the rest of a move that an administrator began",
    "occupant.open_vault": "the account of the PC, for whoever finds the vault open",
    # nobody is signed in yet: the recovery key itself is the right
    "backing_up.restore_station": "needs the recovery key",
}


def _name(call: ast.Call) -> tuple[str, str]:
    """Return the last one and the last two names of what is called."""
    called = call.func
    if isinstance(called, ast.Name):
        return called.id, called.id
    if isinstance(called, ast.Attribute):
        owner = called.value
        before = getattr(owner, "attr", getattr(owner, "id", ""))
        return called.attr, f"{before}.{called.attr}"
    return "", ""


def _functions(module: ast.Module, prefix: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for one in module.body:
        if isinstance(one, ast.FunctionDef):
            yield f"{prefix}.{one.name}", one
        elif isinstance(one, ast.ClassDef):
            for method in one.body:
                if isinstance(method, ast.FunctionDef):
                    yield f"{prefix}.{one.name}.{method.name}", method


def _doers() -> set[str]:
    folder = Path(inspect.getfile(dermstation.workflow)).parent
    found = set()
    for file in folder.glob("*.py"):
        for name, function in _functions(ast.parse(file.read_text()), file.stem):
            calls = (one for one in ast.walk(function) if isinstance(one, ast.Call))
            if any(_DEEDS & set(_name(call)) for call in calls):
                found.add(name)
    return found


def _called(act: Callable[..., object]) -> str:
    return f"{act.__module__.rpartition('.')[2]}.{act.__qualname__}"


def test_whatever_leaves_the_vault_or_is_destroyed_is_an_act_of_the_table() -> None:
    acts = {_called(act) for act in ACTS}
    doers = _doers()
    assert doers - acts - set(_INSIDE) == set()
    assert set(_INSIDE) - doers == set()  # none is listed that is no longer there


def _asking(act: Callable[..., object], operator) -> Callable[[], object]:
    """Call an act with nothing but an operator: whatever it touches before it asks fails."""
    given = {
        name: operator if name == "operator" else None
        for name, parameter in inspect.signature(act).parameters.items()
        if parameter.default is inspect.Parameter.empty
    }
    return lambda: act(**given)


@pytest.mark.parametrize("act", ACTS, ids=_called)
def test_an_act_asks_for_its_right_before_anything_else(
    act: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = frozenset(Right) - {ACTS[act]}
    monkeypatch.setitem(rights._RIGHTS, Role.NURSE, rest)
    with pytest.raises(StationError) as refused:
        _asking(act, NURSE)()
    assert refused.value.code is ErrorCode.RIGHT_MISSING
    assert refused.value.facts["right"] == ACTS[act].value


def test_pages_write_and_destroy_nothing_by_themselves() -> None:
    folder = Path(inspect.getfile(dermstation.workflow)).parent.parent / "ui"
    used = set()
    for file in folder.rglob("*.py"):
        for one in ast.walk(ast.parse(file.read_text())):
            if isinstance(one, ast.ImportFrom):
                used |= {f"{one.module}.{name.name}" for name in one.names}
    writers = {one for one in used if one.rpartition(".")[2] in _DEEDS}
    assert not {one for one in writers if not one.startswith("dermstation.workflow.")}
    assert not {one for one in used if one.startswith("dermstation.files.")}


def test_consent_given_asks_for_no_more_than_to_capture(signed_in, view) -> None:
    nurse = replace(signed_in.operator, role=Role.NURSE)
    seen = episodes.record_consent(
        signed_in.vault,
        nurse,
        view.episode.id,
        given=True,
        form=ConsentForm.WRITTEN,
        secondary_use=False,
    )
    assert seen.episode.consent.form is ConsentForm.WRITTEN
