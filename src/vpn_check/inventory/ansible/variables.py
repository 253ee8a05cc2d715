"""Which value of a variable holds for a host: Ansible's precedence for inventories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.inventory.ansible.loader import AnsibleLoader, Variable
from vpn_check.inventory.document import Section, parse, read
from vpn_check.inventory.fields import Fields

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from vpn_check.inventory.ansible.tree import Tree

_SUFFIXES = ("", ".yml", ".yaml", ".json")
_VAULT = "$ANSIBLE_VAULT"


class Variables:
    """The variables of hosts.

    The later of these goes before the earlier: `vars` of all, `vars` of groups, group_vars/all, group_vars of groups,
    variables of the host, host_vars.

    Args:
        tree: the groups and hosts.
        folder: where group_vars/ and host_vars/ are.
    """

    def __init__(self, tree: Tree, folder: Path) -> None:
        self._tree = tree
        self._folder = folder
        self._files: dict[tuple[str, str], dict[str, Variable]] = {}
        self._closed_in: dict[tuple[str, str], tuple[Path, ...]] = {}

    def of_host(self, host: str) -> dict[str, Variable]:
        """The variables of a host by name. Raises InventoryError."""
        groups = self._tree.groups_of(host)
        found: dict[str, Variable] = {}
        for group in groups:
            found |= self._tree.groups[group].variables
        for group in groups:
            found |= self._of_files("group_vars", group)
        return found | self._tree.hosts[host] | self._of_files("host_vars", host)

    def closed_for(self, host: str) -> tuple[Path, ...]:
        """The files of variables of a host that are encrypted as a whole."""
        names = [("group_vars", group) for group in self._tree.groups_of(host)] + [("host_vars", host)]
        return tuple(path for name in names for path in self._closed_in.get(name, ()))

    @property
    def closed(self) -> tuple[Path, ...]:
        """All files met that are encrypted as a whole."""
        return tuple(dict.fromkeys(path for paths in self._closed_in.values() for path in paths))

    def _of_files(self, kind: str, name: str) -> dict[str, Variable]:
        if (kind, name) not in self._files:
            found: dict[str, Variable] = {}
            closed = []
            for path in _files(self._folder / kind, name):
                text = read(path)
                if text.startswith(_VAULT):
                    closed.append(path)
                else:
                    found |= _read(Fields(path), text)
            self._files[kind, name] = found
            self._closed_in[kind, name] = tuple(closed)
        return self._files[kind, name]


def _read(fields: Fields, text: str) -> dict[str, Variable]:
    document = parse(fields.path, text, AnsibleLoader)
    if document is None:
        return {}
    if not isinstance(document, Section):
        raise fields.error(None, "this must be a mapping of variables.", "Write `name: value`, one a line.")
    return {str(name): Variable(value, fields.path, document.lines.get(name)) for name, value in document.items()}


def _files(folder: Path, name: str) -> tuple[Path, ...]:
    """The files for a name: a folder of that name, or the first of the file names that exists."""
    if "/" in name or name in {".", ".."} or not folder.is_dir():
        return ()
    for suffix in _SUFFIXES:
        path = folder / f"{name}{suffix}"
        if path.is_dir():
            return tuple(_below(path))
        if path.is_file():
            return (path,)
    return ()


def _below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name.endswith("~"):
            continue
        if path.is_dir() and not path.suffix:
            yield from _below(path)
        elif path.is_file() and path.suffix in _SUFFIXES:
            yield path
