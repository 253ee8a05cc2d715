"""A report of measured paths, with what follows from it before anything is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.context import peer_word, tunnel_name
from vpn_check.diagnose.mtu.right import changes, right
from vpn_check.model.device import PlatformName
from vpn_check.model.finding import Finding, Severity, Side
from vpn_check.model.sweep import Measured, Result

if TYPE_CHECKING:
    from vpn_check.model.finding import Evidence, Remedy
    from vpn_check.model.path_report import PathReport, RightMtu

_REFERENCES = ("S35", "Cisco 25885")
_ROUTERS = {PlatformName.IOS, PlatformName.IOSXE}


class Case:
    """One sweep under judgement.

    Args:
        report: the measurements, the tunnel, and what is configured.
        printed: the device's line with the MTU that the SA works with.
    """

    def __init__(self, report: PathReport, printed: tuple[Evidence, ...]) -> None:
        self.report = report
        self.printed = printed
        self.inside = report.inside if report.through is not False else None
        self.right: RightMtu | None = right(self.inside, report.outside, report.wrap)
        mtu = report.tunnel.printed_mtu if report.tunnel else None
        self.path_printed = mtu.path if mtu else None
        self.plaintext = mtu.plaintext if mtu else None
        self.own = mtu.own_interface if mtu else None
        self.interface = report.tunnel.interface if report.tunnel else None
        self.firewall = report.platform not in _ROUTERS

    @property
    def whom(self) -> str:
        """What to call the other end in a sentence."""
        return peer_word(self.report.tunnel) if self.report.tunnel else self.report.to

    @property
    def fits(self) -> int | None:
        """The largest packet that fits the path outside."""
        outside, wrap = self.report.outside, self.report.wrap
        return wrap.largest_packet(outside.exact) if outside and outside.exact and wrap else None

    @property
    def agree(self) -> bool:
        """Whether the path outside and the one through the tunnel give the same limit: neither is a filter's."""
        return self.inside is not None and self.inside.exact is not None and self.inside.exact == self.fits

    def covered(self) -> bool:
        """Whether what is configured already keeps packets small enough."""
        held = self.report.configured
        return self.right is not None and (
            (held.ip_mtu is not None and held.ip_mtu <= self.right.ip_mtu)
            or (held.mss is not None and held.mss <= self.right.mss)
        )

    def remedies(self) -> tuple[Remedy, ...]:
        """What a person may set."""
        return changes(self.right, interface=self.interface, firewall=self.firewall) if self.right else ()

    def finding(self, summary: str, *, severity: Severity, confidence: float, evidence: tuple[Evidence, ...],
                side: Side = Side.PATH, causes: tuple[str, ...] = ()) -> Finding:  # fmt: skip
        """A finding about this tunnel."""
        tunnel = self.report.tunnel
        return Finding(
            cause="traffic.mtu",
            severity=severity,
            confidence=confidence,
            summary=summary,
            evidence=evidence,
            peer=str(tunnel.peer) if tunnel and tunnel.peer is not None else None,
            tunnel=tunnel_name(tunnel) if tunnel else None,
            about=tunnel.key if tunnel else None,
            side=side,
            causes=causes,
            remedies=self.remedies() if severity is Severity.WARNING else (),
            references=_REFERENCES,
        )


def told(measured: Measured | None) -> bool:
    """Whether a search came to something."""
    return measured is not None and measured.result is not Result.CANNOT_TELL


def shown(measured: Measured | None) -> tuple[Evidence, ...]:
    """The device's lines for the size that passed and the one that did not."""
    if measured is None:
        return ()
    replies = [measured.reply(measured.largest), measured.reply(measured.refused)]
    return tuple(reply.evidence for reply in replies if reply and reply.evidence)
