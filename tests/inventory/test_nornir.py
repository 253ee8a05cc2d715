"""Nornir's SimpleInventory folders: precedence, what they hold, and errors with file and line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vpn_check.collect.credentials import resolve
from vpn_check.errors import InventoryError
from vpn_check.inventory import Inventory, load_inventory
from vpn_check.model.device import Device, PlatformName, Transport

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Answer

PASSWORD = "hunter2-in-clear"


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Inventory]:
    """Write the files of a folder and read it."""

    def write_and_load(hosts: str, groups: str | None = None, defaults: str | None = None) -> Inventory:
        for name, text in (("hosts", hosts), ("groups", groups), ("defaults", defaults)):
            if text is not None:
                (tmp_path / f"{name}.yaml").write_text(text)
        return load_inventory(tmp_path)

    return write_and_load


def test_a_host_becomes_a_device(load: Callable[..., Inventory]) -> None:
    inventory = load("""
r1:
  hostname: 192.0.2.1
  port: 2222
  username: netops
  platform: cisco_xe
  groups: [munich]
  data: {site: m-1, tags: [hub, ikev2], vpn_check: {legacy: true, expected_up: 198.51.100.7}}
bare:
""", groups="munich: {}\n")
    assert inventory.kind == "nornir"
    assert list(inventory.devices.values()) == [
        Device(name="r1", host="192.0.2.1", port=2222, platform=PlatformName.IOSXE, groups=("munich",),
               tags=("hub", "ikev2"), username="netops", site="m-1", legacy=True, expected_up=("198.51.100.7",)),
        Device(name="bare", host="bare"),
    ]


def test_precedence_is_nornirs(load: Callable[..., Inventory]) -> None:
    inventory = load("""
