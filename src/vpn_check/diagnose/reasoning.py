"""Walk the layers of the verdict's tunnel from below, and say what each one excludes.

A layer that works excludes the causes that would have stopped it. The first that fails is where the verdict lies; what
stands above it rests on it and says nothing of its own.
Source: counters.md 3.1; ike-states.md 2-6.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vpn_check.diagnose.decisions import decision
from vpn_check.diagnose.sa_state import has_sas
from vpn_check.model.reasoning import Layer, LayerState, Reasoning, RuledOut
from vpn_check.model.sa import IkePhase

if TYPE_CHECKING:
    from vpn_check.diagnose.context import Context
    from vpn_check.model.finding import Evidence, Finding
    from vpn_check.model.tunnel import Tunnel

_PAST_FIRST = ("KEY_EXCH", "SA_SETUP", "WAIT_MSG4", "WAIT_MSG5", "WAIT_MSG6", "CONF_", "XAUTH", "AG_INIT", "AUTH")
"""States that are only reached after the peer has answered (ike-states.md 2, 3)."""
_REACH = ("ike.peer-unreachable", "ike.no-attempt")
_PHASE_1 = ("ike.policy-mismatch", "ike.version-mismatch", "ike.no-key-for-peer")
_AUTHENTICATION = ("ike.psk-mismatch", "ike.identity-mismatch", "ike.certificate", "ike.config-mode-xauth")
_PHASE_2 = ("ipsec.transform-mismatch", "ipsec.proxy-id-mismatch", "ipsec.no-matching-crypto-map", "ipsec.no-sa")
_OUT = ("traffic.not-encrypted", "config.nat-exemption", "ipsec.crypto-map-not-applied", "config.route-missing")
_BACK = ("traffic.no-return", "traffic.esp-blocked")
_RECEIVED = ("traffic.replay", "traffic.integrity", "traffic.inner-mismatch", "traffic.recv-errors")


def explain(verdict: Finding, context: Context) -> Reasoning | None:
    """The reasoning behind a verdict about a tunnel; None where it speaks of no tunnel that was seen."""
    tunnel = next((held for held in context.snapshot.tunnels if held.key == verdict.about), None)
    if tunnel is None and verdict.peer is not None:
        tunnel = next((held for held in context.snapshot.tunnels if str(held.peer) == verdict.peer), None)
    if tunnel is None or verdict.cause == "healthy":
        return None
    layers, excluded = [], []
    failed = False
    for seen, causes in _walk(tunnel, context):
        rests = failed and seen.state is not LayerState.WORKS
        layer = Layer(name=seen.name, state=LayerState.RESTS) if rests else seen
        failed = failed or layer.state is LayerState.FAILS
        layers.append(layer)
        left = tuple(cause for cause in causes if cause != verdict.cause)
        if layer.state is LayerState.WORKS and left and layer.evidence:
            excluded.append(RuledOut(causes=left, by=layer.told, evidence=layer.evidence))
    command, tells = decision(verdict, tunnel, context)
    return Reasoning(layers=tuple(layers), ruled_out=tuple(excluded), against=tuple(_against(verdict, tunnel, context)),
                     decide=command, tells=tells)


def _walk(tunnel: Tunnel, context: Context) -> Iterator[tuple[Layer, tuple[str, ...]]]:
    up = context.ike(tunnel, IkePhase.UP)
    yield _reachable(tunnel, context), _REACH
    yield _ike(tunnel, context), _PHASE_1
    yield _layer("authentication", True if up else None, "the IKE SA is established", context.quote_ike(up)), (
        _AUTHENTICATION)
    sas = has_sas(tunnel)
    lines = context.quote(tunnel.where, "out_spi", "in_spi")
    yield _layer("IPsec SA", sas, "IPsec SAs exist" if sas else "there is no IPsec SA", lines), _PHASE_2
    counters = tunnel.counters
    yield _layer("traffic out", _passed(counters.encaps), f"{counters.encaps} packets encrypted",
                 context.quote(tunnel.where, "encaps")), _OUT
    yield _layer("traffic back", _passed(counters.decaps), f"{counters.decaps} packets decrypted",
                 context.quote(tunnel.where, "decaps")), _BACK
    failed = sum(count or 0 for count in (counters.recv_errors, *counters.errors.values()))
    known = counters.recv_errors is not None or bool(counters.errors)
    few = failed <= (counters.decaps or 0) * 0.001
    yield _layer("received packets", few if known and counters.decaps else None,
                 f"{failed} of {counters.decaps} failed", context.quote(tunnel.where, "recv_errors")), _RECEIVED


def _layer(name: str, works: bool | None, told: str, evidence: tuple[Evidence, ...]) -> Layer:  # noqa: FBT001  three-valued
    state = LayerState.UNKNOWN if works is None else LayerState.WORKS if works else LayerState.FAILS
    return Layer(name=name, state=state, told=told if works is not None else "", evidence=evidence)


def _passed(count: int | None) -> bool | None:
    return None if count is None else count > 0


def _reachable(tunnel: Tunnel, context: Context) -> Layer:
    answered = [sa for sa in tunnel.ike
                if sa.phase is IkePhase.UP or any(word in (sa.state or "") for word in _PAST_FIRST)]
    if answered:
        return _layer("peer answers (UDP 500/4500)", True, "the peer answers IKE", context.quote_ike(answered))
    if tunnel.counters.decaps:
        return _layer("peer answers (UDP 500/4500)", True, "packets of the peer arrive",
                      context.quote(tunnel.where, "decaps"))
    return _layer("peer answers (UDP 500/4500)", None, "", ())


def _ike(tunnel: Tunnel, context: Context) -> Layer:
    up = context.ike(tunnel, IkePhase.UP)
    if up:
        return _layer("IKE SA", True, "the IKE SA is established", context.quote_ike(up))
    stuck = context.ike(tunnel, IkePhase.NEGOTIATING, IkePhase.FAILED)
    if stuck:
        return _layer("IKE SA", False, f"IKE is in {stuck[0].state}", context.quote_ike(stuck))
    return _layer("IKE SA", False if context.saw_ike(tunnel) and has_sas(tunnel) is False else None,
                  "there is no IKE SA for this peer", ())


def _against(verdict: Finding, tunnel: Tunnel, context: Context) -> Iterator[RuledOut]:
    """Facts that do not fit the verdict."""
    if verdict.cause.startswith("ike.") and (up := context.ike(tunnel, IkePhase.UP)):
        yield RuledOut(causes=(verdict.cause,), by="an IKE SA with this peer is established now",
                       evidence=context.quote_ike(up))
    others = [held for held in context.snapshot.tunnels
              if held.peer == tunnel.peer and held.key != tunnel.key and held.counters.encaps and held.counters.decaps]
    if others and verdict.cause.startswith(("ike.", "ipsec.", "traffic.esp")):
        yield RuledOut(causes=(verdict.cause,), by="another flow of this peer has carried traffic both ways",
                       evidence=context.quote(others[0].where, "encaps", "decaps"))
