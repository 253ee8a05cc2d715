"""The inventory of a running lab, so that every command reaches its devices without one more setting."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from vpn_check.lab.device import DEFAULT_PASSWORD
from vpn_check.model.device import Transport

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from vpn_check.lab.device import LabDevice

PASSWORD_ENV = "VPN_CHECK_LAB_PASSWORD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One device as it listens now. `host_key_line` is empty where it has no host key."""

    device: LabDevice
    port: int
    host_key_line: str


class _Secrets:
    """The credential entries: one a distinct pair of password and enable secret, each secret in a file of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[tuple[str, str | None], str] = {(DEFAULT_PASSWORD, None): "lab"}
        self.entries: dict[str, dict[str, str]] = {}
        self._add("lab", DEFAULT_PASSWORD, None)

    def name(self, device: LabDevice) -> str:
        pair = (device.password, device.enable_secret)
        if pair not in self._names:
            taken = {*self._names.values()}
            wanted = "lab-enable" if device.enable_secret else f"lab-{device.name}"
            self._names[pair] = wanted if wanted not in taken else f"lab-{device.name}"
            self._add(self._names[pair], *pair)
        return self._names[pair]

    def _add(self, name: str, password: str, enable_secret: str | None) -> None:
        entry = {}
        if password == DEFAULT_PASSWORD:
            entry["password_env"] = PASSWORD_ENV
        file = "lab-password" if password == DEFAULT_PASSWORD else f"{name}-password"
        entry["password_file"] = self._write(file, password)
        if enable_secret is not None:
            entry["enable_secret_file"] = self._write(name if name == "lab-enable" else f"{name}-enable", enable_secret)
        self.entries[name] = entry

    def _write(self, file: str, secret: str) -> str:
        path = self._folder / file
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
            stream.write(secret + "\n")
        return file


def write(folder: Path, *, host: str, entries: Sequence[Entry]) -> Path:
    """Write inventory.yaml, known_hosts and the password files.

    Args:
        folder: where to; made when it does not exist.
        host: the address that all devices listen on.
        entries: the devices.

    Returns:
        The path of the inventory.
    """
    folder.mkdir(parents=True, exist_ok=True)
    secrets = _Secrets(folder)
    devices: dict[str, Any] = {}
    for entry in entries:
        device = entry.device
        row: dict[str, Any] = {"host": host, "port": entry.port, "platform": device.platform.value}
        if device.groups:
            row["groups"] = [*device.groups]
        if device.transport is not Transport.SSH:
            row["transport"] = device.transport.value
        if device.username not in {"lab", ""}:
            row["username"] = device.username
        if (credential := secrets.name(device)) != "lab":
            row["credential"] = credential
        if device.legacy:
            row["legacy"] = True
        devices[device.name] = row
    keys = [f"{entry.host_key_line}\n" for entry in entries if entry.host_key_line]
    (folder / "known_hosts").write_text("".join(keys), encoding="utf-8")
    inventory = {
        "defaults": {"username": "lab", "known_hosts": "known_hosts", "credential": "lab"},
        "credentials": secrets.entries,
        "devices": devices,
    }
    path = folder / "inventory.yaml"
    path.write_text(yaml.safe_dump(inventory, sort_keys=False), encoding="utf-8")
    return path