own: {username: host, groups: [a]}
chain: {groups: [a, b]}
second: {groups: [c, b]}
none: {}
option: {groups: [c], port: 5}
""", groups="""
a: {groups: [top], data: {site: a}}
b: {username: b, port: 10, platform: asa}
c: {connection_options: {netmiko: {port: 7, extras: {secret: from-c}}}}
top: {username: top, port: 9, data: {site: top, vpn_check: {timeout: 3}}}
""", defaults="{username: defaults, platform: cisco_asa, data: {site: d, vpn_check: {timeout: 5, legacy: true}}}")
    found = {name: (device.username, device.port, device.site, device.timeout, device.groups)
             for name, device in inventory.devices.items()}

    assert found == {
        "own": ("host", 9, "a", 3.0, ("a", "top")), "chain": ("top", 9, "a", 3.0, ("a", "top", "b")),
        "second": ("b", 7, "d", 5.0, ("c", "b")), "none": ("defaults", 22, "d", 5.0, ()),
        "option": ("defaults", 7, "d", 5.0, ("c",)),
    }
    assert all(device.legacy for device in inventory.devices.values())
    assert {device.platform for device in inventory.devices.values()} == {PlatformName.ASA}


def test_a_password_in_clear_is_used_and_never_shown(load: Callable[..., Inventory], tmp_path: Path) -> None:
    inventory = load("r1: {groups: [g]}\nr2: {password: other}\n", groups="g: {}\n",
                     defaults=f"password: {PASSWORD}\n"
                              f"connection_options: {{netmiko: {{extras: {{secret: {PASSWORD}-en}}}}}}\n")
    first, second = inventory.devices.values()
    credentials = resolve(first, inventory.credentials, environ={}, ask=None)

    assert (credentials.password, credentials.enable_secret) == (PASSWORD, f"{PASSWORD}-en")
    assert resolve(second, inventory.credentials, environ={}, ask=None).password == "other"
    assert PASSWORD not in repr(inventory) + repr(first) + repr(credentials) + str(inventory.credentials)
    assert [note.partition(" holds")[0] for note in inventory.notes] == [
        str(tmp_path / "defaults.yaml"), str(tmp_path / "hosts.yaml")]
    for name in ("defaults", "hosts"):
        (tmp_path / f"{name}.yaml").chmod(0o600)
    assert load_inventory(tmp_path).notes == ()


def test_words_are_yaml_1_2_as_nornir_reads_them(load: Callable[..., Inventory]) -> None:
    inventory = load("no: {groups: [on], username: yes, password: 012}\n", groups="on: {}\n")
    device = inventory.devices["no"]

    assert (device.groups, device.username) == (("on",), "yes")
    assert resolve(device, inventory.credentials, environ={}, ask=None).password == "012"


@pytest.mark.parametrize(("word", "platform"), [
    ("cisco_ios", None), ("ios", None), ("cisco_xe", PlatformName.IOSXE), ("cisco_asa", PlatformName.ASA),
    ("cisco_asa_ssh", PlatformName.ASA), ("pix", PlatformName.PIX), ("mystery", None),
])
def test_words_for_platforms(word: str, platform: PlatformName | None, load: Callable[..., Inventory]) -> None:
    device = load(f"r1: {{platform: {word}}}").devices["r1"]

    assert (device.platform, device.foreign) == (platform, None)


@pytest.mark.parametrize("word", ["junos", "juniper_junos", "arista_eos", "cisco_nxos", "nxos_ssh", "cisco_xr"])
def test_other_vendors_are_listed_and_never_connected_to(word: str, tmp_path: Path,
                                                         vpn_check: Callable[..., Answer]) -> None:
    (tmp_path / "hosts.yaml").write_text(f"r1: {{hostname: 127.0.0.1, port: 1, platform: {word}}}\n"
                                         "r2: {hostname: 127.0.0.1, port: 1, platform: cisco_asa}\n")
    both = vpn_check("r*", "--inventory", tmp_path, env={"VPN_CHECK_PASSWORD": "x"})
    alone = vpn_check("r1", "--inventory", tmp_path, env={"VPN_CHECK_PASSWORD": "x"})

    assert f"1 of the devices meant is skipped: r1, its platform `{word}` is none that vpn-check reads" in both.err
    assert "r1" not in both.out
    assert alone.code == 3
    assert "r1 is not asked" in alone.err
    assert len(alone.err.splitlines()) == 1


@pytest.mark.parametrize(("hosts", "groups", "says"), [
    ("r1:\n  groups: [munch]\n", "munich: {}", "hosts.yaml, line 2: r1 is in a group `munch` that groups.yaml"),
    ("r1:\n  groups: [munch]\n", "munich: {}", "does not have. Did you mean `munich`?"),
    ("r1: {groups: [a]}", "a: {groups: [b]}\nb: {groups: [a]}", "go round in a ring"),
    ("r1:\n  port: ssh\n", None, "hosts.yaml, line 2: `port` of r1 must be a number from 1 to 65535"),
    ("r1: {groups: [a]}", "a:\n  port: 0\n", "groups.yaml, line 2: `port` of a must be"),
    ("r1: {hostname: 10}", None, "`hostname` of r1 must be a word"), ("r1: 192.0.2.1", None, "r1 must be a mapping"),
    ("r1: {groups: a}", "a: {}", "`groups` of r1 must be a list"), ("- r1", None, "must be a mapping of names"),
    ("r1: {}\nr1: {}", None, "line 2: the key `r1` is given twice"), ("r1: {", None, "this is not YAML"),
    ("r1: {data: {vpn_check: {prot: 1}}}", None, "unknown key `prot`. Did you mean `port`?"),
    ("r1: {data: {vpn_check: {credential: x}}}", None, "unknown key `credential`"),
    ("r1: {password: [a]}", None, "`password` of r1 must be a word"),
])
def test_an_error_names_file_line_and_way_out(hosts: str, groups: str | None, says: str,
                                              load: Callable[..., Inventory]) -> None:
    with pytest.raises(InventoryError) as caught:
        load(hosts, groups)

    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.hint


def test_the_host_file_alone_is_answered_with_its_folder(tmp_path: Path) -> None:
    (tmp_path / "hosts.yaml").write_text("r1: {hostname: 192.0.2.1}")
    with pytest.raises(InventoryError, match=f"Give its folder: --inventory {tmp_path}"):
        load_inventory(tmp_path / "hosts.yaml")


def test_an_ansible_file_of_that_name_is_ansibles(tmp_path: Path) -> None:
    (tmp_path / "hosts.yaml").write_text("routers: {hosts: {r1: }}")
    assert load_inventory(tmp_path).kind == "ansible"


def test_a_host_file_with_another_ending_is_not_an_empty_inventory(tmp_path: Path) -> None:
    (tmp_path / "hosts.yml").write_text("r1: {hostname: 192.0.2.1}")
    with pytest.raises(InventoryError, match=r"Nornir's host file is called hosts\.yaml"):
        load_inventory(tmp_path)


def test_telnet_needs_our_own_word(load: Callable[..., Inventory]) -> None:
    inventory = load("r1: {platform: cisco_ios_telnet}\n"
                     "r2: {platform: cisco_ios_telnet, data: {vpn_check: {transport: telnet}}}\n")

    assert "`vpn_check: {transport: telnet}`" in str(inventory.devices["r1"].defect)
    assert inventory.devices["r2"] == Device(name="r2", host="r2", port=23, transport=Transport.TELNET)
