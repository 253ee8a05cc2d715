"""The inventory: precedence, and errors that name the line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vpn_check.errors import InventoryError
from vpn_check.inventory import ANY_PEER, KNOWN_KEYS, Inventory, find_inventory, load_inventory
from vpn_check.model.device import Device, PlatformName
from vpn_check.resources import data_path

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str], Inventory]:
    def write_and_load(text: str) -> Inventory:
        path = tmp_path / "inventory.yaml"
        path.write_text(text)
        return load_inventory(path)

    return write_and_load


def test_the_example_loads_and_shows_every_key() -> None:
    path = data_path("inventory.example.yaml")

    inventory = load_inventory(path)

    shown = set(re.findall(r"^\s*([a-z_]+):", path.read_text(), re.MULTILINE))
    shown |= set(re.findall(r"[{,]\s*([a-z_]+):", path.read_text()))
    assert shown >= KNOWN_KEYS
    assert {"router1", "asa1", "edge-old"} <= set(inventory.devices)
    assert inventory.devices["router1"].expected_up == (ANY_PEER,)


def test_an_empty_device_is_its_name(load: Callable[[str], Inventory]) -> None:
    assert load("devices:\n  r1:\n").devices["r1"] == Device(name="r1", host="r1")
    assert load("").devices == {}


def test_device_goes_before_groups_in_order_and_groups_before_defaults(load: Callable[[str], Inventory],
                                                                      tmp_path: Path) -> None:
    inventory = load("""
defaults: {username: d, port: 1, timeout: 9, known_hosts: kh, tags: [all]}
groups:
  a: {username: a, port: 2}
  b: {username: b, port: 3, legacy: true}
devices:
  r1: {groups: [a, b], username: own}
  r2: {groups: [b, a]}
  r3: {groups: a, platform: iosxe, expected_up: 192.0.2.1}
