"""Cisco ASA, 7.0 and later. `show crypto isakmp sa` answers for IKEv1 and, from 8.4 on, for IKEv2 as well."""

from vpn_check.model.device import PlatformName
from vpn_check.model.transcript import Command
from vpn_check.platforms.base import PAGER, REFUSALS, Platform
from vpn_check.platforms.ping import FIREWALL_PING

ASA = Platform(
    name=PlatformName.ASA,
    title="Cisco ASA",
    driver="cisco_asa",
    templates=("asa", "ios"),
    commands=(
        Command(text="show crypto isakmp sa"),
        Command(text="show crypto ikev2 sa", needed=False),  # from 8.4 on
        Command(text="show crypto ipsec sa"),
    ),
    open_commands=("terminal pager 0",),
    enable_command="enable",
    level_command=Command(text="show curpriv", needed=False),
    pager=PAGER,
    errors=REFUSALS,
    ping=FIREWALL_PING,
    mtu_lines="show running-config all sysopt | include tcpmss",
)
