"""SAs out of step: one end sends under an SPI that the other does not have.

Two looks are never taken at the same moment, and a rekey in between changes the SPIs of a healthy tunnel: so this is
said only where the packets do not arrive either.
Source: counters.md 2; S17.
"""

from __future__ import annotations

from vpn_check.diagnose.context import FEW_PACKETS, Context, flow_word, peer_word, tunnel_name
from vpn_check.diagnose.ends.pairing import Pair, inbound, outbound
from vpn_check.diagnose.ends.traffic import far_lines
from vpn_check.model.finding import Finding, Remedy, Severity, Side


def judge(pair: Pair, here: Context, there: Context, far: str) -> Finding | None:
    """Judge the SPIs of a tunnel whose packets get lost one way."""
    ours, theirs = pair.here.counters, pair.there.counters
    if pair.by == "SPI" or not outbound(pair.here) or (ours.encaps or 0) < FEW_PACKETS:
        return None
    if outbound(pair.here) & inbound(pair.there) or not (theirs.recv_errors or pair.there.has_inbound is False):
        return None
    return Finding(
        cause="traffic.invalid-spi",
        severity=Severity.CRITICAL,
        confidence=0.65,
        summary=f"We send to {peer_word(pair.here)}{flow_word(pair.here)} under an SPI that {far} does not have: the "
        "SAs of the two ends are out of step, unless one was looked at before a rekey and the other after it.",
        evidence=(*here.quote(pair.here.where, "out_spi", "encaps"),
                  *far_lines(pair.there, there, far, "out_spi", "decaps", "recv_errors")),
        peer=str(pair.here.peer) if pair.here.peer is not None else None,
        tunnel=tunnel_name(pair.here),
        about=pair.here.key,
        side=Side.HERE,
        causes=("the other end lost its SAs (reload, clear) and nothing told us: DPD is off or slow",
                "a delete message was lost"),
        remedies=(Remedy(text="Look at both ends again at the same time, and at dead peer detection.",
                         commands=("show crypto ipsec sa", "show crypto isakmp sa detail")),),
        references=("S17", "Cisco 115801"),
    )
