"""Both ends side by side: on a terminal, and as a document."""

from __future__ import annotations

import shutil
import textwrap
from typing import TYPE_CHECKING, Any, TextIO

from vpn_check.model.comparison import Match
from vpn_check.model.finding import Status
from vpn_check.report.json_document import SCHEMA, evidence_document, finding_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from vpn_check.model.comparison import Comparison, Row, TunnelComparison
    from vpn_check.model.finding import Diagnosis

_MARKS = {Match.AGREE: "  ", Match.DIFFER: "!!", Match.UNKNOWN: " ?"}
_HEADINGS = ("", "PARAMETER", "HERE", "THERE", "")
_MOST = 44   # columns of a cell


def status_of(comparison: Comparison) -> Status:
    """The worse of the two ends; a parameter that differs is at least a warning.

    Two configurations alone are a comparison of their own: that nothing was seen of SAs leaves nothing unknown there.
    """
    ends = [comparison.here, comparison.there]
    rows = [row for tunnel in comparison.tunnels for row in tunnel.rows]
    differs = any(row.match is Match.DIFFER for row in rows)
    on_paper = all(end.status is Status.UNKNOWN and not end.errors and not end.findings for end in ends)
    statuses = [] if rows and on_paper else [end.status for end in ends]
    return Status.worst([*statuses, Status.WARNING if differs else Status.HEALTHY])


def comparison_document(comparison: Comparison, *, generated_at: datetime,
                        redact: Callable[[str], str]) -> dict[str, Any]:
    """The JSON document, kind `compare`. `redact` masks secrets in every quoted line."""
    return {
        "schema": SCHEMA,
        "kind": "compare",
        "generated_at": generated_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "status": status_of(comparison).value,
        "here": _end(comparison.here),
        "there": _end(comparison.there),
        "verdict": finding_document(comparison.verdict, redact) if comparison.verdict else None,
        "tunnels": [_tunnel(tunnel, redact) for tunnel in comparison.tunnels],
        "findings": {"here": [finding_document(finding, redact) for finding in comparison.here.findings],
                     "there": [finding_document(finding, redact) for finding in comparison.there.findings]},
    }


def _end(diagnosis: Diagnosis) -> dict[str, Any]:
    platform = diagnosis.snapshot.platform if diagnosis.snapshot else None
    return {"name": diagnosis.device, "platform": platform.value if platform else None,
            "status": diagnosis.status.value,
            "errors": [{"step": fault.step, "message": fault.message} for fault in diagnosis.errors]}


def _tunnel(tunnel: TunnelComparison, redact: Callable[[str], str]) -> dict[str, Any]:
    return {"name": tunnel.name, "peer": tunnel.peer, "rows": [
        {"parameter": row.parameter, "here": redact(row.here), "there": redact(row.there), "match": row.match.value,
         "note": redact(row.note), "evidence": [evidence_document(line, redact) for line in row.evidence]}
        for row in tunnel.rows]}


class ComparisonReport:
    """Writes a comparison to a stream: the joint verdict, then a table for each tunnel.

    Args:
        stream: where to write.
        redact: masks secrets.
        width: columns; None asks the terminal.
    """

    def __init__(self, stream: TextIO, *, redact: Callable[[str], str], width: int | None = None) -> None:
        self._stream = stream
        self._redact = redact
        self._width = max(72, min(width or shutil.get_terminal_size((120, 24)).columns, 160))

    def write(self, comparison: Comparison) -> None:
        """Write all of it."""
        here, there = comparison.here, comparison.there
        self._line(f"{status_of(comparison).value.upper()}  {here.device} (here) against {there.device} (there)")
        for diagnosis in (here, there):
            for fault in diagnosis.errors:
                self._line(f"{diagnosis.device}: {fault.step}: {fault.message}", 2)
        if comparison.verdict is not None:
            self._line(self._redact(comparison.verdict.summary), 2)
            self._line(f"{comparison.verdict.cause} ({comparison.verdict.confidence:.0%})", 2)
        if not comparison.tunnels:
            self._line("No tunnel is known at both ends: give the configuration or `show crypto ipsec sa` of each.", 2)
        for tunnel in comparison.tunnels:
            self._table(tunnel)
        count = sum(len(tunnel.differing) for tunnel in comparison.tunnels)
        self._stream.write("\n")
        self._line(f"{count} parameter{'' if count == 1 else 's'} differ{'s' if count == 1 else ''} (!!); what is "
                   "marked ? cannot be compared from what was given.")

    def _table(self, tunnel: TunnelComparison) -> None:
        self._stream.write("\n")
        self._line(tunnel.name if tunnel.peer is None else f"{tunnel.name}, peer {tunnel.peer}", 2)
        cells = [_HEADINGS, *(self._cells(row) for row in tunnel.rows)]
        widths = [min(max(len(row[column]) for row in cells), _MOST) for column in range(4)]
        for row, entry in zip(cells, (None, *tunnel.rows), strict=True):
            self._row(row, widths)
            if entry is not None and entry.note and entry.match is not Match.AGREE:
                self._line(self._redact(entry.note), 9)

    def _cells(self, row: Row) -> tuple[str, str, str, str, str]:
        return _MARKS[row.match], row.parameter, self._redact(row.here), self._redact(row.there), ""

    def _row(self, row: Iterable[str], widths: list[int]) -> None:
        columns = [textwrap.wrap(cell, width) or [""] for cell, width in zip(row, widths, strict=False)]
        for at in range(max(map(len, columns))):
            parts = [(lines[at] if at < len(lines) else "").ljust(width)
                     for lines, width in zip(columns, widths, strict=True)]
            self._stream.write("  " + "  ".join(parts).rstrip() + "\n")

    def _line(self, text: str, indent: int = 0) -> None:
        self._stream.write(textwrap.fill(text, self._width, initial_indent=" " * indent,
                                         subsequent_indent=" " * (indent + 2), break_long_words=False) + "\n")
