"""The rules, as a table. Of the state rules the first that answers decides; the others add what they see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.rules import (
    child_up,
    idle,
    ike_stuck,
    no_attempt,
    no_ipsec_sa,
    no_return,
    no_route,
    not_encrypted,
    receive_errors,
    send_errors,
    too_big,
    weak_crypto,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from vpn_check.diagnose.context import Context
    from vpn_check.model.finding import Finding
    from vpn_check.model.tunnel import Tunnel

    Rule = Callable[[Tunnel, Context], Finding | None]

STATE_RULES: tuple[Rule, ...] = (
    ike_stuck.judge,
    no_ipsec_sa.judge,
    no_route.judge,
    no_attempt.judge,
    no_return.judge,
    not_encrypted.judge,
    idle.judge,
    child_up.judge,
)
"""From the bottom up: IKE, IPsec SAs, traffic."""

FURTHER_RULES: tuple[Rule, ...] = (receive_errors.judge, too_big.judge, send_errors.judge, weak_crypto.judge)
