"""How each operating system talks on its terminal: IOS and IOS-XE alike, ASA and PIX 7 alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from vpn_check.lab.grammar import Refusal
from vpn_check.model.device import PlatformName

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vpn_check.lab.device import LabDevice


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The fixed texts of one family of devices. `user` and `privileged` are the commands that exist in each mode.

    `login_again` and `login_denied` are what telnet says to a wrong password, `mask` is what it shows for each key of
    one.
    """

    prompt_tail: str
    more: str
    wipe: str
    greeting: str
    refusals: Mapping[Refusal, str]
    enable_again: str
    enable_denied: str
    configure: str
    user: tuple[str, ...]
    privileged: tuple[str, ...]
    paging: tuple[str, ...]
    login_again: str = "% Login invalid\n\n"
    login_denied: str = "% Bad passwords\n"
    mask: str = ""


_EVERYWHERE = ("enable", "exit", "logout", "quit", "show clock", "show version", "terminal width <n>")

ROUTER = Dialect(
    prompt_tail="",
    more=" --More-- ",
    wipe="\b" * 9 + " " * 8 + "\b" * 9,
    greeting="\n",
    refusals={
        Refusal.INVALID: "{caret}\n% Invalid input detected at '^' marker.\n\n",
        Refusal.INCOMPLETE: "% Incomplete command.\n\n",
        Refusal.AMBIGUOUS: '% Ambiguous command:  "{line}"\n',
    },
    enable_again="",
    enable_denied="% Bad secrets\n\n",
    configure="Enter configuration commands, one per line.  End with CNTL/Z.\n",
    user=(*_EVERYWHERE, "show privilege", "terminal length <n>"),
    privileged=("configure terminal", "disable", "terminal monitor", "terminal no monitor"),
    paging=("terminal length <n>",),
)

FIREWALL = Dialect(
    prompt_tail=" ",
    more="<--- More --->",
    wipe="\r" + " " * 14 + "\r",
    greeting="User {username} logged in to {hostname}\nType help or '?' for a list of available commands.\n",
    refusals={
        Refusal.INVALID: "{caret}\nERROR: % Invalid input detected at '^' marker.\n",
        Refusal.INCOMPLETE: "ERROR: % Incomplete command\n",
        Refusal.AMBIGUOUS: 'ERROR: % Ambiguous command:  "{line}"\n',
    },
    enable_again="Invalid password\n",
    enable_denied="Invalid password\nAccess denied.\n",
    configure="",
    user=(*_EVERYWHERE, "show curpriv"),
    privileged=("configure terminal", "disable", "terminal pager <n>", "terminal pager lines <n>", "terminal monitor",
                "terminal no monitor"),
    paging=("terminal pager <n>", "terminal pager lines <n>"),
    login_again="Invalid password\n",
    login_denied="Invalid password\nAccess denied.\n",
    mask="*",
)

_HELP = "Type help or '?' for a list of available commands.\n"

PIX_6 = replace(
    FIREWALL,
    greeting=_HELP,
    refusals=dict.fromkeys(Refusal, _HELP),
    user=("enable", "exit", "logout", "quit", "show version", "show curpriv"),
    privileged=("configure terminal", "disable", "show clock", "who"),
    paging=(),
)
"""PIX 5 and 6: no caret under what is wrong, and `pager` is a line of the configuration, not of the terminal."""

DIALECTS: dict[PlatformName, Dialect] = {
    PlatformName.IOS: ROUTER,
    PlatformName.IOSXE: ROUTER,
    PlatformName.ASA: FIREWALL,
    PlatformName.PIX: FIREWALL,
}

_VERSION: dict[PlatformName, str] = {
    PlatformName.IOS: """\
Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), Version 15.7(3)M8, RELEASE SOFTWARE (fc1)
Technical Support: http://www.cisco.com/techsupport

ROM: System Bootstrap, Version 15.0(1r)M16, RELEASE SOFTWARE (fc1)

{hostname} uptime is 12 weeks, 3 days, 4 hours, 51 minutes
System returned to ROM by power-on
System image file is "flash0:c2900-universalk9-mz.SPA.157-3.M8.bin"

Cisco CISCO2911/K9 (revision 1.0) with 483328K/40960K bytes of memory.
Configuration register is 0x2102
""",
    PlatformName.IOSXE: """\
Cisco IOS XE Software, Version 17.09.04a
Cisco IOS Software [Cupertino], Virtual XE Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 17.9.4a, \
RELEASE SOFTWARE (fc3)
Technical Support: http://www.cisco.com/techsupport

ROM: IOS-XE ROMMON

{hostname} uptime is 5 weeks, 2 days, 7 hours, 12 minutes
System returned to ROM by reload
System image file is "bootflash:packages.conf"

cisco C8000V (VXE) processor (revision VXE) with 2028465K/3075K bytes of memory.
Configuration register is 0x2102
""",
    PlatformName.ASA: """\
Cisco Adaptive Security Appliance Software Version 9.16(4)
SSP Operating System Version 2.10(1.217)
Device Manager Version 7.18(1)

System image file is "disk0:/asa9-16-4-smp-k8.bin"
Config file at boot was "startup-config"

{hostname} up 83 days 6 hours

Hardware:   ASAv, 2048 MB RAM, CPU Xeon E5 series 2000 MHz,
""",
    PlatformName.PIX: """\
Cisco PIX Security Appliance Software Version 7.2(4)
Device Manager Version 5.2(4)

System image file is "flash:/pix724.bin"
Config file at boot was "startup-config"

{hostname} up 211 days 9 hours

Hardware:   PIX-515E, 128 MB RAM, CPU Pentium II 433 MHz
""",
}

_VERSION_PIX_6 = """\

Cisco PIX Firewall Version {release}
Cisco PIX Device Manager Version 3.0(4)

{hostname} up 402 days 11 hours

Hardware:   PIX-515E, 64 MB RAM, CPU Pentium II 433 MHz
Flash E28F128J3 @ 0x300, 16MB

Licensed Features:
Failover:                    Enabled
VPN-DES:                     Enabled
VPN-3DES-AES:                Enabled
Maximum Physical Interfaces: 6
IKE peers:                   Unlimited

This PIX has an Unrestricted (UR) license.

Configuration last modified by enable_15 at 07:41:09.512 UTC Tue Feb 3 2009
"""


def dialect_of(device: LabDevice) -> Dialect:
    """How a device talks."""
    return PIX_6 if _before_7(device) else DIALECTS[device.platform]


def _before_7(device: LabDevice) -> bool:
    return device.platform is PlatformName.PIX and device.release is not None and int(device.release.split(".")[0]) < 7  # noqa: PLR2004  where PIX took over the ASA's command line


def built_in(device: LabDevice, command: str, *, level: int) -> str:
    """The answer of a show command that every device of the lab has, unless its outputs say otherwise."""
    if command == "show version":
        text = _VERSION_PIX_6 if _before_7(device) else _VERSION[device.platform]
        return text.format(hostname=device.hostname, release=device.release)
    if command == "show clock":
        now = datetime.now(tz=UTC)
        return f"{now:%H:%M:%S}.{now.microsecond // 1000:03d} UTC {now:%a %b} {now.day} {now.year}\n"
    if command == "show privilege":
        return f"Current privilege level is {level}\n"
    if command == "show curpriv":
        modes = "P_UNPR P_PRIV" if level > 1 else "P_UNPR"
        username = device.username or "enable_1"
        return f"Username : {username}\nCurrent privilege level : {level}\nCurrent Mode/s : {modes}\n"
    return ""
