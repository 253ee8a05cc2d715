"""Devices from `~/.ssh/config`, for names that are not in the inventory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from vpn_check.errors import InventoryError
from vpn_check.model.device import Device

if TYPE_CHECKING:
    from paramiko import SSHConfig, SSHConfigDict

_WILDCARDS = set("*?!")
_DEPTH = 8   # ProxyJump to a host that has a ProxyJump; more is a ring


def device_from_ssh_config(name: str, path: Path) -> Device | None:
    """The device of this name, None where only wildcard blocks (or none) speak of it.

    Raises:
        InventoryError: the file cannot be read, or its ProxyJump entries go round in a ring.
    """
    config = _load(path)
    if config is None or not any(_names(config, name)):
        return None
    return replace(_plain(name, config.lookup(name), path), jump=_jumps(config, name, path, _DEPTH))


def bastion_from_ssh_config(word: str, path: Path) -> Device | None:
    """What the file says of a bastion that is named by its alias, or as `[user@]address[:port]`.

    The user and the port of the word go before those of the file; how the bastion itself is reached is not told.

    Raises:
        InventoryError: the file cannot be read.
    """
    config = _load(path)
    if config is None:
        return None
    user, _, place = word.rpartition("@")
    address, _, port = place.rpartition(":") if place.count(":") == 1 else (place, "", "")
    for name in hosts(path):
        found = config.lookup(name)
        if name == word or found.get("hostname", name) == address:
            device = _plain(name, found, path)
            return replace(device, username=user or device.username, port=int(port) if port.isdigit() else device.port)
    return None


def _plain(name: str, found: SSHConfigDict, path: Path) -> Device:
    """An entry without its ProxyJump."""
    keys = [str(key) for key in found.get("identityfile", ()) if Path(key).expanduser().is_file()]
    files = [str(Path(file).expanduser()) for file in str(found.get("userknownhostsfile", "")).split()]
    return Device(
        name=name, host=found.get("hostname", name), port=_port(found, path), username=found.get("user"),
        key_file=keys[0] if keys else None,
        known_hosts=files[0] if files and files[0] != "/dev/null" else None,
    )


def hosts(path: Path) -> tuple[str, ...]:
    """The names that the file speaks of one by one, in its order."""
    config = _load(path)
    names = config.get_hostnames() if config is not None else ()
    return tuple(sorted(name for name in names if not set(name) & _WILDCARDS))


def _load(path: Path) -> SSHConfig | None:
    import paramiko  # noqa: PLC0415  slow to load, and only needed for a name that the inventory does not have

    try:
        return paramiko.SSHConfig.from_path(str(path))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, paramiko.ConfigParseError) as exc:
        raise InventoryError(f"The SSH configuration {path} cannot be used ({str(exc).splitlines()[0]}).",
                             hint="Correct it, or put the device into the inventory.") from None


def _names(config: SSHConfig, name: str) -> list[str]:
    return [pattern for pattern in config.get_hostnames() if pattern == name]


def _port(found: SSHConfigDict, path: Path) -> int:
    port = str(found.get("port", "22"))
    if not port.isdigit():
        raise InventoryError(f"{path}: `Port {port}` is not a number.", hint="Correct it.")
    return int(port)


def _jumps(config: SSHConfig, name: str, path: Path, depth: int) -> tuple[str, ...]:
    """The bastions in the order they are passed: those of the first bastion come before it."""
    entry = config.lookup(name).get("proxyjump", "none")
    if entry.lower() == "none":
        return ()
    if depth == 0:
        raise InventoryError(f"{path}: the ProxyJump entries of {name} go round in a ring.", hint="Correct them.")
    passed: list[str] = []
    for position, jump in enumerate(part.strip() for part in entry.split(",")):
        user, _, place = jump.removeprefix("ssh://").rpartition("@")
        host, _, port = place.partition(":") if place.count(":") == 1 else (place, "", "")
        found = config.lookup(host)
        if position == 0:
            passed += _jumps(config, host, path, depth - 1)
        user = user or found.get("user", "")
        port = port or str(found.get("port", "22"))
        address = found.get("hostname", host)
        address = f"[{address}]" if ":" in address and not address.startswith("[") else address
        passed.append(f"{user}@{address}:{port}" if user else f"{address}:{port}")
    return tuple(passed)
