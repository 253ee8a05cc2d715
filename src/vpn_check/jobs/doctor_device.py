"""The set-up of one device, step by step, with one log-in: the way there, SSH, the level, each command, the clock."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from vpn_check.collect.algorithms import agreed, only_old
from vpn_check.collect.detect import SHOW_VERSION
from vpn_check.collect.knownhosts import HostKey
from vpn_check.collect.limits import Limits
from vpn_check.collect.live import Access, LiveSession
from vpn_check.collect.resolve import resolve
from vpn_check.errors import (
    AlgorithmMismatch,
    AuthenticationFailed,
    HostKeyError,
    PrivilegeError,
    Unreachable,
    VpnCheckError,
)
from vpn_check.jobs.doctor_session import session_steps
from vpn_check.model.checkup import NOT_REACHED, Step, fail, ok, skipped, warn
from vpn_check.model.device import Transport
from vpn_check.platforms import PLATFORMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.collect.credentials import Origins, Resolver
    from vpn_check.collect.transport import PeerTransport
    from vpn_check.model.device import Device

SETTINGS, CREDENTIALS, NAME, BASTION, PORT = "settings", "credentials", "name", "bastion", "port"
BANNER, ALGORITHMS, HOST_KEY = SSH = ("SSH banner", "algorithms", "host key")
GREETING = "telnet greeting"
LOG_IN, PROMPT, PLATFORM, LEVEL, PAGING, CLOCK = "log-in", "prompt", "platform", "privilege", "paging", "clock"
_GREETING_CODES = {"no-banner", "closed-early", "not-telnet", "no-free-line"}
_LOG_IN_CODES = {"log-in-timeout", "closed-in-log-in", "second-log-in", "no-line-password"}


def device_steps(device: Device, resolver: Resolver, access: Access) -> tuple[Step, ...]:
    """Every step for a device; those behind one that failed are not reached.

    Args:
        device: whom to ask.
        resolver: finds the credentials.
        access: how devices are reached in this run; its lock-out guard holds here as well.
    """
    if device.foreign:
        return (skipped(SETTINGS, f"not asked: {device.foreign}"),)
    steps = list(_Visit(device, resolver, access).steps())
    if any(step.state == "fail" for step in steps):
        done = {step.name for step in steps}
        steps += [skipped(name, NOT_REACHED) for name in _expected(device) if name not in done]
    return tuple(steps)


def _expected(device: Device) -> tuple[str, ...]:
    commands = PLATFORMS[device.platform].reads() if device.platform else ()
    way = (NAME, BASTION) if device.jump else (NAME,)
    met = (GREETING,) if device.transport is Transport.TELNET else SSH
    return (SETTINGS, CREDENTIALS, *way, PORT, *met, LOG_IN, PROMPT, PLATFORM, LEVEL, PAGING,
            *(command.text for command in commands), CLOCK)


@dataclass(slots=True)
class _Seen:
    """What was seen of the connection, whether it came about or not."""

    transport: PeerTransport | None = None
    lines: list[str] = field(default_factory=list)

    def saw(self, transport: PeerTransport) -> None:
        self.transport = transport

    @property
    def key(self) -> HostKey | None:
        found = getattr(self.transport, "host_key", None)
        return HostKey(found.get_name(), found.asbytes()) if found is not None else None

    @property
    def logged_in(self) -> bool:
        handler = self.transport.auth_handler if self.transport is not None else None
        return handler is not None and bool(handler.authenticated)


class _Visit:
    def __init__(self, device: Device, resolver: Resolver, access: Access) -> None:
        self._device = device
        self._resolver = resolver
        self._access = access
        self._seen = _Seen()

    def steps(self) -> Iterator[Step]:
        device = self._device
        if device.defect:
            yield fail(SETTINGS, device.defect)
            return
        yield _settings_step(device)
        try:
            credentials, origins = self._resolver.explained(device)
        except VpnCheckError as error:
            yield fail(CREDENTIALS, _short(error, device), error.hint)
            return
        yield _credentials_step(credentials.username, origins)
        limits = self._access.limits or Limits.of(device.timeout)
        named = _name_step(device, limits.connect)
        yield named
        if named.state == "fail":
            return
        access = replace(self._access, watch=self._seen.saw)
        try:
            live = LiveSession(device, credentials, access, on_command=self._seen.lines.append)
        except VpnCheckError as error:
            yield from self._failed(error)
            return
        with live:
            yield from self._connected()
            yield from session_steps(device, live, enable=credentials.enable_secret is not None)

    def _connected(self) -> Iterator[Step]:
        """The steps of a connection that came about."""
        device, transport = self._device, self._seen.transport
        if device.jump:
            yield ok(BASTION, f"through {', then '.join(device.jump)}")
        yield ok(PORT, f"{device.host} port {device.port} answers")
        if transport is None:
            yield ok(GREETING, "it asks for a log-in")
        else:
            yield ok(BANNER, transport.remote_version)
            yield self._algorithms(transport)
            yield self._host_key()
        yield ok(LOG_IN, "accepted")
        yield ok(PROMPT, "seen")

    def _algorithms(self, transport: PeerTransport) -> Step:
        old = only_old(transport.seen.offer)
        if self._device.legacy and not old:
            return warn(ALGORITHMS, f"{agreed(transport)}; old ones are allowed, and the device needs none of them",
                        "Take `legacy: true` away from it in the inventory.")
        suffix = f"; old ones only for {', '.join(old)}, as `legacy: true` allows" if old else ""
        return ok(ALGORITHMS, agreed(transport) + suffix)

    def _host_key(self) -> Step:
        key = self._seen.key
        path = self._access.host_keys.file_of(self._device)
        return ok(HOST_KEY, f"{key.fingerprint} ({key.kind}), as {path} lists it" if key else f"as {path} lists it")

    # -- failures ----------------------------------------------------------------------------------------------------

    def _failed(self, error: VpnCheckError) -> Iterator[Step]:
        """The steps up to the one at which the connection, the log-in or the preparation failed."""
        at = self._where(error)
        for step in self._passed():
            if step.name == at:
                break
            yield step
        yield fail(at, _short(error, self._device), error.hint)

    def _where(self, error: VpnCheckError) -> str:
        device, transport, last = self._device, self._seen.transport, self._seen.lines[-1] if self._seen.lines else ""
        telnet = device.transport is Transport.TELNET
        early = transport is None and (not telnet or isinstance(error, Unreachable))
        places = (
            (telnet and error.code in _GREETING_CODES, GREETING),
            (early, BASTION if device.jump else PORT),
            (isinstance(error, HostKeyError), HOST_KEY),
            (transport is not None and not transport.remote_version, BANNER),
            (isinstance(error, AlgorithmMismatch) or (transport is not None and not transport.initial_kex_done),
             ALGORITHMS),
            (isinstance(error, AuthenticationFailed) or error.code in _LOG_IN_CODES, LOG_IN),
            (transport is not None and not self._seen.logged_in, LOG_IN),
            (not last, PROMPT),
            (last == SHOW_VERSION.text, PLATFORM),
            (isinstance(error, PrivilegeError) or last.startswith("enable"), LEVEL),
        )
        return next((name for holds, name in places if holds), PAGING)

    def _passed(self) -> Iterator[Step]:
        """What is known of every step before the failure; the caller stops at the one that failed."""
        yield from self._connected()
        yield ok(PLATFORM, f"{self._device.platform}, says the inventory" if self._device.platform else "recognised")
        yield ok(LEVEL, "the prompt allows it")


def _settings_step(device: Device) -> Step:
    words = [f"{device.host} port {device.port}", f"platform {device.platform or 'not said'}"]
    words += [f"groups {', '.join(device.groups)}"] if device.groups else []
    words += ["old algorithms allowed"] if device.legacy else []
    if device.transport is Transport.TELNET:
        return warn(SETTINGS, "; ".join([*words, "telnet: the password and all output travel unencrypted"]),
                    "Use SSH where the device can.")
    return ok(SETTINGS, "; ".join(words))


def _credentials_step(username: str, origins: Origins) -> Step:
    words = [f"user {username} (from {origins.username})"]
    words += [f"password from {origins.password}"] if origins.password else []
    words += [f"key {origins.key_file}"] if origins.key_file else []
    words += ["keys of the agent"] if origins.agent else []
    words += [f"enable secret from {origins.enable_secret}"] if origins.enable_secret else []
    found = "; ".join(words)
    if origins.username == "the local user":
        return warn(CREDENTIALS, found, "If that is not meant: `username:` in the inventory, or VPN_CHECK_USERNAME.")
    return ok(CREDENTIALS, found, origins.closed or "")


def _name_step(device: Device, limit: float) -> Step:
    if device.jump:
        return skipped(NAME, f"the bastion resolves {device.host}")
    try:
        ipaddress.ip_address(device.host)
    except ValueError:
        pass
    else:
        return ok(NAME, f"{device.host} is an address")
    try:
        found = resolve(device.name, device.host, device.port, limit)
    except VpnCheckError as error:
        return fail(NAME, _short(error, device), error.hint)
    return ok(NAME, f"{device.host} is {', '.join(dict.fromkeys(str(place[0]) for _, place in found))}")


def _short(error: VpnCheckError, device: Device) -> str:
    """The sentence without the device's name, which stands above it."""
    return error.message.removeprefix(f"{device.name}: ")
