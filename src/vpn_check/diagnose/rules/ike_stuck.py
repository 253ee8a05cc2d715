"""IKE does not come up: a negotiation stays in a state, or only deleted attempts are left.

Recognised by: an IKE SA of the peer that is neither up nor absent, no IKE SA that is up, and no IPsec SA. The state
says which message is missing, the role whose. One sample cannot tell a slow negotiation from a stuck one, so the
state alone never gives more than an assumption; a line of the log that names the cause outranks it.
Sources: S12, S27, ike-states.md 2-5 and 7.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from vpn_check.diagnose.advice import advise
from vpn_check.diagnose.context import Context, flow_word, peer_word
from vpn_check.diagnose.sa_state import has_sas
from vpn_check.model.finding import Finding, Severity, Side
from vpn_check.model.sa import IkePhase

if TYPE_CHECKING:
    from vpn_check.model.sa import IkeSa
    from vpn_check.model.tunnel import Tunnel

_TOPICS = {
    "ike.psk-mismatch": ("key", "ike"),
    "ike.peer-unreachable": ("reach", "ike"),
    "ike.config-mode-xauth": ("ike",),
}
_DEEPEST = (
    "MM_KEY_EXCH",
    "MM_WAIT_MSG6",
    "MM_WAIT_MSG5",
    "AG_INIT_EXCH",
    "MM_SA_SETUP",
    "MM_WAIT_MSG4",
    "MM_WAIT_MSG3",
    "AM_WAIT_MSG3",
)


@cache
def _states() -> dict[str, Any]:
    import yaml  # noqa: PLC0415  only a stuck negotiation pays for it

    from vpn_check.resources import package_path  # noqa: PLC0415

    loaded: dict[str, Any] = yaml.safe_load(package_path("diagnose", "ike_states.yaml").read_text(encoding="utf-8"))
    return loaded


def _deepest(sas: tuple[IkeSa, ...]) -> IkeSa:
    """The attempt that came furthest: it says most about what stops it."""
    known = [sa for state in _DEEPEST for sa in sas if sa.state == state]
    return known[0] if known else sas[0]


def judge(tunnel: Tunnel, context: Context) -> Finding | None:
    """Judge a tunnel whose IKE negotiation has not finished; None where an IKE or IPsec SA is up."""
    open_sas = context.ike(tunnel, IkePhase.NEGOTIATING, IkePhase.FAILED, IkePhase.UNKNOWN)
    if not open_sas or context.ike(tunnel, IkePhase.UP) or has_sas(tunnel):
        return None
    sa = _deepest(open_sas)
    state = sa.state or "no state"
    known = _states().get(state, _states()["default"])
    role = sa.role.value if sa.role else "any"
    causes = known["causes"].get(role) or known["causes"].get("any") or next(iter(known["causes"].values()))
    failed = all(entry.phase is IkePhase.FAILED for entry in open_sas)
    seen = "was given up" if failed else "is stuck" if context.confirmed else "is in progress or stuck"
    as_role = f" as {role}" if sa.role else ""
    evidence = context.quote_ike((sa, *(entry for entry in open_sas if entry is not sa)))
    return Finding(
        cause=known["cause"],
        severity=Severity.CRITICAL,
        confidence=known["confidence"],
        summary=f"IKE with {peer_word(tunnel)}{flow_word(tunnel)} {seen}{as_role} in {state}: {known['meaning']}.",
        evidence=evidence + context.quote(tunnel.where, "send_errors"),
        side=Side.UNDECIDED,
        causes=tuple(causes),
        remedies=tuple(
            advise(topic, tunnel, context) for topic in _TOPICS.get(known["cause"], ("reach", "policy", "ike"))
        ),
        references=tuple(known.get("references", ())),
    )
