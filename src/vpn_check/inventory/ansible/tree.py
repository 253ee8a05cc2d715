"""The groups and hosts of Ansible inventory files, as they nest."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from vpn_check.errors import InventoryError
from vpn_check.inventory.ansible.host_names import expand
from vpn_check.inventory.ansible.loader import AnsibleLoader, Variable
from vpn_check.inventory.document import Section, parse, read
from vpn_check.inventory.fields import Fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SUFFIXES = {"", ".yml", ".yaml", ".json"}
_NOT_SOURCES = {"group_vars", "host_vars"}


@dataclass(slots=True)
class Group:
    """A group as the files describe it, all of them taken together."""

    name: str
    variables: dict[str, Variable] = field(default_factory=dict)
    children: dict[str, None] = field(default_factory=dict)
    hosts: dict[str, None] = field(default_factory=dict)


class Tree:
    """Reads inventory files one after the other; later ones add to earlier ones."""

    def __init__(self) -> None:
        self.groups: dict[str, Group] = {"all": Group("all"), "ungrouped": Group("ungrouped")}
        self.hosts: dict[str, dict[str, Variable]] = {}
        self._depths: dict[str, int] = {}
        self._ancestors: dict[str, tuple[str, ...]] = {}

    # -- reading -----------------------------------------------------------------------------------------------------

    def read(self, path: Path) -> None:
        """Read a file, or the files of a folder. Raises InventoryError."""
        files = tuple(_sources(path)) if path.is_dir() else (path,)
        if not files:
            raise InventoryError(f"There is no inventory in the folder {path}.",
                                 hint="Expected are Ansible's YAML files, or Nornir's hosts.yaml.")
        for file in files:
            self._read_file(Fields(file))
        if not self.hosts:
            raise InventoryError(f"There is no host in the Ansible inventory {path}.",
                                 hint="Hosts stand below `hosts:` of a group; Nornir's host file is called hosts.yaml.")

    def _read_file(self, fields: Fields) -> None:
        document = parse(fields.path, read(fields.path), AnsibleLoader)
        if not isinstance(document, Section):
            raise fields.error(None, "this is not an Ansible inventory: groups must stand at its top.",
                               "Such as `all:` with `hosts:` below it.")
        if "_meta" in document:
            raise fields.error(document.lines.get("_meta"), "this is what `ansible-inventory --list` prints as JSON.",
                               "Add --yaml to that command.")
        if "plugin" in document:
            raise fields.error(
                document.lines.get("plugin"), "this configures an inventory plug-in of Ansible, which is not run.",
                f"Type: ansible-inventory -i {fields.path} --list --yaml --output hosts.yml "
                "(for NetBox: --inventory netbox+https://HOST/)")
        for name, body in document.items():
            self._group(fields, document, name, body, ())

    def _group(self, fields: Fields, around: Section, name: object, body: object, above: tuple[str, ...]) -> None:
        line = around.lines.get(name)
        if not isinstance(name, str):
            raise fields.error(line, f"the group `{name}` must be a word.", f'Put it in quotes: "{name}".')
        if name in above:
            raise fields.error(line, f"the group {name} is below itself.", "Take it out of one of the `children`.")
        group = self.groups.setdefault(name, Group(name))
        if body is None:
            return
        if not isinstance(body, Section):
            raise fields.error(line, f"the group {name} must be a mapping.",
                               "With `hosts:`, `children:` and `vars:` below it.")
        for key, part in body.items():
            section = self._part(fields, body, name, key, part)
            if key == "vars":
                group.variables |= _variables(fields, section)
            for word, below in section.items():
                if key == "children":
                    self._group(fields, section, word, below, (*above, name))
                    group.children[word] = None
                elif key == "hosts":
                    self._hosts(fields, section, group, word, below)

    @staticmethod
    def _part(fields: Fields, body: Section, name: str, key: object, part: object) -> Section:
        if key in {"vars", "children", "hosts"}:
            if isinstance(part, str) and key != "vars":   # one name may stand without a colon
                section = Section({part: None})
                section.lines = {part: body.lines.get(key, 0)}
                return section
            if part is not None and not isinstance(part, Section):
                raise fields.error(body.lines.get(key), f"`{key}` of the group {name} must be a mapping.",
                                   "Write a name and a colon on each line, without a dash.")
        return part if isinstance(part, Section) else Section.empty()

    def _hosts(self, fields: Fields, section: Section, group: Group, pattern: object, body: object) -> None:
        line = section.lines.get(pattern)
        if not isinstance(pattern, str):
            raise fields.error(line, f"the host `{pattern}` must be a word.", f'Put it in quotes: "{pattern}".')
        if body is not None and not isinstance(body, Section):
            raise fields.error(line, f"the variables of the host {pattern} must be a mapping.",
                               "Such as `ansible_host: 192.0.2.1`, one a line.")
        try:
            names, port = expand(pattern)
        except ValueError as exc:
            raise fields.error(line, f"the host range of `{pattern}` must {exc}.", "Such as `edge[01:20]`.") from None
        variables = _variables(fields, body) if body else {}
        for name in names:
            if name not in self.hosts:
                self.hosts[name] = {"ansible_port": Variable(port, fields.path, line)} if port else {}
            self.hosts[name] |= variables
            group.hosts[name] = None

    # -- asking ------------------------------------------------------------------------------------------------------

    def groups_of(self, host: str) -> tuple[str, ...]:
        """The groups of a host and those above them, the weakest first: by depth, priority and name."""
        found = {name for direct in self._member_of.get(host, ()) for name in (direct, *self._above(direct))}
        found -= {"all", "ungrouped"}
        ordered = sorted(found or {"ungrouped"}, key=lambda name: (self._depth(name), self._priority(name), name))
        return ("all", *ordered)

    @cached_property
    def _member_of(self) -> dict[str, list[str]]:
        return _turned({group.name: group.hosts for group in self.groups.values()})

    @cached_property
    def _parents(self) -> dict[str, list[str]]:
        return _turned({group.name: group.children for group in self.groups.values()})

    def _above(self, name: str, ring: tuple[str, ...] = ()) -> tuple[str, ...]:
        if name in ring:
            raise InventoryError(f"The groups {' -> '.join((*ring[ring.index(name):], name))} of the Ansible inventory "
                                 "go round in a ring.", hint="Take one of them out of the other's `children`.")
        if name not in self._ancestors:
            ring = (*ring, name)
            self._ancestors[name] = tuple(dict.fromkeys(
                found for parent in self._parents.get(name, ()) for found in (parent, *self._above(parent, ring))))
        return self._ancestors[name]

    def _depth(self, name: str) -> int:
        """The longest way from `all`."""
        if name not in self._depths:
            below = max(map(self._depth, self._parents.get(name, ())), default=0)
            self._depths[name] = 0 if name == "all" else 1 + below
        return self._depths[name]

    def _priority(self, name: str) -> int:
        given = self.groups[name].variables.get("ansible_group_priority")
        return int(given.value) if given is not None and str(given.value).lstrip("-").isdigit() else 1


def _turned(members: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """The groups of each member, where the members of each group are given."""
    found: dict[str, list[str]] = {}
    for group, names in members.items():
        for name in names:
            found.setdefault(name, []).append(group)
    return found


def _variables(fields: Fields, section: Section) -> dict[str, Variable]:
    return {str(name): Variable(value, fields.path, section.lines.get(name)) for name, value in section.items()}


def _sources(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name.endswith("~") or path.name in _NOT_SOURCES:
            continue
        if path.is_dir():
            yield from _sources(path)
        elif path.suffix in _SUFFIXES:
            yield path
