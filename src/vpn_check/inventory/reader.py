"""Our own inventory file, from YAML to the nouns: precedence and references."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from vpn_check.inventory.fields import Fields
from vpn_check.inventory.keys import CREDENTIAL_KEYS, DEVICE_KEYS, SECTIONS
from vpn_check.inventory.sources import CredentialSource, Inventory
from vpn_check.inventory.spelling import nearest
from vpn_check.model.device import Device, Transport

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def read_own(path: Path, document: object) -> Inventory:
    """Read an inventory in our own form (inventory.example.yaml documents every key).

    Raises:
        InventoryError: one line with the file, the line, what is wrong there, and what is allowed.
    """
    return _Reader(Fields(path)).read(document)


class _Reader:
    def __init__(self, fields: Fields) -> None:
        self._fields = fields

    def read(self, document: object) -> Inventory:
        fields = self._fields
        top = fields.section(document, "the inventory", SECTIONS)
        defaults = fields.values(top.get("defaults"), "defaults", DEVICE_KEYS)
        group_keys = {key: read for key, read in DEVICE_KEYS.items() if key not in {"groups", "host"}}
        groups = {name: fields.values(body, f"group {name}", group_keys)
                  for name, body in fields.named(top, "groups").items()}
        credentials = {name: CredentialSource(name=name, **fields.values(body, f"credential {name}", CREDENTIAL_KEYS))
                       for name, body in fields.named(top, "credentials").items()}
        devices: dict[str, Device] = {}
        section = fields.named(top, "devices")
        for name, body in section.items():
            devices[name] = self._device(name, fields.values(body, f"device {name}", DEVICE_KEYS), defaults, groups,
                                         line=section.lines.get(name))
            self._check_references(devices[name], groups, credentials, line=section.lines.get(name))
        return Inventory(path=fields.path, devices=MappingProxyType(devices),
                         credentials=MappingProxyType(credentials))

    def _device(self, name: str, own: dict[str, Any], defaults: dict[str, Any], groups: dict[str, dict[str, Any]],
                line: int | None) -> Device:
        member_of = own.get("groups", defaults.get("groups", ()))
        values = dict(defaults)
        for group in reversed(member_of):   # the first group named has the last word among groups
            values |= groups.get(group, {})
        values |= own
        values["groups"] = member_of
        everything, single = values.pop("expected", ()), values.get("expected_up", ())
        if "expected" in own and "expected_up" in own:
            raise self._fields.error(line, f"device {name} has both `expected` and `expected_up`.", "Keep one of them.")
        values["expected_up"] = single if "expected_up" in own or not everything else everything
        port = values.get("transport", Transport.SSH).port
        return Device(name=name, **{"host": name, "port": port, **values})

    def _check_references(self, device: Device, groups: Mapping[str, object], credentials: Mapping[str, object],
                          line: int | None) -> None:
        if device.credential is not None and device.credential not in credentials:
            raise self._fields.error(line, f"device {device.name} names a credential `{device.credential}` that is not "
                                           "under `credentials`.", nearest(device.credential, credentials))
        for group in device.groups if groups else ():
            if group not in groups:
                raise self._fields.error(line, f"device {device.name} is in a group `{group}` that is not under "
                                               "`groups`.", nearest(group, groups))
