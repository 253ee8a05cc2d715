"""Statements as people paste them: typed at a prompt, abbreviated, refused by the device, in a question to a forum."""

from __future__ import annotations

from pathlib import Path

from vpn_check.jobs.analyze import read
from vpn_check.model.config import DeviceConfig

TYPED = """\
Router#conf t
Enter configuration commands, one per line.  End with CNTL/Z.
Router(config)#access-list 110 permit ip 10.1.1.0 0.0.0.255 10.2.2.0 0.0.0.255
Router(config)#crypto isa pol 10
Router(config-isakmp)#encr 3des
Router(config-isakmp)#authentication pre-share
Router(config-isakmp)#exit
Router(config)#cry isa key typed-s3cret address 203.0.113.9
Router(config)#crypto isakmp polcy 20
                            ^
% Invalid input detected at '^' marker.

Router(config)#crypto ikev2 keyring K
Router(config-ikev2-keyring)#peer ONE
Router(config-ikev2-keyring-peer)#address 203.0.113.9
Router(config-ikev2-keyring-peer)#pre-shared-key other-s3cret
Router(config)#crypto map CM 10 ipsec-isakmp
% NOTE: This new crypto map will remain disabled until a peer
        and a valid access list have been configured.
Router(config-crypto-map)#set peer 203.0.113.9
Router(config-crypto-map)#do show clock
09:00:00.000 UTC Mon Mar 2 2026
Router(config-crypto-map)#match address 110
Router(config-crypto-map)#end
Router#show crypto isakmp sa
IPv4 Crypto ISAKMP SA
dst             src             state          conn-id status
203.0.113.9     198.51.100.1    QM_IDLE           1001 ACTIVE
"""

FORUM = """\
Hello, the tunnel of my ASA does not come up. This is what I have:

access-list outside_1_cryptomap extended permit ip 192.168.1.0 255.255.255.0 192.168.2.0 255.255.255.0

crypto map outside_map 1 match address outside_1_cryptomap

crypto map outside_map 1 set peer 203.0.113.9

tunnel-group 203.0.113.9 type ipsec-l2l

tunnel-group 203.0.113.9 ipsec-attributes

ikev1 pre-shared-key forum-s3cret

crypto ikev1 policy 10

encryption 3des

group 2

Thanks!
"""


def config_of(text: str, tmp_path: Path) -> DeviceConfig:
    (tmp_path / "paste.txt").write_text(text)
    snapshot = read([str(tmp_path / "paste.txt")])[0].snapshot
    assert snapshot is not None
    assert snapshot.config is not None
    return snapshot.config


def test_what_is_typed_at_a_prompt_is_a_configuration(tmp_path: Path) -> None:
    config = config_of(TYPED, tmp_path)
    assert config.unknown == ()
    assert [(policy.name, policy.encryption) for policy in config.ike_policies] == [("10", ("3des",))]
    assert [str(key.networks[0]) for key in config.keys] == ["203.0.113.9/32"]
    assert [key.name for ring in config.keyrings for key in ring.keys if key.local is not None] == ["ONE"]
    entry = next(iter(config.static_entries()))[1]
    assert (entry.peers[0].text, entry.match_address) == ("203.0.113.9", "110")
    assert [statement.line for statement in entry.at("peers", "match_address")] == [20, 23]
    assert "s3cret" not in repr(config)


def test_the_rest_of_such_a_transcript_is_read_as_before(tmp_path: Path) -> None:
    (tmp_path / "paste.txt").write_text(TYPED)
    snapshot = read([str(tmp_path / "paste.txt")])[0].snapshot
    assert snapshot is not None
    assert [sa.state for sa in snapshot.ike_sas] == ["QM_IDLE"]
    assert snapshot.name == "Router"
    assert snapshot.gaps == ()
    assert snapshot.unparsed == ()


def test_a_double_spaced_flush_left_paste_keeps_its_sections(tmp_path: Path) -> None:
    config = config_of(FORUM, tmp_path)
    group = config.tunnel_group("203.0.113.9")
    assert group is not None
    assert group.l2l
    assert group.key is not None
    assert [(policy.encryption, policy.groups) for policy in config.ike_policies] == [(("3des",), ("2",))]
    assert [statement.text for statement in config.unknown] == ["Thanks!"]
    assert "s3cret" not in repr(config)
