"""Cisco ASA, 7.0 and later. `show crypto isakmp sa` answers for IKEv1 and, from 8.4 on, for IKEv2 as well."""

from dataclasses import replace

from vpn_check.model.device import PlatformName
from vpn_check.model.transcript import Command
from vpn_check.platforms.base import PAGER, REFUSALS, Platform
from vpn_check.platforms.case_firewalls import ASA_CASE
from vpn_check.platforms.debugging import ASA_DEBUG_LINE, PEER, DebugForms, asa_switch
from vpn_check.platforms.ping import FIREWALL_PING

_IPSEC = asa_switch("ipsec", "ipsec")
_ENGINE = asa_switch("engine", "engine", usual=False)

FROM_8_4 = DebugForms(
    since=(8, 4),   # IKEv2 came, and `isakmp` became `ikev1`
    switches=(
        asa_switch("isakmp", "ikev1"),
        asa_switch("ikev2", "ikev2 protocol"),
        asa_switch("ikev2", "ikev2 platform"),
        _IPSEC,
        _ENGINE,
    ),
    condition=(f"debug crypto condition peer {PEER}", f"no debug crypto condition peer {PEER}"),
    condition6=(f"debug crypto condition peer {PEER}", f"no debug crypto condition peer {PEER}"),
    per_session=True,
    listed="show debug",
    line=ASA_DEBUG_LINE,
    conditions="show crypto debug-condition",
    sessions="show ssh sessions",
    history=("show clock", "show logging"),
    persistent=("show running-config logging", "logging debug-trace persistent"),
    cpu="show cpu usage",
    has_levels=True,
)
FROM_8_0 = replace(FROM_8_4, since=(8, 0), condition6=None,
                   switches=(asa_switch("isakmp", "isakmp"), _IPSEC, _ENGINE))
FROM_7_0 = replace(FROM_8_0, since=(7, 0), condition=None, conditions=None)

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
    debugs=(FROM_8_4, FROM_8_0, FROM_7_0),
    case=ASA_CASE,
)
