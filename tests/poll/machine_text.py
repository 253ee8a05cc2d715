"""What a device of the simulated world says of itself: release and uptime, configuration, log."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.poll.script import START, Trouble

from vpn_check.model.device import PlatformName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.poll.tunnel import Tunnel

_VERSION = {
    PlatformName.IOS: """\
Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), Version 15.7(3)M8, RELEASE SOFTWARE (fc1)
Technical Support: http://www.cisco.com/techsupport

ROM: System Bootstrap, Version 15.0(1r)M16, RELEASE SOFTWARE (fc1)

{name} uptime is {uptime}
System returned to ROM by power-on
System image file is "flash0:c2900-universalk9-mz.SPA.157-3.M8.bin"

Cisco CISCO2911/K9 (revision 1.0) with 483328K/40960K bytes of memory.
Configuration register is 0x2102
""",
    PlatformName.IOSXE: """\
Cisco IOS XE Software, Version 16.09.05
Cisco IOS Software [Fuji], ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 16.9.5, RELEASE SOFTWARE (fc1)
Technical Support: http://www.cisco.com/techsupport

{name} uptime is {uptime}
Uptime for this control processor is {uptime}
System returned to ROM by Reload Command
System image file is "bootflash:isr4300-universalk9.16.09.05.SPA.bin"

cisco ISR4331/K9 (1RU) processor with 1795988K/6147K bytes of memory.
Configuration register is 0x2102
""",
    PlatformName.ASA: """\

Cisco Adaptive Security Appliance Software Version 9.12(4)
Device Manager Version 7.12(2)

System image file is "disk0:/asa9-12-4-lfbff-k8.SPA"
Config file at boot was "startup-config"

{name} up {uptime}

Hardware:   ASA5516, 8192 MB RAM, CPU Atom C2000 series 2416 MHz, 1 CPU (8 cores)

Configuration last modified by enable_15 at {changed}
""",
}
_UNITS = (("year", 31536000), ("week", 604800), ("day", 86400), ("hour", 3600), ("minute", 60))
_NO_MESSAGES = 40


def version(platform: PlatformName, name: str, up: float, changed: float) -> str:
    """`show version`. `up`: seconds since it started; `changed`: when its configuration last was."""
    when = START + timedelta(seconds=changed)
    said = _firewall_uptime(up) if platform is PlatformName.ASA else _router_uptime(up)
    return _VERSION[platform].format(name=name, uptime=said, changed=f"{when:%H:%M:%S}.000 UTC {when:%a %b} {when.day} "
                                                                     f"{when.year}")


def _router_uptime(up: float) -> str:
    words: list[str] = []
    left = int(up)
    for unit, size in _UNITS:
        count, left = divmod(left, size)
        if count or (unit == "minute" and not words):
            words.append(f"{count} {unit}{'' if count == 1 else 's'}")
    return ", ".join(words)


def _firewall_uptime(up: float) -> str:
    days, left = divmod(int(up), 86400)
    hours, left = divmod(left, 3600)
    minutes, left = divmod(left, 60)
    if days:
        return f"{days} day{'' if days == 1 else 's'} {hours} hour{'' if hours == 1 else 's'}"
    return f"{hours} hour{'' if hours == 1 else 's'} {minutes} min{'' if minutes == 1 else 's'}" if hours else (
        f"{minutes} min{'' if minutes == 1 else 's'} {left} sec{'' if left == 1 else 's'}")


def logging(platform: PlatformName, tunnels: Sequence[Tunnel], now: float) -> str:
    """`show logging`: the sessions that ended and came back."""
    told = sorted((at, tunnel.number, up) for tunnel in tunnels for begin, end, trouble in tunnel.fate.troubles
                  if trouble is Trouble.UNREACHABLE for at, up in ((begin, False), (end, True)) if at <= now)
    lines = [_message(platform, tunnels[number], at, up=up) for at, number, up in told[-_NO_MESSAGES:]]
    if platform is PlatformName.ASA:
        head = ("Syslog logging: enabled\n    Facility: 20\n    Timestamp logging: enabled\n"
                "    Console logging: disabled\n    Monitor logging: disabled\n"
                f"    Buffer logging: level informational, {len(told)} messages logged\n")
        return head + "".join(lines)
    return ("Syslog logging: enabled (0 messages dropped, 0 messages rate-limited, 0 flushes, 0 overruns)\n\n"
            "    Console logging: disabled\n    Monitor logging: level debugging, 0 messages logged\n"
            f"    Buffer logging:  level debugging, {len(told)} messages logged\n\nLog Buffer (65536 bytes):\n\n"
            + "".join(lines))


def _message(platform: PlatformName, tunnel: Tunnel, at: float, *, up: bool) -> str:
    when, peer = START + timedelta(seconds=at), tunnel.peer
    if platform is PlatformName.ASA:
        stamp = f"{when:%b %d %Y %H:%M:%S}: %ASA-"
        if up:
            return f"{stamp}5-713120: Group = {peer}, IP = {peer}, PHASE 2 COMPLETED (msgid={int(at) & 0xffffff:08x})\n"
        return (f"{stamp}4-113019: Group = {peer}, Username = {peer}, IP = {peer}, Session disconnected. "
                "Session Type: LAN-to-LAN, Duration: 1d 02h:11m:02s, Bytes xmt: 811223344, Bytes rcv: 733110022, "
                "Reason: Lost Service\n")
    state = "UP  " if up else "DOWN"
    return (f"{when:%b %d %H:%M:%S}.118: %CRYPTO-5-SESSION_STATUS: Crypto tunnel is {state}.  "
            f"Peer {peer}:500       Id: {peer}\n")

