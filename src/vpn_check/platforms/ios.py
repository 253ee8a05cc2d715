"""Cisco IOS, 11.2 to 15.x."""

from vpn_check.model.device import PlatformName
from vpn_check.model.transcript import Command
from vpn_check.platforms.base import PAGER, REFUSALS, Platform
from vpn_check.platforms.case_routers import IOS_CASE
from vpn_check.platforms.debugging import IOS_FORMS
from vpn_check.platforms.ping import ROUTER_PING

IOS = Platform(
    name=PlatformName.IOS,
    title="Cisco IOS",
    driver="cisco_ios",
    templates=("ios",),
    commands=(
        Command(text="show crypto isakmp sa"),
        Command(text="show crypto ikev2 sa", needed=False),  # IOS before 15.1(1)T does not know it
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
    debugs=(IOS_FORMS,),
    case=IOS_CASE,
)
