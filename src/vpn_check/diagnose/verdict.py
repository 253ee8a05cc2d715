"""From a snapshot to a diagnosis: rules and log together, one status, the finding to act on first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vpn_check.diagnose import engine_counts, flapping, overview
from vpn_check.diagnose.advice_once import gather
from vpn_check.diagnose.context import Context, peer_word, tunnel_name
from vpn_check.diagnose.gaps import matters, refusals
from vpn_check.diagnose.log_and_state import compare
from vpn_check.diagnose.merge import merge
from vpn_check.diagnose.reasoning import explain
from vpn_check.diagnose.rollup import alike, roll_up
from vpn_check.diagnose.rules import FURTHER_RULES, STATE_RULES
from vpn_check.diagnose.sa_state import flows_both_ways, has_sas
from vpn_check.model.finding import Diagnosis, Finding, Severity, Side, Status, TunnelVerdict
from vpn_check.model.snapshot import DeviceSnapshot, Topic
from vpn_check.model.transcript import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vpn_check.diagnose.negotiation import LogReading, Success
    from vpn_check.diagnose.signature import Signature
    from vpn_check.model.finding import Evidence
    from vpn_check.model.tunnel import Tunnel

_MAY_NOT = {Problem.NOT_AUTHORISED, Problem.UNPRIVILEGED}


def diagnose(
    snapshot: DeviceSnapshot,
    *,
    asked: Iterable[str] = (),
    expected: Iterable[str] = (),
    all_expected: bool = False,
    confirmed: bool = False,
    remotes: Iterable[DeviceSnapshot] = (),
    signatures: Sequence[Signature] = (),
) -> Diagnosis:
    """Judge a device.

    Args:
        snapshot: what is known.
        asked: peers named by the user; a tunnel to them should be up, and others are left out of the answer.
        expected: peers that the inventory wants up.
        all_expected: every tunnel of the device should be up.
        confirmed: an unfinished negotiation was already there at an earlier look.
        signatures: messages that a site adds to those of the catalogue.
        remotes: other ends of its tunnels; their configurations are compared with this one's.
    """
    asked = frozenset(asked)
    if asked:
        snapshot = replace(snapshot, tunnels=tuple(tunnel for tunnel in snapshot.tunnels if _concerns(tunnel, asked)))
    context = Context(
        snapshot=snapshot,
        asked=asked,
        expected=frozenset(expected),
        all_expected=all_expected,
        confirmed=confirmed,
        up_peers=frozenset(
            str(tunnel.peer) for tunnel in snapshot.tunnels if has_sas(tunnel) and tunnel.peer is not None
        ),
    )
    verdicts: list[TunnelVerdict] = []
    findings: list[Finding] = []
    for tunnel in snapshot.tunnels:
        own = _of_tunnel(tunnel, context)
        findings += own
        verdicts.append(_tunnel_verdict(tunnel, own, context))
    findings, verdicts, working = overview.judge(context, findings, verdicts)
    reading = _read_log(snapshot, signatures)
    log_findings = (
        [finding for finding in reading.findings if not asked or finding.peer is None or finding.peer in asked]
        if reading
        else []
    )
    if reading is not None:
        findings, verdicts = compare(snapshot, reading, findings, verdicts)
    findings, verdicts = merge(snapshot, findings, log_findings, verdicts)
    findings += [found for found in flapping.judge(snapshot) if not asked or found.peer in asked]
    findings += engine_counts.judge(snapshot, context) if not snapshot.tunnels else []
    findings += _absent(snapshot, context)
    findings, verdicts = _with_configuration(snapshot, remotes, asked, findings, verdicts)
    findings = roll_up(gather(findings))
    status = _status(snapshot, findings, verdicts, reading, working=bool(working))
    findings.sort(key=lambda finding: (finding.severity.rank, -finding.confidence))
    if status is Status.HEALTHY and not any(finding.cause == "healthy" for finding in findings):
        said = _healthy(snapshot, context, verdicts, reading) or overview.healthy(context, working)
        findings = [*said, *findings]
    verdict = findings[0] if findings else None
    return Diagnosis(
        device=snapshot.name,
        status=status,
        snapshot=snapshot,
        verdict=verdict,
        findings=tuple(findings),
        tunnels=tuple(verdicts),
        errors=refusals(snapshot),
        notes=_notes(snapshot, verdicts, findings),
        reasoning=explain(verdict, context) if verdict is not None else None,
    )


def _with_configuration(
    snapshot: DeviceSnapshot,
    remotes: Iterable[DeviceSnapshot],
    asked: frozenset[str],
    findings: list[Finding],
    verdicts: list[TunnelVerdict],
) -> tuple[list[Finding], list[TunnelVerdict]]:
    if snapshot.config is None:
        return findings, verdicts
    from vpn_check.diagnose.checks.run import audit  # noqa: PLC0415  only a run with a configuration pays for the checks
    from vpn_check.diagnose.join import join  # noqa: PLC0415  same

    audited = [finding for finding in audit(snapshot, remotes) if not asked or finding.peer in {None, *asked}]
    return join(findings, audited, snapshot.tunnels, verdicts, snapshot.config)


def _concerns(tunnel: Tunnel, asked: frozenset[str]) -> bool:
    words = {str(tunnel.peer), *(str(address) for sa in tunnel.ike for address in (sa.src, sa.dst, sa.peer))}
    return bool(words & asked)


def _of_tunnel(tunnel: Tunnel, context: Context) -> list[Finding]:
    found = []
    for rule in STATE_RULES:
        finding = rule(tunnel, context)
        if finding is not None:
            found.append(finding)
            break
    found += [finding for rule in FURTHER_RULES if (finding := rule(tunnel, context)) is not None]
    if not found:
        return []
    name, peer = tunnel_name(tunnel), str(tunnel.peer) if tunnel.peer is not None else None
    return [replace(finding, peer=peer, tunnel=name, about=tunnel.key) for finding in found if finding.evidence]


def _tunnel_verdict(tunnel: Tunnel, findings: list[Finding], context: Context) -> TunnelVerdict:
    state = [finding for finding in findings if finding.cause != "config.weak-crypto"]
    if state:
        worst = min(state, key=lambda finding: finding.severity.rank)
        if worst.severity is Severity.INFO and flows_both_ways(tunnel) and has_sas(tunnel):
            return TunnelVerdict(status=Status.HEALTHY, cause="healthy")
        return TunnelVerdict(status=worst.severity.status, cause=worst.cause)
    if flows_both_ways(tunnel) and has_sas(tunnel) is not False:
        return TunnelVerdict(status=Status.HEALTHY, cause="healthy")
    if has_sas(tunnel) is False and str(tunnel.peer) in context.up_peers:  # a further flow of a peer that is up, unused
        return TunnelVerdict(status=Status.HEALTHY, cause="traffic.none")
    return TunnelVerdict(status=Status.UNKNOWN, cause="unknown")


def _read_log(snapshot: DeviceSnapshot, signatures: Sequence[Signature]) -> LogReading | None:
    if not snapshot.log:
        return None
    from vpn_check.diagnose.negotiation import judge  # noqa: PLC0415  the catalogue is read only when there is a log

    return judge(snapshot.log, snapshot.quote, snapshot.platform, signatures)


def _came_up(reading: LogReading | None) -> list[Success]:
    """What the log shows to have come up; an offer that was accepted is not that yet."""
    if reading is None:
        return []
    return [success for success in reading.successes if success.established and not success.over]


def _absent(snapshot: DeviceSnapshot, context: Context) -> list[Finding]:
    """No tunnel at all where both tables were answered: nothing asks for one, or the one asked for is not there."""
    if snapshot.tunnels or Topic.IPSEC_SA not in snapshot.seen or not snapshot.seen & {Topic.IKE_SA, Topic.IKEV2_SA}:
        return []
    evidence = _first_lines(snapshot, (Topic.IPSEC_SA, Topic.IKE_SA, Topic.IKEV2_SA))
    wanted = bool(context.asked or context.expected or context.all_expected)
    peer = next(iter(sorted(context.asked or context.expected)), None)
    whom = f" for {', '.join(sorted(context.asked))}" if context.asked else ""
    return (
        [
            Finding(
                cause="ike.no-attempt",
                severity=Severity.CRITICAL if wanted else Severity.INFO,
                confidence=0.6,
                peer=peer,
                summary=f"No tunnel{whom}: the device lists neither IPsec nor IKE SAs, so nothing asks for one.",
                evidence=evidence,
                side=Side.HERE if wanted else Side.NONE,
                causes=("no interesting traffic arrives", "the crypto map is not applied, or no tunnel is configured"),
            )
        ]
        if evidence
        else []
    )


def _first_lines(snapshot: DeviceSnapshot, topics: tuple[Topic, ...]) -> tuple[Evidence, ...]:
    lines = []
    for index, source in snapshot.sources.items():
        if source.topic in topics:
            quoted = next(
                (line for number in source.text.numbers() if (line := snapshot.quote(index, number)) is not None), None
            )
            lines += [quoted] if quoted else []
    return tuple(lines[:3])


def _status(
    snapshot: DeviceSnapshot,
    findings: list[Finding],
    verdicts: list[TunnelVerdict],
    reading: LogReading | None,
    *,
    working: bool,
) -> Status:
    statuses = [verdict.status for verdict in verdicts] + [finding.severity.status for finding in findings]
    if any(matters(gap, snapshot) for gap in snapshot.gaps) and Status.CRITICAL not in statuses:
        statuses.append(Status.UNKNOWN)
    if not statuses and (working or _came_up(reading)):
        statuses.append(Status.HEALTHY)
    return Status.worst(statuses)


def _healthy(
    snapshot: DeviceSnapshot, context: Context, verdicts: list[TunnelVerdict], reading: LogReading | None
) -> list[Finding]:
    """What to say when nothing is wrong: how many tunnels carry traffic, and the lines that show it."""
    good = [tunnel for tunnel, verdict in zip(snapshot.tunnels, verdicts, strict=True) if verdict.cause == "healthy"]
    if good:
        evidence = context.quote(good[0].where, "encaps", "decaps")
        one = len(good) == 1
        peer = str(good[0].peer) if one and good[0].peer is not None else None
        summary = (
            f"The tunnel with {peer_word(good[0])} carries traffic both ways."
            if one
            else f"{len(good)} tunnels carry traffic both ways."
        )
        name, about = (tunnel_name(good[0]), good[0].key) if one else (None, None)
        return (
            [
                Finding(
                    cause="healthy",
                    severity=Severity.INFO,
                    confidence=0.9,
                    peer=peer,
                    tunnel=name,
                    about=about,
                    summary=summary,
                    evidence=evidence,
                    side=Side.NONE,
                )
            ]
            if evidence
            else []
        )
    came_up = _came_up(reading)
    if came_up and not snapshot.tunnels:
        success = came_up[-1]
        whom = f" with {success.peer}" if success.peer else ""
        return [
            Finding(
                cause="healthy",
                severity=Severity.INFO,
                confidence=0.8,
                peer=success.peer,
                side=Side.NONE,
                summary=f"The negotiation{whom} succeeded: {success.summary.rstrip('.')}.",
                evidence=success.evidence,
            )
        ]
    return []


def _ike_word(tunnel: Tunnel) -> str:
    sa = tunnel.ike[0]
    who = f", initiator {sa.src}" if sa.src is not None else f", {sa.role.value}" if sa.role else ""
    return f"{peer_word(tunnel)}: {sa.state or sa.phase.value}{who}"


def _notes(snapshot: DeviceSnapshot, verdicts: list[TunnelVerdict], findings: list[Finding]) -> tuple[str, ...]:
    """What all tunnels share, and what is missing for a full answer, in sentences."""
    peers = {tunnel.peer for tunnel in snapshot.tunnels if tunnel.peer is not None}
    notes = [sentence] if (sentence := alike(findings, len(peers))) else []
    if any(verdict.status is Status.UNKNOWN for verdict in verdicts):
        if Topic.IPSEC_SA not in snapshot.seen:
            states = [
                _ike_word(tunnel)
                for tunnel, verdict in zip(snapshot.tunnels, verdicts, strict=True)
                if verdict.status is Status.UNKNOWN and tunnel.ike
            ]
            notes.append(
                f"Phase 1 is up ({'; '.join(states[:3])}{' ...' if states[3:] else ''}), nothing wrong there. "
                "Whether IPsec SAs exist "
                "and carry traffic was not seen: collect `show crypto ipsec sa`."
            )
        else:
            notes.append("The counters or SAs of a tunnel were not seen: collect the whole of `show crypto ipsec sa`.")
    refused = [gap for gap in snapshot.gaps if gap.topic is Topic.CONFIG and gap.reason in _MAY_NOT]
    if refused:
        notes.append(f"The configuration was not checked: `{refused[0].source}`: {refused[0].reason}.")
    if snapshot.config is not None and not snapshot.seen - {Topic.CONFIG}:
        notes.append(
            "Only a configuration was given: whether the tunnels are up was not seen. Collect `show crypto isakmp sa` "
            "and `show crypto ipsec sa`."
        )
    used = [gap for gap in snapshot.gaps if gap.topic is Topic.OTHER]
    if used:
        notes.append("Not part of this diagnosis: " + ", ".join(dict.fromkeys(gap.source for gap in used)) + ".")
    return (*notes, *_looks(snapshot))


def _looks(snapshot: DeviceSnapshot) -> list[str]:
    """What two looks at the counters are worth."""
    notes = []
    read = [delta for delta in snapshot.deltas.values() if not delta.recreated]
    if read:
        one = f"{len(read)} tunnel{'' if len(read) == 1 else 's'}"
        apart = f", {read[0].seconds:.0f} s apart" if read[0].seconds is not None else ""
        notes.append(f"The counters of {one} were read twice{apart}; their growth was judged.")
    anew = sum(delta.recreated for delta in snapshot.deltas.values())
    if anew:
        notes.append(f"The counters of {anew} tunnel{'' if anew == 1 else 's'} fell between the two samples: the flow "
                     "was created anew, or the samples stand in the wrong order. A third sample would tell.")
    same = len(snapshot.earlier.keys() - snapshot.deltas.keys())
    if same:
        notes.append(f"{same} tunnel{'' if same == 1 else 's'} stand there twice with the same counters; the later is "
                     "judged.")
    return notes
