"""What ASA and PIX 7 print of IKEv1: `debug crypto ikev1 127` and syslog 713xxx, 715xxx."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.diagnose.negotiation.exchange import Mode, Selectors
from vpn_check.diagnose.negotiation.offers import Offer
from vpn_check.diagnose.negotiation.steps import Step, step
from vpn_check.model.sa import Role

if TYPE_CHECKING:
    import re

    from vpn_check.diagnose.logtext import Message
    from vpn_check.diagnose.negotiation.attempt import Attempt
    from vpn_check.diagnose.negotiation.desk import Desk
    from vpn_check.diagnose.negotiation.talk import Talk

_CLASSES = {
    "Encryption Algorithm": "encryption",
    "Hash Algorithm": "hash",
    "Group Description": "group",
    "Auth Method": "authentication",
    "Authentication Method": "authentication",
    "Key Length": "key length",
    "HMAC Algorithm": "integrity",
    "Encapsulation Mode": "encapsulation",
    "Life Duration": "lifetime",
}


def _new_phase_1(desk: Desk, talk: Talk, message: Message, _found: re.Match[str]) -> None:
    desk.begin_ike(talk, message, role=Role.INITIATOR)


def _decode(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> None:
    by_us, again = found["way"] != "RECEIVED", found["way"] == "RESENDING"
    talk.by_us = by_us
    payloads = found["payloads"]
    if int(found["id"], 16) == 0:
        _main_mode(desk, talk, message, payloads, by_us=by_us, again=again)
    elif "NOTIFY" not in payloads and "DELETE" not in payloads and ("SA (1)" in payloads or talk.child is not None):
        key = f"{int(found['id'], 16):x}"
        if key not in talk.children and "SA (1)" not in payloads:
            return
        attempt = desk.child(talk, message, key=key)
        attempt.mode = Mode.QUICK
        if attempt.role is None:
            attempt.role = Role.INITIATOR if by_us else Role.RESPONDER
        if again:
            attempt.repeated += 1
        else:
            attempt.say(f"QM{len(attempt.sent) + len(attempt.received) + 1}", by_us=by_us)


def _main_mode(desk: Desk, talk: Talk, message: Message, payloads: str, *, by_us: bool, again: bool) -> None:
    first = "SA (1)" in payloads
    if first and not again:
        held = talk.ike
        going_on = held is not None and held.up is None and held.ended is None and (held.sent or held.received)
        if not going_on or (held is not None and not by_us and held.received):  # the peer begins anew
            desk.begin_ike(talk, message, role=Role.INITIATOR if by_us else Role.RESPONDER)
    if talk.ike is None or talk.ike.up is not None:
        return
    attempt = desk.ike(talk, message)
    if attempt.mode is Mode.UNKNOWN:
        attempt.mode = Mode.AGGRESSIVE if first and "KE (4)" in payloads else Mode.MAIN
    if again:
        attempt.repeated += 1
        return
    attempt.say(_name(attempt, payloads, by_us=by_us), by_us=by_us)


def _name(attempt: Attempt, payloads: str, *, by_us: bool) -> str:
    """Which message of main or aggressive mode has these payloads; its number needs to know who began."""
    if "SA (1)" not in payloads and "KE (4)" not in payloads and "HASH (8)" not in payloads:
        return "notify"
    aggressive = attempt.mode is Mode.AGGRESSIVE
    first = 1 if "SA (1)" in payloads else 3 if aggressive or "KE (4)" in payloads else 5
    word = "AM" if aggressive else "MM"
    if attempt.role is None:
        return f"{word}{first} or {word}{first + 1}"
    return f"{word}{first + (by_us is not (attempt.role is Role.INITIATOR))}"


def _generating_keys(_desk: Desk, talk: Talk, _message: Message, found: re.Match[str]) -> None:
    if talk.ike is not None and talk.ike.role is None:
        talk.ike.role = Role.RESPONDER if found["role"] == "Responder" else Role.INITIATOR


def _starting_quick_mode(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> None:
    desk.begin_child(talk, message, key=f"{int(found['id'], 16):x}", role=Role.INITIATOR, mode=Mode.QUICK)


def _acceptable(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> None:
    phase = "2" if found["ipsec"] else "1"
    attempt = desk.child(talk, message) if phase == "2" else desk.ike(talk, message)
    attempt.open_offer(Offer(phase=phase, number=found["number"]))
    desk.judge_offer(talk, attempt, message, accepted=True)


def _oakley(desk: Desk, talk: Talk, message: Message, _found: re.Match[str]) -> None:
    if talk.ike is not None and talk.ike.up is None:
        talk.ike.open_offer(Offer(phase="1"))
        desk.judge_offer(talk, talk.ike, message, accepted=True)


def _mismatch(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> None:
    attempt = desk.ike(talk, message) if found["phase"] == "1" else desk.child(talk, message)
    name = _CLASSES.get(found["class"].strip(), found["class"].strip())
    offer = Offer(
        phase=found["phase"],
        attributes={name: found["theirs"].strip()},
        held={name: found["ours"].strip()},
        refused_for=name,
        messages=[message],
        accepted=False,
    )
    if all((o.attributes, o.held) != (offer.attributes, offer.held) for o in attempt.offers):
        attempt.open_offer(offer)
    attempt.offer = None


def _proxy(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> None:
    attempt = desk.child(talk, message)
    what = found["address"] + (f"/{found['mask']}" if found["mask"] else "")
    side = "remote" if found["whose"] == "remote" else "local"
    held = attempt.selectors[-1] if attempt.selectors else None
    if held is not None and not held.asked and getattr(held, side) == "?":
        other = held.local if side == "remote" else held.remote
        attempt.selectors.pop()
    else:
        other = "?"
    local, remote = (other, what) if side == "remote" else (what, other)
    attempt.select(Selectors(message=message, local=local, remote=remote))


def _terminating(desk: Desk, talk: Talk, message: Message, _found: re.Match[str]) -> None:
    desk.end(talk, message)


def _quick_mode_failed(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> None:
    desk.end_child(talk, message, key=f"{int(found['id'], 16):x}" if found["id"] else None)


STEPS: tuple[Step, ...] = (
    step("IKE Initiator: New Phase 1", "", _new_phase_1),
    step(
        "IKE_DECODE",
        r"IKE_DECODE (?P<way>RECEIVED|SENDING|RESENDING) Message \(msgid=(?P<id>[0-9a-f]{1,8})\) with payloads ?:"
        r" ?(?P<payloads>.+)",
        _decode,
    ),
    step("Generating keys for ", r"Generating keys for (?P<role>Initiator|Responder)", _generating_keys),
    step("starting QM", r"IKE Initiator starting QM: msg id = (?P<id>[0-9a-f]{1,8})", _starting_quick_mode),
    step("Oakley proposal is acceptable", "", _oakley),
    step(
        " acceptable ",
        r"(?:IKE|(?P<ipsec>IPSec)) SA Proposal # (?P<number>[0-9]+), Transform # [0-9]+ acceptable",
        _acceptable,
    ),
    step(
        "Mismatched attribute types",
        r"Phase (?P<phase>[12]) failure: ?Mismatched attribute types for class (?P<class>[^:]+):"
        r" ?Rcv'd: (?P<theirs>.+?) ?Cfg'd: (?P<ours>.+)$",
        _mismatch,
    ),
    step(
        "data in ID Payload",
        r"Received (?P<whose>remote|local) (?:IP )?(?:Proxy )?(?:Proxy )?(?:Subnet|Host|Address|Range) data in ID"
        r" Payload: Address (?P<address>[^ ,]+?)(?:, Mask(?:/end-address)? (?P<mask>[^ ,]+?))?(?:,|$)",
        _proxy,
    ),
    step("terminating:", r"IKE SA (?:MM|AM):[0-9a-f]+ terminating", _terminating, closes=True),
    step("Session is being torn down", "", _terminating, closes=True),
    step("Session disconnected", "", _terminating, closes=True),
    step("QM FSM error", r"QM FSM error(?:.*mess id 0x(?P<id>[0-9a-f]{1,8}))?", _quick_mode_failed, closes=True),
)
