"""Which devices the words of a command line mean: the inventory's, the SSH configuration's, or addresses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vpn_check.collect.jump import Gateway
from vpn_check.collect.sshconfig import bastion_from_ssh_config, device_from_ssh_config
from vpn_check.errors import AuthenticationFailed, UsageError
from vpn_check.inventory import Inventory, find_inventory, load_inventory
from vpn_check.model.device import Device

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vpn_check.model.device import Credentials


def devices_of(
    words: Sequence[str],
    groups: Sequence[str],
    *,
    inventory: Path | None,
    commands: Sequence[str] = (),
    ssh_config: Path | None = None,
) -> tuple[tuple[Device, ...], Inventory | None]:
    """Resolve names and groups to devices.

    Args:
        words: device names, or addresses (with a dot or colon).
        groups: groups of the inventory; all their devices are meant.
        inventory: the file given by the user, if any.
        commands: sub-commands that a mistyped word may have meant; empty when `check` was written out.
        ssh_config: the SSH configuration; None is `~/.ssh/config`.

    Raises:
        UsageError: a word is no device, or nothing was named.
        InventoryError: the inventory cannot be used.
    """
    path = find_inventory(inventory)
    held = load_inventory(path) if path is not None else None
    if groups and held is None:
        raise UsageError("There is no inventory, so there are no groups.", hint="Give --inventory FILE.")
    found: dict[str, Device] = {}
    for device in held.select((), groups) if held is not None and groups else ():
        found[device.name] = device
    for word in words:
        named = _device(word, held, ssh_config or Path.home() / ".ssh" / "config")
        if named is None:
            message, hint = _unknown(word, held, commands)
            raise UsageError(message, hint=hint)
        found[named.name] = named
    if not found:
        raise UsageError("No device is named.", hint="Try `vpn-check router1`, or `vpn-check --group G`.")
    return tuple(found.values()), held


def gateways(
    held: Inventory | None, credentials: Callable[[Device], Credentials], *, ssh_config: Path | None = None
) -> Callable[[str], Gateway | None]:
    """What is known of bastions: devices of the inventory by name, then the SSH configuration's by name or address.

    Args:
        held: the inventory, if there is one.
        credentials: resolves what to log in with.
        ssh_config: the SSH configuration; None is `~/.ssh/config`.
    """
    config = ssh_config or Path.home() / ".ssh" / "config"

    def find(word: str) -> Gateway | None:
        if held is not None and word in held.devices:
            return Gateway(device=held.devices[word], credentials=credentials(held.devices[word]))
        known = bastion_from_ssh_config(word, config)
        try:
            return Gateway(device=known, credentials=credentials(known)) if known is not None else None
        except AuthenticationFailed:   # nothing of its own to log in with: those of the device behind it are tried
            return None

    return find


def _device(word: str, held: Inventory | None, ssh_config: Path) -> Device | None:
    if held is not None and word in held.devices:
        return held.devices[word]
    known = device_from_ssh_config(word, ssh_config)
    if known is not None:
        return known
    host, colon, port = word.partition(":")
    if colon and port.isdigit() and ":" not in port:
        return Device(name=word, host=host, port=int(port))
    return Device(name=word, host=word) if "." in word or ":" in word else None


def _unknown(word: str, held: Inventory | None, commands: Sequence[str]) -> tuple[str, str]:
    from difflib import get_close_matches  # noqa: PLC0415  only an error pays for it

    command = get_close_matches(word, commands, 1, 0.75)
    if command:
        return f"{word!r} is neither a command nor a device.", f"Did you mean `vpn-check {command[0]}`?"
    names = get_close_matches(word, list(held.devices) if held else [], 1, 0.6)
    where = f"the inventory {held.path}" if held is not None else "an inventory (none was found)"
    hint = f"Did you mean {names[0]!r}?" if names else "Add it there, or give an address or a full name."
    return f"{word!r} is not in {where} and not in the SSH configuration.", hint
