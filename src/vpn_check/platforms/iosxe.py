"""Cisco IOS-XE."""

from dataclasses import replace

from vpn_check.model.device import PlatformName
from vpn_check.model.transcript import Command
from vpn_check.platforms.base import PAGER, REFUSALS, Platform
from vpn_check.platforms.case_routers import IOSXE_CASE
from vpn_check.platforms.debugging import IOS_FORMS
from vpn_check.platforms.ping import ROUTER_PING

IOSXE = Platform(
    name=PlatformName.IOSXE,
    title="Cisco IOS-XE",
    driver="cisco_xe",
    templates=("iosxe", "ios"),
    commands=(
        Command(text="show crypto isakmp sa"),
        Command(text="show crypto ikev2 sa", needed=False),
        Command(text="show crypto ipsec sa"),
        Command(text="show crypto engine connections active", needed=False, polled=False),
    ),
    open_commands=("terminal length 0",),
    enable_command="enable",
    level_command=Command(text="show privilege", needed=False),
    pager=PAGER,
    errors=REFUSALS,
    ping=ROUTER_PING,
    mtu_lines="show running-config interface {interface} | include ip [mt]",
    debugs=(replace(IOS_FORMS, history=(*IOS_FORMS.history, "show monitor event-trace crypto all")),),
    case=IOSXE_CASE,
)
