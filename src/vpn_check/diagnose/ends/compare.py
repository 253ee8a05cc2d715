"""Both ends side by side: what the configurations say on paper, what the devices show, and the joint verdict."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vpn_check.diagnose.audit import Audit, Site
from vpn_check.diagnose.context import Context, flow_word, tunnel_name
from vpn_check.diagnose.ends.pairing import Pair, inbound, outbound, pairs
from vpn_check.diagnose.ends.traffic import marked
from vpn_check.diagnose.paper import rows as paper
from vpn_check.diagnose.paper.ends import TunnelEnd, joined
from vpn_check.model.comparison import Comparison, Match, Row, TunnelComparison
from vpn_check.model.finding import Diagnosis

if TYPE_CHECKING:
    from vpn_check.model.finding import Finding
    from vpn_check.model.snapshot import DeviceSnapshot
    from vpn_check.model.tunnel import Tunnel


def compare(here: Diagnosis, there: Diagnosis) -> Comparison:
    """Compare two diagnoses that were already made in each other's light.

    The joint verdict is the more severe and more certain of the two ends' own verdicts.
    """
    tunnels: tuple[TunnelComparison, ...] = ()
    if here.snapshot is not None and there.snapshot is not None:
        tunnels = tuple(_tunnels(here.snapshot, there.snapshot, there.device))
    return Comparison(here=here, there=there, tunnels=tunnels, verdict=_verdict(here, there))


def _verdict(here: Diagnosis, there: Diagnosis) -> Finding | None:
    found = [diagnosis.verdict for diagnosis in (here, there) if diagnosis.verdict is not None]
    return min(found, key=lambda finding: (finding.severity.rank, -finding.confidence), default=None)


def _tunnels(here: DeviceSnapshot, there: DeviceSnapshot, far: str) -> Iterator[TunnelComparison]:
    shown = list(pairs(here, there))
    for ours, theirs in _on_paper(here, there):
        own = [pair for pair in shown if str(pair.here.peer) in ours.peers]
        for pair in own:
            shown.remove(pair)
        yield TunnelComparison(
            name=f"{ours.name} / {theirs.name}",
            peer=ours.peers[0] if ours.peers else None,
            rows=(*paper.rows(ours, theirs),
                  *(row for pair in own for row in _shown(pair, here, there, far, several=len(own) > 1))),
        )
    for pair in shown:
        yield TunnelComparison(name=tunnel_name(pair.here), peer=str(pair.here.peer) if pair.here.peer else None,
                               rows=tuple(_shown(pair, here, there, far, several=False)))


def _on_paper(here: DeviceSnapshot, there: DeviceSnapshot) -> Iterator[tuple[TunnelEnd, TunnelEnd]]:
    if here.config is not None and there.config is not None:
        yield from joined(Audit(here=Site(here, here.config), remotes=(Site(there, there.config),)))


def _shown(pair: Pair, here: DeviceSnapshot, there: DeviceSnapshot, far: str, *, several: bool) -> Iterator[Row]:
    """What the SAs and counters of both ends say of each other."""
    ours, theirs = Context(snapshot=here), Context(snapshot=there)
    flow = flow_word(pair.here) if several else ""
    yield Row(parameter=f"IKE SA{flow}", here=_ike(pair.here), there=_ike(pair.there), match=Match.UNKNOWN
              if not pair.here.ike or not pair.there.ike else Match.of(_ike(pair.here) == _ike(pair.there)))
    if (sent := outbound(pair.here)) and (expected := inbound(pair.there)):
        yield _spis("SPI we send under", sent, expected, flow)
    if (arriving := inbound(pair.here)) and (used := outbound(pair.there)):
        yield _spis("SPI we receive under", arriving, used, flow)
    for label, mine, other in (("packets towards the other end", "encaps", "decaps"),
                               ("packets towards this end", "decaps", "encaps")):
        counts = getattr(pair.here.counters, mine), getattr(pair.there.counters, other)
        yield Row(
            parameter=f"{label}{flow}", here=_count(counts[0], mine), there=_count(counts[1], other),
            match=Match.UNKNOWN if None in counts else Match.of(bool(counts[0]) == bool(counts[1])),
            note="totals begin at different times: only none against some is judged",
            evidence=(*ours.quote(pair.here.where, mine), *marked(theirs.quote(pair.there.where, other), far)),
        )
    transforms = _transform(pair.here), _transform(pair.there)
    if all(transforms):
        yield Row(parameter=f"transform in use{flow}", here=transforms[0], there=transforms[1],
                  match=Match.of(transforms[0] == transforms[1]))


def _ike(tunnel: Tunnel) -> str:
    return f"IKEv{tunnel.ike[0].version} {tunnel.ike[0].phase.value}" if tunnel.ike else "not shown"


def _spis(parameter: str, ours: frozenset[int], theirs: frozenset[int], flow: str) -> Row:
    fits = bool(ours & theirs)
    return Row(parameter=f"{parameter}{flow}", here=_hex(ours), there=_hex(theirs), match=Match.of(fits),
               note="" if fits else "out of step, or a rekey lay between the two looks")


def _hex(spis: frozenset[int]) -> str:
    return ", ".join(f"0x{spi:08X}" for spi in sorted(spis))


def _count(count: int | None, name: str) -> str:
    return "not shown" if count is None else f"{count} {name}"


def _transform(tunnel: Tunnel) -> str:
    words = {" ".join(sorted((sa.transform or "").replace(",", " ").split())) for sa in tunnel.sas if sa.live}
    return ", ".join(sorted(word for word in words if word))

