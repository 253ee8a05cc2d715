"""From measured paths to findings, a status, and the values that are right.

What passes is healthy, what could not be measured is unknown with what to collect, never healthy and never a fault.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vpn_check.diagnose.mtu.case import Case, shown, told
from vpn_check.diagnose.mtu.collect_next import next_step, why
from vpn_check.diagnose.mtu.rules import RULES, vanishing
from vpn_check.model.encapsulation import mss
from vpn_check.model.finding import Finding, Remedy, Severity, Side, Status
from vpn_check.model.sweep import Result

if TYPE_CHECKING:
    from vpn_check.model.finding import Evidence
    from vpn_check.model.path_report import PathReport


def judge(report: PathReport, printed: tuple[Evidence, ...] = ()) -> PathReport:
    """Judge what was measured.

    Args:
        report: the measurements, the tunnel, and what is configured.
        printed: the device's line with the MTU that the SA works with.
    """
    case = Case(report, printed)
    findings = [finding for rule in RULES for finding in rule(case)]
    known = told(case.inside)
    if not findings and known:
        findings = [_healthy(case)]
    elif not known:
        findings.append(_unknown(case))
    findings.sort(key=lambda finding: (finding.severity.rank, -finding.confidence))
    findings = [*findings[:1], *(_said_once(finding, findings[0]) for finding in findings[1:])]
    statuses = [Status.WARNING for finding in findings if finding.severity is Severity.WARNING]
    open_question = not statuses and bool(vanishing(case))
    statuses.append(Status.HEALTHY if known and not open_question else Status.UNKNOWN)
    named = [finding for finding in findings if finding.evidence]
    return replace(report, right=case.right, findings=tuple(named), verdict=named[0] if named else None,
                   status=Status.worst(statuses), notes=(*report.notes, *_notes(case)))  # fmt: skip


def _said_once(finding: Finding, first: Finding) -> Finding:
    """Without the remedies that stand with the first finding already."""
    return replace(finding, remedies=()) if finding.remedies == first.remedies else finding


def _healthy(case: Case) -> Finding:
    inside = case.inside
    at_least = " or more" if inside and inside.result is Result.AT_LEAST else ""
    finding = case.finding(
        f"Packets up to {inside.largest if inside else 0} bytes{at_least} pass through the tunnel with {case.whom}.",
        severity=Severity.INFO, confidence=0.9, evidence=shown(inside), side=Side.NONE,
    )  # fmt: skip
    return replace(finding, cause="healthy")


def _unknown(case: Case) -> Finding:
    report = case.report
    measured = report.inside
    if measured is None or report.through is False:
        said = ("The pings did not go through the tunnel: its counter did not move." if measured
                else "The path through the tunnel was not measured.")  # fmt: skip
        remedies: tuple[Remedy, ...] = (Remedy(text="See where packets to it go, and what encrypts them.", commands=(
            f"show {'route' if case.firewall else 'ip route'} {report.to}", "show crypto map")),)  # fmt: skip
    else:
        said = f"What the tunnel carries cannot be told: {why(measured)}."
        remedies = next_step(measured, firewall=case.firewall)
    last = tuple(reply.evidence for reply in (measured.replies if measured else ())[-2:] if reply.evidence)
    finding = case.finding(said, severity=Severity.INFO, confidence=0.5, evidence=last or case.printed,
                           side=Side.UNDECIDED)  # fmt: skip
    return replace(finding, cause="unknown", remedies=remedies)


def _notes(case: Case) -> list[str]:
    """What a person should know besides, in sentences."""
    report, notes = case.report, []
    outside, fits = report.outside, case.fits
    passes = case.inside.exact if case.inside else None
    if report.choice:
        notes.append(report.choice)
    if outside is not None and outside.result is Result.CANNOT_TELL:
        notes.append(f"The path outside cannot be told: {why(outside)}.")
    if outside is not None and outside.exact is not None and outside.silent and not case.agree and (
            case.own is None or outside.exact < case.own):  # fmt: skip
        notes.append(f"Pings above {outside.exact} bytes to the peer vanish without an ICMP error, and the tunnel does "
                     "not show the same limit: a smaller path, or a filter for large pings.")  # fmt: skip
    elif fits is not None and passes is not None and passes > fits:
        notes.append(f"Packets above {fits} bytes pass in fragments: the DF bit is cleared, or packets are fragmented "
                     "after encryption.")  # fmt: skip
    if fits is not None and passes is not None and passes < fits:
        held = report.configured
        limit = f"`ip mtu {passes}` on {held.interface} is the limit" if held.ip_mtu == passes else (
            "the limit lies in the tunnel's own MTU, or behind the other end")  # fmt: skip
        notes.append(f"Path and transform would allow {fits} bytes; {limit}.")
    if case.right is None and report.wrap is not None and case.path_printed is not None:
        size = report.wrap.largest_packet(case.path_printed)
        notes.append(f"Not measured: if the path carries the {case.path_printed} bytes that the SA works with, packets "
                     f"up to {size} bytes fit, and a TCP MSS of {mss(size)}.")  # fmt: skip
    return notes
