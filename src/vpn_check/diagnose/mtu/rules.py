"""What can be wrong with a tunnel's MTU, a function each. None fires without a measured number.

A limit known by silence alone may be a filter's for large pings; it is a fault where the path outside and the tunnel
show the same one. Sources: S35, S25, counters.md 1.6 and 3.5, config-checks.md C18.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.mtu.case import shown, told
from vpn_check.model.finding import Severity, Side
from vpn_check.model.sweep import Result

if TYPE_CHECKING:
    from vpn_check.diagnose.mtu.case import Case
    from vpn_check.model.finding import Evidence, Finding


def path(case: Case) -> list[Finding]:
    """The SA works with a larger path than there is. Silence alone may be a filter for large pings."""
    outside, believed = case.report.outside, case.path_printed
    if outside is None or outside.exact is None or believed is None or outside.exact >= believed:
        return []
    if outside.silent and not case.agree:
        return []
    tail = "larger encrypted packets are fragmented or dropped on the way"
    if outside.silent:
        tail = "larger ones vanish without an ICMP error, so path MTU discovery cannot help"
    calm = case.covered()
    return [case.finding(
        f"The path to {case.whom} carries {outside.exact} bytes, the SA works with {believed}: {tail}"
        + (", and the configured limits keep packets below that." if calm else "."),
        severity=Severity.INFO if calm else Severity.WARNING, confidence=0.85,
        evidence=(*shown(outside), *case.printed),
        causes=("PPPoE, a tunnel or a smaller link on the path", "path MTU discovery has not reached this device"),
    )]  # fmt: skip


def below(case: Case) -> list[Finding]:
    """Not even the smallest size that matters passes."""
    inside = case.inside
    if inside is None or inside.result is not Result.BELOW:
        return []
    return [case.finding(
        f"Not even packets of {inside.refused} bytes pass through the tunnel with {case.whom}.",
        severity=Severity.WARNING, confidence=0.8, evidence=shown(inside), side=Side.BEYOND,
        causes=("a link on the path is smaller than any ordinary one", "a filter drops what is not small"),
    )]  # fmt: skip


def vanishing(case: Case) -> list[Finding]:
    """Packets that this device sends vanish inside the tunnel without an ICMP error."""
    inside = case.inside
    if inside is None or inside.exact is None or not inside.silent or case.covered():
        return []
    limit = case.plaintext if case.plaintext is not None else case.own
    gre = case.report.wrap.gre_size if case.report.wrap else 0
    if limit is None or inside.exact >= limit - gre:   # this device refuses more than that itself, in silence
        return []
    causes: tuple[str, ...] = ("a link on the path, or behind the other end, is smaller; its ICMP errors are filtered",)
    if case.agree:
        severity, confidence, tail = Severity.WARNING, 0.8, "hosts that rely on path MTU discovery hang"
    else:
        severity, confidence, tail = Severity.INFO, 0.5, "whether that holds for pings alone is open"
        causes = (*causes, "a filter drops large pings alone: transfers then work")
    return [case.finding(
        f"Through the tunnel with {case.whom} packets up to {inside.exact} bytes pass, larger ones vanish without an "
        f"ICMP error: {tail}.",
        severity=severity, confidence=confidence, evidence=(*shown(inside), *case.printed), side=Side.BEYOND,
        causes=causes,
    )]  # fmt: skip


def configured_mtu(case: Case) -> list[Finding]:
    """The IP MTU of the tunnel interface is more than the tunnel carries."""
    held, value = case.report.configured, case.right
    if held.ip_mtu is None or value is None or held.ip_mtu <= value.ip_mtu:
        return []
    return [case.finding(
        f"`ip mtu {held.ip_mtu}` on {held.interface} is more than the tunnel carries: {value.ip_mtu} is right "
        f"({value.basis}).",
        severity=Severity.WARNING, confidence=0.85, evidence=(*_said(case, "ip mtu"), *_proof(case)), side=Side.HERE,
        causes=("the value was set for another transform, without NAT-T, or for a larger path",),
    )]  # fmt: skip


def configured_mss(case: Case) -> list[Finding]:
    """The TCP MSS that is set lets TCP send more than the tunnel carries."""
    held, value = case.report.configured, case.right
    if held.mss is None or value is None or held.mss <= value.mss:
        return []
    where = f"`ip tcp adjust-mss {held.mss}` on {held.interface}" if held.interface else (
        f"`sysopt connection tcpmss {held.mss}`")  # fmt: skip
    return [case.finding(
        f"{where} lets TCP send more than the tunnel carries: {value.mss} is right ({value.basis}).",
        severity=Severity.WARNING, confidence=0.8, evidence=(*_said(case, "mss"), *_proof(case)), side=Side.HERE,
        causes=("the value was set for another transform, without NAT-T, or for a larger path",),
    )]  # fmt: skip


def _said(case: Case, word: str) -> tuple[Evidence, ...]:
    """The statements of the configuration that hold a word."""
    return tuple(line for line in case.report.configured.evidence if word in line.text)


def _proof(case: Case) -> tuple[Evidence, ...]:
    return shown(case.inside) if told(case.inside) else shown(case.report.outside)


RULES = (path, below, vanishing, configured_mtu, configured_mss)
