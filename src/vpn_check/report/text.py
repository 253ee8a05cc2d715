"""The answer on a terminal: the verdict first, then one row a tunnel, then the findings with the device's own lines."""

from __future__ import annotations

import shutil
import textwrap
from collections import Counter
from typing import TYPE_CHECKING, TextIO

from vpn_check.model.finding import Severity, Side, Status
from vpn_check.report.tunnel_rows import HEADINGS, row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vpn_check.model.finding import Diagnosis, Finding, Remedy, TunnelVerdict
    from vpn_check.model.reasoning import Reasoning
    from vpn_check.model.tunnel import Tunnel

_COLOURS = {
    "critical": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "healthy": "\x1b[1;32m",
    "unknown": "\x1b[1;35m",
    "info": "\x1b[36m",
}
_RESET = "\x1b[0m"
_SIDES = {
    Side.HERE: "this side",
    Side.PATH: "the path",
    Side.PEER: "the far side",
    Side.BOTH: "the two sides do not agree",
    Side.BEYOND: "the path or the far side, not here",
    Side.UNDECIDED: "cannot be told from here",
}
_SURE = ((0.85, "almost certain"), (0.7, "likely"), (0.5, "assumed"), (0.0, "a guess"))
_MOST_COMMANDS = 4
_MOST_LINES = 8
_PLAIN = {"healthy", "config.weak-crypto"}
_MOST_ROWS = 50
_MOST_FINDINGS = 20
_UNDECIDED = (
    "Nothing that was read tells how a tunnel is. Give also the output of `show crypto isakmp sa`, "
    "`show crypto ipsec sa` and `show logging`."
)


