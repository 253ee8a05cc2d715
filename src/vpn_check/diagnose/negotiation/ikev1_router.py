"""What IOS, IOS-XE and PIX 6 print of IKEv1: `debug crypto isakmp`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vpn_check.diagnose.negotiation.exchange import Mode
from vpn_check.diagnose.negotiation.offers import Offer
from vpn_check.diagnose.negotiation.steps import Step, step
from vpn_check.model.sa import Role

if TYPE_CHECKING:
    from vpn_check.diagnose.logtext import Message
    from vpn_check.diagnose.negotiation.desk import Desk
    from vpn_check.diagnose.negotiation.talk import Talk

_ADDRESS = r"[0-9A-Za-z.:]+"
_ROLES = {"I": Role.INITIATOR, "R": Role.RESPONDER, "N": Role.RESPONDER}
_MODES = {
    "Main": Mode.MAIN,
    "Aggressive": Mode.AGGRESSIVE,
    "MM": Mode.MAIN,
    "AG": Mode.AGGRESSIVE,
    "AM": Mode.AGGRESSIVE,
}
_SENT = {"MM_NO_STATE": ("MM1", "MM2"), "MM_SA_SETUP": ("MM3", "MM2"), "MM_KEY_EXCH": ("MM5", "MM4")}
_RECEIVED = {"MM_NO_STATE": ("MM2", "MM1"), "MM_SA_SETUP": ("MM4", "MM3"), "MM_KEY_EXCH": ("MM6", "MM5")}


def _packet(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> Talk | None:
    by_us = found["way"] == "sending packet to"
    talk = desk.floor.rename(talk, found["peer"], message)
    talk.by_us = by_us
    role, state = _ROLES.get(found["role"] or ""), (found["state"] or "").strip()
    if state == "NEW SA":
        desk.begin_ike(talk, message, role=Role.RESPONDER).say("first message", by_us=False)
        return talk
    if state.startswith(("QM_IDLE", "MM_ACTIVE", "CONF_")) or not state:
        return talk
    attempt = desk.ike_now(talk, message)
    attempt.role = role or attempt.role
    attempt.state = state
    if attempt.mode is Mode.UNKNOWN:
        attempt.mode = _MODES.get(state[:2], Mode.UNKNOWN)
    names = (_SENT if by_us else _RECEIVED).get(state, (state, state))
    name = names[role is Role.RESPONDER]
    if name == "MM4" and by_us and "MM5" in attempt.received:
        name = "MM6"
    attempt.say(name, by_us=by_us)
    return talk


def _begin(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> Talk | None:
    if found["mode"] == "Quick":
        desk.begin_child(talk, message, key=_id(found["id"]), role=Role.INITIATOR)
    else:
        attempt = desk.begin_ike(talk, message, role=Role.INITIATOR, mode=_MODES[found["mode"]])
        attempt.say("AM1" if attempt.mode is Mode.AGGRESSIVE else "MM1", by_us=True, packet=False)
    return None


def _exchange_name(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> None:
    """PIX: the exchange that a block belongs to."""
    if found["mode"] not in {"MM", "AG"}:
        return
    talk.announced = _MODES[found["mode"]]
    if not talk.is_up and (talk.ike is None or talk.ike.ended is None):
        desk.ike(talk, message).mode = talk.announced


def _block(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> Talk | None:
    """PIX: who sent the block that is processed now."""
    talk = desk.floor.rename(talk, found["src"], message, version=1)
    talk.local = found["dst"]
    return talk


def _state(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> None:
    state = found["new"]
    if state == "IKE_P1_COMPLETE":
        if found["old"] != state:
            desk.up(talk, message, "1")
    elif state == "IKE_QM_PHASE2_COMPLETE":
        desk.up(talk, message, "2")
    elif state == "IKE_DEST_SA":
        desk.end(talk, message)
    elif found["role"]:
        attempt = desk.ike_now(talk, message)
        attempt.role = _ROLES[found["role"]]
        attempt.mode = _MODES.get(found["mode"], attempt.mode)
        number = int(found["number"])
        by_us = (number % 2 == 1) is (attempt.role is Role.INITIATOR)
        attempt.say(f"{found['mode']}{number}", by_us=by_us, packet=False)


def _sa_payload(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> None:
    if found["id"] == "0":
        attempt = desk.ike(talk, message)
        if attempt.offers and attempt.role is not Role.INITIATOR:  # another first message
            attempt = desk.begin_ike(talk, message, role=Role.RESPONDER, mode=attempt.mode)
        if (
            attempt.role is None and talk.local is not None and not attempt.sent
        ):  # PIX: a block of the peer, none of ours
            attempt.role = Role.RESPONDER
        if not attempt.received:
            attempt.say("MM2" if attempt.role is Role.INITIATOR else "first message", by_us=False)
    else:
        attempt = desk.child(talk, message, key=_id(found["id"]))
        attempt.role = attempt.role or Role.RESPONDER
        attempt.say("QM2" if attempt.role is Role.INITIATOR else "QM1", by_us=False)


def _check_policy(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> None:
    offer = Offer(phase="1", number=found["number"], priority=found["priority"], messages=[message])
    desk.ike(talk, message).open_offer(offer)


def _check_transform(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> None:
    desk.child(talk, message).open_offer(Offer(phase="2", number=found["number"], messages=[message]))


def _attribute(_desk: Desk, talk: Talk, message: Message, _found: re.Match[str]) -> None:
    for attempt in (talk.child, talk.ike):
        if attempt is not None and attempt.offer is not None:
            attempt.offer.note(message)
            return


def _judged(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> None:
    attempt = next((a for a in (talk.child, talk.ike) if a is not None and a.offer is not None), None)
    attempt = attempt or talk.child or talk.ike or desk.ike(talk, message)
    desk.judge_offer(talk, attempt, message, accepted=found["no"] is None)


def _resent(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> None:
    asks = (found["state"] or "").startswith("CONF_")  # for a user or an address, before phase 2
    attempt = desk.ike(talk, message) if found["phase"] == "1" or asks else desk.child(talk, message)
    if asks and not attempt.sent:
        attempt.say("request", by_us=True, packet=False)
        attempt.say("phase 1", by_us=False)
    attempt.announced += found["once"] is not None
    attempt.state = found["state"] or attempt.state


def _method(_desk: Desk, talk: Talk, _message: Message, found: re.Match[str]) -> None:
    if talk.ike is not None:
        talk.ike.authentication = found["method"]


def _identity(_desk: Desk, talk: Talk, _message: Message, found: re.Match[str]) -> None:
    if talk.ike is None:
        return
    if talk.ike.authentication is not None and talk.ike.own_identity is None and talk.by_us is not False:
        talk.ike.own_identity = found["id"]
    elif talk.ike.peer_identity is None:
        talk.ike.peer_identity = found["id"]


def _deleted(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> Talk | None:
    if found["peer"]:
        talk = desk.floor.rename(talk, found["peer"], message)
    attempt = talk.ike or (None if talk.is_up else desk.ike(talk, message))
    if attempt is not None:
        attempt.role = _ROLES.get(found["role"] or "", attempt.role)
        attempt.state = found["state"] or attempt.state
    desk.end(talk, message)
    return talk


def _deleted_pair(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> Talk | None:
    """PIX: the SA is named by its two ends, the initiator first."""
    ours = talk.ike is not None and talk.ike.role is Role.INITIATOR
    talk = desk.floor.rename(talk, found["dst"] if ours else found["src"], message)
    desk.end(talk, message)
    return talk


def _node(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> None:
    if found["failed"] == "TRUE":
        desk.end_child(talk, message, key=_id(found["id"]))


def _peer_node(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> Talk | None:
    """The device's own word on who its peer is, even where the block before it was read the other way round."""
    if talk.local == found["peer"] and talk.peer is not None:
        talk.local, talk.peer = talk.peer, talk.local
        return talk
    return desk.floor.rename(talk, found["peer"], message)


