"""Nornir's SimpleInventory: a folder with hosts.yaml, and groups.yaml and defaults.yaml where they exist.

A value of a host goes before those of its groups, the first group and its own groups before the next, and groups before
the defaults, as Nornir 3 resolves them; `connection_options.netmiko` goes before the plain values. Of `data` are read
`site`, `tags`, and our own keys of a device below `vpn_check`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vpn_check.inventory.document import Loader, Section, parse, read
from vpn_check.inventory.fields import Fields
from vpn_check.inventory.foreign import OWN, Described, Gathering, mode_note, own_values, words
from vpn_check.inventory.sources import Secret
from vpn_check.inventory.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from vpn_check.inventory.sources import Inventory

_ENABLE = (("netmiko", ("secret",)), ("napalm", ("optional_args", "secret")), ("scrapli", ("auth_secondary",)))
"""Where Nornir's connection plug-ins keep the enable secret, below `extras`."""


class _Yaml12(Loader):
    """Words as YAML 1.2 has them, which Nornir reads: `no`, `on` and `1:20` are words."""


_Yaml12.yaml_implicit_resolvers = {}
_Yaml12.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"),
                              list("tTfF"))
_Yaml12.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789"))
_Yaml12.add_implicit_resolver("tag:yaml.org,2002:float",
                              re.compile(r"^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$"),
                              list("-+.0123456789"))
_Yaml12.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
_Yaml12.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"^<<$"), ["<"])


def read_nornir(folder: Path) -> Inventory:
    """Read the folder.

    Raises:
        InventoryError: with file and line; a group that groups.yaml does not have, or a value of the wrong kind.
    """
    return _Reader(folder).inventory()


@dataclass(frozen=True, slots=True)
class _Element:
    """A host, a group or the defaults, and the file that it stands in."""

    name: str
    body: Section
    fields: Fields
    groups: tuple[str, ...] = ()

    def get(self, *path: str) -> Any:  # noqa: ANN401  any YAML
        """The value at a path of keys; None where there is none."""
        body: Any = self.body
        for key in path:
            body = body.get(key) if isinstance(body, dict) else None
        return body

    def line(self, *path: str) -> int | None:
        held = self.get(*path[:-1]) if len(path) > 1 else self.body
        return held.lines.get(path[-1]) if isinstance(held, Section) else None


