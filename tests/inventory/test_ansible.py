"""Ansible's YAML inventories: nesting, precedence, ranges, bastions, and what is refused by name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vpn_check.collect.credentials import resolve
from vpn_check.errors import AuthenticationFailed, InventoryError
from vpn_check.inventory import Inventory, load_inventory
from vpn_check.inventory.ansible.host_names import expand
from vpn_check.inventory.ansible.proxy import jump_of_arguments, jump_of_command
from vpn_check.model.device import Device, PlatformName

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Answer

PASSWORD = "hunter2-in-clear"


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Inventory]:
    """Write hosts.yml, and other files beside it, and read it."""

    def write_and_load(text: str, environ: dict[str, str] | None = None, **files: str) -> Inventory:
        path = tmp_path / "hosts.yml"
        path.write_text(text)
        for name, content in files.items():
            beside = tmp_path / name.replace("__", "/")
            beside.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(content)
        return load_inventory(path, environ or {})

    return write_and_load


def test_a_host_becomes_a_device(load: Callable[..., Inventory]) -> None:
    inventory = load("""
all:
  vars: {ansible_user: netops, ansible_connection: ansible.netcommon.network_cli}
  children:
    firewalls:
      hosts:
        asa1:
          ansible_host: 192.0.2.7
          ansible_port: "2222"
          ansible_network_os: cisco.asa.asa
          site: munich
          vpn_check: {expected: up, legacy: true, tags: [hub]}
""")
    assert inventory.kind == "ansible"
    assert inventory.devices["asa1"] == Device(
        name="asa1", host="192.0.2.7", port=2222, platform=PlatformName.ASA, groups=("all", "firewalls"),
        username="netops", site="munich", legacy=True, tags=("hub",), expected_up=("*",))


def test_precedence_is_ansibles(load: Callable[..., Inventory]) -> None:
    inventory = load("""
all:
  vars: {ansible_user: all-vars}
  hosts: {lonely: }
  children:
    parent:
      vars: {ansible_user: parent-vars}
      children:
        child: {hosts: {a: , b: {ansible_user: host-vars}, c: , d: }, vars: {ansible_user: child-vars}}
    zz: {hosts: {d: }, vars: {ansible_user: zz-vars}}
    first: {hosts: {c: }, vars: {ansible_user: first-vars, ansible_group_priority: 10}}
""", group_vars__zz="ansible_user: zz-file", host_vars__a__main="ansible_user: a-file",
                     host_vars__e="ansible_user: nobody")
    users = {name: device.username for name, device in inventory.devices.items()}

    assert users == {"lonely": "all-vars", "a": "a-file", "b": "host-vars", "c": "child-vars", "d": "zz-file"}
    assert inventory.devices["lonely"].groups == ("all", "ungrouped")
    assert [device.name for device in inventory.select([], ["parent"])] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(("form", "wins"), [("", "x"), (".yml", "x"), (".yaml", "x"), (".json", "x"), (".txt", None)])
def test_files_of_variables_have_the_names_that_ansible_looks_for(form: str, wins: str | None,
                                                                 load: Callable[..., Inventory]) -> None:
    assert load("g: {hosts: {r: }}", **{f"group_vars__g{form}": "ansible_user: x"}).devices["r"].username == wins


@pytest.mark.parametrize(("pattern", "names", "port"), [
    ("edge", ["edge"], None), ("edge[01:03]", ["edge01", "edge02", "edge03"], None),
    ("r[8:10].x:2200", ["r8.x", "r9.x", "r10.x"], 2200), ("l[a:e:2]", ["la", "lc", "le"], None),
    ("[:1]x", ["0x", "1x"], None), ("a[1:2]b[3:4]", ["a1b3", "a1b4", "a2b3", "a2b4"], None),
    ("[2001:db8::1]:22", ["2001:db8::1"], 22), ("2001:db8::1", ["2001:db8::1"], None),
])
def test_host_patterns(pattern: str, names: list[str], port: int | None) -> None:
    assert expand(pattern) == (tuple(names), port)


@pytest.mark.parametrize("pattern", ["e[1]", "e[1:", "e[5:b]", "e[01:100]", "e[c:a]", "e[1:2:0]", "e[1:]", "e1]",
                                     "e[1:99999999999]", "e[1:9999][1:9999]", "e[1:2:-1]"])
def test_a_range_that_is_none_is_an_error_with_its_line(pattern: str, load: Callable[..., Inventory]) -> None:
    with pytest.raises(InventoryError, match=r"hosts\.yml, line 3: the host range of .* must .*edge\[01:20\]"):
        load(f'all:\n  hosts:\n    "{pattern}": {{}}\n')


@pytest.mark.parametrize(("word", "platform", "foreign"), [
    ("cisco.asa.asa", PlatformName.ASA, False), ("asa", PlatformName.ASA, False),
    ("cisco.ios.ios", None, False), ("ios", None, False), ("iosxe", PlatformName.IOSXE, False),
    ("cisco.iosxr.iosxr", None, True), ("cisco.nxos.nxos", None, True), ("junipernetworks.junos.junos", None, True),
    ("arista.eos.eos", None, True), ("something.new", None, False),
])
def test_every_spelling_of_network_os(word: str, platform: PlatformName | None, foreign: bool,  # noqa: FBT001
                                      load: Callable[..., Inventory]) -> None:
    device = load(f"all: {{hosts: {{r: {{ansible_network_os: {word}}}}}}}").devices["r"]

    assert device.platform is platform
    assert (device.foreign is not None) is foreign


def test_what_is_not_reached_over_ssh_is_not_ours(load: Callable[..., Inventory]) -> None:
    device = load("all: {hosts: {here: {ansible_connection: local}}}").devices["here"]

    assert device.foreign == "its `ansible_connection` is `local`, which is not SSH"


# -- secrets -----------------------------------------------------------------------------------------------------------


def test_a_password_in_clear_is_used_and_never_shown(load: Callable[..., Inventory], tmp_path: Path) -> None:
    inventory = load(f"""