def _named(_desk: Desk, _talk: Talk, _message: Message, _found: re.Match[str]) -> None:
    """A message that is only good for the name of the peer."""


def _both(_desk: Desk, talk: Talk, _message: Message, found: re.Match[str]) -> None:
    talk.local = found["local"]


def _dpd(_desk: Desk, talk: Talk, _message: Message, _found: re.Match[str]) -> None:
    if talk.ike is not None:
        talk.ike.dpd = True


def _id(word: str | None) -> str | None:
    """A message ID as a key: IOS prints the same one signed and unsigned."""
    if not word:
        return None
    return str(int(word) & 0xFFFFFFFF)


_ATTRIBUTE_WORDS = (
    *(
        "encryption DES",
        "encryption 3DES",
        "encryption AES",
        "encryption NULL",
        "hash SHA",
        "hash MD5",
        "default group ",
    ),
    *(
        "group is ",
        "auth pre-share",
        "auth rsa",
        "auth RSA",
        "auth XAUTH",
        "auth Xauth",
        "keylength of",
        "key length is",
    ),
    *("HMAC algorithm is", "authenticator is", "transform 1, ", "transform 2, ", "transform 3, ", "transform 4, "),
    *("transform 5, ", "encaps is", "life type in", "life duration", "match policy"),
)

