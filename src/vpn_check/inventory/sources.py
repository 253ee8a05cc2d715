"""What an inventory says, as nouns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vpn_check.errors import InventoryError
from vpn_check.inventory.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from vpn_check.model.device import Device


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialSource:
    """Where the secrets of a log-in come from. It names variables, files and services, never a secret."""

    name: str
    username: str | None = None
    password_env: str | None = None
    password_file: Path | None = None
    enable_secret_env: str | None = None
    enable_secret_file: Path | None = None
    keyring: str | None = None
    key_file: Path | None = None
    passphrase_env: str | None = None
    agent: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """A loaded inventory. Devices stand in the order of the file."""

    path: Path
    devices: Mapping[str, Device] = field(default_factory=dict)
    credentials: Mapping[str, CredentialSource] = field(default_factory=dict)

    def select(self, names: Sequence[str], groups: Sequence[str]) -> tuple[Device, ...]:
        """The devices of these names, then those of these groups, each once. Nothing asked for is nothing found.

        Raises:
            InventoryError: a name or a group that the inventory does not have.
        """
        chosen: dict[str, Device] = {}
        for name in names:
            if name not in self.devices:
                raise InventoryError(f"{self.path}: there is no device `{name}`.", hint=nearest(name, self.devices))
            chosen[name] = self.devices[name]
        known = dict.fromkeys(group for device in self.devices.values() for group in device.groups)
        for group in groups:
            if group not in known:
                raise InventoryError(f"{self.path}: no device is in a group `{group}`.", hint=nearest(group, known))
            chosen |= {name: device for name, device in self.devices.items() if group in device.groups}
        return tuple(chosen.values())
