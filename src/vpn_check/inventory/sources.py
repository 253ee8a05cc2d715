"""What an inventory says, as nouns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vpn_check.inventory.selection import select

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from vpn_check.model.device import Device


class Secret:
    """A secret that another tool's inventory holds in clear. Neither its repr nor its text says anything of it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The secret itself, for a log-in."""
        return self._text

    def __repr__(self) -> str:
        return "<secret>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialSource:
    """Where the secrets of a log-in come from: variables, files and services, by name.

    `password` and `enable_secret` are set only where another tool's inventory holds them in clear. `closed` says why a
    password that such an inventory mentions cannot be used (it is encrypted, or an expression), and what to do.
    """

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
    password: Secret | None = None
    enable_secret: Secret | None = None
    closed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """A loaded inventory. Devices stand in the order of the file.

    `path` is the file, the folder, or the address that it was read from; `kind` is whose form it has; `notes` are
    sentences that a user should see once: what was left aside, and files whose mode lets others read secrets.
    """

    path: Path | str
    kind: str = "vpn-check"
    devices: Mapping[str, Device] = field(default_factory=dict)
    credentials: Mapping[str, CredentialSource] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def select(self, words: Sequence[str], groups: Sequence[str] = (), tags: Sequence[str] = ()) -> tuple[Device, ...]:
        """The devices that these words, groups and tags mean, each once (selection.py has the rules).

        Raises:
            InventoryError: a word, group or tag that nothing in the inventory fits.
        """
        return select(self.devices, words, groups, tags, where=str(self.path))
