"""The counters of a device each time they were shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.model.case import Sample
from vpn_check.model.snapshot import Topic
from vpn_check.model.transcript import Transcript
from vpn_check.parse.assemble import assemble
from vpn_check.parse.commands import resolve

if TYPE_CHECKING:
    from vpn_check.jobs.analyze import Capture
    from vpn_check.model.tunnel import Tunnel

_MOST_SAMPLES = 20


def samples_of(capture: Capture) -> tuple[Sample, ...]:
    """One sample an output that shows IPsec SAs; in the order in which they were given."""
    found: list[Sample] = []
    for output in capture.outputs:
        if output.command and resolve(output.command)[1] is not Topic.IPSEC_SA:
            continue
        snapshots = assemble(Transcript(device=capture.name, platform=capture.platform, outputs=(output,)))
        tunnels = {
            tunnel_label(tunnel): tunnel.counters
            for snapshot in snapshots
            for tunnel in snapshot.tunnels
            if tunnel.local_ident is not None
        }
        if tunnels:
            found.append(Sample(at=output.received_at, source=output.origin or output.command, tunnels=tunnels))
    return tuple(found[:_MOST_SAMPLES])


def tunnel_label(tunnel: Tunnel) -> str:
    """A tunnel by its peer and its flow: the same in every sample, whatever was rekeyed."""
    flow = (
        f"{tunnel.local_ident.short} -> {tunnel.remote_ident.short}"
        if tunnel.local_ident and tunnel.remote_ident
        else "?"
    )
    return f"{tunnel.peer}  {flow}"