class _Reader:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        defaults = Fields(folder / "defaults.yaml")
        self._defaults = _Element("defaults", _top(defaults), defaults)
        self._groups = {element.name: element for element in self._elements("groups.yaml")}
        self._hosts = tuple(self._elements("hosts.yaml"))
        self._secret_files: dict[Path, None] = {}
        for element in (*self._groups.values(), *self._hosts):
            for group in element.groups:
                if group not in self._groups:
                    raise element.fields.error(
                        element.line("groups"), f"{element.name} is in a group `{group}` that groups.yaml does not "
                        "have.", nearest(group, self._groups))

    def _elements(self, file: str) -> Iterator[_Element]:
        fields = Fields(self._folder / file)
        top = _top(fields)
        for name, body in fields.named({"names": top}, "names").items():
            if body is not None and not isinstance(body, Section):
                raise fields.error(top.lines.get(name), f"{name} must be a mapping of keys.",
                                   "Such as `hostname:`, `platform:`, `groups:` and `data:`.")
            section = body or Section.empty()
            groups = section.get("groups") or []
            if not isinstance(groups, list) or not all(isinstance(group, str) for group in groups):
                raise fields.error(section.lines.get("groups"), f"`groups` of {name} must be a list of words.",
                                   "Write them as `[a, b]`.")
            yield _Element(name, section, fields, tuple(groups))

    def inventory(self) -> Inventory:
        gathering = Gathering(self._folder, "nornir")
        for host in self._hosts:
            gathering.add(self._described(host))
        return gathering.inventory(note for file in self._secret_files if (note := mode_note(file)))

    def _described(self, host: _Element) -> Described:
        chain = (host, *self._extended(host), self._defaults)
        word = self._value(host, chain, "platform", _word)
        password = self._value(host, chain, "password", _scalar, secret=True)
        own: dict[str, Any] = {}
        for element in reversed(chain):
            if (body := element.get("data", OWN)) is not None:
                own |= own_values(element.fields, body, element.name)
        site = next((value for element in chain if (value := element.get("data", "site")) is not None), None)
        tags: object = next((value for element in chain if (value := element.get("data", "tags")) is not None), [])
        return Described(
            name=host.name, host=self._value(host, chain, "hostname", _word) or host.name,
            port=self._value(host, chain, "port", _port), platform=word,
            username=self._value(host, chain, "username", _word), groups=tuple(element.name for element in chain[1:-1]),
            site="/".join(words(site)) or None, tags=words(tags),
            password=Secret(password) if password else None, enable_secret=self._enable(host), own=own,
        )

    def _extended(self, element: _Element, ring: tuple[str, ...] = ()) -> tuple[_Element, ...]:
        """The groups of an element and theirs, in Nornir's order, each once."""
        found: dict[str, _Element] = {}
        for name in element.groups:
            if name in ring:
                raise element.fields.error(
                    element.line("groups"), f"the groups {' -> '.join(ring)} go round in a ring.",
                    "Take one of them out of the other's `groups`.")
            group = self._groups[name]
            found |= {each.name: found.get(each.name, each)
                      for each in (group, *self._extended(group, (*ring, name)))}
        return tuple(found.values())

    def _value(self, host: _Element, chain: tuple[_Element, ...], key: str, read_as: Callable[[Any], Any], *,
               secret: bool = False) -> Any:  # noqa: ANN401  what `read_as` returns
        found = self._option(host, ("connection_options", "netmiko", key))
        if found is None:
            found = next(((element, (key,)) for element in chain if element.get(key) is not None), None)
        if found is None:
            return None
        element, path = found
        if secret:
            self._secret_files[element.fields.path] = None
        try:
            return read_as(element.get(*path))
        except ValueError as exc:
            raise element.fields.error(element.line(*path), f"`{key}` of {element.name} must be {exc}.",
                                       "Correct it there.") from None

    def _enable(self, host: _Element) -> Secret | None:
        for plugin, path in _ENABLE:
            found = self._option(host, ("connection_options", plugin, "extras"))   # taken whole, never merged
            value = found[0].get(*found[1], *path) if found else None
            if found and isinstance(value, str | int) and value != "":
                self._secret_files[found[0].fields.path] = None
                return Secret(str(value))
        return None

    def _option(self, element: _Element, path: tuple[str, ...]) -> tuple[_Element, tuple[str, ...]] | None:
        """A connection option: of the element, of its groups (each with the defaults behind it), of the defaults."""
        if element.get(*path) is not None:
            return element, path
        for name in element.groups:
            if found := self._option(self._groups[name], path):
                return found
        return (self._defaults, path) if self._defaults.get(*path) is not None else None


def _top(fields: Fields) -> Section:
    if fields.path.name != "hosts.yaml" and not fields.path.exists():
        return Section.empty()
    document = parse(fields.path, read(fields.path), _Yaml12)
    if document is None:
        return Section.empty()
    if not isinstance(document, Section):
        raise fields.error(None, "this must be a mapping of names.", "Nornir's SimpleInventory has one name a key.")
    return document


def _word(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a word (in quotes if it looks like a number)")
    return value


def _scalar(value: object) -> str:
    if isinstance(value, dict | list):
        raise ValueError("a word")  # noqa: TRY004  the caller turns it into an error with file and line
    return str(value)


def _port(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 65536:  # noqa: PLR2004  TCP's ports
        raise ValueError("a number from 1 to 65535")
    return value


__all__ = ["read_nornir"]
