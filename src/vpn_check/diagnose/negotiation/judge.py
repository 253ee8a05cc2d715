"""Log lines -> findings: the cause line before its consequences, and nothing for what succeeded in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.negotiation.advice import path_mtu_findings, weak_crypto_findings
from vpn_check.diagnose.negotiation.cases import without_consequences
from vpn_check.diagnose.negotiation.detail import detail
from vpn_check.diagnose.negotiation.quoting import Quoting
from vpn_check.diagnose.negotiation.reader import Reader
from vpn_check.diagnose.negotiation.reading import LogReading
from vpn_check.diagnose.negotiation.sides import side_of, who_refused
from vpn_check.model.finding import Finding, Severity
from vpn_check.model.log import Log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from vpn_check.diagnose.matching import Event
    from vpn_check.diagnose.negotiation.ledger import Case
    from vpn_check.diagnose.signature import Signature
    from vpn_check.model.device import PlatformName
    from vpn_check.model.finding import Evidence
    from vpn_check.model.log import LogLine

_MOST_EVIDENCE = 6
_OFTEN = 3  # lines of one exchange that are worth a word


def judge(
    log: Log | Iterable[LogLine],
    quote: Callable[[int, int], Evidence | None],
    platform: PlatformName | None,
    further: Sequence[Signature] = (),
) -> LogReading:
    """Read a log as a whole: what failed and why, what came up, and which peers it speaks of.

    Args:
        log: debug and syslog lines in their order, of one or more sources.
        quote: gives the device's own line for a source and a line number.
        platform: whose remedies to name; None names those of all platforms that a message is known from.
        further: messages to look for besides those of the catalogue.
    """
    reader = Reader(further)
    reader.read((log if isinstance(log, Log) else Log.of(log)).blocks())
    quoting = Quoting(quote)
    sweeps = path_mtu_findings(reader.sweeps, quoting)
    cases = without_consequences(reader.ledger.cases())
    findings = [_finding(case, quoting, platform) for case in cases if not (sweeps and case.cause == "traffic.mtu")]
    findings += sweeps
    findings += weak_crypto_findings(reader.ledger.gains, quoting)
    findings.sort(key=lambda f: (f.severity.rank, -f.confidence))
    successes = reader.ledger.gains.successes(quoting)
    return LogReading(findings=tuple(findings), successes=successes, peers=reader.peers)


def _finding(case: Case, quoting: Quoting, platform: PlatformName | None) -> Finding:
    lead = case.lead
    signature = lead.signature
    sentences = [signature.sentence(lead.groups, case.peer)]
    confidence = signature.confidence
    shown = _shown(case)
    messages = [event.message for event in shown]
    more = detail(case.exchange, case.cause, lead.message.order) if case.exchange is not None else None
    if more is not None:
        sentences.append(more.sentence)
        messages += more.messages
        confidence = max(confidence, more.confidence or 0.0)
    sentences += who_refused(case)
    sentences += _when(case)
    severity = signature.severity
    if case.settled:
        severity = Severity.INFO
        sentences.append("A later negotiation with this peer succeeded.")
    return Finding(
        cause=case.cause,
        severity=severity,
        confidence=confidence,
        peer=case.peer,
        summary=" ".join(sentences),
        evidence=quoting.evidence(
            messages,
            most=_MOST_EVIDENCE + (len(more.messages) if more else 0),
            lines={event.message.order: event.lines for event in shown},
        ),
        side=side_of(case),
        causes=signature.causes,
        remedies=signature.remedies_for(platform, {**lead.groups, "peer": case.peer}),
        caveats=signature.caveats,
        references=signature.references,
        signature=signature.id,
        count=case.notes[signature.id].count,
    )


def _when(case: Case) -> list[str]:
    """How often and when, where it happened again and again; and that it had worked before."""
    said = []
    lead = case.notes[case.lead.signature.id]
    again = case.exchanges > 1
    first, last = (case.first, case.last) if again else (lead.first.message, lead.last.message)
    span = f", from {first.time} to {last.time}" if first.time and last.time and first.time != last.time else ""
    if case.negotiation and again:
        said.append(f"This happened {case.exchanges} times{span}.")
    elif case.negotiation and lead.count >= _OFTEN and span:
        said.append(f"The device said so {lead.count} times{span}.")
    if case.up_before is not None and not case.settled:
        at = f" at {case.up_before.time}" if case.up_before.time else ""
        said.append(f"It had come up before{at}.")
    return said


def _shown(case: Case) -> list[Event]:
    """First and last line of the leading signature, and the first of each other."""
    lead = case.notes[case.lead.signature.id]
    shown = {lead.first.message.order: lead.first, lead.last.message.order: lead.last}
    for name, noted in case.notes.items():
        if name != lead.last.signature.id:
            shown.setdefault(noted.first.message.order, noted.first)
    return list(shown.values())
