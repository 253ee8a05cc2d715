"""The JSON document of `doctor`: kind "doctor" of the published interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vpn_check.model.finding import Status
from vpn_check.report.json_document import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from vpn_check.model.checkup import Checkup


def doctor_document(checkups: Sequence[Checkup], *, generated_at: datetime) -> dict[str, Any]:
    """Build the document."""
    return {
        "schema": SCHEMA,
        "kind": "doctor",
        "generated_at": generated_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "status": Status.worst([checkup.status for checkup in checkups]).value,
        "local": next((_body(checkup) for checkup in checkups if checkup.device is None), None),
        "devices": [
            {"name": checkup.device.name, "host": checkup.device.host, "port": checkup.device.port,
             "platform": checkup.device.platform.value if checkup.device.platform else None, **_body(checkup)}
            for checkup in checkups if checkup.device is not None
        ],
    }


def _body(checkup: Checkup) -> dict[str, Any]:
    return {
        "status": checkup.status.value,
        "failed": checkup.failed.name if checkup.failed is not None else None,
        "steps": [
            {"step": step.name, "state": step.state.value, "found": step.found,
             "advice": step.advice or None}
            for step in checkup.steps
        ],
    }
