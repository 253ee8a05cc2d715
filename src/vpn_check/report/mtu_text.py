"""The answer of `mtu` on a terminal: the verdict, the two paths, what IPsec takes, what is right, what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.model.sweep import Result
from vpn_check.report.text import TextReport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.model.path_report import PathReport
    from vpn_check.model.sweep import Measured

_LABEL = 22


class MtuText(TextReport):
    """Writes one sweep to a stream."""

    def write_sweep(self, report: PathReport) -> None:
        """Write it."""
        platform = f" ({report.platform.value})" if report.platform else ""
        status = report.status.value
        self._line(f"{self._paint(status.upper(), status)}  {report.device}{platform}")
        for fault in report.errors:
            self._line(f"{fault.step}: {fault.message}", indent=2)
        if report.verdict is not None:
            self._line(self._redact(report.verdict.summary), indent=2)
        rows = list(_rows(report))
        if rows:
            self._line()
        for label, text in rows:
            self._line(f"{label:{_LABEL}}{text}", indent=2)
        for note in report.notes:
            self._line(note, indent=2)
        self._findings(report.findings)
        if report.commands:
            measured = [each for each in (report.outside, report.inside) if each is not None]
            pings, packets = sum(each.probes for each in measured), sum(each.packets for each in measured)
            self._line()
            self._line(f"Sent: {_count(pings, 'ping')} ({_count(packets, 'packet')}) and show commands. "
                       "Nothing was changed.", indent=2)  # fmt: skip


def _rows(report: PathReport) -> Iterator[tuple[str, str]]:
    tunnel, wrap, held = report.tunnel, report.wrap, report.configured
    if report.outside is not None:
        yield "path to the peer", _path(report.outside)
    if report.inside is not None:
        seen = {True: "; the tunnel's counter grew with the pings", False: "; the tunnel's counter did not move"}
        yield "through the tunnel", _path(report.inside) + (seen[report.through] if report.through is not None else "")
    if tunnel is not None and wrap is not None:
        sas = tunnel.side("outbound") or tunnel.sas
        extras = [f"{'tunnel' if wrap.tunnel_mode else 'transport'} mode", *(["NAT-T"] if wrap.nat_t else []),
                  *([f"GRE {wrap.gre_size} bytes"] if wrap.gre else [])]  # fmt: skip
        yield "transform", f"{sas[0].transform}, {', '.join(extras)}"
        if report.outside is not None and report.outside.exact is not None:
            size = wrap.largest_packet(report.outside.exact)
            outer = wrap.outer_size(size)
            yield "overhead", f"{outer - size} bytes: {size} become {outer}, and one more would not fit"
    if report.right is not None:
        right = report.right
        yield "right", f"ip mtu {right.ip_mtu}, TCP MSS {right.mss} ({right.basis})"
    if held.seen:
        where = f"on {held.interface}" if held.interface else "globally"
        yield "configured", f"{where}: ip mtu {held.ip_mtu or 'not set'}, TCP MSS {held.mss or 'not set'}"


def _path(measured: Measured) -> str:
    effort = f" ({_count(measured.probes, 'ping')})" if measured.probes else ""
    texts = {
        Result.EXACT: f"{measured.largest} bytes exactly",
        Result.AT_LEAST: f"{measured.largest} bytes or more",
        Result.BELOW: f"less than {measured.refused} bytes",
        Result.BETWEEN: f"at least {measured.largest}, less than {measured.refused} bytes",
        Result.CANNOT_TELL: f"cannot tell: {measured.reason.value if measured.reason else 'not tried'}",
    }
    silent = ", more is dropped in silence" if measured.silent else ""
    return f"{measured.target}: {texts[measured.result]}{silent}{effort}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