""")
    r1, r2, r3 = inventory.devices.values()

    assert (r1.username, r1.port, r1.legacy, r1.timeout) == ("own", 2, True, 9.0)
    assert (r2.username, r2.port) == ("b", 3)
    assert (r3.platform, r3.expected_up, r3.legacy, r3.tags) == (PlatformName.IOSXE, ("192.0.2.1",), False, ("all",))
    assert r1.known_hosts == str(tmp_path / "kh")


def test_telnet_is_an_explicit_word_and_brings_its_port(load: Callable[[str], Inventory]) -> None:
    devices = load("groups: {old: {transport: telnet}}\n"
                   "devices: {a: {}, b: {transport: telnet}, c: {groups: old}, d: {groups: old, port: 2023},\n"
                   "          e: {groups: old, transport: ssh}}").devices

    assert {name: (device.transport.value, device.port) for name, device in devices.items()} == {
        "a": ("ssh", 22), "b": ("telnet", 23), "c": ("telnet", 23), "d": ("telnet", 2023), "e": ("ssh", 22)}


def test_paths_are_relative_to_the_file(load: Callable[[str], Inventory], tmp_path: Path,
                                        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/x")
    inventory = load("credentials: {c: {password_file: pw, key_file: ~/k, enable_secret_file: /abs}}\n"
                     "devices: {r1: {key_file: keys/k, credential: c}}\n")

    source = inventory.credentials["c"]
    assert (source.password_file, source.key_file, source.enable_secret_file) == (
        tmp_path / "pw", Path("/home/x/k"), Path("/abs"))
    assert inventory.devices["r1"].key_file == str(tmp_path / "keys/k")


@pytest.mark.parametrize(("text", "says"), [
    ("devices: {r1: {hsot: x}}", "line 1: device r1 has an unknown key `hsot`. Did you mean `host`?"),
    ("devices:\n  r1: {port: 22}\n  r1: {}\n", "line 3: the key `r1` is given twice, first in line 2."),
    ("devices:\n  r1:\n    port: a\n", "line 3: `port` of device r1 must be a number from 1 to 65535."),
    ("devices: {r1: {port: true}}", "must be a number"), ("devices: {r1: {port: 0}}", "must be a number"),
    ("devices: {r1: {platform: iosx}}", "must be one of ios, iosxe, asa, pix. Did you mean"),
    ("devices: {r1: {platform: [ios]}}", "must be one of"),
    ("devices: {r1: {transport: telent}}", "must be one of ssh, telnet. Did you mean `telnet`?"),
    ("devices: {r1: {legacy: 'yes'}}", "must be true or false"), ("devices: {r1: {timeout: -1}}", "above 0"),
    ("devices: {r1: {host: 10}}", "must be a word"), ("devices: {r1: {tags: [1]}}", "must be a word"),
    ("devices: {r1: {expected: down}}", "must be the word up"),
    ("devices: {r1: {expected: up, expected_up: [a]}}", "both `expected` and `expected_up`"),
    ("devices: {r1: {credential: brnch}}\ncredentials: {branch: {}}", "Did you mean `branch`?"),
    ("devices: {r1: {credential: x}}", "credential `x` that is not under `credentials`"),
    ("devices: {r1: {groups: [b]}}\ngroups: {bb: {}}", "group `b`"),
    ("credentials: {c: {password_evn: x}}", "Did you mean `password_env`?"),
    ("groups: {g: {groups: [h]}}", "unknown key `groups`"), ("device: {}", "Did you mean `devices`?"),
    ("devices: {1: {}}", 'Put it in quotes: "1".'), ("devices: [r1]", "must be a mapping"),
    ("devices: {r1: [a]}", "must be a mapping"), ("- r1", "must be a mapping"), ("? [a]\n: b", "key must be a word"),
    ("devices: [", "line 2: this is not YAML"), ("devices: *x", "not YAML"), ("a: \x01", "not YAML"),
    ("devices: !!python/object:os.system {}", "not YAML"),
])
def test_an_error_is_one_line_with_place_and_way_out(text: str, says: str, load: Callable[[str], Inventory]) -> None:
    with pytest.raises(InventoryError) as caught:
        load(text)

    sentence = str(caught.value)
    assert says in sentence
    assert "inventory.yaml" in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("key", ["password", "secret", "enable_secret", "passphrase"])
@pytest.mark.parametrize("text", ["devices: {{r1: {{{}: s3cret-word}}}}", "credentials: {{c: {{{}: s3cret-word}}}}",
                                  "defaults: {{{}: s3cret-word}}"])
def test_a_secret_in_the_file_is_refused_without_repeating_it(text: str, key: str,
                                                             load: Callable[[str], Inventory]) -> None:
    with pytest.raises(InventoryError, match="password_env") as caught:
        load(text.format(key))

    assert "s3cret-word" not in str(caught.value)


def test_select_names_then_groups_each_once(load: Callable[[str], Inventory]) -> None:
    inventory = load("devices: {r1: {groups: [x]}, r2: {groups: [x, y]}, r3: {}}")

    def names(*chosen: list[str]) -> list[str]:
        return [device.name for device in inventory.select(*chosen)]

    assert names(["r3", "r1"], []) == ["r3", "r1"]
    assert names(["r2"], ["x"]) == ["r2", "r1"]
    assert names([], ["y", "x"]) == ["r2", "r1"]
    assert names([], []) == []
    with pytest.raises(InventoryError, match=r"no device `r11`\. Did you mean `r1`"):
        names(["r11"], [])
    with pytest.raises(InventoryError, match="group `z`"):
        names([], ["z"])


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InventoryError, match="cannot be read"):
        load_inventory(tmp_path / "none.yaml")
    with pytest.raises(InventoryError, match="no inventory in the folder"):
        load_inventory(tmp_path)
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InventoryError, match="UTF-8"):
        load_inventory(tmp_path / "binary")


def test_where_the_inventory_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("VPN_CHECK_INVENTORY", raising=False)
    assert find_inventory(None) is None
    at_home = tmp_path / "home/.config/vpn-check/inventory.yaml"
    at_home.parent.mkdir(parents=True)
    at_home.write_text("")
    assert find_inventory(None) == at_home
    (tmp_path / "inventory.yaml").write_text("")
    assert find_inventory(None) == Path("inventory.yaml")
    monkeypatch.setenv("VPN_CHECK_INVENTORY", "/named.yaml")
    assert find_inventory(None) == Path("/named.yaml")
    assert find_inventory(Path("given.yaml")) == Path("given.yaml")


def test_a_thousand_devices_load_quickly(load: Callable[[str], Inventory]) -> None:
    text = "devices:\n" + "".join(f"  r{n}: {{host: 10.0.{n // 250}.{n % 250}, groups: [x]}}\n" for n in range(1000))

    assert len(load(text).devices) == 1000
