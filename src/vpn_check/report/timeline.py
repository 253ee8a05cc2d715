"""The timeline of a case: one line an event, as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vpn_check.model.case import Case

SCHEMA = "vpn-check/1"


def timeline_text(case: Case) -> str:
    """The events as text: time, device, the device's own line, and where it stands."""
    if not case.events:
        return "No dated message and no turn of a negotiation was found in the logs of this case.\n"
    wide = max(len(event.device) for event in case.events)
    lines = [
        "Times are the devices' own, without their zones; a `?` has no date and stands in the order of its log.",
        "",
    ]
    for event in case.events:
        when = event.at.strftime("%Y-%m-%d %H:%M:%S") if event.at else f"? {event.when}".ljust(19)
        lines.append(f"{when}  {event.device.ljust(wide)}  {event.text}  [{event.source}:{event.line}]")
    return "\n".join(lines) + "\n"


def timeline_document(case: Case) -> dict[str, Any]:
    """The same for scripts."""
    return {
        "schema": SCHEMA,
        "kind": "timeline",
        "events": [
            {
                "at": event.at.strftime("%Y-%m-%dT%H:%M:%S.%f") if event.at else None,
                "stamp": event.when or None,
                "device": event.device,
                "text": event.text,
                "file": event.source,
                "line": event.line,
            }
            for event in case.events
        ],
    }
