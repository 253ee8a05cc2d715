"""A protected tunnel interface (GRE, VTI, DMVPN) that does not fit: its profile is missing, or the two ends differ.

Both ends need `tunnel protection` with a profile that exists, the same tunnel mode and the same tunnel key. mGRE needs
an NHRP network-id, and the same NHRP authentication at both ends. Two mGRE tunnels with the same source share a profile
only with `shared`. A router from 15.1 on has an IPsec profile named `default` that is not displayed.
Source: config-checks C30.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit
from vpn_check.diagnose.paper.ends import joined
from vpn_check.model.config import DeviceConfig, Interface, Statement, quote
from vpn_check.model.finding import Finding, Remedy, Severity, Side


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge every protected tunnel interface, alone and against the other end's."""
    config = audit.config
    protected = [held for held in config.interfaces
                 if held.tunnel is not None and held.tunnel.protection is not None and not held.shutdown]
    for interface in protected:
        yield from _alone(config, interface)
    yield from _sharing(protected)
    for ours, theirs in joined(audit):
        if ours.interface is not None and theirs.interface is not None:
            yield from _both(ours.interface, theirs.interface, theirs.site.name)


def _alone(config: DeviceConfig, interface: Interface) -> Iterator[Finding]:
    tunnel = interface.tunnel
    if tunnel is None:
        return
    preset = tunnel.protection == "default" and config.generation.router
    if config.ipsec_profile(tunnel.protection) is None and config.shows("ipsec profile") and not preset:
        yield _finding("config.incomplete", interface, f"{interface.name} is protected by the profile "
                       f"{tunnel.protection}, which does not exist: no SA comes up for it.", tunnel.at("protection"))
    if tunnel.multipoint and (interface.nhrp is None or interface.nhrp.network_id is None) and config.whole:
        yield _finding("overlay.nhrp", interface, f"{interface.name} is multipoint GRE without `ip nhrp network-id`: "
                       "NHRP does not run on it.", tunnel.at("mode"),
                       (f"interface {interface.name}", " ip nhrp network-id 1"))


def _sharing(protected: list[Interface]) -> Iterator[Finding]:
    seen: dict[tuple[str | None, str | None], Interface] = {}
    for interface in protected:
        tunnel = interface.tunnel
        if tunnel is None or not tunnel.multipoint:
            continue
        key = (tunnel.source, tunnel.protection)
        earlier = seen.setdefault(key, interface)
        first = earlier.tunnel
        if earlier is not interface and first is not None and not (tunnel.shared and first.shared):
            yield _finding("config.incomplete", interface, f"{earlier.name} and {interface.name} have the same source "
                           "and IPsec profile without `shared`: the SAs of one are taken for the other.",
                           (*first.at("protection"), *tunnel.at("protection")),
                           tuple(line for held in (earlier, interface) for line in (
                               f"interface {held.name}",
                               f" tunnel protection ipsec profile {tunnel.protection} shared")))


def _both(ours: Interface, theirs: Interface, far: str) -> Iterator[Finding]:
    here, there = ours.tunnel, theirs.tunnel
    if here is None or there is None:
        return
    if here.ipsec != there.ipsec:
        yield _finding("overlay.gre", ours, f"{ours.name} is {'IPsec' if here.ipsec else 'GRE'} and {theirs.name} of "
                       f"{far} is {'IPsec' if there.ipsec else 'GRE'}: the proxy identities do not fit.",
                       (*here.at("mode"), *there.at("mode")))
    if here.key != there.key:
        yield _finding("overlay.gre", ours, f"The tunnel keys of {ours.name} ({_word(here.key)}) and {theirs.name} of "
                       f"{far} ({_word(there.key)}) differ: IPsec is fine, and GRE drops every packet.",
                       (*here.at("key"), *there.at("key")))
    mine, other = (held.nhrp.authentication if held.nhrp else None for held in (ours, theirs))
    if mine is not None and other is not None and mine.same_as(other) is False and ours.nhrp and theirs.nhrp:
        yield _finding("overlay.nhrp", ours, f"The NHRP authentication of {ours.name} and {theirs.name} of {far} "
                       "differs: registrations are refused.",
                       (*ours.nhrp.at("authentication"), *theirs.nhrp.at("authentication")))


def _word(key: int | None) -> str:
    return "none" if key is None else str(key)


def _finding(cause: str, interface: Interface, summary: str, lines: tuple[Statement, ...],
             changes: tuple[str, ...] = ()) -> Finding:
    destination = interface.tunnel.destination if interface.tunnel else None
    return Finding(
        cause=cause,
        check="C30",
        severity=Severity.WARNING,
        confidence=0.85,
        peer=destination,
        summary=summary,
        evidence=quote(*interface.at(""), *lines),
        side=Side.HERE if changes else Side.UNDECIDED,
        causes=("the interfaces were not configured alike",),
        remedies=(Remedy(text="Make the tunnel interfaces of both ends fit.",
                         commands=(f"show running-config interface {interface.name}", "show crypto ipsec profile"),
                         changes=changes),),
        references=("Cisco 14122", "Cisco DMVPN guide"),
    )
