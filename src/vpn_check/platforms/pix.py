"""Cisco PIX: 7.x and 8.0 speak as the ASA does; 5.x and 6.x have the old tables, and telnet instead of SSH version 2.

One table serves both, because nothing has to be known beforehand. `terminal pager 0` is of PIX 7; PIX 6 answers that
it knows no such command, and its pages are then turned one by one. Its own `no pager` is a line of the configuration
and is never sent.
"""

from dataclasses import replace

from vpn_check.model.device import PlatformName
from vpn_check.model.transcript import Command
from vpn_check.platforms.asa import FROM_7_0, FROM_8_0
from vpn_check.platforms.base import PAGER, REFUSALS, Platform
from vpn_check.platforms.case_firewalls import PIX_CASE
from vpn_check.platforms.debugging import asa_switch
from vpn_check.platforms.ping import FIREWALL_PING

UP_TO_6 = replace(
    FROM_7_0,
    since=(0, 0),
    switches=(asa_switch("isakmp", "isakmp", level=False), asa_switch("ipsec", "ipsec", level=False)),
    persistent=None,
    has_levels=False,
)

PIX = Platform(
    name=PlatformName.PIX,
    title="Cisco PIX",
    driver="cisco_asa",  # PIX 7 shares the ASA's command line
    templates=("pix", "asa", "ios"),
    commands=(
        Command(text="show crypto isakmp sa"),
        Command(text="show crypto ipsec sa"),
    ),
    open_commands=("terminal pager 0",),
    enable_command="enable",
    level_command=Command(text="show curpriv", needed=False),
    pager=PAGER,
    errors=REFUSALS,
    ping=FIREWALL_PING,
    mtu_lines="show running-config all sysopt | include tcpmss",
    debugs=(FROM_8_0, FROM_7_0, UP_TO_6),
    case=PIX_CASE,
)
