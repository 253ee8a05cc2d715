"""`show access-list(s)` beside a configuration, and alone: counts are joined, expansions are no entries of their own."""

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


ROUTER = "version 15.2\nip access-list extended VPN\n permit ip 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255\n permit ip host 10.9.9.9 any\n"
COUNTED = (
    "Extended IP access list VPN\n    10 permit ip 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255 (1234 matches)\n"
    "    20 permit ip host 10.9.9.9 any\nStandard IP access list 5\n    10 permit 10.0.0.0, wildcard bits 0.255.255.255 (3 matches)\n"
)


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
    counted = (
        "access-list cached ACL log flows: total 0, denied 0 (deny-flow-max 4096)\n            alert-interval 300\n"
        "access-list TO-B; 3 elements; name hash: 0x2da9a09d\n"
        "access-list TO-B line 1 extended permit ip object-group LOCAL 10.2.0.0 255.255.255.0 (hitcnt=8) 0x8aaa0a3b \n"
        "  access-list TO-B line 1 extended permit ip 10.1.0.0 255.255.255.0 10.2.0.0 255.255.255.0 (hitcnt=5) 0x8aaa0a3c \n"
        "  access-list TO-B line 1 extended permit ip 10.3.0.0 255.255.255.0 10.2.0.0 255.255.255.0 (hitcnt=3) 0x8aaa0a3d \n"
        "access-list TO-B line 2 remark the rest\n"
        "access-list TO-B line 3 extended permit icmp any any echo (hitcnt=0) (inactive) 0x111eea0e \n"
    )
    config = read(("show access-list", counted))
    assert [(entry.hits, entry.statement.line) for entry in acl(config, "TO-B").entries] == [(8, 4), (None, 7), (0, 8)]
    assert acl(config, "TO-B").entries[0].source.name == "LOCAL"
    assert not acl(config, "TO-B").entries[2].works
    assert config.unknown == ()
