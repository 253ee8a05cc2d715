"""The same words mean different things at different points of an exchange: an event seen in its exchange."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from vpn_check.diagnose.negotiation.exchange import Mode, Noted
from vpn_check.diagnose.negotiation.policies import differing

if TYPE_CHECKING:
    from vpn_check.diagnose.matching import Event
    from vpn_check.diagnose.negotiation.attempt import Attempt
    from vpn_check.diagnose.negotiation.talk import Talk

_BY_PEER = re.compile(
    r"[Rr]eceived (?:an? )?(?:non-routine|un-?encrypted|no proposal|TS[_ ][Uu]|notif|INVALID|AUTHENTIC|.{0,40}notify)"
    r"|processing NOTIFY|IKE_MESG_FROM_PEER, IKE_INFO_NOTIFY|[Pp]eer .{0,40}(?:refus|reject)"
    r"|Exchange RESPONSE.*NOTIFY\("
)
IKEV2 = 2
_REKEY_SURE = 0.7
_BY_US = re.compile(r"^(?:Sending|Building|Tx |[Ss]end)")


def refused_by_peer(text: str) -> bool:
    """Whether a message reports what the peer refused; what this device refuses, it says itself."""
    return _BY_US.search(text) is None and _BY_PEER.search(text) is not None


def in_context(event: Event, talk: Talk) -> Event:
    """An event as its talk makes it: once IKEv2 has agreed on an IKE policy, a refused proposal is that of a child."""
    signature = event.signature
    if talk.version != IKEV2 or signature.cause != "ike.policy-mismatch" or not speaks_of_child(talk):
        return event
    rekey = talk.child is not None and talk.child.mode is Mode.CREATE_CHILD_SA
    who = "{peer} refuses" if refused_by_peer(event.message.text) else "This device refuses"
    what = "the proposal of a further child SA or a rekey" if rekey else "the ESP proposal"
    child = replace(
        signature,
        phase="2",
        cause="ipsec.pfs-mismatch" if rekey else "ipsec.transform-mismatch",
        confidence=min(signature.confidence, _REKEY_SURE) if rekey else signature.confidence,
        summary=f"{who} {what}: IKE itself was agreed on, {'PFS or ' if rekey else ''}the transform sets differ.",
        causes=(
            *(("PFS on one side only, or another group: it shows first at a rekey",) if rekey else ()),
            "the transform sets differ in encryption, integrity or key length",
        ),
    )
    return replace(event, signature=child)


def speaks_of_child(talk: Talk) -> bool:
    """Whether IKEv2 has come to the child SA, so that a proposal refused now is one of ESP."""
    ike, child = talk.ike, talk.child
    if ike is not None and ike.up is None and ike.ended is None:
        return ike.mode is Mode.IKE_AUTH
    return talk.is_up or (child is not None and child.mode in {Mode.IKE_AUTH, Mode.CREATE_CHILD_SA})


def sharpened(noted: Noted, attempt: Attempt) -> Noted:
    """A refused child proposal in which only the Diffie-Hellman group differs is a matter of PFS."""
    signature = noted.last.signature
    if signature.cause != "ipsec.transform-mismatch" or not attempt.listed:
        return noted
    received, expected = ([text for _, text in attempt.listed.get(which, ())] for which in ("Received", "Expected"))
    if differing(received, expected) != ("group",):
        return noted
    pfs = replace(
        signature,
        cause="ipsec.pfs-mismatch",
        summary="PFS differs: the child proposal of {peer} and ours agree in everything but the Diffie-Hellman group.",
        causes=("PFS on one side only", "different PFS groups"),
    )
    return Noted(first=replace(noted.first, signature=pfs), last=replace(noted.last, signature=pfs), count=noted.count)