STEPS: tuple[Step, ...] = (
    *(
        step(
            f"{way} ",
            rf"(?P<way>{way}) (?P<peer>{_ADDRESS})(?:.*?\((?P<role>[INR])\) ?(?P<state>[A-Z_]+(?: SA)?))?",
            _packet,
        )
        for way in ("received packet from", "sending packet to")
    ),
    step(
        "beginning ", r"beginning (?P<mode>Main|Aggressive|Quick) Mode exchange(?:, M-ID of (?P<id>-?[0-9]+))?", _begin
    ),
    step("crypto_isakmp_process_block", rf"src[ :]+(?P<src>{_ADDRESS}), dest[ :]+(?P<dst>{_ADDRESS})", _block),
    step("OAK_", r"OAK_(?P<mode>MM|AG|QM) exchange", _exchange_name),
    step(
        "New State = ",
        r"Old State = (?P<old>[A-Z0-9_]+) New State ="
        r" (?P<new>IKE_(?:(?P<role>[IR])_(?P<mode>MM|AM)(?P<number>[1-6]))?[A-Z0-9_]*)",
        _state,
    ),
    step("processing SA payload", r"processing SA payload\. message ID = (?P<id>-?[0-9]+)", _sa_payload),
    step(
        "hecking ISAKMP transform",
        r"[Cc]hecking ISAKMP transform(?: (?P<number>[0-9]+))? against priority (?P<priority>[0-9]+) policy",
        _check_policy,
    ),
    step("hecking IPSec proposal", r"[Cc]hecking IPSec proposal ?(?P<number>[0-9]+)", _check_transform),
    *(step(word, "", _attribute) for word in _ATTRIBUTE_WORDS),
    step("atts ", r"^atts (?:are )?(?P<no>not )?acceptable", _judged),
    step(
        "retransmitting phase ",
        r"^retransmitting phase (?P<phase>[12])(?: (?P<state>[A-Z_]+))?(?P<once>.*\.\.\.)?",
        _resent,
    ),
    step("SA is doing ", r"SA is doing (?P<method>.+?) authentication", _method),
    step("ID payload next", r"ID payload .*?type ?: ?[0-9]+ [A-Za-z ]+ ?: ?(?P<id>[^ ]+)", _identity),
    step(
        "deleting SA",
        r'deleting SA reason "(?P<why>[^"]*)" state \((?P<role>[IR])\) (?P<state>[A-Z_]+)'
        rf"(?: \(peer (?P<peer>{_ADDRESS})\))?",
        _deleted,
        closes=True,
    ),
    step(
        "deleting SA: ", rf"deleting SA: src (?P<src>{_ADDRESS}), dst (?P<dst>{_ADDRESS})", _deleted_pair, closes=True
    ),
    step(
        "deleting node",
        r'deleting node (?P<id>-?[0-9]+) error (?P<failed>TRUE|FALSE) reason "[^"]*"',
        _node,
        closes=True,
    ),
    *(
        step(word, rf"[Pp]eer (?:node|struct) for (?P<peer>{_ADDRESS})", _peer_node)
        for word in ("eer node for ", "eer struct for ")
    ),
    *(step(word, "", _named) for word in ("pre-shared key match", "New peer", "peer config to", "peer at")),
    step("(local ", rf"\(local (?P<local>{_ADDRESS}) remote {_ADDRESS}\)", _both),
    step("DPD/R_U_THERE", "", _dpd),
)
