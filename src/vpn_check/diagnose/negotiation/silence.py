"""What it means when a certain message of an exchange never comes (ike-states.md, sections 2 to 4 and 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.negotiation.context import IKEV2
from vpn_check.diagnose.negotiation.exchange import Nat
from vpn_check.diagnose.signature import Signature, SignatureRemedy
from vpn_check.model.device import PlatformName
from vpn_check.model.finding import Remedy, Severity
from vpn_check.model.sa import Role

if TYPE_CHECKING:
    from vpn_check.diagnose.negotiation.attempt import Attempt

_ROUTERS = frozenset({PlatformName.IOS, PlatformName.IOSXE})
_FIREWALLS = frozenset({PlatformName.ASA, PlatformName.PIX})
_PATH = (
    SignatureRemedy(
        remedy=Remedy(
            text="Test the path from the address that the tunnel uses; UDP 500 and 4500 must pass both ways.",
            commands=("ping <peer> source <wan>", "show ip access-lists"),
        ),
        platforms=_ROUTERS,
    ),
    SignatureRemedy(
        remedy=Remedy(
            text="Test the path to the peer; UDP 500 and 4500 must pass both ways.",
            commands=("ping <peer>", "show route <peer>", "show asp drop"),
        ),
        platforms=_FIREWALLS,
    ),
)
_OTHER_END = SignatureRemedy(
    remedy=Remedy(
        text="Read the same negotiation in the log of the other end: what it refuses, it says there.",
        commands=("show logging",),
        on_peer=True,
    )
)
_USERS = (
    SignatureRemedy(
        remedy=Remedy(
            text="See which key or profile the peer matched; a site's key needs `no-xauth`.",
            commands=("show crypto isakmp key", "show running-config | section crypto isakmp"),
        ),
        platforms=_ROUTERS,
    ),
    SignatureRemedy(
        remedy=Remedy(
            text="See which tunnel-group the peer landed in; a site has one of its own, of type ipsec-l2l.",
            commands=("show running-config tunnel-group",),
        ),
        platforms=_FIREWALLS,
    ),
)


def silence(attempt: Attempt) -> Signature | None:
    """What stopped an exchange in which the peer said no more; None where nothing can be told."""
    initiator = attempt.role is Role.INITIATOR
    if attempt.phase == "2":
        return _QUICK if initiator and not attempt.received else None
    if not attempt.received:
        return _NOTHING
    if (attempt.state or "").startswith("CONF_"):
        return _XAUTH
    natted = attempt.nat not in {None, Nat.NONE}
    if attempt.version == IKEV2:
        waits = initiator and "IKE_AUTH request" in attempt.sent and "IKE_AUTH response" not in attempt.received
        return (_AUTH_FLOATED if natted else _AUTH) if waits else None
    return _main_mode(attempt.sent[-1], attempt, initiator=initiator, natted=natted)


def _main_mode(last: str, attempt: Attempt, *, initiator: bool, natted: bool) -> Signature | None:
    if last == "MM3" and initiator:
        return _MIDDLE
    if last == "MM4" and not initiator and "MM5" not in attempt.received:
        return _FLOATED if natted else _FIFTH
    return None


def _signature(
    name: str,
    cause: str,
    confidence: float,
    summary: str,
    meaning: str,
    *causes: str,
    remedies: tuple[SignatureRemedy, ...] = (*_PATH, _OTHER_END),
) -> Signature:
    return Signature(
        id=f"exchange-{name}",
        platforms=tuple(PlatformName),
        phase="1" if cause.startswith("ike.") else "2",
        cause=cause,
        severity=Severity.CRITICAL,
        confidence=confidence,
        patterns=(),
        summary=summary,
        meaning=meaning,
        causes=causes,
        remedies=remedies,
        references=("IKE states",),
        consequence=True,
    )


_NOTHING = _signature(
    "no-answer",
    "ike.peer-unreachable",
    0.72,
    "{peer} answers nothing: our first message was sent again and again, and not one packet came back.",
    "No packet of the peer was seen in this exchange.",
    "the peer is down, or UDP 500 is filtered on the path",
    "the peer does not know the address that we come from and stays silent",
    "the peer speaks only the other version of IKE, or drops a proposal that it does not like without a word",
)
_MIDDLE = _signature(
    "stopped-at-keys",
    "ike.negotiation-failed",
    0.6,
    "Main mode with {peer} stopped when the Diffie-Hellman values were exchanged: the policy was agreed on, then the"
    " peer said no more.",
    "MM1 and MM2 passed; MM3 or MM4 did not arrive or was dropped.",
    "the other end has no key or tunnel-group for our address and drops the message",
    "one direction is filtered or takes another way back",
    "the larger message was fragmented and the fragments are dropped",
)
_FIFTH = _signature(
    "fifth-message-missing",
    "ike.negotiation-failed",
    0.64,
    "Main mode with {peer} stopped before the first encrypted message: our MM4 went out, its MM5 never arrived.",
    "With keys that differ MM5 arrives and cannot be read; here nothing arrived.",
    "our answer does not reach the initiator, or its next message does not reach us",
    "the initiator gave up: its own log says why",
)
_FLOATED = _signature(
    "fifth-message-missing-nat",
    "ike.nat-t",
    0.66,
    "Main mode with {peer} stopped where NAT moves it to UDP 4500: NAT was detected, our MM4 went out, and its MM5"
    " never arrived.",
    "After NAT is detected the initiator sends MM5 from and to UDP 4500.",
    "UDP 4500 is filtered on the path",
    "NAT traversal is off at one end",
)
_AUTH = _signature(
    "auth-unanswered",
    "ike.negotiation-failed",
    0.6,
    "IKE_AUTH to {peer} is not answered: IKE_SA_INIT passed, then the peer said no more.",
    "The proposals suit both; what follows is encrypted, larger, and moves to UDP 4500 where NAT was detected.",
    "UDP 4500 is filtered, where NAT was detected",
    "the larger IKE_AUTH message is fragmented on the path and the fragments are dropped",
    "the peer refuses our identity or key without a word; its log says so",
)
_AUTH_FLOATED = _signature(
    "auth-unanswered-nat",
    "ike.nat-t",
    0.66,
    "IKE_AUTH to {peer} is not answered: IKE_SA_INIT passed on UDP 500, NAT was detected, and nothing comes back on UDP"
    " 4500.",
    "After NAT is detected everything moves to UDP 4500.",
    "UDP 4500 is filtered on the path",
    "the larger IKE_AUTH message is fragmented on the path and the fragments are dropped",
    "the peer refuses our identity or key without a word; its log says so",
)
_XAUTH = _signature(
    "xauth-unanswered",
    "ike.config-mode-xauth",
    0.8,
    "Phase 1 with {peer} is up, and it does not answer when asked for a user (xauth): a site-to-site peer never will.",
    "Extended authentication or mode configuration was begun after phase 1 and got no answer.",
    "the peer is a site, and its key lacks `no-xauth`, or it matched the map or profile of remote access",
    "the user has not answered, or the client gave up",
    remedies=_USERS,
)
_QUICK = _signature(
    "quick-mode-unanswered",
    "ipsec.no-sa",
    0.62,
    "{peer} does not answer quick mode: IKE is up, our phase 2 proposal went out, and nothing came back.",
    "The first message of quick mode got no answer.",
    "the peer finds no crypto map entry for our proxy identities and says nothing",
    "the peer has deleted the IKE SA that we still use",
)
