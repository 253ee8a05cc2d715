"""Which devices the words of a command line mean: the inventory's, the SSH configuration's, or addresses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vpn_check.collect.jump import Gateway
from vpn_check.collect.sshconfig import bastion_from_ssh_config, device_from_ssh_config
from vpn_check.errors import AuthenticationFailed, UsageError
from vpn_check.inventory import Inventory, find_inventory, is_glob, load_inventory
from vpn_check.model.device import Device

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vpn_check.model.device import Credentials

_NAMED = 3   # skipped devices that a sentence names


def open_inventory(given: Path | str | None) -> Inventory | None:
    """The inventory to use, None where there is none. Raises InventoryError."""
    place = find_inventory(given)
    return load_inventory(place) if place is not None else None


def devices_of(
    words: Sequence[str],
    groups: Sequence[str],
    *,
    tags: Sequence[str] = (),
    inventory: Path | str | None,
    commands: Sequence[str] = (),
    ssh_config: Path | None = None,
    note: Callable[[str], None] | None = None,
) -> tuple[tuple[Device, ...], Inventory | None]:
    """Resolve names, globs, groups and tags to devices, and say which inventory they are from.

    Names, globs and groups add up; tags narrow them. Devices of other vendors are left out, with a note.

    Args:
        words: device names, globs over the inventory, or addresses (with a dot or colon).
        groups: groups of the inventory; all their devices are meant.
        tags: only devices that have all of them.
        inventory: the place given by the user, if any.
        commands: sub-commands that a mistyped word may have meant; empty when `check` was written out.
        ssh_config: the SSH configuration; None is `~/.ssh/config`.
        note: is told what a user should see once: notes of the inventory, and devices that were left out.

    Raises:
        UsageError: a word is no device, or nothing was named.
        InventoryError: the inventory cannot be used, or has nothing that fits.
    """
    held = open_inventory(inventory)
    found = choose(words, groups, tags, held=held, commands=commands, ssh_config=ssh_config)
    foreign = [device for device in found if device.foreign]
    for sentence in (*(held.notes if held is not None else ()), *_skipped(foreign)):
        if note is not None:
            note(sentence)
    return tuple(device for device in found if not device.foreign), held


def choose(
    words: Sequence[str], groups: Sequence[str], tags: Sequence[str], *, held: Inventory | None,
    commands: Sequence[str] = (), ssh_config: Path | None = None,
) -> tuple[Device, ...]:
    """The devices meant, of an inventory that is read already; those of other vendors among them.

    Raises:
        UsageError: a word is no device or one of another vendor's, or nothing was named, or nothing of ours.
        InventoryError: the inventory has nothing that fits.
    """
    if held is None and (groups or tags):
        kind = "groups" if groups else "tags"
        raise UsageError(f"There is no inventory, so there are no {kind}.", hint="Give --inventory FILE.")
    found: dict[str, Device] = {}
    for word in words:
        for device in _meant(word, held, commands, ssh_config or Path.home() / ".ssh" / "config"):
            found[device.name] = device
            if device.foreign and device.name == word:
                raise UsageError(f"{word} is not asked: {device.foreign}.", hint="Only Cisco IOS, IOS-XE, ASA and PIX.")
    if held is not None and groups:
        found |= {device.name: device for device in held.select((), groups)}
    if held is not None and tags:
        found = _narrowed(found, words, groups, tags, held)
    if not found:
        raise UsageError("No device is named.", hint="Try `vpn-check router1`, or `vpn-check --group G`.")
    if all(device.foreign for device in found.values()):
        first = next(iter(found.values()))
        raise UsageError(f"None of the {len(found)} devices meant is asked: of {first.name}, {first.foreign}.",
                         hint="Only Cisco IOS, IOS-XE, ASA and PIX.")
    return tuple(found.values())


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


def _narrowed(found: dict[str, Device], words: Sequence[str], groups: Sequence[str], tags: Sequence[str],
              held: Inventory) -> dict[str, Device]:
    outside = next((name for name in found if name not in held.devices), None)
    if outside is not None:
        raise UsageError(f"{outside} is not in the inventory, so it has no tags.",
                         hint="--tag narrows what is named; name the device without it.")
    left = {device.name: device for device in held.select(words, groups, tags)}
    return {name: found[name] for name in found if name in left} or left


def _meant(word: str, held: Inventory | None, commands: Sequence[str], ssh_config: Path) -> tuple[Device, ...]:
    if held is not None and (word in held.devices or is_glob(word)):
        return held.select([word])
    if is_glob(word):
        raise UsageError(f"There is no inventory, so `{word}` fits nothing.", hint="Give --inventory FILE.")
    named = _device(word, ssh_config)
    if named is None:
        message, hint = _unknown(word, held, commands)
        raise UsageError(message, hint=hint)
    return (named,)


def _device(word: str, ssh_config: Path) -> Device | None:
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


def _skipped(devices: Sequence[Device]) -> tuple[str, ...]:
    if not devices:
        return ()
    named = "; ".join(f"{device.name}, {device.foreign}" for device in devices[:_NAMED])
    more = f"; and {len(devices) - _NAMED} more" if len(devices) > _NAMED else ""
    return (f"{len(devices)} of the devices meant {'is' if len(devices) == 1 else 'are'} skipped: {named}{more}.",)
