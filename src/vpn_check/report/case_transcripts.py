"""The transcripts in the page, each closed until it is asked for; long ones around the lines that are quoted."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.model.case import Case
    from vpn_check.model.finding import Evidence
    from vpn_check.model.transcript import CommandOutput

_HEAD = 400
_AROUND = 15
_WIDEST = 2000
_MOST_CHARACTERS = 4_000_000
"""Of all transcripts together: beyond that a phone does not open the page. The bundle has all of them in files."""


class Transcripts:
    """Lays out the texts of a case and knows where a quoted line stands in the page."""

    def __init__(self, case: Case) -> None:
        self._outputs = [output for device in case.devices for output in device.outputs]
        self._index = {output.origin: number for number, output in enumerate(self._outputs)}
        self._quoted: dict[int, set[int]] = {}
        self._left = _MOST_CHARACTERS
        for device in case.devices:
            for diagnosis in device.diagnoses:
                for finding in diagnosis.findings:
                    for line in finding.evidence:
                        if line.origin in self._index:
                            self._quoted.setdefault(self._index[line.origin], set()).add(line.line)

    def anchor(self, line: Evidence) -> str | None:
        """The anchor of a quoted line; None where its text is not in the page."""
        number = self._index.get(line.origin)
        return None if number is None else f"t{number}-{line.line}"

    def parts(self) -> Iterator[str]:
        """The section of the page."""
        if self._outputs:
            yield '<h2>Transcripts</h2>\n<p class="soft">The bundle holds the same as files, and all of each.</p>'
        for number, output in enumerate(self._outputs):
            yield from self._one(number, output)

    def _one(self, number: int, output: CommandOutput) -> Iterator[str]:
        lines = output.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if lines and not lines[-1]:
            lines.pop()
        marks = self._quoted.get(number, set())
        problem = f' <span class="word unknown">{output.problem}</span>' if output.problem else ""
        name = escape(output.command or output.origin or "text")
        place = f' <span class="soft">{escape(output.origin or "")}, {len(lines)} lines{_when(output)}</span>'
        yield f'<details id="t{number}"><summary><code>{name}</code>{problem}{place}</summary>\n<pre>'
        yield "\n".join(self._lines(number, lines, marks)) + "</pre></details>"

    def _lines(self, number: int, lines: list[str], marks: set[int]) -> Iterator[str]:
        near = {line + step for line in marks for step in range(-_AROUND, _AROUND + 1)}
        skipped = 0
        for at, line in enumerate(lines, 1):
            if (at > _HEAD or self._left <= 0) and at not in near:
                skipped += 1
                continue
            if skipped:
                yield f"[... {skipped} lines are in the file]"
                skipped = 0
            shown = escape(line[:_WIDEST])
            self._left -= len(shown)
            yield f'<mark id="t{number}-{at}">{shown or " "}</mark>' if at in marks else shown
        if skipped:
            yield f"[... {skipped} lines are in the file]"


def _when(output: CommandOutput) -> str:
    return f", {output.received_at:%H:%M:%S} UTC" if output.received_at is not None else ""
