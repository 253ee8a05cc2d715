"""The table of causes and messages: for a terminal, for a README, for scripts."""

from __future__ import annotations

import shutil
import textwrap
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from datetime import datetime

    from vpn_check.model.knowledge import Advice, CauseRow, KnowledgeTable, MessageRow

SCHEMA = "vpn-check/1"


def write_text(table: KnowledgeTable, stream: TextIO, *, width: int | None = None) -> None:
    """Each cause with its rules and messages, one line a message."""
    columns = max(60, min(width or shutil.get_terminal_size((100, 24)).columns, 140))
    by_id = {row.id: row for row in table.messages}
    for cause in table.causes:
        stream.write(f"{cause.code}\n")
        _put(stream, cause.meaning, columns, "  ")
        if cause.rules:
            _put(stream, f"rules: {', '.join(cause.rules)}", columns, "  ")
        for name in cause.messages:
            row = by_id[name]
            mark = " (consequence)" if row.consequence else ""
            stream.write(f"    {row.severity:<8}  {name:<40}  {','.join(row.platforms)}{mark}\n")
        stream.write("\n")
    faults = [row for row in table.messages if row.severity is not None]
    rest = [row for row in table.messages if row.severity is None]
    if rest:
        _put(stream, "No finding by themselves: " + ", ".join(row.id for row in rest), columns, "")
        stream.write("\n")
    stream.write(
        f"{len(table.causes)} causes, {len(faults)} messages of a fault, {len(rest)} of none."
        " `vpn-check explain NAME` prints the page of each.\n"
    )


def _put(stream: TextIO, text: str, columns: int, indent: str) -> None:
    wrapped = textwrap.wrap(text, columns, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
    stream.write("\n".join(wrapped) + "\n")


def markdown(table: KnowledgeTable) -> str:
    """The causes as a table, with the number of messages that lead to each."""
    lines = ["| code | means | messages |", "|---|---|---|"]
    lines += [_markdown_row(cause) for cause in table.causes]
    return "\n".join(lines) + "\n"


def _markdown_row(cause: CauseRow) -> str:
    return f"| `{cause.code}` | {cause.meaning.rstrip('.')} | {len(cause.messages) or ''} |"


def document(table: KnowledgeTable, *, generated_at: datetime) -> dict[str, Any]:
    """The whole catalogue as a JSON document."""
    return {
        "schema": SCHEMA,
        "kind": "catalogue",
        "generated_at": generated_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "causes": [
            {
                "code": cause.code,
                "phase": cause.phase,
                "meaning": cause.meaning,
                "rules": list(cause.rules),
                "messages": list(cause.messages),
            }
            for cause in table.causes
        ],
        "messages": [_message(row) for row in table.messages],
    }


def _message(row: MessageRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "platforms": [platform.value for platform in row.platforms],
        "phase": row.phase,
        "cause": row.cause,
        "severity": row.severity,
        "confidence": row.confidence,
        "consequence": row.consequence,
        "wording": row.wording,
        "summary": row.summary,
        "meaning": row.meaning,
        "causes": list(row.causes),
        "remedies": [_remedy(advice) for advice in row.advice],
        "caveats": list(row.caveats),
        "references": list(row.references),
        "patterns": list(row.patterns),
    }


def _remedy(advice: Advice) -> dict[str, Any]:
    return {
        "text": advice.remedy.text,
        "platforms": [platform.value for platform in advice.platforms],
        "commands": list(advice.remedy.commands),
        "changes": list(advice.remedy.changes),
        "disruptive": advice.remedy.disruptive,
    }
