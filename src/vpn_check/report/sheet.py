"""The peer sheet as text or markdown, ready to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vpn_check.report.json_document import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from vpn_check.model.sheet import PeerSheet

INTRODUCTION = (
    "What your end of the tunnel needs so that it fits ours. Where we differ, nothing comes up, or only from one side."
)


def sheet_text(sheets: Sequence[PeerSheet], *, redact: Callable[[str], str]) -> str:
    """Plain text, one block a tunnel."""
    blocks = []
    for sheet in sheets:
        width = max(len(demand.parameter) for demand in sheet.demands)
        lines = [f"Tunnel between {sheet.here} and {sheet.peer}", INTRODUCTION, ""]
        for demand in sheet.demands:
            lines.append(f"  {demand.parameter.ljust(width)}  {redact(demand.value)}")
            if demand.note:
                lines.append(f"  {' ' * width}  ({demand.note})")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def sheet_markdown(sheets: Sequence[PeerSheet], *, redact: Callable[[str], str]) -> str:
    """Markdown, one table a tunnel."""
    blocks = []
    for sheet in sheets:
        lines = [f"## Tunnel between {sheet.here} and {sheet.peer}", "", INTRODUCTION, "", "| what | value | note |",
                 "|---|---|---|"]
        lines += [f"| {demand.parameter} | {_cell(redact(demand.value))} | {_cell(demand.note)} |"
                  for demand in sheet.demands]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def sheet_document(sheets: Sequence[PeerSheet], *, generated_at: datetime,
                   redact: Callable[[str], str]) -> dict[str, Any]:
    """The JSON document, kind `peer-sheet`."""
    return {
        "schema": SCHEMA,
        "kind": "peer-sheet",
        "generated_at": generated_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "sheets": [
            {"here": sheet.here, "peer": sheet.peer, "tunnel": sheet.tunnel, "demands": [
                {"parameter": demand.parameter, "value": redact(demand.value), "note": demand.note,
                 "known": demand.known} for demand in sheet.demands]}
            for sheet in sheets
        ],
    }
