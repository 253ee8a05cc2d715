"""Packets that are too big after encryption: the MSS is too large for the transform, or nothing limits packets.

GRE and IPsec make packets grow. `ip mtu` and `ip tcp adjust-mss` of a tunnel interface keep the result below the path
MTU; the exact room follows from the transform. Fragments after encryption are costly, and often filtered.
Source: config-checks C18; counters.md 1.6; S35; Cisco 25885.
"""

from __future__ import annotations

from collections.abc import Iterator

from vpn_check.diagnose.audit import Audit
from vpn_check.model.config import DeviceConfig, Interface, Statement, quote
from vpn_check.model.encapsulation import Encapsulation, Gre, mss
from vpn_check.model.finding import Finding, Remedy, Severity, Side
from vpn_check.model.transform import transform_of

_PATH = 1500   # bytes; what an Ethernet path carries, and more is not to be expected


def judge(audit: Audit) -> Iterator[Finding]:
    """Judge every protected tunnel interface, and the place of fragmentation."""
    config = audit.config
    for interface in config.interfaces:
        if interface.tunnel is not None and interface.tunnel.protection is not None and not interface.shutdown:
            yield from _tunnel(config, interface)
    if config.ipsec.after_encryption:
        yield _finding("Packets are fragmented after encryption: the far end must put them together before it can "
                       "decrypt, and filters often drop fragments.", config.ipsec.at("after_encryption"), Severity.INFO,
                       tuple(f"crypto ipsec fragmentation before-encryption {'' if name == '*' else name}".rstrip()
                             for name in config.ipsec.after_encryption))


def _tunnel(config: DeviceConfig, interface: Interface) -> Iterator[Finding]:
    largest = _room(config, interface)
    if interface.ip_mtu is None and interface.adjust_mss is None:
        yield _finding(f"{interface.name} limits neither packets (`ip mtu`) nor TCP segments: large packets are "
                       "fragmented or dropped.", interface.at(""), Severity.INFO, _lines(interface, largest))
    elif interface.adjust_mss is not None and largest is not None and interface.adjust_mss > mss(largest):
        yield _finding(f"The MSS {interface.adjust_mss} of {interface.name} is larger than its transform leaves room "
                       f"for on a path of {_PATH} bytes ({mss(largest)}).", interface.at("", "adjust_mss"),
                       Severity.INFO, _lines(interface, largest))


def _room(config: DeviceConfig, interface: Interface) -> int | None:
    """The largest packet of a user that the transform leaves room for; None where it is not known."""
    tunnel = interface.tunnel
    profile = config.ipsec_profile(tunnel.protection if tunnel else None)
    held = config.transform_set(profile.transform_sets[0]) if profile and profile.transform_sets else None
    transform = transform_of(list(held.words)) if held is not None else None
    if tunnel is None or held is None or transform is None:
        return None
    gre = None if tunnel.ipsec else Gre(key=tunnel.key is not None)
    wrap = Encapsulation(transform=transform, tunnel_mode=held.mode != "transport", gre=gre)
    return wrap.largest_packet(_PATH)


def _lines(interface: Interface, largest: int | None) -> tuple[str, ...]:
    size = min(largest, 1400) if largest is not None else 1400
    return (f"interface {interface.name}", f" ip mtu {size}", f" ip tcp adjust-mss {mss(size)}")


def _finding(summary: str, lines: tuple[Statement, ...], severity: Severity, changes: tuple[str, ...]) -> Finding:
    return Finding(
        cause="traffic.mtu",
        check="C18",
        severity=severity,
        confidence=0.7,
        summary=summary,
        evidence=quote(*lines),
        side=Side.HERE,
        causes=("the room that GRE and IPsec take was not allowed for",),
        remedies=(Remedy(text="Limit packets and TCP segments; `vpn-check mtu` measures the path.",
                         commands=("show crypto ipsec sa",), changes=changes),),
        caveats=("adjust-mss acts on TCP connections that begin afterwards; other protocols need the MTU.",),
        references=("S35", "Cisco 25885"),
    )
