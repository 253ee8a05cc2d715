"""What a rule may ask: the snapshot, what the log told, who was asked for, and the words of the platform."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vpn_check.model.device import PlatformName
from vpn_check.model.snapshot import Topic

if TYPE_CHECKING:
    from vpn_check.model.delta import CounterDelta
    from vpn_check.model.finding import Evidence
    from vpn_check.model.sa import IkePhase, IkeSa, Where
    from vpn_check.model.snapshot import DeviceSnapshot
    from vpn_check.model.tunnel import Tunnel

_LAG = 30.0
FEW_PACKETS = 5
"""Below this many packets a ratio says nothing (counters.md, pitfall 1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A device under judgement.

    `asked` are peers named with `--peer`, `expected` those the inventory wants up; `confirmed` says that this is the
    second look at an unfinished negotiation.
    """

    snapshot: DeviceSnapshot
    asked: frozenset[str] = frozenset()
    expected: frozenset[str] = frozenset()
    all_expected: bool = False
    confirmed: bool = False
    up_peers: frozenset[str] = field(default=frozenset())

    @property
    def firewall(self) -> bool:
        """Whether the device speaks as ASA and PIX 7 do."""
        return self.snapshot.platform in {PlatformName.ASA, PlatformName.PIX}

    def wanted(self, tunnel: Tunnel) -> bool:
        """Whether somebody said that this tunnel should be up."""
        peer = str(tunnel.peer)
        return self.all_expected or peer in self.asked or peer in self.expected

    def delta(self, tunnel: Tunnel) -> CounterDelta | None:
        """What the tunnel's counters grew by between two looks; None where there is no second look that tells.

        The counters of an IOS-XE data plane are fetched with delay: standing still for less than half a minute says
        nothing there (counters.md 1.2).
        """
        found = self.snapshot.deltas.get(tunnel.key)
        if found is None or found.recreated:
            return None
        lags = self.snapshot.platform is PlatformName.IOSXE and found.seconds is not None and found.seconds < _LAG
        return None if lags and found.silent else found

    def quote_growth(self, tunnel: Tunnel, *names: str) -> tuple[Evidence, ...]:
        """The lines of these fields, those of an earlier look at the tunnel first."""
        before = self.snapshot.earlier.get(tunnel.key)
        earlier = self.quote(before.where, *names) if before is not None and self.delta(tunnel) is not None else ()
        return (*earlier, *self.quote(tunnel.where, *names))

    def quote(self, where: Where, *names: str) -> tuple[Evidence, ...]:
        """The device's own lines for these fields, each line once, in the order printed."""
        numbers = sorted({number for name in names if (number := where.line(name)) is not None})
        quoted = (self.snapshot.quote(where.source, number) for number in numbers)
        return tuple(line for line in quoted if line is not None)

    def quote_ike(self, sas: tuple[IkeSa, ...] | list[IkeSa]) -> tuple[Evidence, ...]:
        """The lines that show these IKE SAs, at most four."""
        lines = [
            line for sa in sas for line in self.quote(sa.where, "peer", "state", "session_status", "remote", "conn_id")
        ]
        return tuple(dict.fromkeys(lines))[:4]

    def saw_ike(self, tunnel: Tunnel) -> bool:
        """Whether the device answered about IKE SAs: only then does "no row" mean "no SA"."""
        if tunnel.ike:
            return True
        seen = self.snapshot.seen
        return Topic.IKE_SA in seen or (Topic.IKEV2_SA in seen and not self._gap(Topic.IKE_SA))

    def _gap(self, topic: Topic) -> bool:
        return any(gap.topic is topic for gap in self.snapshot.gaps)

    @staticmethod
    def ike(tunnel: Tunnel, *phases: IkePhase) -> tuple[IkeSa, ...]:
        """The tunnel's IKE SAs in these phases."""
        return tuple(sa for sa in tunnel.ike if sa.phase in phases)


def peer_word(tunnel: Tunnel) -> str:
    """What to call the peer in a sentence."""
    if tunnel.peer is not None:
        return str(tunnel.peer)
    for sa in tunnel.ike:
        if sa.src is not None:
            return f"{sa.src} -> {sa.dst}"
    return "an unnamed peer"


def flow_word(tunnel: Tunnel) -> str:
    """The flow in a sentence: ` (10.1.0.0/24 -> 10.2.0.0/24)`; empty where it is not known."""
    if tunnel.local_ident is None or tunnel.remote_ident is None:
        return ""
    return f" ({tunnel.local_ident.short} -> {tunnel.remote_ident.short})"


def tunnel_name(tunnel: Tunnel) -> str:
    """Short name of a tunnel: where it hangs, whom it joins."""
    place = tunnel.interface or tunnel.crypto_map or ""
    idents = (
        f" {tunnel.local_ident.short} -> {tunnel.remote_ident.short}"
        if tunnel.local_ident and tunnel.remote_ident
        else ""
    )
    return f"{place} {peer_word(tunnel)}{idents}".strip()
