"""The path-MTU sweep: pings with the DF bit to the peer and through the tunnel, and what they say of the tunnel."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from vpn_check.collect.live import Access, LiveSession
from vpn_check.collect.pinger import WAIT, Pinger
from vpn_check.diagnose.mtu.flow import choose
from vpn_check.diagnose.mtu.judge import judge
from vpn_check.errors import DeviceError
from vpn_check.model.device import PlatformName
from vpn_check.model.encapsulation import encapsulations
from vpn_check.model.finding import DeviceFault, Status
from vpn_check.model.path_report import ConfiguredMtu, PathReport
from vpn_check.model.sweep import Measured, Probe, Reason, Reply, Result
from vpn_check.model.transcript import Command, CommandClass, CommandOutput, Problem, Transcript
from vpn_check.parse.assemble import assemble
from vpn_check.parse.mtu_lines import read_mtu_lines
from vpn_check.platforms import PLATFORMS
from vpn_check.sweep.fragments import Fragmentable
from vpn_check.sweep.reading import read
from vpn_check.sweep.search import Search

if TYPE_CHECKING:
    from collections.abc import Callable

    from vpn_check.jobs.check import Run
    from vpn_check.model.device import Device
    from vpn_check.model.encapsulation import Encapsulation
    from vpn_check.model.finding import Evidence
    from vpn_check.model.snapshot import DeviceSnapshot
    from vpn_check.model.tunnel import Tunnel

_SAS = "show crypto ipsec sa"
_ORDINARY = 1500
_TUNNEL = re.compile(r"Tunnel[0-9]+", re.IGNORECASE)
"""A tunnel interface; on the physical interface of a crypto map MTU and MSS are about other traffic as well."""
_MARGIN = 4.0
"""Seconds beyond the device's own wait for a reply, before a ping is called silent."""
_LAG = frozenset({PlatformName.IOSXE})
"""Platforms whose counters are fetched from the data plane with delay (counters.md 1.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """What is asked for.

    Args:
        to: an IPv4 address behind the other end.
        source: an address or interface of the device to ping from; on an ASA the name of an interface.
        peer: the other end's outer address, where the SAs do not tell which tunnel is meant.
        vrf: the inside VRF; None: that of the SA.
        front_vrf: the VRF of the outer addresses.
    """

    to: str
    source: str | None = None
    peer: str | None = None
    vrf: str | None = None
    front_vrf: str | None = None


def measure(device: Device, sweep: Sweep, settings: Run, *, shown: Callable[[str], None] | None = None) -> PathReport:
    """Measure from one device. What fails on the way to it is in the report's `errors`.

    Args:
        device: where to ping from.
        sweep: what is asked for.
        settings: how the device is reached, and how long it may take.
        shown: is told each step, for a terminal.
    """
    sent: list[str] = []
    report = PathReport(device=device.name, platform=device.platform, to=sweep.to, source=sweep.source)
    limits = settings.limits(device)
    limits = replace(limits, idle=max(limits.idle, WAIT + _MARGIN))
    access = Access(host_keys=settings.host_keys, limits=limits, lock_out=settings.lock_out, bastions=settings.bastions)
    classes = (CommandClass.READ, CommandClass.PROBE)
    end = time.monotonic() + limits.device
    try:
        credentials = settings.credentials(device)
        with LiveSession(device, credentials, access, classes=classes, on_command=sent.append) as live:
            report = _Measurement(live, device.name, sweep, shown or (lambda _text: None), end).report()
    except DeviceError as error:
        fault = DeviceFault(step=error.step, message=str(error))
        report = replace(report, errors=(fault,), status=Status.UNKNOWN)
    return replace(report, commands=tuple(sent))


class _Measurement:
    """One log-in: the SAs, the pings, the configured limits, the SAs again."""

    def __init__(self, live: LiveSession, name: str, sweep: Sweep, shown: Callable[[str], None], end: float) -> None:
        self._session = live.session
        self._name = name
        self._platform = live.platform
        self._form = PLATFORMS[live.platform].ping
        self._sweep = sweep
        self._shown = shown
        self._one_line = True
        self._end = end

    def report(self) -> PathReport:
        sweep = self._sweep
        snapshot, fault = self._snapshot(sweep.peer)
        choice = choose(snapshot.tunnels, to=sweep.to, source=sweep.source, peer=sweep.peer)
        tunnel = choice.tunnel
        wrap = _smallest(tunnel)
        report = PathReport(device=self._name, platform=self._platform, to=sweep.to, source=sweep.source,
                            tunnel=tunnel, choice=choice.why, wrap=wrap)  # fmt: skip
        if fault is not None:
            return replace(report, errors=(fault,), choice=None)
        if tunnel is None and not choice.open:
            return judge(report)
        report = replace(report, configured=self._configured(tunnel))
        if not self._form.df:
            return judge(replace(report, inside=self._without_df(tunnel)), _printed(snapshot, tunnel))
        report = replace(report, outside=self._outside(tunnel))
        inside = self._inside(report)
        report = replace(report, inside=inside, through=self._through(tunnel, inside))
        return judge(report, _printed(snapshot, tunnel))

    # -- the SAs -----------------------------------------------------------------------------------------------------

    def _snapshot(self, peer: str | None) -> tuple[DeviceSnapshot, DeviceFault | None]:
        """The SAs; those of one peer where it is known and the release can say them alone."""
        output = self._session.run(Command(text=f"{_SAS} peer {peer}" if peer else _SAS))
        if peer and output.problem is Problem.UNSUPPORTED:
            output = self._session.run(Command(text=_SAS))
        snapshot = assemble(Transcript(device=self._name, platform=self._platform, outputs=(output,)))[0]
        if output.problem is None:
            return snapshot, None
        fault = DeviceFault(step="command", message=f"{self._name}: `{_SAS}`: {output.problem}. Nothing was pinged.")
        return snapshot, fault

    def _through(self, tunnel: Tunnel | None, inside: Measured) -> bool | None:
        """Whether the tunnel's counter grew by the packets that passed; None where that cannot be said."""
        passed = sum(reply.signs.count("!") for reply in inside.replies)
        if tunnel is None or tunnel.counters.encaps is None or not passed or not self._session.open:
            return None
        snapshot, fault = self._snapshot(str(tunnel.peer) if _is_address(str(tunnel.peer)) else None)
        flow = (tunnel.local_ident, tunnel.remote_ident, tunnel.peer)
        counts = [held.counters.encaps for held in snapshot.tunnels
                  if (held.local_ident, held.remote_ident, held.peer) == flow]  # fmt: skip
        if fault is not None or len(counts) != 1 or counts[0] is None:
            return None
        grown = counts[0] - tunnel.counters.encaps
        if grown >= passed:
            return True
        return None if grown or self._platform in _LAG else False

    # -- the pings ---------------------------------------------------------------------------------------------------

    def _outside(self, tunnel: Tunnel | None) -> Measured:
        peer = tunnel.peer if tunnel is not None else None
        target = str(peer) if isinstance(peer, IPv4Address) else self._sweep.peer
        local = tunnel.local_address if tunnel is not None else None
        source = str(local) if isinstance(local, IPv4Address) else None
        if target is None:
            return Measured(target="the peer", result=Result.CANNOT_TELL, reason=Reason.NOT_TRIED)
        mtu = tunnel.printed_mtu if tunnel is not None else None
        physical = mtu is not None and not (mtu.interface or "").lower().startswith("tunnel")
        own = mtu.own_interface if mtu is not None and physical else None
        search = Search(own=own, guesses=(own, _ORDINARY) if own else (_ORDINARY,), walks=bool(self._form.dialogue))
        pinger = Pinger(self._session, self._form, to=target, source=source, vrf=self._sweep.front_vrf)
        return self._run(search, pinger, target, source, "outside")

    def _inside(self, report: PathReport) -> Measured:
        sweep, tunnel, wrap, outside = self._sweep, report.tunnel, report.wrap, report.outside
        mtu = tunnel.printed_mtu if tunnel is not None else None
        own = report.configured.ip_mtu
        guesses = [own] if own is not None else []
        if wrap is not None and outside is not None and outside.exact is not None:
            guesses.insert(0, min(wrap.largest_packet(outside.exact), own or _ORDINARY))
        if mtu is not None and mtu.plaintext is not None:
            guesses.append(mtu.plaintext - (wrap.gre_size if wrap else 0))
        vrf = sweep.vrf or (tunnel.vrf if tunnel is not None and tunnel.vrf not in {None, "none"} else None)
        search = Search(own=own, guesses=dict.fromkeys((*guesses, _ORDINARY)), walks=bool(self._form.dialogue))
        pinger = Pinger(self._session, self._form, to=sweep.to, source=sweep.source, vrf=vrf, one_line=self._one_line)
        return self._run(search, pinger, sweep.to, sweep.source, "through the tunnel")

    def _run(
        self, search: Search | Fragmentable, pinger: Pinger, target: str, source: str | None, where: str
    ) -> Measured:
        if not self._session.open:
            search.stop(Reason.NOT_TRIED)
        while True:
            if time.monotonic() > self._end:
                search.stop(Reason.NOT_TRIED, " to its end: the time for the device is used up (--deadline)")
            probe = search.next()
            if probe is None:
                break
            output = pinger.ask(probe)
            replies = self._replies(output, probe, search)
            search.feed(replies)
            for reply in replies:
                self._shown(f"{where}, {target}: {reply.size} bytes {reply.outcome} ({reply.signs})")
        self._one_line = pinger.one_line
        return search.result(target=target, source=source)

    def _replies(self, output: CommandOutput, probe: Probe, search: Search | Fragmentable) -> tuple[Reply, ...]:
        reading = read(output.text, probe, command=output.command, silence=self._form.silence)
        no_df = output.problem is Problem.UNSUPPORTED and not reading.refusal
        if no_df or output.problem is Problem.UNPRIVILEGED:
            search.stop(Reason.NO_DF)
        elif reading.refusal or output.problem in {Problem.NOT_AUTHORISED, Problem.UNSUPPORTED}:
            search.stop(Reason.NOT_SENT, reading.refusal or f"{output.problem}")
        elif output.problem is Problem.INCOMPLETE:
            lines = [line.strip() for line in output.text.splitlines() if line.strip()]
            search.stop(Reason.NOT_SENT, f"it asks `{lines[-1][:80]}`" if lines else None)
        elif output.problem is not None or not reading.replies:
            search.stop(Reason.NO_REPORT)
        return reading.replies if output.problem is None else ()

    def _without_df(self, tunnel: Tunnel | None) -> Measured:
        sweep = self._sweep
        interface = sweep.source if sweep.source and not _is_address(sweep.source) else None
        pinger = Pinger(self._session, self._form, to=sweep.to, interface=interface)
        mtu = tunnel.printed_mtu if tunnel is not None else None
        search = Fragmentable(large=(mtu.path if mtu else None) or _ORDINARY)
        return self._run(search, pinger, sweep.to, interface, "through the tunnel")

    # -- the configuration -------------------------------------------------------------------------------------------

    def _configured(self, tunnel: Tunnel | None) -> ConfiguredMtu:
        command = PLATFORMS[self._platform].mtu_lines
        interface = None
        if "{interface}" in command:
            interface = tunnel.interface if tunnel is not None else None
            if interface is None or not _TUNNEL.fullmatch(interface):
                return ConfiguredMtu()
        if not self._session.open:
            return ConfiguredMtu()
        output = self._session.run(Command(text=command.format(interface=interface), needed=False))
        return read_mtu_lines(output, interface=interface)


def _smallest(tunnel: Tunnel | None) -> Encapsulation | None:
    """How the tunnel wraps packets; where SAs of a rekey differ, the way that leaves the least room."""
    found = encapsulations(tunnel) if tunnel is not None else ()
    return min(found, key=lambda wrap: wrap.largest_packet(_ORDINARY), default=None)


def _printed(snapshot: DeviceSnapshot, tunnel: Tunnel | None) -> tuple[Evidence, ...]:
    if tunnel is None:
        return ()
    quoted = snapshot.quote(tunnel.where.source, tunnel.where.line("path_mtu"))
    return (quoted,) if quoted else ()


def _is_address(word: str) -> bool:
    with suppress(ValueError):
        IPv4Address(word)
        return True
    return False
