"""Which devices of an inventory are meant: by name, glob, group and tag.

Names, globs and groups add up. Tags narrow what these name, or the whole inventory where they name nothing; a device
must have every tag asked for. What fits nothing is an error: a misspelt word never is an empty selection.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from vpn_check.errors import InventoryError
from vpn_check.inventory.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from vpn_check.model.device import Device

_GLOB = re.compile(r"[*?]|(?<!\A)\[(?![0-9A-Fa-f.]*:)")


def is_glob(word: str) -> bool:
    """Whether a word is a pattern over names: it holds `*`, `?` or a `[...]` that is no IPv6 address."""
    return _GLOB.search(word) is not None


def fitting(pattern: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names that a glob fits, in their order. Upper and lower case are the same, as in DNS."""
    return tuple(name for name in names if fnmatchcase(name.lower(), pattern.lower()))


def select(devices: Mapping[str, Device], words: Sequence[str], groups: Sequence[str], tags: Sequence[str], *,
           where: str) -> tuple[Device, ...]:
    """The devices meant: those of the words in their order, then those of the groups; each once.

    Args:
        devices: the inventory's, by name.
        words: names and globs.
        groups: all their members are meant.
        tags: narrow the others.
        where: the inventory, for sentences.

    Raises:
        InventoryError: a word, a group or a tag fits nothing, or a device that was named lacks a tag.
    """
    chosen: dict[str, Device] = {}
    for word in words:
        chosen |= {name: devices[name] for name in _named(devices, word, where)}
    known = dict.fromkeys(group for device in devices.values() for group in device.groups)
    for group in groups:
        if group not in known:
            raise InventoryError(f"{where}: no device is in a group `{group}`.", hint=nearest(group, known))
        chosen |= {name: device for name, device in devices.items() if group in device.groups}
    if not tags:
        return tuple(chosen.values())
    return narrowed(chosen if words or groups else devices, words, tags, where=where, known=devices.values())


def narrowed(chosen: Mapping[str, Device], words: Sequence[str], tags: Sequence[str], *, where: str,
             known: Iterable[Device]) -> tuple[Device, ...]:
    """The chosen devices that have every tag. Raises InventoryError where none has, or one named by word lacks it."""
    spelt = dict.fromkeys(tag for device in known for tag in device.tags)
    for tag in tags:
        if tag not in spelt:
            raise InventoryError(f"{where}: no device has a tag `{tag}`.", hint=nearest(tag, spelt))
        lacking = next((word for word in words if word in chosen and tag not in chosen[word].tags), None)
        if lacking is not None:
            raise InventoryError(f"{where}: the device `{lacking}` has no tag `{tag}`.",
                                 hint="--tag narrows what is named; name the device without it.")
    left = tuple(device for device in chosen.values() if set(tags) <= set(device.tags))
    if not left:
        raise InventoryError(f"{where}: none of the {len(chosen)} devices meant has the tags {', '.join(tags)}.",
                             hint="Names, globs and groups add up, and each --tag narrows them.")
    return left


def _named(devices: Mapping[str, Device], word: str, where: str) -> tuple[str, ...]:
    if word in devices:
        return (word,)
    if not is_glob(word):
        raise InventoryError(f"{where}: there is no device `{word}`.", hint=nearest(word, devices))
    found = fitting(word, devices)
    if not found:
        bare = re.sub(r"[*?]|\[[^\]]*\]", "", word)
        raise InventoryError(f"{where}: no device fits `{word}`.", hint=nearest(bare, devices))
    return found
