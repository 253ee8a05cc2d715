"""Devices that only the SSH configuration knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from vpn_check.collect.sshconfig import bastion_from_ssh_config, device_from_ssh_config, hosts
from vpn_check.errors import InventoryError

TEXT = """
Host r1 edge-*
    HostName 192.0.2.1
    Port 2222
    User netops
    IdentityFile {key}
    IdentityFile /no/such/key
    UserKnownHostsFile {folder}/kh
    ProxyJump jump2
Host jump2
    HostName bastion2.example.net
    ProxyJump alice@jump1:2200
Host jump1
    HostName 198.51.100.1
    User bob
Host plain
Host ring
    ProxyJump ring
Host listed
    ProxyJump one.example.net,carol@two.example.net:22
Host *
    User everyone
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "key").write_text("")
    path = tmp_path / "config"
    path.write_text(TEXT.format(key=tmp_path / "key", folder=tmp_path))
    return path


def test_all_that_the_file_says_of_a_device(config: Path) -> None:
    device = device_from_ssh_config("r1", config)

    assert device is not None
    assert (device.name, device.host, device.port, device.username) == ("r1", "192.0.2.1", 2222, "netops")
    assert device.key_file == str(config.parent / "key")
    assert device.known_hosts == str(config.parent / "kh")
    assert device.jump == ("alice@198.51.100.1:2200", "everyone@bastion2.example.net:22")
    assert device.platform is None


def test_several_bastions_in_their_order(config: Path) -> None:
    device = device_from_ssh_config("listed", config)

    assert device is not None
    assert device.jump == ("everyone@one.example.net:22", "carol@two.example.net:22")


def test_a_bare_entry_takes_its_own_name(config: Path) -> None:
    device = device_from_ssh_config("plain", config)

    assert device is not None
    assert (device.host, device.username) == ("plain", "everyone")


def test_wildcards_alone_make_no_device(config: Path, tmp_path: Path) -> None:
    assert device_from_ssh_config("unknown", config) is None
    assert device_from_ssh_config("edge-7", config) is None
    assert device_from_ssh_config("r1", tmp_path / "none") is None
    assert hosts(config) == ("jump1", "jump2", "listed", "plain", "r1", "ring")
    assert hosts(tmp_path / "none") == ()


def test_a_ring_of_bastions_is_an_error(config: Path) -> None:
    with pytest.raises(InventoryError, match="ring"):
        device_from_ssh_config("ring", config)


@pytest.mark.parametrize("text", ["Host r1\n  nonsense\n", "Host r1\n  Port many\n"])
def test_a_broken_file_is_an_error_of_one_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_text(text)

    with pytest.raises(InventoryError) as caught:
        device_from_ssh_config("r1", path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("word", "user", "port"), [
    ("jump1", "bob", 22), ("alice@198.51.100.1:2200", "alice", 2200), ("198.51.100.1", "bob", 22)])
def test_a_bastion_is_found_by_alias_and_by_address(word: str, user: str, port: int, config: Path) -> None:
    bastion = bastion_from_ssh_config(word, config)

    assert bastion is not None
    assert (bastion.name, bastion.host, bastion.username, bastion.port) == ("jump1", "198.51.100.1", user, port)
    assert bastion_from_ssh_config("stranger.example.net", config) is None
