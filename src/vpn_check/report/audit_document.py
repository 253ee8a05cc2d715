"""The JSON document of `audit`: the published interface, `vpn-check/1`, kind `audit`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vpn_check.model.finding import Status
from vpn_check.report.json_document import SCHEMA, finding_document

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from vpn_check.model.finding import Diagnosis

_WORDS = 3
"""Words that are shown of a statement that was not used: enough to find it, too few for a secret."""


def audit_document(
    diagnoses: Sequence[Diagnosis],
    *,
    generated_at: datetime,
    redact: Callable[[str], str],
    remote: Sequence[Diagnosis] = (),
) -> dict[str, Any]:
    """Build the document. `redact` masks secrets in every quoted line."""
    body: dict[str, Any] = {
        "schema": SCHEMA,
        "kind": "audit",
        "generated_at": generated_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "status": Status.worst([diagnosis.status for diagnosis in diagnoses]).value,
        "devices": [_device(diagnosis, redact) for diagnosis in diagnoses],
    }
    if remote:
        body["remote"] = [_device(diagnosis, redact) for diagnosis in remote]
    return body


def _device(diagnosis: Diagnosis, redact: Callable[[str], str]) -> dict[str, Any]:
    snapshot = diagnosis.snapshot
    config = snapshot.config if snapshot is not None else None
    return {
        "name": diagnosis.device,
        "platform": snapshot.platform.value if snapshot and snapshot.platform else None,
        "generation": config.generation.value if config is not None else None,
        "release": config.release if config is not None else None,
        "hostname": config.hostname if config is not None else None,
        "whole": config.whole if config is not None else None,
        "status": diagnosis.status.value,
        "errors": [
            {"step": fault.step, "code": fault.code or fault.step, "message": fault.message}
            for fault in diagnosis.errors
        ],
        "verdict": finding_document(diagnosis.verdict, redact) if diagnosis.verdict else None,
        "findings": [finding_document(finding, redact) for finding in diagnosis.findings],
        "notes": list(diagnosis.notes),
        "statements": config.statements if config is not None else 0,
        "unused": [
            {"line": line.line, "text": " ".join(redact(line.text).split()[:_WORDS])}
            for line in (config.unknown if config is not None else ())
        ],
    }