all:
  vars: {{ansible_password: {PASSWORD}, ansible_become_method: enable, ansible_become_password: {PASSWORD}-en}}
  hosts: {{r1: , r2: }}
""")
    device = inventory.devices["r1"]
    credentials = resolve(device, inventory.credentials, environ={}, ask=None)

    assert (credentials.password, credentials.enable_secret) == (PASSWORD, f"{PASSWORD}-en")
    assert inventory.devices["r2"].credential == device.credential
    assert PASSWORD not in repr(inventory) + str(inventory.credentials) + repr(device) + repr(credentials)
    assert f"{tmp_path / 'hosts.yml'} holds a password and others can read it (mode 0644). Type: chmod 600" in (
        inventory.notes[0])
    (tmp_path / "hosts.yml").chmod(0o600)
    assert load_inventory(tmp_path / "hosts.yml", {}).notes == ()


def test_a_become_password_for_sudo_is_no_enable_secret(load: Callable[..., Inventory]) -> None:
    assert load("all: {hosts: {r: {ansible_become_password: x, ansible_become_method: sudo}}}").credentials == {}


@pytest.mark.parametrize(("value", "says"), [
    ("!vault |\n      $ANSIBLE_VAULT;1.1;AES256\n      6162", "is encrypted with Ansible Vault, which is not opened"),
    ('"{{ vault_password }}"', "is a Jinja expression, which is not evaluated"),
])
def test_a_password_that_cannot_be_read_is_refused_by_name_and_only_when_it_is_needed(
        value: str, says: str, load: Callable[..., Inventory]) -> None:
    inventory = load(f"all:\n  hosts: {{r: }}\n  vars:\n    ansible_password: {value}\n")
    device = inventory.devices["r"]

    with pytest.raises(AuthenticationFailed) as caught:
        resolve(device, inventory.credentials, environ={}, ask=None)
    assert "`ansible_password` (" in str(caught.value)
    assert "hosts.yml, line 4)" in str(caught.value)
    assert says in str(caught.value)
    assert "set VPN_CHECK_PASSWORD" in str(caught.value)
    given = resolve(device, inventory.credentials, environ={"VPN_CHECK_PASSWORD": "given"}, ask=None)
    assert given.password == "given"


def test_a_file_that_is_encrypted_as_a_whole_is_said_and_blamed(load: Callable[..., Inventory]) -> None:
    inventory = load("g: {hosts: {r: }}", group_vars__g__vault="$ANSIBLE_VAULT;1.1;AES256\n6162\n",
                     group_vars__g__plain="ansible_user: netops\n")

    assert inventory.devices["r"].username == "netops"
    assert "group_vars/g/vault is encrypted with Ansible Vault and was not read" in inventory.notes[0]
    with pytest.raises(AuthenticationFailed, match="group_vars/g/vault is encrypted with Ansible Vault"):
        resolve(inventory.devices["r"], inventory.credentials, environ={}, ask=None)


@pytest.mark.parametrize(("variable", "own"), [
    ("ansible_host", "host"), ("ansible_port", "port"), ("ansible_user", "username")])
def test_an_expression_that_is_needed_is_the_defect_of_its_device_alone(variable: str, own: str,
                                                                        load: Callable[..., Inventory]) -> None:
    inventory = load(f"all:\n  hosts:\n    good: {{}}\n    bad:\n      {variable}: '{{{{ x }}}}'\n")

    assert inventory.devices["good"].defect is None
    with pytest.raises(InventoryError) as caught:
        resolve(inventory.devices["bad"], inventory.credentials, environ={"VPN_CHECK_PASSWORD": "x"}, ask=None)
    assert f"bad: `{variable}` (" in str(caught.value)
    assert "hosts.yml, line 5) is a Jinja expression" in str(caught.value)
    assert f"`vpn_check: {{{own}: ...}}`" in str(caught.value)


def test_what_is_given_of_our_own_takes_the_place_of_an_expression(load: Callable[..., Inventory]) -> None:
    inventory = load("all: {hosts: {r: {ansible_host: '{{ x }}', vpn_check: {host: 192.0.2.1, platform: ios}}}}")

    assert inventory.devices["r"] == Device(name="r", host="192.0.2.1", platform=PlatformName.IOS,
                                            groups=("all", "ungrouped"))
    text = "all: {hosts: {r: {ansible_user: '{{ lookup(1) }}'}}}"
    assert load(text, {"VPN_CHECK_USERNAME": "me"}).devices["r"].defect is None


# -- bastions ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("arguments", "jump"), [
    ("-o ProxyJump=ops@b1.example.net:2022", ["ops@b1.example.net:2022"]), ("-J b1,ops@b2", ["b1", "ops@b2"]),
    ("-oProxyJump=b1 -o ServerAliveInterval=5", ["b1"]), ("-C -o ControlMaster=auto", []), ("", []),
    ("-o ProxyJump=none", []),
    ('-o ProxyCommand="ssh -W %h:%p -q ops@b1"', ["ops@b1"]),
    ("-o 'ProxyCommand ssh -q -W [%h]:%p -p 2022 -l ops b1'", ["ops@b1:2022"]),
    ('-o ProxyCommand="/usr/bin/ssh -o StrictHostKeyChecking=no b1 -W %h:%p -J b0"', ["b0", "b1"]),
])
def test_bastions_that_are_recognised(arguments: str, jump: list[str]) -> None:
    assert jump_of_arguments(arguments) == tuple(jump)


@pytest.mark.parametrize("command", ["nc -X 5 -x proxy:1080 %h %p", "ssh b1 nc %h %p", "ssh -i key -W %h:%p b1",
                                     "ssh -W %h:%p", "ssh -W other:22 b1", "ssh -W %h:%p -o ProxyJump=b0 b1",
                                     "corkscrew proxy 80 %h %p", "ssh -W %h:%p b1 'x y'", "ssh -W %h:%p ${B}"])
def test_another_way_is_never_taken_for_none(command: str, load: Callable[..., Inventory]) -> None:
    with pytest.raises(ValueError, match=r"."):
        jump_of_command(command)
    device = load("all:\n  hosts:\n    r:\n      ansible_ssh_common_args: >-\n"
                  f'        -o ProxyCommand="{command}"\n').devices["r"]
    assert "the way through a bastion in `ansible_ssh_common_args`" in str(device.defect)
    assert "`vpn_check: {jump: [user@]host[:port]}`" in str(device.defect)


def test_a_proxy_command_for_paramiko(load: Callable[..., Inventory]) -> None:
    text = "all: {hosts: {r: {ansible_paramiko_proxy_command: 'ssh -W \"%h:%p\" ops@b1'}}}"

    assert load(text).devices["r"].jump == ("ops@b1",)


# -- files -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "says"), [
    ("all: {hosts: [r1]}", "`hosts` of the group all must be a mapping"),
    ("all:\n  hosts:\n    10: {}\n", "line 3: the host `10` must be a word. Put it in quotes"),
    ("all:\n  hosts:\n    r1: 192.0.2.1\n", "line 3: the variables of the host r1 must be a mapping"),
    ("all: {hosts: {r: {ansible_port: ssh}}}", "the port of r must be a number"),
    ("all: {hosts: {r: {vpn_check: {legcy: true}}}}", "unknown key `legcy`. Did you mean `legacy`?"),
    ("all: {hosts: {r: {vpn_check: {password: x}}}}", "holds a secret (`password`)"),
    ("a: {children: {b: {children: {a: {hosts: {r: }}}}}}", "the group a is below itself"),
    ("a: {children: {b: }}\nb: {children: {a: }, hosts: {r: }}", "go round in a ring"),
    ("plugin: netbox.netbox.nb_inventory\n", "configures an inventory plug-in of Ansible"),
    ("[routers]\nr1 ansible_host=192.0.2.1\n", "ansible-inventory -i"),
    ("r1 ansible_host=192.0.2.1\n", "INI form"),
    ('{"_meta": {"hostvars": {}}, "all": {"children": ["r"]}}', "Add --yaml to that command"),
    ("all: {children: {g: {vars: {x: 1}}}}", "There is no host in the Ansible inventory"),
    ("all:\n  hosts: {r: \n", "this is not YAML"),
    ("all: {hosts: {r: {ansible_password: !secret x}}}", "this is not YAML"),
])
def test_an_error_names_the_place_and_the_way_out(text: str, says: str, load: Callable[..., Inventory]) -> None:
    with pytest.raises(InventoryError) as caught:
        load(text)

    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.hint


def test_a_key_that_stands_twice_counts_with_its_last_value_as_in_ansible(load: Callable[..., Inventory]) -> None:
    assert load("all:\n  hosts:\n    r: {ansible_user: a}\n    r: {ansible_user: b}\n").devices["r"].username == "b"


def test_a_folder_of_files_is_one_inventory(tmp_path: Path) -> None:
    (tmp_path / "01-routers.yml").write_text("routers: {hosts: {r1: }}")
    (tmp_path / "02-more.yaml").write_text("routers: {hosts: {r2: }, vars: {ansible_user: netops}}")
    (tmp_path / "notes.txt").write_text("not an inventory")
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "group_vars" / "all").write_text("site: munich")
    inventory = load_inventory(tmp_path, {})

    assert {name: (found.username, found.site) for name, found in inventory.devices.items()} == {
        "r1": ("netops", "munich"), "r2": ("netops", "munich")}


def test_our_own_file_with_a_device_called_hosts_is_ours(tmp_path: Path) -> None:
    path = tmp_path / "inventory.yaml"
    path.write_text("devices: {hosts: {host: 192.0.2.1}, vars: {}}\ngroups: {g: {legacy: true}}")
    assert list(load_inventory(path).devices) == ["hosts", "vars"]


def test_thousands_of_hosts(load: Callable[..., Inventory]) -> None:
    groups = "".join(f"  g{number}: {{hosts: {{'r{number}-[1:100]': }}}}\n" for number in range(30))

    assert len(load(f"all:\n children:\n{groups}").devices) == 3000


def test_a_defect_is_the_outcome_of_its_device_and_not_of_the_others(tmp_path: Path,
                                                                     vpn_check: Callable[..., Answer]) -> None:
    path = tmp_path / "hosts.yml"
    path.write_text("g: {hosts: {bad: {ansible_host: '{{ x }}'}, r: {ansible_host: 127.0.0.1, ansible_port: 1}}}")
    answer = vpn_check("--group", "g", "--inventory", path, "--json", env={"VPN_CHECK_PASSWORD": "x"})
    errors = {device["name"]: device["errors"][0] for device in answer.document["devices"]}

    assert answer.code == 3
    assert errors["bad"]["step"] == "inventory"
    assert "Jinja" in errors["bad"]["message"]
    assert errors["r"]["step"] == "connect"
