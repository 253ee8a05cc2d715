"""What an IPsec case needs from ASA and PIX: the list that a TAC engineer asks for, as data."""

from vpn_check.model.transcript import CaseCommand, Subject

_SA_SIZE = 64 << 20

_FIRST = (
    CaseCommand(text="show running-config crypto", about=Subject.CONFIG),
    CaseCommand(text="show running-config tunnel-group", about=Subject.CONFIG),
    CaseCommand(text="show running-config group-policy", about=Subject.CONFIG),
    CaseCommand(text="show running-config access-list", about=Subject.CONFIG),
    CaseCommand(text="show running-config nat", about=Subject.CONFIG),
    CaseCommand(text="show running-config object", about=Subject.CONFIG),
    CaseCommand(text="show running-config object-group", about=Subject.CONFIG),
    CaseCommand(text="show running-config interface", about=Subject.CONFIG),
    CaseCommand(text="show running-config route", about=Subject.CONFIG),
    CaseCommand(text="show running-config all sysopt", about=Subject.CONFIG),
    CaseCommand(text="show version", about=Subject.SYSTEM),
    CaseCommand(text="show clock detail", about=Subject.SYSTEM),
    CaseCommand(text="show ntp status", about=Subject.SYSTEM),
    CaseCommand(text="show cpu usage", about=Subject.SYSTEM),
    CaseCommand(text="show memory", about=Subject.SYSTEM),
    CaseCommand(text="show failover", about=Subject.SYSTEM),
    CaseCommand(text="show crypto isakmp sa", about=Subject.STATE, twice=True),
)
_STATES = (
    CaseCommand(text="show crypto ikev2 sa", about=Subject.STATE, twice=True),
    CaseCommand(text="show crypto isakmp sa detail", about=Subject.STATE),
    CaseCommand(text="show crypto ikev2 sa detail", about=Subject.STATE),
    CaseCommand(text="show vpn-sessiondb detail l2l", about=Subject.STATE, seconds=120),
    CaseCommand(text="show vpn-sessiondb summary", about=Subject.STATE),
    CaseCommand(text="show crypto ikev1 stats", about=Subject.STATE),
    CaseCommand(text="show crypto ikev2 stats", about=Subject.STATE),
)
_COUNTERS = (
    CaseCommand(
        text="show crypto ipsec sa detail",
        about=Subject.COUNTERS,
        twice=True,
        instead="show crypto ipsec sa",
        seconds=300,
        size=_SA_SIZE,
    ),
    CaseCommand(text="show crypto ipsec stats", about=Subject.COUNTERS, twice=True),
    CaseCommand(text="show crypto protocol statistics all", about=Subject.COUNTERS),
    CaseCommand(text="show crypto accelerator statistics", about=Subject.ENGINE),
    CaseCommand(text="show asp drop", about=Subject.DROPS, twice=True),
)
_LAST = (
    CaseCommand(text="show crypto ca certificates", about=Subject.POLICY),
    CaseCommand(text="show logging", about=Subject.LOG, seconds=120),
    CaseCommand(text="show interface ip brief", about=Subject.PATH),
    CaseCommand(text="show nameif", about=Subject.PATH),
    CaseCommand(text="show route", about=Subject.PATH),
    CaseCommand(text="show conn address {peer}", about=Subject.PATH),
    CaseCommand(text="show interface", about=Subject.PATH, long=True, seconds=120),
    CaseCommand(text="show running-config", about=Subject.CONFIG, long=True, seconds=120),
    CaseCommand(text="show tech-support", about=Subject.ALL, long=True, seconds=550, size=_SA_SIZE),
)

ASA_CASE = (
    *_FIRST,
    *_STATES,
    *_COUNTERS,
    CaseCommand(text="show asp table vpn-context detail", about=Subject.DROPS),
    CaseCommand(text="show asp table classify crypto", about=Subject.DROPS),
    *_LAST,
)
PIX_CASE = (*_FIRST, *_COUNTERS, *_LAST)
