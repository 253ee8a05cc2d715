"""What IOS, IOS-XE and ASA print of IKEv2: `debug crypto ikev2`, `debug crypto ikev2 protocol 127`, and syslog."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vpn_check.diagnose.negotiation.context import speaks_of_child
from vpn_check.diagnose.negotiation.desk import end
from vpn_check.diagnose.negotiation.exchange import Mode
from vpn_check.diagnose.negotiation.steps import Step, step
from vpn_check.model.sa import Role

if TYPE_CHECKING:
    from vpn_check.diagnose.logtext import Message
    from vpn_check.diagnose.negotiation.attempt import Attempt
    from vpn_check.diagnose.negotiation.desk import Desk
    from vpn_check.diagnose.negotiation.talk import Talk

_ADDRESS = r"[0-9A-Za-z.:]+?"
_COOKIE = re.compile(r"(?:Initiator SPI : |ispi: |i:)(?P<cookie>[0-9A-F]{16})")
_NAMED = re.compile(
    r"(?P<exchange>IKE_SA_INIT|IKE_AUTH|CREATE_CHILD_SA|INFORMATIONAL) Exchange (?P<kind>REQUEST|RESPONSE)"
)
_LISTED = re.compile(r"(?:^|[: ]|policy)(?:(?:ESP|AH): )?Proposal +[0-9]+: *(.+)$")
_INITIAL = {Mode.IKE_SA_INIT, Mode.IKE_AUTH}


def _received(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> Talk:
    return _packet(desk, talk, message, found["peer"], by_us=False)


def _sent(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> Talk:
    return _packet(desk, talk, message, found["peer"], by_us=True)


def _packet(desk: Desk, talk: Talk, message: Message, peer: str, *, by_us: bool) -> Talk:
    talk = desk.floor.rename(talk, peer, message)
    talk.by_us = by_us
    if (cookie := _COOKIE.search(message.text)) is not None:
        talk = _cookie(desk, talk, message, cookie)
    return talk


def _cookie(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> Talk:
    """The initiator's SPI: another one under the same number is another IKE SA."""
    cookie = found["cookie"]
    if talk.cookie is not None and talk.cookie != cookie and (talk.ike is not None or talk.is_up):
        by_us = talk.by_us
        talk = desk.floor.restart(talk, message)
        talk.by_us = by_us
    talk.cookie = cookie
    return talk


