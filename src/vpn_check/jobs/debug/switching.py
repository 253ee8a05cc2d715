"""Switch the debugs on and off on the two sessions that a platform wants, and prove that they are off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.jobs.debug.listener import Listener
from vpn_check.jobs.debug.plan import debug_command
from vpn_check.jobs.debug.undo import prove, undo_on, unproved
from vpn_check.model.transcript import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from vpn_check.collect.live import LiveSession
    from vpn_check.collect.watch import Watch
    from vpn_check.jobs.debug.capture import Capture
    from vpn_check.jobs.debug.journal import Journal
    from vpn_check.jobs.debug.plan import Plan
    from vpn_check.model.debugging import Proof
    from vpn_check.model.transcript import Command

_BRAKE = 1.0      # seconds for lines that are sent on the chance that they are heard
_ANSWER = 5.0     # seconds for an answer in the midst of debugs
_CALM = 0.3       # seconds of silence after which nothing more is on its way
_ENDING = 20.0    # seconds to wait for the end of a session that was dropped


class Switching:
    """The debugs of one device.

    Where debugs belong to the device, the first session switches and the second shows; where they belong to a session,
    the second does both, and the first looks at the load.
    """

    def __init__(self, first: LiveSession, second: LiveSession, watch: Watch, plan: Plan, journal: Journal,
                 capture: Capture, tell: Callable[[str], None]) -> None:
        self._first = first
        self._second = second
        self._watch = watch
        self._plan = plan
        self._journal = journal
        self._capture = capture
        self._listener = Listener(watch, capture, tell)

    def on(self) -> str:
        """Switch on; why it was given up, empty: the debugs are on. Lines that were sent must be taken back."""
        plan = self._plan
        if plan.forms.view is not None:
            shown = self._listener.say(debug_command(plan.forms.view[0]), patience=_ANSWER)
            if shown.problem is not None:
                return f"`{plan.forms.view[0]}` was not accepted ({shown.problem})"
        if not plan.forms.per_session:
            self._listener.start()
        accepted = 0
        for line in plan.on:
            problem = self._switch(line)
            if self._capture.full:
                return "as much was caught as is kept"
            if problem is None:
                accepted += line not in (plan.condition or ())
            elif problem is not Problem.UNSUPPORTED or line in (plan.condition or ()):
                return f"`{line}` was not accepted ({problem})"
        if plan.forms.per_session:
            self._listener.start()
        return "" if accepted or not plan.switches else "the device knows none of these debugs"

    def _switch(self, line: str) -> Problem | None:
        if self._plan.forms.per_session:
            return self._listener.say(debug_command(line), patience=_ANSWER).problem
        return self._first.session.run(debug_command(line)).problem

    def off(self) -> Proof:
        """Switch off, and prove it, on the sessions that are there. Both are then at their end."""
        try:
            return self._off_session() if self._plan.forms.per_session else self._off_device()
        finally:
            self._listener.stop()
            self._capture.finish()

    def _off_device(self) -> Proof:
        proof = unproved(self._journal, "the session that switches has ended")
        if self._first.session.open:
            proof = undo_on(self._first.session, self._journal)
        self._listener.stop()
        if not proof.off:
            self._listener.hush(self._off_lines(), patience=_BRAKE)
        self._listener.calm(_CALM)
        if self._plan.forms.view is not None and self._watch.open:
            self._listener.say(debug_command(self._plan.forms.view[1]), patience=_BRAKE)
        return proof

    def _off_session(self) -> Proof:
        self._listener.stop()
        proof = unproved(self._journal, "the session that the debugs belong to has ended")
        self._listener.hush(self._off_lines(), patience=_ANSWER)
        if self._listener.calm(_CALM):
            proof = prove(self._second.session, self._journal, own=True)
        if not proof.off:
            self._second.close()
            if self._first.session.open:
                proof = undo_on(self._first.session, self._journal, patience=_ENDING)
        return proof

    def _off_lines(self) -> tuple[Command, ...]:
        return tuple(debug_command(line) for line in self._plan.debugs_off)
