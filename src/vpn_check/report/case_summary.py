"""What `collect` says when it is done: as text, and as a JSON document of the kind `collect`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vpn_check.model.case import End
from vpn_check.model.finding import Status
from vpn_check.report.case_words import redaction_words
from vpn_check.report.json_document import finding_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from vpn_check.model.case import Case, CaseDevice, Stored

SCHEMA = "vpn-check/1"
_MOST_NAMED = 8


def summary_text(case: Case, stored: Stored) -> str:
    """Where the bundle is, what it says, what is not in it."""
    return "\n".join(_lines(case, stored)) + "\n"


def _lines(case: Case, stored: Stored) -> Iterator[str]:
    answers = sum(len(device.outputs) for device in case.devices)
    count = len(case.devices)
    texts = f"{answers} text{'' if answers == 1 else 's'}"
    yield f"{stored.path}: {count} device{'' if count == 1 else 's'}, {texts}, {_size(stored.size)}, mode 0600"
    yield f"  SHA-256 {stored.sha256}"
    if case.partial:
        yield f"  PARTIAL: {case.partial}"
    for device in case.devices:
        yield from _device(device)
    for note in case.notes:
        yield f"  ATTENTION: {note}"
    for part in case.withheld:
        yield f"  Withheld: {f'{part.device} ' if part.device else ''}{part.name}: {part.why}"
    yield f"  {redaction_words(case.redaction)}"
    if stored.stand_ins:
        yield f"  {stored.stand_ins} tells which stand-in is what: keep it, it is not part of the bundle."
    yield f"  To read it: vpn-check analyze {stored.path}; report.html and report.md are in it."


def _device(device: CaseDevice) -> Iterator[str]:
    other = ", the other end" if device.end is End.REMOTE else ""
    platform = f" ({device.platform.value}{other})" if device.platform else f" ({other[2:]})" if other else ""
    for diagnosis in device.diagnoses:
        said = "; ".join(fault.message for fault in diagnosis.errors) or " ".join(diagnosis.notes)
        said = diagnosis.verdict.summary if diagnosis.verdict else said
        yield f"  {diagnosis.status.value.upper():<9} {diagnosis.device}{platform}: {said or 'nothing to say'}"
    if device.refused:
        names = [f"{output.command} ({output.problem})" for output in device.refused]
        more = f" and {len(names) - _MOST_NAMED} more, see MANIFEST.json" if len(names) > _MOST_NAMED else ""
        yield f"            not answered: {', '.join(names[:_MOST_NAMED])}{more}"


def summary_document(case: Case, stored: Stored, *, generated_at: datetime) -> dict[str, Any]:
    """The same for scripts."""
    statuses = [found.status for found in case.side(End.LOCAL)]
    return {
        "schema": SCHEMA,
        "kind": "collect",
        "generated_at": generated_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "status": Status.worst(statuses).value,
        "bundle": {"path": stored.path, "bytes": stored.size, "sha256": stored.sha256, "files": stored.files},
        "partial": case.partial,
        "redaction": {
            "secrets": case.redaction.secrets,
            "users": case.redaction.users,
            "addresses": case.redaction.addresses,
            "places_masked": case.redaction.masked,
            "distinct_secrets": case.redaction.distinct,
            "stand_ins": stored.stand_ins,
        },
        "withheld": [{"device": part.device or None, "name": part.name, "why": part.why} for part in case.withheld],
        "notes": list(case.notes),
        "devices": [body for device in case.devices for body in _bodies(device)],
    }


def _bodies(device: CaseDevice) -> Iterator[dict[str, Any]]:
    for diagnosis in device.diagnoses:
        yield {
            "name": diagnosis.device,
            "end": device.end.value,
            "platform": device.platform.value if device.platform else None,
            "status": diagnosis.status.value,
            "verdict": finding_document(diagnosis.verdict, str) if diagnosis.verdict else None,
            "errors": [{"step": fault.step, "message": fault.message} for fault in diagnosis.errors],
            "texts": len(device.outputs),
            "gaps": [{"command": output.command, "why": str(output.problem)} for output in device.refused],
        }


def _size(size: int) -> str:
    return f"{size / 1000:.0f} kB" if size >= 1000 else f"{size} bytes"  # noqa: PLR2004  a kilobyte
