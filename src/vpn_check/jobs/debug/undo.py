"""Take the debugs back, and prove from the device's own answers that they are off."""

from __future__ import annotations

import time
from ipaddress import ip_network
from typing import TYPE_CHECKING

from vpn_check.collect.watch import ask_and_confirm
from vpn_check.jobs.debug.plan import debug_command, read_command
from vpn_check.model.debugging import Proof
from vpn_check.parse.debug_state import debug_conditions, debugs_on, ssh_sessions
from vpn_check.platforms.debugging import LAST_CONDITION

if TYPE_CHECKING:
    from vpn_check.collect.session import Session
    from vpn_check.jobs.debug.journal import Journal

_QUESTION_LIMIT = 10.0
_SESSION_LOOK = 1.0
_CRYPTO = ("crypto", "isakmp", "ikev", "ipsec")
LONGEST_SESSION = 3_660.0
"""Seconds after which a firewall has ended a session that was cut: `ssh timeout` is 60 minutes at most."""


PROVED = Proof(off=True)


def undo_on(session: Session, journal: Journal, *, age: float = 0.0, patience: float = 0.0) -> Proof:
    """Switch off on a session where no debug shows up, and ask the device what is still on.

    Each debug is taken back by its own line: `undebug all` would end other people's. The condition goes last, and only
    when our debugs are off and nobody has switched on another crypto debug meanwhile: that one would lose its filter.

    Args:
        session: logged in, prepared, opened for debug commands.
        journal: what to undo.
        age: seconds since the debugs were switched on.
        patience: seconds to wait for the end of the session that the debugs belonged to.
    """
    for line in journal.debugs_off:
        output = session.run(debug_command(line))
        if not session.open:
            return unproved(journal, f"the device did not answer `{line}` ({output.problem})")
    return prove(session, journal, age=age, patience=patience)


def prove(session: Session, journal: Journal, *, own: bool = False, age: float = 0.0, patience: float = 0.0) -> Proof:
    """Ask the device what is on; where ours is off, take the condition away and ask for the conditions.

    Args:
        session: logged in, prepared, opened for debug commands.
        journal: what to undo.
        own: the debugs belong to this very session, or to the device; else to one that has to end first.
        age: seconds since the debugs were switched on.
        patience: seconds to wait for that end.
    """
    forms = journal.forms
    output = session.run(read_command(forms.listed))
    if output.problem is not None:
        return unproved(journal, f"`{forms.listed}` was not answered ({output.problem})")
    listed = debugs_on(output.text, forms.line)
    ours = [line for line in listed.on if any(switch.shown.search(line) for switch in journal.switches)]
    odd = [line for line in listed.unread if line not in journal.before and _is_crypto(line)]
    if ours or odd:
        return unproved(journal, f"the device still lists: {'; '.join(ours or odd)}")
    if forms.per_session and not own and (journal.persistent or age < LONGEST_SESSION):
        there = _session_there(session, journal, patience=patience)
        if there is not None:
            return there
    others = [line for line in listed.on if line not in journal.before and _is_crypto(line)]
    return _without_condition(session, journal, others)


def _is_crypto(line: str) -> bool:
    return any(word in line.lower() for word in _CRYPTO)


def _session_there(session: Session, journal: Journal, *, patience: float) -> Proof | None:
    """None when the session that the debugs belonged to has ended, and they with it."""
    if journal.persistent:
        return unproved(journal, "`logging debug-trace persistent` was on: the debugs outlive their session, and a new "
                                 "one does not list them")
    listing = journal.forms.sessions
    if listing is None or journal.session is None:
        return unproved(journal, "the debugs end with the session that they belong to, and which one that is cannot be "
                                 "seen", (listing or "show ssh sessions", "ssh disconnect <its number>"))
    end = time.monotonic() + patience
    while (output := session.run(read_command(listing))).problem is None:
        if journal.session not in ssh_sessions(output.text):
            return None
        if time.monotonic() + _SESSION_LOOK > end:
            return unproved(journal, f"session {journal.session}, which the debugs belong to, is still listed by "
                                     f"`{listing}`", (f"ssh disconnect {journal.session}",))
        time.sleep(_SESSION_LOOK)
    return unproved(journal, f"`{listing}` was not answered ({output.problem})", (f"ssh disconnect {journal.session}",))


def _without_condition(session: Session, journal: Journal, others: list[str]) -> Proof:
    """Our debugs are off: the condition goes as well, unless somebody's new debug now leans on it."""
    condition, listed = journal.condition_off, journal.forms.conditions
    if condition is None or listed is None:
        return PROVED
    if others:
        return unproved(journal, "the debugs are off, the condition was left because somebody has switched on "
                                 f"meanwhile: {'; '.join(others)}", (condition,))
    output = ask_and_confirm(session, debug_command(condition), LAST_CONDITION, limit=_QUESTION_LIMIT)
    if session.open:
        output = session.run(read_command(listed))
    if output.problem is not None:
        return unproved(journal, f"`{output.command}` was not answered ({output.problem})", (condition, listed))
    left = debug_conditions(output.text)
    if not left.understood or any(_is_host(peer, journal.peer) for peer in left.peers):
        return unproved(journal, f"the debugs are off, `{listed}` still lists {journal.peer}", (condition, listed))
    return PROVED


def _is_host(listed: str, peer: str) -> bool:
    """Whether a listed address or network is this peer and no other."""
    return ip_network(listed, strict=False) == ip_network(peer)


def unproved(journal: Journal, reason: str, by_hand: tuple[str, ...] = ()) -> Proof:
    """What is to be said when the device has not shown that all is off."""
    return Proof(off=False, reason=reason, by_hand=by_hand or (*journal.off, journal.forms.listed))
