"""What a device is to us, and what we log in with."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class PlatformName(StrEnum):
    """The four operating systems that vpn-check knows."""

    IOS = "ios"
    IOSXE = "iosxe"
    ASA = "asa"
    PIX = "pix"


class Transport(StrEnum):
    """How a device's command line is reached. Telnet carries the log-in and all output unencrypted."""

    SSH = "ssh"
    TELNET = "telnet"

    @property
    def port(self) -> int:
        """The TCP port where nothing else is said."""
        return 23 if self is Transport.TELNET else 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One device as the inventory (or the SSH configuration) describes it. Holds no secret.

    `platform` None means: recognise it from `show version`. `jump` names SSH bastions in the order they are passed.
    `credential` names the credential source entry of the inventory that the log-in uses. `site` is where it stands: a
    fleet asks only so many devices of one site at the same time. `maintenance`: windows in which polls raise no alarm
    for it, in the words of `model/maintenance.py`. `foreign` says why a device is not one of ours
    (another vendor's): it is never connected to. `defect` says why one of ours cannot be asked as the inventory
    describes it, and what to do.
    """

    name: str
    host: str
    port: int = 22
    transport: Transport = Transport.SSH
    platform: PlatformName | None = None
    groups: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    legacy: bool = False
    jump: tuple[str, ...] = ()
    username: str | None = None
    key_file: str | None = None
    credential: str | None = None
    known_hosts: str | None = None
    expected_up: tuple[str, ...] = ()
    timeout: float | None = None
    site: str | None = None
    maintenance: tuple[str, ...] = ()
    foreign: str | None = None
    defect: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a log-in needs. Its repr says nothing of the secrets."""

    username: str
    password: str | None = field(default=None, repr=False)
    enable_secret: str | None = field(default=None, repr=False)
    key_file: str | None = None
    passphrase: str | None = field(default=None, repr=False)
    use_agent: bool = True

    def secrets(self) -> tuple[str, ...]:
        """Every secret string held, so that output can be searched for them."""
        return tuple(s for s in (self.password, self.enable_secret, self.passphrase) if s)