class TextReport:
    """Writes diagnoses to a stream.

    Args:
        stream: where to write.
        redact: masks secrets in every quoted line.
        colour: whether the stream takes colours.
        width: columns; None asks the terminal.
        verbose: also write the reasoning behind the verdict.
    """

    def __init__(
        self, stream: TextIO, *, redact: Callable[[str], str], colour: bool = False, width: int | None = None,
        verbose: bool = False,
    ) -> None:
        self._verbose = verbose
        self._stream = stream
        self._redact = redact
        self._colour = colour
        self._counts: Counter[Status] = Counter()
        self._width = max(60, min(width or shutil.get_terminal_size((100, 24)).columns, 140))

    def write(self, diagnoses: Sequence[Diagnosis], *, remote: Sequence[Diagnosis] = ()) -> None:
        """Write all of them."""
        for diagnosis in diagnoses:
            self.add(diagnosis)
        self.close(remote)

    def add(self, diagnosis: Diagnosis) -> None:
        """Write one device's answer, as soon as it is there."""
        if self._counts:
            self._line()
        self._counts[diagnosis.status] += 1
        self._device(diagnosis)

    def close(self, remote: Sequence[Diagnosis] = ()) -> None:
        """Write what stands at the end; a summary line closes the answer where there is more than one device."""
        for diagnosis in remote:
            tunnels = len(diagnosis.snapshot.tunnels) if diagnosis.snapshot else 0
            self._line()
            self._line(
                f"Other end: {diagnosis.device}, {tunnels} tunnel{'' if tunnels == 1 else 's'} read and kept apart."
            )
        if self._counts.total() > 1:
            self._line()
            self._line(
                f"{self._counts.total()} devices: "
                + ", ".join(f"{self._counts[status]} {status.value}" for status in Status if self._counts[status])
            )

    def _line(self, text: str = "", *, indent: int = 0) -> None:
        if not text:
            self._stream.write("\n")
            return
        self._stream.write(
            textwrap.fill(
                text,
                self._width,
                initial_indent=" " * indent,
                subsequent_indent=" " * (indent + 2),
                break_long_words=False,
                break_on_hyphens=False,
            )
            + "\n"
        )

    def _paint(self, word: str, style: str) -> str:
        return f"{_COLOURS[style]}{word}{_RESET}" if self._colour and style in _COLOURS else word

    def _device(self, diagnosis: Diagnosis) -> None:
        snapshot, verdict = diagnosis.snapshot, diagnosis.verdict
        platform = f" ({snapshot.platform.value})" if snapshot and snapshot.platform else ""
        self._line(
            f"{self._paint(diagnosis.status.value.upper(), diagnosis.status.value)}  {diagnosis.device}{platform}"
        )
        for fault in diagnosis.errors:
            self._line(f"{fault.step}: {fault.message}", indent=2)
        if verdict is not None:
            self._verdict(verdict)
        elif not diagnosis.errors and not diagnosis.notes:
            self._line(_UNDECIDED, indent=2)
        for note in diagnosis.notes:
            self._line(note, indent=2)
        if diagnosis.reasoning is not None and diagnosis.reasoning.decide:
            self._line(f"To decide:  {diagnosis.reasoning.decide}", indent=2)
            self._line(diagnosis.reasoning.tells, indent=14)
        if self._verbose and diagnosis.reasoning is not None:
            self._reasoning(diagnosis.reasoning)
        if snapshot and snapshot.tunnels:
            self._tunnels(snapshot.tunnels, diagnosis.tunnels)
        self._findings(diagnosis.findings)
        if snapshot and snapshot.unparsed:
            self._line()
            for part in snapshot.unparsed:
                first = part.lines[0]
                self._line(
                    f"Not understood, {part.source}: {len(part.lines)} line{'' if len(part.lines) == 1 else 's'}, "
                    f"the first is line {first[0]}: {self._redact(first[1])}",
                    indent=2,
                )

    def _reasoning(self, reasoning: Reasoning) -> None:
        self._line()
        for layer in reasoning.layers:
            told = f": {layer.told}" if layer.told else ""
            self._line(f"{layer.name.ljust(28)} {layer.state.value}{told}", indent=2)
        for entry in reasoning.ruled_out:
            self._line(f"ruled out, because {entry.by}: {', '.join(entry.causes)}", indent=2)
        for entry in reasoning.against:
            self._line(f"against it: {entry.by}", indent=2)
            for line in entry.evidence:
                self._stream.write(f"      | {self._redact(line.text)}\n")

    def _verdict(self, finding: Finding) -> None:
        self._line(self._redact(finding.summary), indent=2)
        if finding.cause == "healthy":
            return
        sure = next(word for limit, word in _SURE if finding.confidence >= limit)
        where = f"; where: {_SIDES[finding.side]}" if finding.side in _SIDES else ""
        self._line(f"{finding.cause}, {sure} ({finding.confidence:.0%}){where}", indent=2)
        commands = [
            f"{command}{'   (on the other end)' if remedy.on_peer else ''}"
            for remedy in finding.remedies
            for command in remedy.commands
        ]
        for number, command in enumerate(commands[:_MOST_COMMANDS]):
            self._stream.write(f"  {'Type next:' if number == 0 else '':10}  {command}\n")

    def _tunnels(self, tunnels: Sequence[Tunnel], verdicts: Sequence[TunnelVerdict]) -> None:
        order = (Status.CRITICAL, Status.UNKNOWN, Status.WARNING, Status.HEALTHY)
        pairs = sorted(zip(tunnels, verdicts, strict=True), key=lambda pair: order.index(pair[1].status))
        rows = [(row(tunnel, verdict), verdict.status) for tunnel, verdict in pairs[:_MOST_ROWS]]
        widths = [
            max(len(HEADINGS[column]), *(len(cells[column]) for cells, _ in rows)) for column in range(len(HEADINGS))
        ]
        self._line()
        self._stream.write(
            "  " + "  ".join(word.ljust(width) for word, width in zip(HEADINGS, widths, strict=True)).rstrip() + "\n"
        )
        for cells, status in rows:
            padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
            padded[-1] = self._paint(cells[-1], status.value)
            self._stream.write("  " + "  ".join(padded).rstrip() + "\n")
        if len(pairs) > _MOST_ROWS:
            self._line(f"... and {len(pairs) - _MOST_ROWS} more; --json has all of them.", indent=2)

    def _findings(self, findings: Sequence[Finding]) -> None:
        for finding in findings[:_MOST_FINDINGS]:
            self._finding(finding)
        if len(findings) > _MOST_FINDINGS:
            self._line()
            self._line(f"... and {len(findings) - _MOST_FINDINGS} more findings; --json has all of them.", indent=2)

    def _finding(self, finding: Finding) -> None:
        self._line()
        title = f"{self._paint(finding.severity, finding.severity)}  {finding.cause}"
        self._line(f"{title}  {self._redact(finding.summary)}", indent=2)
        for line in finding.evidence[:_MOST_LINES]:
            place = f"{line.origin}:{line.line}" if line.origin else f"{line.source}, line {line.line}"
            self._stream.write(f"      | {self._redact(line.text)}\n        [{place}]\n")
        if finding.severity is not Severity.INFO or finding.cause not in _PLAIN:
            for number, cause in enumerate(finding.causes, 1):
                self._line(f"{number}. {cause}", indent=6)
        for remedy in finding.remedies:
            self._remedy(remedy)
        for caveat in finding.caveats if finding.severity is not Severity.INFO else ():
            self._line(f"! {caveat}", indent=6)
        if finding.references:
            self._line("See " + ", ".join(finding.references), indent=6)

    def _remedy(self, remedy: Remedy) -> None:
        self._line(f"-> {remedy.text}" + (" (interrupts traffic)" if remedy.disruptive else ""), indent=6)
        for command in remedy.commands:
            self._stream.write(f"           {command}\n")
        if remedy.changes:
            self._line("a change, to be reviewed and typed by you:", indent=9)
        for command in remedy.changes:
            self._stream.write(f"           {command}\n")
