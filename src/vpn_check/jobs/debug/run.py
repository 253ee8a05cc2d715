"""`vpn-check debug`: history, preconditions, announcement, journal, on, capture, off, proof, diagnosis."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address
from queue import SimpleQueue
from typing import TYPE_CHECKING

from vpn_check.collect.limits import Limits
from vpn_check.collect.watch import Watch
from vpn_check.errors import AuthenticationFailed, DeviceError, UsageError
from vpn_check.jobs.debug.capture import Capture
from vpn_check.jobs.debug.caught import CauseWatch, judge
from vpn_check.jobs.debug.checks import Before, checks, read_before
from vpn_check.jobs.debug.folder import JournalFolder
from vpn_check.jobs.debug.history import read_history, supported
from vpn_check.jobs.debug.interrupts import interrupts
from vpn_check.jobs.debug.journal import Journal, new_journal
from vpn_check.jobs.debug.keeper import Keeper
from vpn_check.jobs.debug.plan import Plan, make_plan, read_command
from vpn_check.jobs.debug.reach import log_in, undo_device
from vpn_check.jobs.debug.request import Request
from vpn_check.jobs.debug.switching import Switching
from vpn_check.jobs.debug.undo import PROVED, unproved
from vpn_check.jobs.debug.waiting import Waiting
from vpn_check.jobs.debug.wire import Task
from vpn_check.model.debug import CpuLoad, DebugList
from vpn_check.model.debugging import Outcome, Proof, Sent
from vpn_check.parse.debug_state import ssh_sessions
from vpn_check.platforms import PLATFORMS

if TYPE_CHECKING:
    from vpn_check.collect.live import LiveSession
    from vpn_check.model.device import Credentials, Device
    from vpn_check.platforms.debugging import DebugForms

_OVER = 60.0          # seconds beyond the duration after which the guard acts on its own
_POLL_LIMIT = 5.0     # seconds without a byte while debugs are on
_ANSWER_LIMIT = 10.0  # seconds for a whole answer meanwhile
_TRIES = 2            # log-ins of our own to undo, when the sessions did not do it
_HANDED = 10.0        # seconds to wait for the guard's first try
_ECHOES = re.compile(r"debug crypto .*(?:enabled at level \d+|disabled\.?)|.* debugging is (?:on|off)")


def debug(request: Request) -> Outcome:
    """Debug one peer on one device.

    Raises:
        UsageError: the peer is no address, a debug is unknown, a journal of this device is open, or none can be kept.
        DeviceError: the device cannot be asked. Nothing was switched on.
    """
    if not _is_address(request.peer):
        raise UsageError(f"{request.peer!r} is no address.", hint="Name the peer as in `show crypto isakmp sa`.")
    _ready_for(request.device)
    with ExitStack() as stack:
        run = _Run(request, stack)
        outcome = run.run()
    return replace(outcome, sent=tuple(run.sent))   # with the lines of the log-out


def _is_address(text: str) -> bool:
    try:
        return "%" not in str(ip_address(text))
    except ValueError:
        return False


def _ready_for(device: Device) -> None:
    folder = JournalFolder()
    folder.prepare()
    for name in folder.names():
        if folder.read(name).device.name == device.name:
            raise UsageError(f"There is an open journal of debugs on {device.name}: {folder.file(name)}.",
                             hint=f"Type first: vpn-check debug-off {device.name}")


def _release(text: str) -> tuple[int, int] | None:
    found = re.match(r"(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else None


class _Run:
    def __init__(self, request: Request, stack: ExitStack) -> None:
        self._request = request
        self._stack = stack
        self.sent: list[Sent] = []
        self._sessions = 0
        self._refused = False
        self._loads: list[CpuLoad] = []
        self._events: SimpleQueue[str] = SimpleQueue()   # may be filled from a signal handler

    def _open(self, device: Device) -> LiveSession:
        self._sessions += 1
        number = self._sessions
        live = log_in(device, self._request.credentials, self._request.access,
                      lambda line: self.sent.append(Sent(session=number, line=line)))
        self._stack.enter_context(live)
        return live

    def run(self) -> Outcome:
        request = self._request
        request.say(f"{request.device.name}: reading what the device remembers ...")
        first = self._open(request.device)
        device = replace(request.device, platform=first.platform)
        version = first.version or first.session.run(read_command("show version"))
        said = supported(first.platform, "show version", [replace(version, command="show version")]).get("version", {})
        release = _release(said.get("release") or "")
        forms = PLATFORMS[first.platform].debug_forms(release)
        outputs = [first.session.run(read_command(line)) for line in forms.history if first.session.open]
        history = read_history(device.name, first.platform, outputs, request.peer, uptime=said.get("uptime"),
                               local_stamps=forms.per_session)
        nothing = Outcome(device=device.name, platform=first.platform, peer=request.peer, history=history, ended="",
                          why="")
        if history.names_the_cause and not request.force:
            return replace(nothing, ended="history", diagnosis=history.diagnosis,
                           why="The device's own log names the cause already; nothing was switched on.")
        before = read_before(first.session, forms, first.platform, outputs)
        plan = make_plan(forms, request.peer, request.names, level=request.level, before=before.debugs or DebugList(),
                         conditions=before.conditions)
        judged = checks(before, forms, release=release, cpu_limit=request.cpu_limit, unfiltered=plan.unfiltered)
        nothing = replace(nothing, checks=judged, announced=(*plan.on, *plan.off))
        failed = [check for check in judged if not check.holds and
                  not (check.name in request.waived and check.option.startswith("--despite"))]
        if failed:
            return replace(nothing, ended="refused",
                           why=" ".join(f"{check.text} ({check.option})" for check in failed))
        if _agent_alone(request.credentials):
            request.say(f"{device.name}: if this process is killed, the debugs can be undone only while the SSH agent "
                        "answers.")
        if not request.confirm(plan.announcement(request.seconds, request.every)):
            return replace(nothing, ended="declined", why="Nothing was switched on.")
        return self._guarded(nothing, device, release, forms, first, plan, before)

    def _guarded(self, nothing: Outcome, device: Device, release: tuple[int, int] | None, forms: DebugForms,
                 first: LiveSession, plan: Plan, before: Before) -> Outcome:
        """Open the second session, have a guard hold the journal, and go on."""
        request = self._request
        first.session.hurry(_POLL_LIMIT, _ANSWER_LIMIT)
        with Keeper() as keeper:
            known = _numbers(first, forms)
            second = self._open(device)
            second.session.hurry(_POLL_LIMIT, _ANSWER_LIMIT)
            mine = _numbers(first, forms) - known
            journal = new_journal(device, plan, inventory=request.inventory, release=release,
                                  before=before, session=min(mine) if len(mine) == 1 else None,
                                  started_at=datetime.now(UTC).isoformat(timespec="seconds"))
            task = Task(journal=journal, credentials=request.credentials, gateways=request.gateways,
                        limits=request.access.limits or Limits.of(device.timeout), deadline=request.seconds + _OVER)
            with interrupts(lambda name: self._events.put(f"signal {name}")):   # none ends this before all is off
                keeper.arm(task)
                return self._switched(nothing, journal, keeper, first, second, plan)

    def _switched(self, nothing: Outcome, journal: Journal, keeper: Keeper, first: LiveSession, second: LiveSession,
                  plan: Plan) -> Outcome:
        request = self._request
        watch = Watch(second.session)
        view = plan.forms.view or ()
        capture = Capture(limit=request.most_bytes, clock=request.access.clock, prompt=watch.prompt, answers=_ECHOES,
                          own=frozenset((*plan.on, *plan.off, *view)))
        switching = Switching(first, second, watch, plan, journal, capture, self._events.put)
        started = request.access.clock()
        ended, why = "failed", "something failed while the debugs were switched on"
        try:
            refused = switching.on()
            if refused:
                ended, why = "bytes" if capture.full else "failed", refused
            else:
                request.say(f"{journal.device.name}: debugs are on, {request.seconds:g} s at most; Ctrl-C ends them.")
                causes = CauseWatch(nothing.device, nothing.platform, request.peer, capture,
                                    filtered=not plan.unfiltered) if request.until_cause else None
                waiting = Waiting(request, first, plan.forms, keeper, self._events, self._loads)
                ended, why = waiting.until_the_end(causes)
        finally:
            request.say(f"{journal.device.name}: switching off ({why}) ...")
            proof = self._off(switching, journal, keeper)
        outcome = replace(
            nothing, ended=ended, why=why, prompt=watch.prompt, lines=capture.lines(), size=capture.size,
            dropped=capture.dropped, loads=tuple(self._loads), proof=proof, started_at=started,
            journal=None if proof.off else str(JournalFolder().file(journal.name)), ended_at=request.access.clock())
        request.keep(outcome)
        return replace(outcome, diagnosis=judge(nothing.device, nothing.platform, request.peer, capture.text(),
                                                filtered=not plan.unfiltered))

    def _off(self, switching: Switching, journal: Journal, keeper: Keeper) -> Proof:
        """Switch off by the sessions that are there, else by new ones, else by the guard."""
        request = self._request
        proof = switching.off()
        for _ in range(_TRIES):
            if proof.off or self._refused:
                break
            self._sessions += 1
            proof = self._anew(journal, self._sessions)
        if proof.off:
            JournalFolder().close(journal.name)
            keeper.done()
            return proof
        if self._refused:   # one refusal is enough: the guard would only repeat it
            JournalFolder().write(replace(journal, state="refused", tries=1, last=proof.reason))
            keeper.done()
            return proof
        request.say(f"{journal.device.name}: not proved off ({proof.reason}); the guard goes on.")
        return PROVED if keeper.hand_over(_HANDED) else proof

    def _anew(self, journal: Journal, number: int) -> Proof:
        request = self._request
        try:
            return undo_device(journal, request.credentials, request.access, patience=_POLL_LIMIT,
                               on_command=lambda line: self.sent.append(Sent(session=number, line=line)))
        except DeviceError as error:
            self._refused = isinstance(error, AuthenticationFailed)
            return unproved(journal, str(error))


def _agent_alone(credentials: Credentials) -> bool:
    return not credentials.password and not credentials.key_file


def _numbers(first: LiveSession, forms: DebugForms) -> frozenset[int]:
    """Who is logged in, where debugs belong to a session."""
    if not forms.per_session or forms.sessions is None:
        return frozenset()
    return ssh_sessions(first.session.run(read_command(forms.sessions)).text)
