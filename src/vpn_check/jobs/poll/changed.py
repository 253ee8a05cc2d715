"""What is otherwise since a tunnel was last seen well: configuration, routes, release, start, peer, proposals."""

from __future__ import annotations

import re
from datetime import timedelta
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from vpn_check.model.alarm import Difference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from vpn_check.model.memory import DeviceMemory, TunnelMemory
    from vpn_check.model.observation import DeviceObservation, TunnelObservation
    from vpn_check.model.pollrecord import Baseline

_OF_VPN = re.compile(
    r"crypto|isakmp|ikev|ipsec|tunnel|access-list|route|nat\b|object|interface|key|pki|policy|vpn|nhrp|sysopt",
    re.IGNORECASE,
)
_CLOCK_SLACK = timedelta(minutes=3)
"""An uptime is printed in minutes by IOS."""
_MOST = 40
"""Lines of a configuration that are told; the evidence that is kept has all."""
_PEER = 5
"""Where the peer stands in `Tunnel.key`."""


def of_device(before: DeviceMemory, seen: DeviceObservation, good_at: datetime | None, base: Baseline | None,
              now: Baseline | None) -> tuple[Difference, ...]:
    """What is otherwise of the device as a whole.

    Args:
        before: what was known before this poll.
        seen: what the poll saw.
        good_at: when the tunnel in question was last seen well.
        base: the configuration and facts of a time when all was well.
        now: those that have just been read.
    """
    found = [*_restart(before, seen, good_at), *_traits("", before.traits, seen.traits, before.traits_at, seen.at)]
    if base is not None and now is not None:
        found += _configuration(base, now)
        found += _traits("", base.facts, now.facts, base.at, now.at)
    return tuple(found)


def of_tunnel(before: TunnelMemory, now: TunnelObservation | None, seen: DeviceObservation) -> tuple[Difference, ...]:
    """What is otherwise of one tunnel: its proposals and addresses, and the peer where its flow has another one now."""
    if now is not None:
        return tuple(_traits("", before.traits, now.traits, before.good_at, seen.at))
    rest = before.id.key[:_PEER]
    other = next((held.id.peer for held in seen.tunnels if held.id.key[:_PEER] == rest and any(rest[3:])), None)
    if other is None or other == before.id.peer:
        return ()
    return (Difference(what="peer", before=before.id.peer or "?", after=other, seen_before=before.good_at,
                       seen_after=seen.at),)


def _restart(before: DeviceMemory, seen: DeviceObservation, good_at: datetime | None) -> Iterator[Difference]:
    if seen.booted_at is None or good_at is None or seen.booted_at <= good_at - _CLOCK_SLACK:
        return
    if before.booted_at is not None and seen.booted_at - before.booted_at <= _CLOCK_SLACK:
        return
    since = f"up since {before.booted_at:%Y-%m-%d %H:%M} UTC" if before.booted_at is not None else "running"
    yield Difference(what="reload", before=since, after=f"started {seen.booted_at:%Y-%m-%d %H:%M} UTC",
                     seen_before=good_at, seen_after=seen.at)


def _traits(prefix: str, before: Mapping[str, str], after: Mapping[str, str], earlier: datetime | None,
            later: datetime) -> Iterator[Difference]:
    for name, value in before.items():
        if name in after and after[name] != value:
            what = "configuration last modified" if name == "modified" else f"{prefix}{name}"
            yield Difference(what=what, before=value, after=after[name], seen_before=earlier, seen_after=later)


def _configuration(base: Baseline, now: Baseline) -> Iterator[Difference]:
    gone, come = _moved(base.lines, now.lines)
    if not gone and not come:
        return
    gone, come = (sorted(lines, key=lambda line: _OF_VPN.search(line) is None) for lines in (gone, come))
    yield Difference(what="configuration", before=_text(gone), after=_text(come), seen_before=base.at,
                     seen_after=now.at)


def _moved(before: Sequence[str], after: Sequence[str]) -> tuple[list[str], list[str]]:
    """Lines that went and lines that came; a line that moved within its list is both."""
    gone: list[str] = []
    come: list[str] = []
    for tag, one, two, three, four in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            gone += before[one:two]
            come += after[three:four]
    return gone, come


def _text(lines: Sequence[str]) -> str:
    more = [f"... and {len(lines) - _MOST} more lines"] if len(lines) > _MOST else []
    return "\n".join([*lines[:_MOST], *more])
