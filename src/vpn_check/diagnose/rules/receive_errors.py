"""Received packets fail: by the detail counter that says how, else as the plain sum.

Recognised by: recv errors, or one of the detail counters (replay, integrity, identity), above a tenth of a per cent of
what was decapsulated and above ten. When all that is decapsulated is then dropped, the tunnel carries nothing inbound.
PIX keeps no digest and verify counters: zero there means nothing (S28).
Sources: counters.md 1.3, 3.4; S8, S21, S28.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.advice import advise
from vpn_check.diagnose.context import Context, flow_word, peer_word
from vpn_check.model.finding import Finding, Severity, Side

if TYPE_CHECKING:
    from vpn_check.model.tunnel import Tunnel

NOISE = 10
SHARE = 0.001
MOST = 0.5

_KINDS: tuple[tuple[str, str, str, tuple[str, ...], str], ...] = (
    (
        "replay_failed_rcv",
        "traffic.replay",
        "anti-replay drops",
        (
            "packets are reordered on the path or by QoS behind the encryption",
            "the replay window is too small for the rate",
            "duplicated packets",
        ),
        "S8",
    ),
    (
        "verify_failed",
        "traffic.integrity",
        "integrity check (ICV) failures",
        (
            "packets are corrupted or rewritten on the path",
            "the keys of the two ends are out of step",
            "a fault of the crypto engine",
        ),
        "S21",
    ),
    (
        "invalid_identity_recv",
        "traffic.inner-mismatch",
        "decrypted packets outside the SA's proxy identities",
        ("the peer's crypto ACL is wider than ours", "the peer translates, or does not translate, the source"),
        "S13",
    ),
    (
        "invalid_sa_rcv",
        "traffic.invalid-spi",
        "packets for an SA in an invalid state",
        ("the SAs of the two ends are out of step (rekey, clear, lost delete)",),
        "S17",
    ),
)


def all_received_in_error(tunnel: Tunnel) -> bool:
    """Whether nearly everything that was decapsulated was then dropped."""
    counters = tunnel.counters
    return bool(counters.decaps) and _mostly_lost(tunnel, counters.recv_errors or 0)


def _mostly_lost(tunnel: Tunnel, errors: int) -> bool:
    """Whether less than half of what was decapsulated got through: what was decrypted where that is counted."""
    counters = tunnel.counters
    received = counters.decaps or 0
    through = counters.decrypt if counters.decrypt is not None else received - errors
    return bool(errors) and errors >= MOST * received and through <= MOST * received


def judge(tunnel: Tunnel, context: Context) -> Finding | None:
    """Judge the inbound errors of a flow."""
    counters = tunnel.counters
    received = counters.decaps or 0
    for name, cause, what, causes, reference in _KINDS:
        count = counters.errors.get(name, 0)
        if count > NOISE and count > SHARE * received:
            return _finding(
                tunnel,
                context,
                cause=cause,
                what=f"{count} {what}",
                count=count,
                causes=causes,
                line=name,
                reference=reference,
            )
    errors = counters.recv_errors or 0
    if errors <= NOISE or errors <= SHARE * received:
        return None
    return _finding(
        tunnel,
        context,
        cause="traffic.recv-errors",
        what=f"{errors} receive errors",
        count=errors,
        causes=(
            "packets fail the replay, integrity or identity check; the detail counters or the log say which",
            "the peer sends what its crypto ACL allows and ours does not",
        ),
        line="recv_errors",
        reference="Cisco 116085",
    )


def _grown(tunnel: Tunnel, context: Context, line: str) -> tuple[int | None, str]:
    """How many came between two looks (None: not known), and the words for it."""
    delta = context.delta(tunnel)
    grown = None if delta is None else delta.recv_errors if line == "recv_errors" else delta.errors.get(line)
    if delta is None or grown is None:
        return None, ""
    return grown, f"{grown} of them {delta.span}" if grown else "none between the two looks, so this is history"


_FIELDS = {
    "replay_failed_rcv": "replay_failed",
    "invalid_identity_recv": "invalid_identity",
    "invalid_sa_rcv": "invalid_sa",
}


def _finding(
    tunnel: Tunnel,
    context: Context,
    *,
    cause: str,
    what: str,
    count: int,
    causes: tuple[str, ...],
    line: str,
    reference: str,
) -> Finding:
    received = tunnel.counters.decaps or 0
    most = _mostly_lost(tunnel, count)
    grown, told = _grown(tunnel, context, line)
    tail = told or ("nearly nothing gets through" if most else "traffic flows, degraded, if they are recent")
    return Finding(
        cause=cause,
        severity=Severity.INFO if grown == 0 and not most else Severity.CRITICAL if most else Severity.WARNING,
        confidence=0.75 if cause != "traffic.recv-errors" else 0.65,
        summary=f"{what} from {peer_word(tunnel)}{flow_word(tunnel)} against {received} packets decapsulated: {tail}.",
        evidence=context.quote_growth(tunnel, "decaps", _FIELDS.get(line, line)),
        side=Side.UNDECIDED,
        causes=causes,
        remedies=(advise("errors", tunnel, context),),
        references=(reference,),
    )
