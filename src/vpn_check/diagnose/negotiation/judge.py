"""Log lines -> findings: the cause line before its consequences, and nothing for what succeeded in the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vpn_check.diagnose.logtext import read
from vpn_check.diagnose.matching import Event, match
from vpn_check.diagnose.negotiation.advice import path_mtu_findings, weak_crypto_findings
from vpn_check.diagnose.negotiation.detail import detail
from vpn_check.diagnose.negotiation.exchange import Story, read_story
from vpn_check.diagnose.negotiation.quoting import Quoting
from vpn_check.diagnose.negotiation.reading import LogReading
from vpn_check.diagnose.negotiation.successes import successes
from vpn_check.model.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from vpn_check.model.device import PlatformName
    from vpn_check.model.finding import Evidence
    from vpn_check.model.log import LogLine

NEGOTIATION = frozenset({"1", "2"})
_SETTLED_BY_ACCEPTANCE = {"ike.policy-mismatch": "1", "ipsec.transform-mismatch": "2"}
_FOLLOWS_FROM = {"ike.policy-mismatch": {"ike.no-key-for-peer"}}  # without a key, pre-shared authentication is refused
_SAYS_IT_AGAIN = {"ikev2-no-matching-policy": {"ikev2-esp-no-match", "asa-751022-no-crypto-map"}}
"""Signatures whose words also end an exchange that failed for the cause that the other signature names."""
_MOST_EVIDENCE = 6


@dataclass(slots=True, kw_only=True)
class _Case:
    """Events of one cause and one peer (and one device's part of the text), which become one finding."""

    cause: str
    peer: str | None
    section: int
    events: list[Event] = field(default_factory=list)
    settled: bool = False

    @property
    def lead(self) -> Event:
        """The event that speaks for the case: a cause before a consequence, then the surest, then the last."""
        return max(self.events, key=lambda e: (not e.signature.consequence, e.signature.confidence, len(e.groups)))

    @property
    def consequence(self) -> bool:
        return all(event.signature.consequence for event in self.events)

    @property
    def negotiation(self) -> bool:
        return self.lead.signature.phase in NEGOTIATION


def judge(
    lines: Iterable[LogLine],
    quote: Callable[[int, int], Evidence | None],
    platform: PlatformName | None,
) -> LogReading:
    """Read a log as a whole: what failed and why, what came up, and which peers it speaks of.

    Args:
        lines: debug and syslog lines in their order, of one or more sources.
        quote: gives the device's own line for a source and a line number.
        platform: whose remedies to name; None names those of all platforms that a message is known from.
    """
    messages = read(lines)
    if not messages:
        return LogReading()
    story = read_story(messages)
    quoting = Quoting(messages, quote)
    cases = _without_consequences(_gather(match(messages), story))
    sweeps = path_mtu_findings(messages, quoting)
    findings = [
        _finding(case, story, quoting, platform) for case in cases if not (sweeps and case.cause == "traffic.mtu")
    ]
    findings += sweeps
    findings += weak_crypto_findings(story, messages, quoting)
    findings.sort(key=lambda f: (f.severity.rank, -f.confidence))
    return LogReading(findings=tuple(findings), successes=successes(story, messages, quoting), peers=story.peers)


def _gather(events: Iterable[Event], story: Story) -> list[_Case]:
    """One case a cause and peer; refusals that ended well are left out or marked as settled."""
    cases: dict[tuple[str, str | None, int, bool], _Case] = {}
    for event in events:
        signature = event.signature
        section = story.section(event.index)
        peer = event.peer
        settled = False
        if signature.phase in NEGOTIATION:
            peer = peer or story.peer_at(event.index)
            if _accepted_later(story, event, peer):
                continue
            settled = _came_up_later(story, event, peer)
        elif signature.cause == "overlay.nhrp":
            settled = story.reached_after("up nhrp", event.index, None)
        cause = signature.cause
        apart = f"{cause} {signature.id}" if signature.severity is Severity.INFO else cause
        key = (apart, peer, section, settled)
        case = cases.setdefault(key, _Case(cause=cause, peer=peer, section=section, settled=settled))
        case.events.append(event)
    return _adopt_unnamed(list(cases.values()))


def _adopt_unnamed(cases: list[_Case]) -> list[_Case]:
    """A negotiation without a peer joins the only case of its cause that has one."""
    kept: list[_Case] = []
    for case in cases:
        hosts = [c for c in cases if c.peer is not None and _alike(c, case)] if case.peer is None else []
        if len(hosts) == 1 and case.negotiation:
            hosts[0].events = sorted([*hosts[0].events, *case.events], key=lambda e: e.index)
        else:
            kept.append(case)
    return kept


def _alike(one: _Case, other: _Case) -> bool:
    return (one.cause, one.section, one.settled) == (other.cause, other.section, other.settled)


def _accepted_later(story: Story, event: Event, peer: str | None) -> bool:
    """Whether a later offer of the same walk was accepted: a refusal before it is how negotiations go."""
    phase = _SETTLED_BY_ACCEPTANCE.get(event.signature.cause)
    if phase is None or event.message.text.startswith("%"):
        return False
    return any(story.reached_after(f"accepted {which}", event.index, peer) for which in (phase, ""))


def _came_up_later(story: Story, event: Event, peer: str | None) -> bool:
    phases = ("1", "2") if event.signature.phase == "1" else ("2",)
    if event.signature.consequence and peer is None:  # whose it is, nobody can say: any success will do
        return story.reached_after("up 2", -1, None)
    return any(story.reached_after(f"up {phase}", event.index, peer) for phase in phases)


def _same(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def _without_consequences(cases: list[_Case]) -> list[_Case]:
    causes = [c for c in cases if not c.consequence and c.lead.signature.severity is not Severity.INFO]
    cases = [c for c in cases if not any(o.cause in _FOLLOWS_FROM.get(c.cause, ()) and _explains(o, c) for o in cases)]
    cases = [c for c in cases if not any(_restates(c, o) and _explains(o, c) for o in cases)]
    kept = [c for c in cases if not c.consequence or not any(_explains(cause, c) for cause in causes)]
    followers = [c for c in kept if c.consequence]
    for case in followers:
        surer = [c for c in followers if c is not case and _explains(c, case)]
        if any(_weight(c) > _weight(case) for c in surer):
            kept.remove(case)
    return kept


def _restates(case: _Case, other: _Case) -> bool:
    ids = {event.signature.id for event in other.events}
    return bool(_SAYS_IT_AGAIN.get(case.lead.signature.id, set()) & ids)


def _weight(case: _Case) -> tuple[int, float]:
    return (-case.lead.signature.severity.rank, case.lead.signature.confidence)


def _explains(cause: _Case, case: _Case) -> bool:
    return cause.negotiation == case.negotiation and cause.section == case.section and _same(cause.peer, case.peer)


def _finding(case: _Case, story: Story, quoting: Quoting, platform: PlatformName | None) -> Finding:
    lead = case.lead
    signature = lead.signature
    summary = signature.sentence(lead.groups, case.peer)
    confidence = signature.confidence
    shown = _shown(case)
    places = [event.index for event in shown]
    more = detail(story, case.cause, lead.index)
    if more is not None:
        summary = f"{summary} {more.sentence}"
        places += more.places
        confidence = max(confidence, more.confidence or 0.0)
    severity = signature.severity
    if case.settled:
        severity = Severity.INFO
        summary += " A later negotiation with this peer succeeded."
    return Finding(
        cause=case.cause,
        severity=severity,
        confidence=confidence,
        peer=case.peer,
        summary=summary,
        evidence=quoting.evidence(
            places, most=_MOST_EVIDENCE + (len(more.places) if more else 0), lines={e.index: e.lines for e in shown}
        ),
        causes=signature.causes,
        remedies=signature.remedies_for(platform),
        caveats=signature.caveats,
        references=signature.references,
        signature=signature.id,
        count=sum(1 for event in case.events if event.signature is signature),
    )


def _shown(case: _Case) -> list[Event]:
    """First and last line of the leading signature, and the first of each other."""
    lead = case.lead.signature
    own = [event for event in case.events if event.signature is lead]
    shown = {own[0].index: own[0], own[-1].index: own[-1]}
    for event in case.events:
        if event.signature is not lead and not any(e.signature is event.signature for e in shown.values()):
            shown.setdefault(event.index, event)
    return list(shown.values())
