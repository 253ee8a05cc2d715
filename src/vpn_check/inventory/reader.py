"""From the file to the nouns: precedence, references, and errors that name file and line."""

from __future__ import annotations

import os
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from vpn_check.errors import InventoryError
from vpn_check.inventory.document import Section, parse
from vpn_check.inventory.keys import CREDENTIAL_KEYS, DEVICE_KEYS, SECRETS, SECTIONS, Read
from vpn_check.inventory.sources import CredentialSource, Inventory
from vpn_check.inventory.spelling import nearest
from vpn_check.model.device import Device, Transport

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def find_inventory(explicit: Path | None) -> Path | None:
    """The inventory to use: the one given, $VPN_CHECK_INVENTORY, ./inventory.yaml, ~/.config/vpn-check/inventory.yaml.

    The first two are returned whether they exist or not, so that a wrong path is an error and not another inventory.
    """
    if explicit is not None:
        return explicit
    if named := os.environ.get("VPN_CHECK_INVENTORY"):
        return Path(named).expanduser()
    usual = (Path("inventory.yaml"), Path.home() / ".config" / "vpn-check" / "inventory.yaml")
    return next((path for path in usual if path.is_file()), None)


def load_inventory(path: Path) -> Inventory:
    """Read an inventory.

    Raises:
        InventoryError: one line with the file, the line, what is wrong there, and what is allowed.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        why = exc.strerror if isinstance(exc, OSError) else "not UTF-8"
        raise InventoryError(f"The inventory {path} cannot be read ({why}).",
                             hint="Give another one with --inventory.") from exc
    return _Reader(path).read(parse(path, text))


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, document: object) -> Inventory:
        top = self._section(document, "the inventory", SECTIONS)
        defaults = self._values(top.get("defaults"), "defaults", DEVICE_KEYS)
        group_keys = {key: read for key, read in DEVICE_KEYS.items() if key not in {"groups", "host"}}
        groups = {name: self._values(body, f"group {name}", group_keys)
                  for name, body in self._named(top, "groups").items()}
        credentials = {name: CredentialSource(name=name, **self._values(body, f"credential {name}", CREDENTIAL_KEYS))
                       for name, body in self._named(top, "credentials").items()}
        devices: dict[str, Device] = {}
        section = self._named(top, "devices")
        for name, body in section.items():
            devices[name] = self._device(name, self._values(body, f"device {name}", DEVICE_KEYS), defaults, groups,
                                         line=section.lines.get(name))
            self._check_references(devices[name], groups, credentials, line=section.lines.get(name))
        return Inventory(path=self.path, devices=MappingProxyType(devices), credentials=MappingProxyType(credentials))

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
            raise self._error(line, f"device {name} has both `expected` and `expected_up`.", "Keep one of them.")
        values["expected_up"] = single if "expected_up" in own or not everything else everything
        port = values.get("transport", Transport.SSH).port
        return Device(name=name, **{"host": name, "port": port, **values})

    def _check_references(self, device: Device, groups: Mapping[str, object], credentials: Mapping[str, object],
                          line: int | None) -> None:
        if device.credential is not None and device.credential not in credentials:
            raise self._error(line, f"device {device.name} names a credential `{device.credential}` that is not under "
                                    "`credentials`.", nearest(device.credential, credentials))
        for group in device.groups if groups else ():
            if group not in groups:
                raise self._error(line, f"device {device.name} is in a group `{group}` that is not under `groups`.",
                                  nearest(group, groups))

    def _named(self, top: Mapping[str, Any], section: str) -> Section:
        body = top.get(section)
        if body is None:
            return Section.empty()
        if not isinstance(body, Section):
            raise self._error(None, f"`{section}` must be a mapping of names.",
                              f"Write `{section}:` and names below it.")
        for name in body:
            if not isinstance(name, str):
                raise self._error(body.lines.get(name), f"`{name}` under `{section}` must be a word.",
                                  f'Put it in quotes: "{name}".')
        return body

    def _section(self, body: object, where: str, allowed: Iterable[str]) -> Mapping[str, Any]:
        if body is None:
            return {}
        if not isinstance(body, Section):
            raise self._error(None, f"{where} must be a mapping of keys.", f"Allowed are {', '.join(allowed)}.")
        for key in body:
            if key in allowed:
                continue
            line = body.lines.get(key)
            if key in SECRETS:
                raise self._error(line, f"{where} holds a secret (`{key}`); the inventory never does.",
                                  "Use password_env, password_file, enable_secret_env, enable_secret_file, "
                                  "passphrase_env or keyring of an entry under `credentials`.")
            raise self._error(line, f"{where} has an unknown key `{key}`.", nearest(str(key), allowed))
        return body

    def _values(self, body: object, where: str, keys: Mapping[str, Read]) -> dict[str, Any]:
        section = self._section(body, where, keys)
        values: dict[str, Any] = {}
        for key, value in section.items():
            try:
                values[key] = keys[key](self.path.parent, value)
            except ValueError as exc:
                line = section.lines.get(key) if isinstance(section, Section) else None
                raise self._error(line, f"`{key}` of {where} must be {exc.args[0]}.", *exc.args[1:]) from None
        return values

    def _error(self, line: int | None, what: str, hint: str = "") -> InventoryError:
        place = f"{self.path}, line {line}" if line else f"{self.path}"
        return InventoryError(f"{place}: {what}", hint=hint)
