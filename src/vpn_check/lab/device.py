"""A device of the lab: what it is called, what it answers, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from vpn_check.errors import UsageError
from vpn_check.lab.debugging import Debugging
from vpn_check.model.device import Transport

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vpn_check.lab.ping import PingTarget
    from vpn_check.model.device import PlatformName

DEFAULT_PASSWORD = "lab-password"

ONCE = "_once"
"""At the end of a fault's name: the fault strikes the first connection to the device, and no other."""

FAULTS: dict[str, str] = {
    "reset": "the connection is reset before anything is said",
    "close_early": "the connection is closed before anything is said",
    "lines_busy": "the device says that all its lines are in use, and hangs up",
    "hang_banner": "TCP connects, nothing ever comes",
    "banner_late": "the SSH banner, or the telnet log-in, comes late",
    "auth_hang": "the log-in is never answered",
    "auth_close": "the connection is closed when the password has come",
    "vty_full": "the connection is closed right after authentication",
    "no_exec": "the log-in is accepted, and the shell is refused by exec authorization",
    "hang_login": "the shell opens and nothing comes",
    "pw_change": "the device asks for a new password after log-in",
    "motd_hash": "a message of the day with # and > and prompt-like lines arrives in pieces",
    "reset_idle": "the connection is cut a moment after the shell has opened",
    "close_mid": "the device drops the connection in the middle of an output",
    "close_channel_mid": "the device ends the session in the middle of an output",
    "hang_cmd": "a command never answers",
    "hang_half": "a command stops half-way and stays silent",
    "slow": "an output pauses in its middle",
    "dribble": "an output comes in small pieces with pauses",
    "ansi": "prompt and outputs are decorated with terminal escapes",
    "prompt_in_output": "a line that is exactly the prompt stands in the middle of an output, a pause behind it",
    "command_in_output": "prompt and a command stand as a line in the middle of an output",
    "syslog_mid": "a syslog line stands in the middle of an output",
    "invalid": "every crypto command is refused as invalid input",
    "authz": "every crypto command is refused by command authorization",
    "authz_paging": "the command that turns paging off is refused, so pages appear",
    "no_pager_off": "the command that turns paging off is accepted and does nothing",
    "no_enable": "there is no enable secret, so that nobody can raise the privilege over the network",
    "wrong_enable": "the enable secret is always refused",
    "legacy_kex": "only SHA-1 and CBC algorithms are offered, with an RSA host key",
}
"""Each fault a device can have, in a sentence. `<fault>_once` strikes the first connection only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabDevice:
    """One server that plays a device, over SSH or telnet.

    Args:
        name: what the inventory calls it.
        platform: whose dialogue it speaks.
        hostname: what stands in its prompt.
        username: the only user there is; empty: telnet asks for the password alone.
        password: that user's password.
        enable_secret: None: the log-in lands in privileged mode; else in user mode, and `enable` asks for it.
        outputs: the answer of each command, by the command's full words.
        fault: one of `FAULTS`, alone or with `_once` behind it, or None.
        fault_arg: seconds, for the faults that pause.
        fault_command: the command that the fault strikes; None: the first show command of a session, for refusals
            every crypto command.
        banner: a text sent before authentication.
        paging: False: the terminal has no pages from the start.
        page_lines: the height of the terminal until the client changes it.
        authorized_key: an OpenSSH public key that logs in without a password; None: keys are not accepted.
        legacy_kex: the same as the fault of this name, together with another fault.
        algorithms: what it offers in SSH, a name of `algorithms.PROFILES`; None: modern ones.
        transport: how it is reached.
        release: the release of its software where the dialogue depends on it: PIX before 7.0.
        level: the privilege level of the account where enable does not raise it; below 15 crypto commands are unknown.
        groups: inventory groups, usually the scenario's name.
        pings: what is behind an address, for `ping`; other addresses do not answer.
        old_ping: no options on one line: only the dialogue knows sizes and the DF bit.
        addresses: the device's own addresses, for `source`; none given: any is taken.
        debugging: how its debugs behave.
    """

    name: str
    platform: PlatformName
    hostname: str
    username: str = "lab"
    password: str = DEFAULT_PASSWORD
    enable_secret: str | None = None
    outputs: Mapping[str, str]
    fault: str | None = None
    fault_arg: float | None = None
    fault_command: str | None = None
    banner: str | None = None
    paging: bool = True
    page_lines: int = 24
    authorized_key: str | None = None
    legacy_kex: bool = False
    algorithms: str | None = None
    transport: Transport = Transport.SSH
    release: str | None = None
    level: int = 15
    groups: tuple[str, ...] = ()
    pings: Mapping[str, PingTarget] = field(default_factory=dict)
    old_ping: bool = False
    addresses: tuple[str, ...] = ()
    debugging: Debugging = field(default_factory=Debugging)

    def __post_init__(self) -> None:
        if self.fault is not None and self.fault.removesuffix(ONCE) not in FAULTS:
            raise UsageError(f"Lab device {self.name}: unknown fault {self.fault!r}.",
                             hint=f"Known: {', '.join(FAULTS)}.")

    @property
    def profile(self) -> str:
        """The name of what it offers in SSH."""
        return self.algorithms or ("legacy" if self.legacy_kex or self.fault == "legacy_kex" else "modern")

    @property
    def legacy(self) -> bool:
        """Whether a client must be told to accept old algorithms."""
        return self.profile not in {"modern", "asa-9"}

    def at(self, connection: int) -> LabDevice:
        """The device as the client of this connection meets it, the first being 1: with its fault, or without."""
        if self.fault is None or not self.fault.endswith(ONCE):
            return self
        return replace(self, fault=self.fault.removesuffix(ONCE) if connection == 1 else None)
