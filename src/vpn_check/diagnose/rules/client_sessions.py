"""Remote-access clients whose packets arrive and who are sent nothing: no way back to the pool, or one client alone.

Recognised by: sessions with an assigned address (`show vpn-sessiondb`) that have received bytes from the client and
sent none to it. Where this is so of all clients that send, and there are two or more, what they share is at fault:
the inside's route to the pool, or the NAT exemption for it. Where others are answered it is that client's own affair.
A client that sends nothing is idle, and no fault.
Sources: S33, S34, S37; config-checks C09, C13.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.model.finding import Finding, Remedy, Severity, Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vpn_check.diagnose.context import Context
    from vpn_check.model.summary import PeerSummary

_FEW = 1000   # bytes: a log-in alone costs some
_TOGETHER = 2
_SHOWN = 4


def judge(sessions: Sequence[PeerSummary], context: Context) -> Iterator[Finding]:
    """Judge the client sessions of a device."""
    sending = [held for held in sessions if (held.received or 0) > _FEW and held.sent is not None]
    unanswered = [held for held in sending if held.sent == 0]
    evidence = tuple(line for held in unanswered[:_SHOWN] for line in context.quote(held.where, "sent"))
    if not evidence:
        return
    every = len(unanswered) == len(sending)
    shared = every and len(unanswered) >= _TOGETHER
    one = unanswered[0] if len(unanswered) == 1 else None
    if shared:
        text = (f"All {len(unanswered)} clients that send get no answer: their packets arrive here, and nothing from "
                "inside finds its way back to the addresses of the pool.")
    else:
        whom = f"The client at {one.peer} ({one.inner})" if one is not None else f"{len(unanswered)} clients"
        others = "" if every else f", while {len(sending) - len(unanswered)} others are answered"
        text = f"{whom} sent traffic and got no answer{others}."
    yield Finding(
        cause="config.route-missing" if shared else "traffic.not-encrypted",
        severity=Severity.CRITICAL if every else Severity.WARNING,
        confidence=0.7 if shared else 0.55,
        peer=str(one.peer) if one is not None else None,
        summary=text,
        evidence=evidence,
        side=Side.HERE,
        causes=("the inside has no route to the pool through this device",
                "answers to the pool are translated: the NAT exemption lacks it",
                "a vpn-filter or the inside hosts do not answer"),
        remedies=(Remedy(text="See how the inside reaches the pool, and that it is exempt from NAT.",
                         commands=("show ip local pool", "show route", "show nat detail", "show asp drop")),),
        references=("S33", "S37"),
    )