def _exchange(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> Talk | None:
    mode = Mode(found["exchange"])
    answer = found["answer"] is not None
    by_us = talk.by_us
    if by_us is None:
        return None
    if mode is Mode.IKE_SA_INIT and not answer and talk.is_up:  # the number is used again
        talk = desk.floor.restart(talk, message)
        talk.by_us = by_us
    role = Role.INITIATOR if by_us is not answer else Role.RESPONDER
    name = f"{mode.value} {'response' if answer else 'request'}"
    if mode in _INITIAL:
        if talk.is_up and (talk.ike is None or talk.ike.up is not None):
            return talk
        attempt = desk.ike(talk, message)
        attempt.role = attempt.role or role
        if attempt.mode is not Mode.IKE_AUTH:
            attempt.mode = mode
        if mode is Mode.IKE_AUTH and (talk.child is None or talk.child.mode is not Mode.IKE_AUTH):
            child = desk.child(talk, message)
            child.mode, child.role = Mode.IKE_AUTH, child.role or attempt.role
    elif mode is Mode.CREATE_CHILD_SA:
        if not answer and (talk.child is None or not talk.child.empty):
            desk.begin_child(talk, message, role=role, mode=mode)
        attempt = desk.child(talk, message)
        attempt.mode, attempt.role = mode, attempt.role or role
    else:
        return talk
    attempt.say(name, by_us=by_us)
    return talk


def _stage(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> None:
    """`Generating IKE_AUTH message`: what is printed where packets are not."""
    mode = Mode(found["exchange"])
    if talk.is_up or mode not in _INITIAL:
        return
    attempt = desk.ike(talk, message)
    if attempt.mode is not Mode.IKE_AUTH:
        attempt.mode = mode


def _nothing_resent(desk: Desk, talk: Talk, message: Message, _found: re.Match[str]) -> None:
    attempt = talk.ike if talk.ike is not None and talk.ike.up is None else talk.child
    if attempt is None and not talk.is_up:
        attempt = desk.ike(talk, message)
    if attempt is not None:
        attempt.announced += 1
        attempt.last = message


def _method(_desk: Desk, talk: Talk, _message: Message, found: re.Match[str]) -> None:
    if talk.ike is not None and talk.ike.authentication is None:
        talk.ike.authentication = found["method"]


def _identity(_desk: Desk, talk: Talk, _message: Message, found: re.Match[str]) -> None:
    if talk.ike is None:
        return
    if found["own"]:
        talk.ike.own_identity = found["own"]
    else:
        talk.ike.peer_identity = found["theirs"]


def _policies(desk: Desk, talk: Talk, message: Message, found: re.Match[str]) -> None:
    attempt = _refusing(desk, talk, message)
    attempt.listing = found["which"]
    _list(attempt.listing, attempt, message, found["rest"])


def _policy(desk: Desk, talk: Talk, message: Message, _found: re.Match[str]) -> None:
    attempt = _refusing(desk, talk, message)
    if attempt.listing is not None:
        _list(attempt.listing, attempt, message, message.text)


def _list(which: str, attempt: Attempt, message: Message, text: str) -> None:
    if (listed := _LISTED.search(text)) is not None:
        attempt.list_policy(which, message, listed[1])


def _refusing(desk: Desk, talk: Talk, message: Message) -> Attempt:
    """The exchange whose proposals are listed: that of the IKE SA until it is authenticated, else that of the child."""
    return desk.child(talk, message) if speaks_of_child(talk) else desk.ike(talk, message)


def _failed(_desk: Desk, talk: Talk, message: Message, _found: re.Match[str]) -> None:
    for attempt in (talk.ike, talk.child):
        if attempt is not None:
            end(attempt, talk, message)


def _child_failed(desk: Desk, talk: Talk, message: Message, _found: re.Match[str]) -> None:
    desk.end_child(talk, message)


def _deleting(desk: Desk, talk: Talk, message: Message, _found: re.Match[str]) -> None:
    desk.end(talk, message)


STEPS: tuple[Step, ...] = (
    step("Received Packet [", rf"Received Packet \[From (?P<peer>{_ADDRESS}):[0-9]+/", _received),
    step("Sending Packet [", rf"Sending Packet \[To (?P<peer>{_ADDRESS}):[0-9]+/", _sent),
    step("Rx [L ", rf"Rx \[L {_ADDRESS}:[0-9]+/R (?P<peer>{_ADDRESS}):[0-9]+/", _received),
    step("Tx [L ", rf"Tx \[L {_ADDRESS}:[0-9]+/R (?P<peer>{_ADDRESS}):[0-9]+/", _sent),
    *(
        step(word, r"^(?:IKEV2 HDR ispi: |HDR\[i:|Initiator SPI : )(?P<cookie>[0-9A-F]{16})", _cookie)
        for word in ("ispi: ", "HDR[i:", "Initiator SPI : ")
    ),
    step(
        " Exchange RE",
        r"(?P<exchange>IKE_SA_INIT|IKE_AUTH|CREATE_CHILD_SA|INFORMATIONAL) Exchange (?:REQUEST|(?P<answer>RESPONSE))",
        _exchange,
    ),
    step(
        "Exchange type: ",
        r"Exchange type: (?P<exchange>IKE_SA_INIT|IKE_AUTH|CREATE_CHILD_SA|INFORMATIONAL),"
        r" flags: (?:INITIATOR|RESPONDER)(?P<answer> MSG-RESPONSE)?",
        _exchange,
    ),
    step("ing IKE_", r"(?:Generating|Processing) (?P<exchange>IKE_SA_INIT|IKE_AUTH) message", _stage),
    step("etransmitting packet", "", _nothing_resent),
    step("authentication method is", r"My authentication method is '?(?P<method>[A-Za-z\-]+)", _method),
    step("payload: '", r"Constructing IDi payload: '(?P<own>[^']+)'(?P<theirs>)", _identity),
    step("peer's identity '", r"based on peer's identity '(?P<theirs>[^']+)'(?P<own>)?", _identity),
    step("Policies:", r"^(?P<which>Received|Expected) Policies:\s*(?P<rest>.*)$", _policies),
    step("Proposal ", r"^:? ?(?:(?:ESP|AH): )?Proposal +[0-9]+: ", _policy),
    step("xchange failed", r"(?:Initial|Auth|SA init) exchange failed", _failed, closes=True),
    step("Failed SA init exchange", "", _failed, closes=True),
    step("Negotiation aborted", "", _failed, closes=True),
    step("Create child exchange failed", "", _child_failed, closes=True),
    step("Deleting SA", r"^Deleting SA$", _deleting, closes=True),
)
