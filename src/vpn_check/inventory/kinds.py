"""Where an inventory is looked for, and whose form it has: ours, Nornir's, Ansible's, or NetBox's API."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from vpn_check.errors import InventoryError
from vpn_check.inventory.document import Section, compose, construct, read
from vpn_check.inventory.keys import SECTIONS
from vpn_check.inventory.reader import read_own

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vpn_check.inventory.sources import Inventory

NETBOX = "netbox+"
"""How the address of a NetBox begins, before `https://`."""

_NORNIR_FILE = "hosts.yaml"
_OF_A_GROUP = {"hosts", "children", "vars"}
_INI = re.compile(r"^(?:\[[\w.:-]+\][ \t]*(?:#.*)?|[\w.\[\]:-]+[ \t]+ansible_\w+=.*)$", re.MULTILINE)


def find_inventory(explicit: Path | str | None) -> Path | str | None:
    """The inventory to use: the one given, $VPN_CHECK_INVENTORY, ./inventory.yaml, ~/.config/vpn-check/inventory.yaml.

    The first two are returned whether they exist or not, so that a wrong path is an error and not another inventory.
    """
    if explicit is not None:
        return explicit
    if named := os.environ.get("VPN_CHECK_INVENTORY"):
        return named if named.startswith(NETBOX) else Path(named).expanduser()
    usual = (Path("inventory.yaml"), Path.home() / ".config" / "vpn-check" / "inventory.yaml")
    return next((path for path in usual if path.is_file()), None)


def load_inventory(place: Path | str, environ: Mapping[str, str] = os.environ) -> Inventory:
    """Read an inventory.

    Args:
        place: our own YAML file; a Nornir SimpleInventory folder; an Ansible YAML inventory or a folder of them;
            `netbox+https://host/?filters`.
        environ: the environment; NetBox's token is there.

    Raises:
        InventoryError: one line with the file, the line, what is wrong there, and what is allowed.
    """
    if isinstance(place, str) and "://" in place:
        from vpn_check.inventory.netbox import read_netbox  # noqa: PLC0415  only for those who have one

        return read_netbox(place, environ)
    path = Path(place)
    return _folder(path, environ) if path.is_dir() else _file(path, environ)


def _folder(path: Path, environ: Mapping[str, str]) -> Inventory:
    hosts = path / _NORNIR_FILE
    if hosts.is_file() and not is_ansible(compose(hosts, read(hosts))):
        from vpn_check.inventory.nornir import read_nornir  # noqa: PLC0415  only for those who have one

        return read_nornir(path)
    own = path / "inventory.yaml"
    if own.is_file() and not is_ansible(compose(own, read(own))):
        raise InventoryError(f"{path} is a folder, and neither a Nornir nor an Ansible inventory.",
                             hint=f"Give the file: --inventory {own}")
    from vpn_check.inventory.ansible import read_ansible  # noqa: PLC0415  as above

    return read_ansible(path, environ)


def _file(path: Path, environ: Mapping[str, str]) -> Inventory:
    text = read(path)
    if _INI.search(text):
        raise InventoryError(f"{path} is an Ansible inventory in INI form, which is not read.",
                             hint=f"Type: ansible-inventory -i {path} --list --yaml --output hosts.yml")
    node = compose(path, text)
    if is_ansible(node):
        from vpn_check.inventory.ansible import read_ansible  # noqa: PLC0415  only for those who have one

        return read_ansible(path, environ)
    document = construct(path, node)
    if path.name == _NORNIR_FILE and isinstance(document, Section) and not set(document) & set(SECTIONS):
        raise InventoryError(f"{path} looks like the host file of a Nornir inventory.",
                             hint=f"Give its folder: --inventory {path.parent}")
    return read_own(path, document)


def is_ansible(node: yaml.Node | None) -> bool:
    """Whether a document is an Ansible inventory (or a configuration of one of its plugins): groups at its top."""
    if not isinstance(node, yaml.MappingNode):
        return False
    top = {str(key.value): _keys(value) for key, value in node.value}
    if "plugin" in top or "all" in top:
        return True
    groups = [name for name, keys in top.items() if keys & _OF_A_GROUP]
    if set(top) <= set(SECTIONS):   # group names of theirs, or the sections of ours
        return bool(groups) and all(keys <= _OF_A_GROUP for keys in top.values())
    return bool(groups)


def _keys(node: yaml.Node) -> set[str]:
    return {str(key.value) for key, _ in node.value} if isinstance(node, yaml.MappingNode) else set()
