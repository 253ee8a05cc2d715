"""What an IPsec case needs from IOS and IOS-XE: the list that a TAC engineer asks for, as data."""

from vpn_check.model.transcript import CaseCommand, Subject

_SA_SIZE = 64 << 20
"""Characters: a hub of ten thousand tunnels prints 23 million."""

# `| section` came with 12.3(2)T; before, the whole configuration is asked instead.
_FIRST = (
    CaseCommand(text="show running-config | section crypto", about=Subject.CONFIG, instead="show running-config"),
    CaseCommand(text="show running-config | section ^interface", about=Subject.CONFIG),
    CaseCommand(text="show running-config | section access-list", about=Subject.CONFIG),
    CaseCommand(text="show running-config | include ^ip route", about=Subject.CONFIG),
    CaseCommand(text="show running-config | include ^ip nat", about=Subject.CONFIG),
    CaseCommand(text="show running-config | section vrf", about=Subject.CONFIG),
    CaseCommand(text="show version", about=Subject.SYSTEM),
    CaseCommand(text="show clock detail", about=Subject.SYSTEM),
    CaseCommand(text="show ntp status", about=Subject.SYSTEM),
    CaseCommand(text="show ntp associations", about=Subject.SYSTEM),
    CaseCommand(text="show processes cpu sorted | exclude 0.00", about=Subject.SYSTEM),
    CaseCommand(text="show memory statistics", about=Subject.SYSTEM),
    CaseCommand(text="show crypto isakmp sa", about=Subject.STATE, twice=True),
    CaseCommand(text="show crypto ikev2 sa", about=Subject.STATE, twice=True),
    CaseCommand(
        text="show crypto ipsec sa detail",
        about=Subject.COUNTERS,
        twice=True,
        instead="show crypto ipsec sa",
        seconds=300,
        size=_SA_SIZE,
    ),
    CaseCommand(text="show crypto engine connections active", about=Subject.COUNTERS, twice=True),
    CaseCommand(text="show crypto isakmp sa detail", about=Subject.STATE),
    CaseCommand(text="show crypto ikev2 sa detailed", about=Subject.STATE),
    CaseCommand(text="show crypto session detail", about=Subject.STATE, seconds=120, size=_SA_SIZE),
    CaseCommand(text="show crypto ikev2 diagnose error", about=Subject.STATE),
    CaseCommand(text="show crypto ikev2 stats", about=Subject.STATE),
    CaseCommand(text="show crypto call admission statistics", about=Subject.STATE),
    CaseCommand(text="show crypto isakmp policy", about=Subject.POLICY),
    CaseCommand(text="show crypto ikev2 policy", about=Subject.POLICY),
    CaseCommand(text="show crypto ikev2 proposal", about=Subject.POLICY),
    CaseCommand(text="show crypto ikev2 profile", about=Subject.POLICY),
    CaseCommand(text="show crypto ipsec transform-set", about=Subject.POLICY),
    CaseCommand(text="show crypto ipsec profile", about=Subject.POLICY),
    CaseCommand(text="show crypto map", about=Subject.POLICY),
    CaseCommand(text="show crypto dynamic-map", about=Subject.POLICY),
    CaseCommand(text="show access-lists", about=Subject.POLICY),
    CaseCommand(text="show crypto pki certificates", about=Subject.POLICY),
    CaseCommand(text="show crypto pki trustpoints status", about=Subject.POLICY),
    CaseCommand(text="show dmvpn detail", about=Subject.OVERLAY),
    CaseCommand(text="show ip nhrp", about=Subject.OVERLAY),
    CaseCommand(text="show crypto engine brief", about=Subject.ENGINE),
    CaseCommand(text="show crypto engine configuration", about=Subject.ENGINE),
    CaseCommand(text="show crypto engine accelerator statistic", about=Subject.ENGINE),
    CaseCommand(text="show crypto eli", about=Subject.ENGINE),
)
_LAST = (
    CaseCommand(text="show logging", about=Subject.LOG, seconds=120),
    CaseCommand(text="show monitor event-trace crypto all", about=Subject.LOG, seconds=120),
    CaseCommand(text="show ip interface brief", about=Subject.PATH),
    CaseCommand(text="show interfaces summary", about=Subject.PATH),
    CaseCommand(text="show ip route {peer}", about=Subject.PATH),
    CaseCommand(text="show ip cef {peer} detail", about=Subject.PATH),
    CaseCommand(text="show interfaces", about=Subject.PATH, long=True, seconds=120),
    CaseCommand(text="show running-config", about=Subject.CONFIG, long=True, seconds=120),
    CaseCommand(text="show tech-support ipsec", about=Subject.ALL, long=True, seconds=400, size=_SA_SIZE),
    CaseCommand(text="show tech-support", about=Subject.ALL, long=True, seconds=550, size=_SA_SIZE),
)

IOS_CASE = (*_FIRST, *_LAST)
IOSXE_CASE = (
    *_FIRST,
    CaseCommand(text="show platform hardware qfp active feature ipsec datapath drops", about=Subject.DROPS, twice=True),
    CaseCommand(text="show platform hardware qfp active statistics drop", about=Subject.DROPS, twice=True),
    CaseCommand(text="show platform software ipsec fp active flow all", about=Subject.ENGINE),
    *_LAST,
)
