"""From what another tool's inventory says of a device to our nouns."""

from __future__ import annotations

import stat
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from vpn_check.inventory.keys import ANY_PEER, DEVICE_KEYS
from vpn_check.inventory.platform_words import is_another, platform_of
from vpn_check.inventory.sources import CredentialSource, Inventory, Secret
from vpn_check.model.device import Device, PlatformName, Transport

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from vpn_check.inventory.fields import Fields
    from vpn_check.inventory.keys import Read

OWN = "vpn_check"
"""The key below which another tool's inventory may carry our own keys of a device."""

OWN_KEYS: Mapping[str, Read] = MappingProxyType({
    key: read for key, read in DEVICE_KEYS.items() if key not in {"credential", "groups"}
})


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """One device as another tool describes it: `platform` is its word, `own` are the values below `vpn_check`."""

    name: str
    host: str
    port: int | None = None
    platform: str | None = None
    username: str | None = None
    groups: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    site: str | None = None
    jump: tuple[str, ...] = ()
    key_file: str | None = None
    password: Secret | None = None
    enable_secret: Secret | None = None
    closed: str | None = None
    foreign: str | None = None
    defect: str | None = None
    own: Mapping[str, Any] = field(default_factory=dict)


def own_values(fields: Fields, body: object, where: str) -> dict[str, Any]:
    """The values of a `vpn_check` mapping. Raises InventoryError."""
    return fields.values(body, f"`{OWN}` of {where}", OWN_KEYS)


class Gathering:
    """Collects the devices of another tool's inventory, and the secrets that they come with.

    Args:
        path: the file, folder or address.
        kind: whose form it has; credentials are named after it.
    """

    def __init__(self, path: Path | str, kind: str) -> None:
        self._path = path
        self._kind = kind
        self._devices: dict[str, Device] = {}
        self._credentials: dict[CredentialSource, str] = {}

    def add(self, described: Described) -> None:
        """Take a device in."""
        own = dict(described.own)
        if "expected" in own and own.pop("expected") == (ANY_PEER,):
            own.setdefault("expected_up", (ANY_PEER,))
        word = described.platform
        foreign = described.foreign
        if word and "platform" not in own and is_another(word):
            foreign = f"its platform `{word}` is none that vpn-check reads ({', '.join(PlatformName)})"
        defect = described.defect
        if word and "telnet" in word.lower() and "transport" not in own:
            defect = (f"{described.name}: its platform `{word}` means telnet, which is unencrypted and needs our own "
                      f"word: `{OWN}: {{transport: telnet}}`.")
        values: dict[str, Any] = {
            "host": described.host, "port": described.port or own.get("transport", Transport.SSH).port,
            "platform": platform_of(word) if word else None, "username": described.username,
            "groups": described.groups, "tags": described.tags, "site": described.site, "jump": described.jump,
            "key_file": described.key_file, "credential": self._credential(described), "foreign": foreign,
            "defect": defect,
        }
        self._devices[described.name] = Device(name=described.name, **(values | own))

    def _credential(self, described: Described) -> str | None:
        if not (described.password or described.enable_secret or described.closed):
            return None
        source = CredentialSource(name="", password=described.password, enable_secret=described.enable_secret,
                                  closed=described.closed)
        number = len(self._credentials) + 1
        return self._credentials.setdefault(source, self._kind if number == 1 else f"{self._kind}-{number}")

    def inventory(self, notes: Iterable[str] = ()) -> Inventory:
        """All of it."""
        credentials = {name: replace(source, name=name) for source, name in self._credentials.items()}
        return Inventory(path=self._path, kind=self._kind, devices=MappingProxyType(self._devices),
                         credentials=MappingProxyType(credentials), notes=tuple(notes))


def mode_note(path: Path) -> str | None:
    """A sentence where a file that holds secrets can be read by others."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if not mode & 0o044:
        return None
    return f"{path} holds a password and others can read it (mode {mode:04o}). Type: chmod 600 {path}"


def words(value: object) -> tuple[str, ...]:
    """A word or a list of words; tags that are objects (as in NetBox) count by their slug."""
    items = value if isinstance(value, list) else [value]
    found = (item.get("slug") or item.get("name") if isinstance(item, dict) else item for item in items)
    return tuple(str(item) for item in found if isinstance(item, str | int) and not isinstance(item, bool))
