"""Cycles of polls and histories, built by hand: healthy, failing, rolled up, silent, flapping, hostile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from vpn_check.model.alarm import Alarm, AlarmKind, Change, Difference
from vpn_check.model.finding import DeviceFault, Status
from vpn_check.model.memory import DeviceMemory, Habit, TunnelMemory
from vpn_check.model.observation import DeviceObservation, TunnelId, TunnelObservation
from vpn_check.model.pollreport import CycleReport, DevicePoll, HistoryAnswer, Point, TunnelHistory
from vpn_check.model.tally import Tally

NOW = datetime(2026, 3, 3, 3, 14, tzinfo=UTC)
BEGAN = NOW - timedelta(minutes=2)
GOOD = NOW - timedelta(minutes=3)
MONTH_AGO = NOW - timedelta(days=30)
HOSTILE = "down | up='1'\nOK - all well\x1b[2J\x07 \u202e gnp"
FAULT = DeviceFault(step="connect", code="timeout",
                    message="router3: no answer from 192.0.2.3 port 22. Look at the route.")


def tunnel_id(peer: str = "203.0.113.9", *, name: str | None = None, vrf: str = "") -> TunnelId:
    local, remote = "10.1.0.0/255.255.0.0/0/0", "10.2.0.0/255.255.0.0/0/0"
    return TunnelId(key=("Gi0/0", "CMAP", vrf, local, remote, peer), name=name or f"{peer} 10.1.0.0/16 -> 10.2.0.0/16",
                    peer=peer, interface="Gi0/0", local_ident=local, remote_ident=remote)


def finding(**more: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "cause": "ike.psk-mismatch", "severity": "critical", "confidence": 0.9, "peer": "203.0.113.9", "tunnel": None,
        "side": "both", "summary": "The pre-shared keys of the two ends differ.",
        "evidence": [{"source": "show logging", "line": 40 + number, "text": f"*Mar  3 03:12:0{number}: %CRYPTO-4-IKMP"}
                     for number in range(6)],
        "causes": ["a key was changed on one end only"],
        "remedies": [{"text": "Agree on a new key and set it on both ends.", "commands": ["show crypto isakmp key"],
                      "changes": ["crypto isakmp key <key> address 203.0.113.9"], "on_peer": False,
                      "disruptive": True}],
        "caveats": [], "references": ["S4"], "signature": None, "check": None, "count": 1, "rests": [],
    }
    return {**body, **more}


def difference(lines: int = 1) -> Difference:
    return Difference(what="configuration", seen_before=MONTH_AGO, seen_after=BEGAN,
                      before="\n".join(f"crypto isakmp key ***** address 203.0.113.{n}" for n in range(lines)),
                      after="crypto isakmp key ***** address 203.0.113.9 no-xauth")


RELEASE = Difference(what="release", before="15.2(4)M", after="15.4(3)M", seen_before=None, seen_after=BEGAN)


def alarm(**more: Any) -> Alarm:
    own = tunnel_id()
    body: dict[str, Any] = {
        "id": "A1", "kind": AlarmKind.TUNNEL, "subject": own.name, "device": "router1", "tunnel": own.key,
        "peer": own.peer, "status": Status.CRITICAL, "cause": "ike.psk-mismatch",
        "summary": "The pre-shared keys of the two ends differ.", "began": BEGAN, "raised_at": NOW, "good_at": GOOD,
        "finding": finding(), "evidence": "E7",
    }
    return Alarm(**{**body, **more})


def held(own: TunnelId | None = None, **more: Any) -> TunnelMemory:
    body: dict[str, Any] = {
        "id": own or tunnel_id(), "habit": Habit(since=MONTH_AGO), "since": MONTH_AGO, "seen_at": NOW, "good_at": NOW,
        "recent": "....", "totals": {"encaps": 1200, "decaps": 900, "send_errors": 3, "recv_errors": 0, "rekeys": 7},
    }
    return TunnelMemory(**{**body, **more})


def seen(own: TunnelId | None = None, **more: Any) -> TunnelObservation:
    body: dict[str, Any] = {"id": own or tunnel_id(), "status": Status.HEALTHY, "cause": "healthy", "up": True}
    return TunnelObservation(**{**body, **more})


def poll(device: str, tunnels: tuple[TunnelMemory, ...], observed: tuple[TunnelObservation, ...] | None = None, *,
         fault: DeviceFault | None = None, whole: bool = True, maintenance: bool = False, **memory: Any) -> DevicePoll:
    observed = tuple(seen(tunnel.id) for tunnel in tunnels) if observed is None else observed
    return DevicePoll(
        observation=DeviceObservation(
            device=device, at=NOW, status=Status.UNKNOWN if fault else Status.HEALTHY, fault=fault,
            whole=whole and fault is None, tunnels=() if fault else observed, seconds=1.25),
        memory=DeviceMemory(device=device, since=MONTH_AGO, tunnels=tunnels,
                            **{"answered_at": NOW, "booted_at": MONTH_AGO, **memory}),
        maintenance=maintenance)


def cycle(polls: tuple[DevicePoll, ...], **more: Any) -> CycleReport:
    return CycleReport(id="C1", began=NOW, ended=NOW + timedelta(seconds=12.5), polls=polls, **more)


def healthy() -> CycleReport:
    return cycle((poll("router1", (held(), held(tunnel_id("203.0.113.10")))), poll("router2", (held(),))))


def failing() -> CycleReport:
    """One tunnel fails since the configuration changed; another is seen bad for the first time; one is idle."""
    bad = held(status=Status.CRITICAL, cause="ike.psk-mismatch", since=BEGAN, bad_since=BEGAN, alarm="A1",
               recent="..cc", good_at=GOOD)
    pending = held(tunnel_id("203.0.113.10"), bad_since=NOW, recent="...c")
    idle = held(tunnel_id("203.0.113.11"))
    observed = (seen(status=Status.CRITICAL, cause="ike.psk-mismatch", up=False, finding=finding()),
                seen(pending.id, status=Status.CRITICAL, cause="ike.no-response", up=False), seen(idle.id, up=False))
    raised = alarm(changed=(RELEASE, difference(20)))
    over = alarm(id="A0", device="router2", began=NOW - timedelta(hours=1), cleared_at=NOW, changed=())
    return cycle((poll("router1", (bad, pending, idle), observed), poll("router2", (held(),))),
                 raised=(raised,), cleared=(over,), open=(raised,))


def hub_down() -> CycleReport:
    """The hub is down: the alarms of three spokes stand under one."""
    names = ("spoke1", "spoke2", "spoke3")
    members = tuple(alarm(id=f"M-{name}", device=name, root="H", finding=None, evidence=None,
                          cause="ike.no-response") for name in names)
    hub = alarm(id="H", kind=AlarmKind.PEER, subject="203.0.113.9", device=None, tunnel=None, finding=None,
                evidence=None, cause="ike.no-response",
                summary="3 devices lost their tunnels to 203.0.113.9 at the same time.",
                members=tuple(member.id for member in members))
    down = {name: held(status=Status.CRITICAL, cause="ike.no-response", alarm=f"M-{name}", bad_since=BEGAN)
            for name in names}
    return cycle(tuple(poll(name, (tunnel,), ()) for name, tunnel in down.items()), raised=(hub,), open=(hub, *members))


def silent() -> CycleReport:
    """One of two devices does not answer, and that is no alarm yet."""
    gone = poll("router3", (held(),), fault=FAULT, answered_at=GOOD, bad_since=NOW, recent="...?")
    return cycle((poll("router1", (held(),)), gone), troubles=("The notification by slack did not go out.",))


def flapping() -> CycleReport:
    shaky = alarm(flapping=True, began=NOW - timedelta(hours=5), good_at=None, status=Status.WARNING,
                  cause="ipsec.lifetime-rekey", summary="The tunnel went down 6 times in an hour.")
    tunnel = held(status=Status.WARNING, cause="ipsec.lifetime-rekey", alarm="A1", flapping=True)
    return cycle((poll("router1", (tunnel,)),), open=(shaky,))


def hostile() -> CycleReport:
    """Words of a device that mean harm to whatever shows them, and one that has no end."""
    quoted = [{"source": HOSTILE, "line": 1, "text": HOSTILE}]
    bad = alarm(summary=f"{HOSTILE} {'x' * 5000}", subject=HOSTILE, finding=finding(evidence=quoted), device="router1",
                changed=(Difference(what="configuration", before=HOSTILE, after="", seen_before=None, seen_after=NOW),))
    own = tunnel_id('a"b\\c\nd', name=HOSTILE)
    many = tuple(alarm(id=f"X{number}", subject=f"{number} {HOSTILE}", summary="y" * 300) for number in range(200))
    return cycle((poll("router1", (held(own, status=Status.CRITICAL, cause="ike.psk-mismatch"),)),),
                 raised=(bad,), open=(bad, *many), troubles=(HOSTILE,))


def empty() -> CycleReport:
    return cycle(())


Made = Callable[[], CycleReport]
REPORTS: tuple[Made, ...] = (healthy, failing, hub_down, silent, flapping, hostile, empty)


def history(days: int = 7, step: int = 3600) -> HistoryAnswer:
    """A week by the hour: a day without polls, an outage of six hours, an hour of which nothing was told."""
    since = NOW - timedelta(days=days)
    points = []
    for number in range(days * 86400 // step):
        at = since + timedelta(seconds=number * step)
        if 24 <= number < 48:
            continue
        if 100 <= number < 106:
            tally = Tally(critical=12, cause="ike.psk-mismatch")
        elif number == 110:
            tally = Tally(unknown=12)
        else:
            tally = Tally(healthy=11, warning=int(number % 40 == 0), counted=12, encaps=3600 * (number % 24),
                          decaps=1800 * (number % 24), rekeys=1)
        points.append(Point(at=at, tally=tally))
    one = TunnelHistory(device="router1", id=tunnel_id(), status=Status.HEALTHY, cause="", since=since,
                        seen_at=NOW, points=tuple(points))
    other = TunnelHistory(device="router1", id=tunnel_id("203.0.113.10"), status=Status.UNKNOWN, cause="", since=since,
                          seen_at=None, points=())
    began = since + timedelta(hours=100)
    over = alarm(began=began, raised_at=began + timedelta(minutes=1), cleared_at=began + timedelta(hours=6),
                 changed=(RELEASE, difference()), flapping=True)
    return HistoryAnswer(
        since=since, until=NOW, step=step, tunnels=(one, other), alarms=(over, alarm(root="H", evidence=None)),
        changes=(Change(device="router1", tunnel=one.id.key, name=one.id.name, at=began, before=Status.HEALTHY,
                        after=Status.CRITICAL, cause="ike.psk-mismatch"),))


def no_history() -> HistoryAnswer:
    return HistoryAnswer(since=MONTH_AGO, until=NOW, step=3600, tunnels=(), alarms=(), changes=())
