"""A device of the lab: what it is called, what it answers, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vpn_check.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vpn_check.lab.ping import PingTarget
    from vpn_check.model.device import PlatformName

DEFAULT_PASSWORD = "lab-password"

FAULTS: dict[str, str] = {
    "close_mid": "the device drops the connection in the middle of an output",
    "hang_cmd": "a command never answers",
    "hang_half": "a command stops half-way and stays silent",
    "hang_login": "the shell opens and nothing comes",
    "hang_banner": "TCP connects, the SSH banner never comes",
    "auth_hang": "the log-in is never answered",
    "ansi": "prompt and outputs are decorated with terminal escapes",
    "prompt_in_output": "a line that is exactly the prompt stands in the middle of an output, a pause behind it",
    "invalid": "every crypto command is refused as invalid input",
    "authz": "every crypto command is refused by command authorization",
    "authz_paging": "the command that turns paging off is refused, so pages appear",
    "pw_change": "the device asks for a new password after log-in",
    "motd_hash": "a message of the day with # and > and prompt-like lines arrives in pieces",
    "slow": "an output pauses in its middle",
    "wrong_enable": "the enable secret is always refused",
    "syslog_mid": "a syslog line stands in the middle of an output",
    "vty_full": "the connection is closed right after authentication",
    "legacy_kex": "only SHA-1 and CBC algorithms are offered, with an RSA host key",
}
"""Each fault a device can have, in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabDevice:
    """One SSH server that plays a device.

    Args:
        name: what the inventory calls it.
        platform: whose dialogue it speaks.
        hostname: what stands in its prompt.
        username: the only user there is.
        password: that user's password.
        enable_secret: None: the log-in lands in privileged mode; else in user mode, and `enable` asks for it.
        outputs: the answer of each command, by the command's full words.
        fault: one of `FAULTS`, or None.
        fault_arg: seconds, for the faults that pause.
        fault_command: the command that the fault strikes; None: the first show command of a session.
        banner: a text sent before authentication.
        paging: False: the terminal has no pages from the start.
        page_lines: the height of the terminal until the client changes it.
        authorized_key: an OpenSSH public key that logs in without a password; None: keys are not accepted.
        legacy_kex: the same as the fault of this name, together with another fault.
        groups: inventory groups, usually the scenario's name.
        pings: what is behind an address, for `ping`; other addresses do not answer.
        old_ping: no options on one line: only the dialogue knows sizes and the DF bit.
        addresses: the device's own addresses, for `source`; none given: any is taken.
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
    groups: tuple[str, ...] = ()
    pings: Mapping[str, PingTarget] = field(default_factory=dict)
    old_ping: bool = False
    addresses: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.fault is not None and self.fault not in FAULTS:
            raise UsageError(f"Lab device {self.name}: unknown fault {self.fault!r}.",
                             hint=f"Known: {', '.join(FAULTS)}.")

    @property
    def legacy(self) -> bool:
        """Whether a client must be told to accept old algorithms."""
        return self.legacy_kex or self.fault == "legacy_kex"
