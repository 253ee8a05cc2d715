"""The same words mean different things at different points of an exchange: an event seen in its exchange."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from vpn_check.diagnose.negotiation.exchange import Mode

if TYPE_CHECKING:
    from vpn_check.diagnose.matching import Event
    from vpn_check.diagnose.negotiation.talk import Talk

_BY_PEER = re.compile(
    r"[Rr]eceived (?:a |an )?(?:non-routine|un-?encrypted|no proposal|TS[_ ][Uu]|notif|INVALID|AUTHENTICATION|.{0,40}notify)"
    r"|processing NOTIFY|IKE_MESG_FROM_PEER, IKE_INFO_NOTIFY|[Pp]eer .{0,40}(?:refus|reject)|Exchange RESPONSE.*NOTIFY\("
)
_BY_US = re.compile(r"^(?:Sending|Building|Tx |[Ss]end)")


def refused_by_peer(text: str) -> bool:
    """Whether a message reports what the peer refused; what this device refuses, it says itself."""
    return _BY_US.search(text) is None and _BY_PEER.search(text) is not None


def in_context(event: Event, talk: Talk) -> Event:
    """What an event is in this talk: once IKEv2 has agreed on an IKE policy, a refused proposal is that of ESP."""
    signature = event.signature
    ike = talk.ike
    if talk.version != 2 or signature.cause != "ike.policy-mismatch" or ike is None:  # noqa: PLR2004  IKEv2
        return event
    if ike.mode not in {Mode.IKE_AUTH, Mode.CREATE_CHILD_SA} and ike.up is None and not talk.is_up:
        return event
    if talk.is_up and ike.up is None and ike.mode is Mode.IKE_SA_INIT:
        return event
    who = (
        "{peer} refuses the ESP proposal"
        if refused_by_peer(event.message.text)
        else "No ESP proposal here matches {peer}'s"
    )
    esp = replace(
        signature,
        phase="2",
        cause="ipsec.transform-mismatch",
        summary=f"{who}: IKE itself was agreed on, the transform sets (or PFS) differ.",
        causes=(
            "the transform sets differ in encryption, integrity or key length",
            "PFS on one side only, or another group",
        ),
    )
    return replace(event, signature=esp)
