"""Sections of an inventory file, checked key by key; every error names the file, the line and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vpn_check.errors import InventoryError
from vpn_check.inventory.document import Section
from vpn_check.inventory.keys import SECRETS, Read
from vpn_check.inventory.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


class Fields:
    """Reads the sections of one file. Relative paths in it are relative to its folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def section(self, body: object, where: str, allowed: Iterable[str]) -> Section:
        """A mapping whose keys are all allowed; nothing is an empty one. Raises InventoryError."""
        if body is None:
            return Section.empty()
        if not isinstance(body, Section):
            raise self.error(None, f"{where} must be a mapping of keys.", f"Allowed are {', '.join(allowed)}.")
        for key in body:
            if key in allowed:
                continue
            line = body.lines.get(key)
            if key in SECRETS:
                raise self.error(line, f"{where} holds a secret (`{key}`); the inventory never does.",
                                 "Use password_env, password_file, enable_secret_env, enable_secret_file, "
                                 "passphrase_env or keyring of an entry under `credentials`.")
            raise self.error(line, f"{where} has an unknown key `{key}`.", nearest(str(key), allowed))
        return body

    def values(self, body: object, where: str, keys: Mapping[str, Read]) -> dict[str, Any]:
        """The values of a section, each read as its key's table says. Raises InventoryError."""
        section = self.section(body, where, keys)
        values: dict[str, Any] = {}
        for key, value in section.items():
            try:
                values[key] = keys[key](self.path.parent, value)
            except ValueError as exc:
                raise self.error(section.lines.get(key), f"`{key}` of {where} must be {exc.args[0]}.",
                                 *exc.args[1:]) from None
        return values

    def named(self, top: Mapping[str, Any], name: str) -> Section:
        """A section of names. Raises InventoryError where it is none, or a name is not a word."""
        body = top.get(name)
        if body is None:
            return Section.empty()
        if not isinstance(body, Section):
            raise self.error(None, f"`{name}` must be a mapping of names.", f"Write `{name}:` and names below it.")
        for key in body:
            if not isinstance(key, str):
                raise self.error(body.lines.get(key), f"`{key}` under `{name}` must be a word.",
                                 f'Put it in quotes: "{key}".')
        return body

    def error(self, line: int | None, what: str, hint: str = "") -> InventoryError:
        """An error that names the place."""
        place = f"{self.path}, line {line}" if line else f"{self.path}"
        return InventoryError(f"{place}: {what}", hint=hint)
