"""The JSON document of `debug`: what was checked, sent, caught and proved, and the diagnosis as every job gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vpn_check.model.finding import DeviceFault, Diagnosis, Status
from vpn_check.report.json_document import document

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from vpn_check.model.debugging import Outcome, Proof


def debug_document(outcome: Outcome, *, generated_at: datetime, redact: Callable[[str], str]) -> dict[str, Any]:
    """Build the document. `redact` masks secrets in every line of the device."""
    diagnosis = outcome.diagnosis or Diagnosis(device=outcome.device, status=Status.UNKNOWN)
    faults = tuple(_faults(outcome))
    body = document([diagnosis], generated_at=generated_at, redact=redact)
    device = {**body["devices"][0], "platform": outcome.platform.value}
    device["errors"] += [{"step": fault.step, "message": redact(fault.message)} for fault in faults]
    return {
        "schema": body["schema"],
        "kind": "debug",
        "generated_at": body["generated_at"],
        "status": body["status"],
        "device": device,
        "peer": outcome.peer,
        "history": {
            "asked": list(outcome.history.asked),
            "cause": outcome.history.finding.cause if outcome.history.finding else None,
            "age_seconds": outcome.history.age.total_seconds() if outcome.history.age is not None else None,
            "names_the_cause": outcome.history.names_the_cause,
            "ikev2_errors": list(outcome.history.errors),
        },
        "preconditions": [
            {"name": check.name.value, "holds": check.holds, "text": check.text, "option": check.option}
            for check in outcome.checks
        ],
        "announced": list(outcome.announced),
        "sent": [{"session": sent.session, "line": sent.line} for sent in outcome.sent],
        "switched_on": outcome.proof is not None,
        "ended": outcome.ended,
        "why": outcome.why,
        "started_at": _time(outcome.started_at),
        "ended_at": _time(outcome.ended_at),
        "cpu": [{"five_seconds": load.five_seconds, "one_minute": load.one_minute} for load in outcome.loads],
        "capture": {
            "characters": outcome.size,
            "dropped": outcome.dropped,
            "lines": [{"at": _time(line.at), "device_time": line.device_time, "text": redact(line.text)}
                      for line in outcome.lines],
        },
        "proof": _proof(outcome.proof, outcome.journal) if outcome.proof else None,
    }


def _proof(proof: Proof, journal: str | None) -> dict[str, Any]:
    return {"off": proof.off, "reason": proof.reason or None, "type_by_hand": list(proof.by_hand), "journal": journal}


def _faults(outcome: Outcome) -> list[DeviceFault]:
    faults = []
    if outcome.ended in {"refused", "declined", "failed"}:
        faults.append(DeviceFault(step="debug", message=outcome.why))
    if outcome.proof is not None and not outcome.proof.off:
        faults.append(DeviceFault(step="debug-off", message=outcome.proof.reason))
    return faults


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
