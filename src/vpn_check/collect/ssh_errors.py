"""What went wrong in SSH, in the words of errors.py. Netmiko calls nearly all of it a timeout; the cause says more."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

import paramiko

from vpn_check.collect.screen import lines_in_use
from vpn_check.errors import (
    AlgorithmMismatch,
    AuthenticationFailed,
    DeviceTimeout,
    SessionClosed,
    Unreachable,
    VpnCheckError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from vpn_check.collect.limits import Limits

_OFFERS = (
    ("kex", "kex_algo_list", "key exchange"),
    ("host key", "server_key_algo_list", "host key"),
    ("ciphers", "server_encrypt_algo_list", "cipher"),
    ("macs", "server_mac_algo_list", "MAC"),
)
_STOPPED = "No existing session"   # paramiko's words for a key exchange that was not done in time
_IAC = b"\xff"   # begins each command of telnet
_PASSING = {2, 4}   # RFC 4254, 5.1: connect failed, resource shortage; prohibited and unknown do not pass
_FULL = "All VTY lines may be in use (show users); else its log says why: login block, AAA."


class LogIn(Enum):
    """How far the log-in has come. Once a password may have been seen, nothing is tried again until it is accepted."""

    NOT_BEGUN = auto()
    BEGUN = auto()
    ACCEPTED = auto()


@dataclass(slots=True)
class Seen:
    """What a connection has shown of the device: its algorithms, the text before its SSH banner, that, the log-in."""

    offer: Mapping[str, object] = field(default_factory=dict)
    text: str = ""
    banner: bool = False
    log_in: LogIn = LogIn.NOT_BEGUN


def translate(exc: BaseException, *, name: str, limits: Limits, seen: Seen, legacy: bool) -> VpnCheckError:
    """The error for an exception of netmiko, paramiko or the socket, found along its chain of causes."""
    chain = tuple(_chain(exc))
    for cause in chain:
        if isinstance(cause, paramiko.ssh_exception.IncompatiblePeer):
            return _mismatch(cause, name, seen.offer, legacy=legacy)
        if isinstance(cause, paramiko.AuthenticationException) and seen.log_in is not LogIn.ACCEPTED:
            return _refused(cause, name, limits)
        if isinstance(cause, paramiko.ChannelException):
            return SessionClosed(f"{name}: logged in, but the device opens no shell ({cause.text}).",
                                 code="no-shell",
                                 hint="Look for free VTY lines (show users) and `transport input ssh`.",
                                 again=1 if cause.code in _PASSING else 0)
    return _lost(chain, name, limits, seen)


def _chain(exc: BaseException | None) -> Iterator[BaseException]:
    seen = 0
    while exc is not None and seen < 10:  # noqa: PLR2004  a chain never is that long; a ring would be
        yield exc
        exc, seen = exc.__cause__ or exc.__context__, seen + 1


def _mismatch(cause: BaseException, name: str, offer: Mapping[str, object], *, legacy: bool) -> AlgorithmMismatch:
    text = str(cause)
    if "Incompatible version" in text:
        return AlgorithmMismatch(f"{name}: the device speaks SSH version 1 only, which is not supported.",
                                 code="ssh-version-1",
                                 hint="Set `ip ssh version 2` there, or capture the output by hand for "
                                      "`vpn-check analyze`; PIX 6 has nothing else but telnet (`transport: telnet`, "
                                      "unencrypted).")
    lists = [(what, offer[field]) for word, field, what in _OFFERS if word in text and offer.get(field)]
    offered = "; ".join(f"{what}: {', '.join(map(str, names))}" for what, names in lists if isinstance(names, list))
    says = f"the device offers only {offered}" if offered else "no common SSH algorithm"
    hint = "If the device cannot be upgraded, add `legacy: true` to it in the inventory."
    if legacy:
        hint = "The device is marked legacy already; it needs a newer SSH key (crypto key generate rsa modulus 2048)."
        if not paramiko.__version__.startswith("4."):   # 5 has dropped SHA-1
            hint = f"paramiko {paramiko.__version__} lacks the old algorithms: pip install 'paramiko>=4,<5'."
    return AlgorithmMismatch(f"{name}: {says}.", hint=hint)


def _refused(cause: paramiko.AuthenticationException, name: str, limits: Limits) -> VpnCheckError:
    if isinstance(cause, paramiko.PasswordRequiredException):
        return AuthenticationFailed(f"{name}: the key file is encrypted and no passphrase is known.",
                                    code="key-file",
                                    hint="Set `passphrase_env:` of the credential, or load the key into the agent.")
    if isinstance(cause, paramiko.BadAuthenticationType):
        return AuthenticationFailed(
            f"{name}: the device accepts only {', '.join(cause.allowed_types) or 'methods that it does not name'}.",
            code="log-in-method",
            hint="Give a key (`key_file:`, `agent: true`) or a password, whichever it wants.")
    if "timeout" in str(cause).lower():
        return DeviceTimeout(f"{name}: the log-in was not answered within {limits.authenticate:g} s.",
                             code="log-in-timeout",
                             hint="The AAA server may be slow or down; raise --timeout.")
    if "EOF" in str(cause):
        return SessionClosed(f"{name}: the device closed the connection during the log-in.",
                             code="closed-in-log-in",
                             hint=_FULL)
    return AuthenticationFailed(f"{name}: the device refused the log-in.",
                                code="log-in-refused",
                                hint="Check username and credential; no second attempt was made, so as not to lock "
                                     "the account.")


def _lost(chain: tuple[BaseException, ...], name: str, limits: Limits, seen: Seen) -> VpnCheckError:
    if seen.log_in is LogIn.ACCEPTED:   # once more: the password is right, a line may be free in a moment
        return SessionClosed(f"{name}: logged in, but the device closed the connection before it opened a shell.",
                             code="closed-after-log-in",
                             hint=_FULL, again=1)
    if seen.log_in is LogIn.BEGUN:
        return SessionClosed(f"{name}: the device closed the connection during the log-in.",
                             code="closed-in-log-in", hint=_FULL)
    text = " ".join(str(cause) for cause in chain)
    if any(isinstance(cause, UnicodeDecodeError) and cause.object[:1] == _IAC for cause in chain):
        return Unreachable(f"{name}: what answers there is telnet, not SSH.", code="not-ssh",
                           hint="Check the port; for a device that has nothing better, say `transport: telnet` in the "
                                "inventory (unencrypted).")
    if not seen.banner:
        late = "timed out" in text or _STOPPED in text or any(isinstance(cause, TimeoutError) for cause in chain)
        return _no_banner(text, name, limits, seen, silent=late)
    if _STOPPED in text or "Negotiation" in text or "handshake" in text.lower():
        return DeviceTimeout(f"{name}: the SSH key exchange was not done within {limits.negotiate:g} s.",
                             code="key-exchange-timeout",
                             hint="The device may be overloaded; raise --timeout.")
    return Unreachable(f"{name}: the connection was lost during the SSH key exchange.",
                       code="key-exchange-lost",
                       hint="Try again; if it stays, look at the device's log and the path MTU.", again=2)


def _no_banner(text: str, name: str, limits: Limits, seen: Seen, *, silent: bool) -> Unreachable:
    busy = lines_in_use(seen.text)
    if busy is not None:
        return Unreachable(f"{name}: the device has no free line (`{busy}`).",
                           code="no-free-line",
                           hint="See who is logged in (show users), and try again.", again=2)
    if silent:   # once more only: each attempt waits as long again
        return Unreachable(f"{name}: connected, but no SSH banner came within {limits.banner:g} s.",
                           code="no-banner",
                           hint="Check that the port is SSH, and whether all VTY lines are in use.", again=1)
    if "Indecipherable" in text or "Invalid SSH" in text or "codec can't" in text or seen.text.strip():
        return Unreachable(f"{name}: what answers there is not SSH.", code="not-ssh", hint="Check the port.")
    how = "reset" if "reset by peer" in text or "Broken pipe" in text else "closed"   # one and the same to a device
    return Unreachable(f"{name}: the device {how} the connection before its SSH banner.",
                       code="closed-early",
                       hint="All VTY lines may be in use, or an access list refuses this host.", again=2)
