"""Ask a device all that its platform's table lists, over SSH or telnet, and return what it said."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol, Self

from vpn_check.collect import ssh, telnet
from vpn_check.collect.detect import SHOW_VERSION, detect
from vpn_check.collect.jump import Bastions
from vpn_check.collect.limits import Limits
from vpn_check.collect.lockout import LockOut
from vpn_check.collect.retry import persist
from vpn_check.collect.session import Session
from vpn_check.collect.transport import Peer
from vpn_check.errors import DeviceError, PrivilegeError, SessionClosed
from vpn_check.model.device import Transport as Way
from vpn_check.model.transcript import Command, CommandClass, CommandOutput, Problem, Transcript
from vpn_check.platforms import PLATFORMS
from vpn_check.platforms.base import FULL_LEVEL, Platform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from vpn_check.collect.hostkeys import HostKeys
    from vpn_check.collect.stream import Channel
    from vpn_check.collect.transport import PeerTransport
    from vpn_check.model.device import Credentials, Device, PlatformName

SYSLOG = "syslog"
"""The name under which log messages that came in between stand in a transcript."""


def utc_now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How devices are reached in one run; shared by all of them.

    `bastions` and `lock_out` are to be shared by the devices of a fleet; left out, each device has its own. `watch` is
    told of the SSH transport to a device as soon as there is one.
    """

    host_keys: HostKeys
    limits: Limits | None = None
    lock_out: LockOut | None = None
    bastions: Bastions | None = None
    clock: Callable[[], datetime] = utc_now
    watch: Callable[[PeerTransport], None] | None = None


class Connection(Protocol):
    """A way to a device's command line that is open."""

    @property
    def channel(self) -> Channel:
        """What a session reads and writes."""
        ...

    def close(self) -> None:
        """Close it at once."""
        ...


class LiveSession:
    """An open, prepared session on one device, and its connection. A context manager: leaving it closes both.

    Args:
        device: whom to ask. Without a platform it is recognised from `show version`.
        credentials: what to log in with.
        access: how.
        classes: the classes of commands that may be sent.
        on_command: is told every line before it is sent, secrets aside.

    Raises:
        DeviceError: of the class that says what to do next.
    """

    def __init__(self, device: Device, credentials: Credentials, access: Access, *,
                 classes: Iterable[CommandClass] = (CommandClass.READ,),
                 on_command: Callable[[str], None] | None = None) -> None:
        limits = access.limits or Limits.of(device.timeout)
        end = time.monotonic() + limits.device
        self._own = Bastions(access.host_keys, limits) if access.bastions is None else None
        self._bastions = access.bastions or self._own
        self.version: CommandOutput | None = None
        self._connection: Connection | None = None

        def open_once() -> tuple[Connection, Session]:
            connection = self._connect(device, credentials, access, limits.within(end - time.monotonic()))
            try:
                session = Session(connection.channel, name=device.name, limits=limits.within(end - time.monotonic()),
                                  clock=access.clock, classes=classes, on_command=on_command)
                session.log_in()
            except BaseException:
                connection.close()
                raise
            return connection, session

        try:
            self._connection, self.session = persist(open_once, attempts=limits.attempts,
                                                     budget=min(limits.banner + 1, limits.device))
            with self._guarded(device, credentials, access.lock_out):
                self.platform = device.platform or self._detect(device, credentials.enable_secret)
                self.session.prepare(PLATFORMS[self.platform], enable_secret=credentials.enable_secret)
        except BaseException:
            self.close()
            raise

    def _connect(self, device: Device, credentials: Credentials, access: Access, limits: Limits) -> Connection:
        peer = Peer(name=device.name, host=device.host, port=device.port, credentials=credentials, limits=limits,
                    known_hosts=access.host_keys.file_of(device), host_keys=access.host_keys, legacy=device.legacy,
                    lock_out=access.lock_out or LockOut(), watch=access.watch)
        bastions = self._bastions
        through = partial(bastions.channel, device, credentials) if device.jump and bastions else None
        if device.transport is Way.TELNET:
            return telnet.connect(peer, through)
        return ssh.connect(peer, device.platform, through)

    def _guarded(self, device: Device, credentials: Credentials,
                 lock_out: LockOut | None) -> AbstractContextManager[None]:
        """What surrounds the use of an enable secret, where one will be needed."""
        if lock_out is None or not credentials.enable_secret or self.session.privileged:
            return nullcontext()
        return lock_out.attempt(device.name, ("enable", credentials.enable_secret), error=PrivilegeError)

    def _detect(self, device: Device, enable_secret: str | None) -> PlatformName:
        self.version = self.session.run(SHOW_VERSION)
        found = detect(self.version.text)
        if found is None and enable_secret and self.session.open and not self.session.privileged:
            self.session.enable(enable_secret)   # where even this command needs the higher level
            self.version = self.session.run(SHOW_VERSION)
            found = detect(self.version.text)
        if found is not None:
            return found
        if self.version.problem in {Problem.TIMED_OUT, Problem.CLOSED}:
            raise SessionClosed(f"{device.name}: no whole answer to `show version` ({self.version.problem}).",
                                code="closed-at-command",
                                hint="Try again, or set `platform:` in the inventory.")
        raise DeviceError(f"{device.name}: the platform cannot be recognised from `show version`.",
                          code="unknown-platform",
                          hint=f"Set `platform:` in the inventory to one of {', '.join(PLATFORMS)}.")

    def close(self) -> None:
        """Log out where that is still possible, and close the connection."""
        if self._connection is not None:
            self._connection.close()
        if self._own is not None:
            self._own.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        if self.session.open:
            self.session.close()
        self.close()


