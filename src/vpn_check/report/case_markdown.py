"""report.md: what is pasted into a case. Short: the verdict, the device's lines, what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.model.case import End
from vpn_check.report.case_words import age, confidence_word, redaction_words, side_words
from vpn_check.report.tunnel_rows import HEADINGS, row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vpn_check.model.case import Case, CaseDevice
    from vpn_check.model.finding import Diagnosis, Finding

_MOST_ROWS = 12
_MOST_LINES = 6
_MOST_FINDINGS = 5


def markdown_page(case: Case, redact: Callable[[str], str]) -> str:
    """The page. `redact` masks secrets in every quoted line."""
    return "\n".join(_page(case, redact)) + "\n"


def _page(case: Case, redact: Callable[[str], str]) -> Iterator[str]:
    yield "# IPsec VPN case"
    yield ""
    if case.partial:
        yield f"**This bundle is not whole: {_plain(case.partial)}**"
        yield ""
    yield f"Collected {case.created_at:%Y-%m-%d %H:%M:%S} UTC with {case.tool}. {redaction_words(case.redaction)}"
    for note in case.notes:
        yield f"\nNote: {_plain(note)}"
    for device in case.devices:
        yield from _device(device, redact)
    if case.withheld:
        yield "\n## Withheld\n"
        yield from (f"- {_plain(part.device)} {_code(part.name)}: {part.why}" for part in case.withheld)


def _device(device: CaseDevice, redact: Callable[[str], str]) -> Iterator[str]:
    other = " (the other end)" if device.end is End.REMOTE else ""
    for diagnosis in device.diagnoses:
        platform = f", {device.platform.value}" if device.platform else ""
        yield f"\n## {_plain(diagnosis.device)}{platform}{other}: {diagnosis.status.value}\n"
        yield from _diagnosis(diagnosis, redact)
    first, last = (device.samples[0], device.samples[-1]) if device.samples else (None, None)
    if first is not None and last is not None and first is not last:
        yield f"\nCounters were read twice{age(first.at, last.at)}; both are in `report.html` and in the transcripts."
    if device.refused:
        yield "\nNot, or not wholly, answered: " + ", ".join(
            f"{_code(output.command)} ({output.problem})" for output in device.refused
        )


def _diagnosis(diagnosis: Diagnosis, redact: Callable[[str], str]) -> Iterator[str]:
    for fault in diagnosis.errors:
        yield f"- {fault.step}: {_plain(redact(fault.message))}"
    if diagnosis.verdict is not None:
        yield from _finding(diagnosis.verdict, redact)
    others = [finding for finding in diagnosis.findings if finding is not diagnosis.verdict][:_MOST_FINDINGS]
    if others:
        yield "\nAlso found:\n"
        yield from (
            f"- {finding.severity.value}: {_plain(redact(finding.summary))} ({_code(finding.cause)})"
            for finding in others
        )
    snapshot = diagnosis.snapshot
    if snapshot is not None and snapshot.tunnels:
        yield ""
        yield "| " + " | ".join(word.lower() for word in HEADINGS) + " |"
        yield "|" + " --- |" * len(HEADINGS)
        pairs = list(zip(snapshot.tunnels, diagnosis.tunnels, strict=True))
        for tunnel, verdict in pairs[:_MOST_ROWS]:
            yield "| " + " | ".join(_cell(word) for word in row(tunnel, verdict)) + " |"
        if len(pairs) > _MOST_ROWS:
            yield f"\n... and {len(pairs) - _MOST_ROWS} more; `verdict.json` has all of them."


def _finding(finding: Finding, redact: Callable[[str], str]) -> Iterator[str]:
    yield f"**{_plain(redact(finding.summary))}**"
    yield ""
    yield f"{_code(finding.cause)}, {confidence_word(finding.confidence)}{side_words(finding.side)}"
    yield ""
    yield "```"
    for line in finding.evidence[:_MOST_LINES]:
        yield f"{redact(line.text).replace('```', '` ` `')}    [{line.origin or line.source}:{line.line}]"
    yield "```"
    commands = [command for remedy in finding.remedies for command in remedy.commands]
    if commands:
        yield "\nTo look at next: " + ", ".join(_code(command) for command in dict.fromkeys(commands))


def _plain(text: str) -> str:
    """A device's word that cannot act as Markdown or HTML where it is pasted."""
    text = " ".join(text.split())
    for mark in ("\\", "`", "*", "_", "[", "]", "<", ">", "|"):
        text = text.replace(mark, "\\" + mark)
    return text


def _cell(text: str) -> str:
    return _plain(text)


def _code(text: str) -> str:
    return "`" + " ".join(text.replace("`", "'").split()) + "`" if text.strip() else ""
