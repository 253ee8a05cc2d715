"""A device watched poll by poll: what it shows is said in a line, what was raised and cleared is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from vpn_check.alarms.advance import Advance, advance
from vpn_check.alarms.hold import HoldDown
from vpn_check.model.finding import DeviceFault, Status
from vpn_check.model.observation import DeviceObservation, TunnelId, TunnelObservation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vpn_check.model.alarm import Alarm
    from vpn_check.model.memory import DeviceMemory, TunnelMemory
    from vpn_check.model.tally import Tally

START = datetime(2026, 1, 5, tzinfo=UTC)   # a Monday
STEP = timedelta(minutes=5)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LINE = {"source": "show crypto ipsec sa", "line": 1, "text": "There are no ipsec sas"}
NO_ANSWER = DeviceFault(step="connect", message="no answer from 192.0.2.1 port 22")


def tunnel_id(peer: str = "203.0.113.1", flow: str = "10.1.0.0/255.255.0.0/0/0") -> TunnelId:
    key = ("Gi0/0", "CM", "", flow, "10.9.0.0/255.255.0.0/0/0", peer)
    return TunnelId(key=key, name=f"{peer} {flow.partition('/')[0]}", peer=peer, interface="Gi0/0", local_ident=flow,
                    remote_ident="10.9.0.0/255.255.0.0/0/0")


def peer_only(peer: str = "203.0.113.1") -> TunnelId:
    return TunnelId(key=("", "", "", "", "", peer), name=peer, peer=peer)


def document(cause: str, severity: str = "critical") -> dict[str, Any]:
    return {"cause": cause, "severity": severity, "summary": f"it is {cause}", "evidence": [LINE],
            "remedies": [{"text": f"mend {cause}", "commands": ["show version"], "changes": [], "on_peer": False,
                          "disruptive": False}]}


def up(
    who: TunnelId | None = None, encaps: int | None = None, decaps: int | None = None, **more: Any
) -> TunnelObservation:
    counters = {} if encaps is None else {"encaps": encaps, "decaps": encaps if decaps is None else decaps,
                                          "send_errors": 0, "recv_errors": 0}
    return TunnelObservation(**{"id": who or tunnel_id(), "status": Status.HEALTHY, "cause": "healthy", "up": True,
                                "counters": counters, **more})


def down(
    who: TunnelId | None = None, cause: str = "ike.psk-mismatch", status: Status = Status.CRITICAL, **more: Any
) -> TunnelObservation:
    return TunnelObservation(**{"id": who or tunnel_id(), "status": status, "cause": cause, "up": False,
                                "finding": document(cause, status.value), **more})


def idle(who: TunnelId | None = None, **more: Any) -> TunnelObservation:
    return TunnelObservation(
        **{"id": who or tunnel_id(), "status": Status.HEALTHY, "cause": "ike.no-attempt", "up": False, **more})


@dataclass
class Watch:
    """Polls of one device in a row. Every alarm must be raised once and cleared at most once."""

    device: str = "r1"
    hold: HoldDown = field(default_factory=HoldDown)
    step: timedelta = STEP
    at: datetime = START
    expected: tuple[str, ...] = ()
    site: str | None = None
    addresses: frozenset[str] = frozenset()
    memory: DeviceMemory | None = None
    open: dict[str, Alarm] = field(default_factory=dict)
    raised: list[Alarm] = field(default_factory=list)
    cleared: list[Alarm] = field(default_factory=list)
    polls: int = 0

    def poll(
        self, *tunnels: TunnelObservation, fault: DeviceFault | None = None, maintenance: bool = False, **more: Any
    ) -> Advance:
        """One poll, at `at`; then time goes on."""
        seen = DeviceObservation(
            **{"device": self.device, "at": self.at, "status": Status.HEALTHY, "whole": fault is None,
               "tunnels": tunnels, "fault": fault, "expected_up": self.expected, "site": self.site,
               "local_addresses": self.addresses, "table_line": LINE, **more})
        done = advance(self.memory, seen, self.hold, maintenance=maintenance, open_alarms=self.open)
        self.memory = done.memory
        for alarm in done.alarms:
            if alarm.cleared_at is not None:
                del self.open[alarm.id]
                self.cleared.append(alarm)
                continue
            if alarm.id not in self.open:
                assert all(alarm.id != old.id for old in self.raised), "raised twice"
                self.raised.append(alarm)
            self.open[alarm.id] = alarm
        self.at += self.step
        self.polls += 1
        return done

    def lost(self) -> Advance:
        """A poll that the device does not answer."""
        return self.poll(fault=NO_ANSWER)

    def many(self, count: int, *tunnels: TunnelObservation, **more: Any) -> list[Advance]:
        """The same again and again."""
        return [self.poll(*tunnels, **more) for _ in range(count)]

    def tunnel(self, who: TunnelId | None = None) -> TunnelMemory:
        """What is remembered of a tunnel."""
        assert self.memory is not None
        return next(known for known in self.memory.tunnels if known.id.key == (who or tunnel_id()).key)


def tally(done: Advance, who: TunnelId | None = None) -> Tally:
    return done.tallies[(who or tunnel_id()).key]


def kinds(alarms: Iterable[Alarm]) -> list[str]:
    return sorted(alarm.kind.value for alarm in alarms)
