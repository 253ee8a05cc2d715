"""`show access-list(s)` beside a configuration, and alone: counts are joined, expansions are no entries."""

from __future__ import annotations

from vpn_check.config.reader import read_config
from vpn_check.model.config import AccessList, ConfigSets, ConfigSource, ConfigText, DeviceConfig


def read(*texts: tuple[str, str]) -> DeviceConfig:
    held = [
        ConfigText(source=ConfigSource(command=command), lines=tuple(enumerate(text.split("\n"), 1)))
        for command, text in texts
    ]
    return read_config(held, mask=str)


def acl(config: DeviceConfig, name: str) -> AccessList:
    found = config.acl(name)
    assert found is not None
    return found


ROUTER = """version 15.2
ip access-list extended VPN
 permit ip 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255
 permit ip host 10.9.9.9 any
"""
COUNTED = """Extended IP access list VPN
    10 permit ip 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255 (1234 matches)
    20 permit ip host 10.9.9.9 any
Standard IP access list 5
    10 permit 10.0.0.0, wildcard bits 0.255.255.255 (3 matches)
"""
ASA = """access-list cached ACL log flows: total 0, denied 0 (deny-flow-max 4096)
            alert-interval 300
access-list TO-B; 3 elements; name hash: 0x2da9a09d
access-list TO-B line 1 extended permit ip object-group LOCAL 10.2.0.0 255.255.255.0 (hitcnt=8) 0x8aaa0a3b
  access-list TO-B line 1 extended permit ip 10.1.0.0 255.255.255.0 10.2.0.0 255.255.255.0 (hitcnt=5) 0x8aaa0a3c
  access-list TO-B line 1 extended permit ip 10.3.0.0 255.255.255.0 10.2.0.0 255.255.255.0 (hitcnt=3) 0x8aaa0a3d
access-list TO-B line 2 remark the rest
access-list TO-B line 3 extended permit icmp any any echo (hitcnt=0) (inactive) 0x111eea0e
"""


def test_counts_of_a_router_join_its_configuration() -> None:
    config = read(("show running-config", ROUTER), ("show access-lists", COUNTED))
    assert [(entry.hits, entry.statement.line) for entry in acl(config, "VPN").entries] == [(1234, 3), (None, 4)]
    assert config.shows("access-list")


def test_counts_alone_are_a_list() -> None:
    config = read(("show access-lists", COUNTED))
    assert not config.firewall
    assert [entry.hits for entry in acl(config, "VPN").entries] == [1234, None]
    permitted = ConfigSets(config).permitted("5")
    assert permitted is not None
    assert str(permitted.most.sources) == "10.0.0.0/8"


def test_an_asa_prints_what_its_objects_mean_below_them() -> None:
    config = read(("show access-list", ASA))
    assert [(entry.hits, entry.statement.line) for entry in acl(config, "TO-B").entries] == [(8, 4), (None, 7), (0, 8)]
    assert acl(config, "TO-B").entries[0].source.name == "LOCAL"
    assert not acl(config, "TO-B").entries[2].works