def collect(
    device: Device, credentials: Credentials, *, host_keys: HostKeys, limits: Limits | None = None,
    lock_out: LockOut | None = None, bastions: Bastions | None = None, commands: Sequence[Command] | None = None,
    on_command: Callable[[str], None] | None = None, clock: Callable[[], datetime] = utc_now,
    choose: Callable[[Platform], Sequence[Command]] = Platform.reads,
) -> Transcript:
    """Ask a device the commands of its platform's table and return the transcript.

    A refused command is an output with a `problem`, and the others are asked. A command that times out, or at which
    the device ends the session, costs the session: the commands behind it are asked in one further session, and if
    that fails as well, or the device has used up its time, the rest are outputs with the same problem and no text.

    Args:
        device: whom to ask.
        credentials: what to log in with.
        host_keys: the host keys of the run.
        limits: deadlines; None means the device's own `timeout`, or the defaults.
        lock_out: shared by a fleet, so that a wrong password is not tried everywhere.
        bastions: shared by a fleet, so that each bastion is logged in to once.
        commands: others than the platform's own; they must be read commands.
        on_command: is told every line before it is sent, secrets aside.
        clock: for `received_at`, aware and in UTC.
        choose: which of the platform's commands, where no others are given. What was asked to recognise the platform is
            not asked again.

    Raises:
        DeviceError: no session came about.
        CommandNotAllowed: a command is not a read command. Nothing of it was sent.
    """
    limits = limits or Limits.of(device.timeout)
    end = time.monotonic() + limits.device
    outputs: list[CommandOutput] = []
    notices = ""
    platform = device.platform
    remaining: tuple[Command, ...] | None = tuple(commands) if commands is not None else None
    for attempt in (1, 2):
        access = Access(host_keys=host_keys, limits=limits.within(end - time.monotonic()), lock_out=lock_out,
                        bastions=bastions, clock=clock)
        try:
            with LiveSession(device, credentials, access, on_command=on_command) as live:
                platform = live.platform
                device = replace(device, platform=platform)
                if live.version is not None:
                    outputs.append(live.version)
                if remaining is None:
                    known = live.version.command if live.version is not None else None
                    remaining = tuple(command for command in choose(PLATFORMS[platform]) if command.text != known)
                answers = _explained(tuple(live.session.run_all(remaining)), live.session.level)
                notices += live.session.notices
        except DeviceError:
            if attempt == 1 or remaining is None:
                raise
            break
        outputs += answers
        remaining = remaining[len(answers):]
        if not remaining or time.monotonic() >= end:
            break
    outputs += _unasked(remaining or (), outputs, clock)
    if notices.strip():
        outputs.append(CommandOutput(command=SYSLOG, text=notices, received_at=clock()))
    return Transcript(device=device.name, platform=platform, outputs=tuple(outputs))


def _explained(answers: tuple[CommandOutput, ...], level: int | None) -> tuple[CommandOutput, ...]:
    """The answers, where what the device does not know is put down to its privilege level if that is low."""
    if level is None or level >= FULL_LEVEL:
        return answers
    return tuple(replace(answer, problem=Problem.UNPRIVILEGED) if answer.problem is Problem.UNSUPPORTED else answer
                 for answer in answers)


def _unasked(commands: Iterable[Command], outputs: Sequence[CommandOutput],
             clock: Callable[[], datetime]) -> tuple[CommandOutput, ...]:
    problem = next((o.problem for o in reversed(outputs) if o.problem in {Problem.TIMED_OUT, Problem.CLOSED}), None)
    return tuple(CommandOutput(command=command.text, text="", received_at=clock(), problem=problem or Problem.CLOSED)
                 for command in commands)
