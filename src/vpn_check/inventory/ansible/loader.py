"""Ansible's YAML: a key given twice counts with its last value, and `!vault` marks what is encrypted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vpn_check.inventory.document import Loader

if TYPE_CHECKING:
    from pathlib import Path

    import yaml


class Vault:
    """Stands for a value that Ansible Vault has encrypted."""

    def __repr__(self) -> str:
        return "<vault>"


@dataclass(frozen=True, slots=True)
class Variable:
    """A value of a variable, and where it was given."""

    value: Any
    path: Path
    line: int | None

    @property
    def place(self) -> str:
        """The file and line."""
        return f"{self.path}, line {self.line}" if self.line else f"{self.path}"

    @property
    def is_vault(self) -> bool:
        """Whether the value is encrypted."""
        return isinstance(self.value, Vault)

    @property
    def is_expression(self) -> bool:
        """Whether the value is a Jinja expression."""
        return isinstance(self.value, str) and ("{{" in self.value or "{%" in self.value)


class AnsibleLoader(Loader):
    """The loader for inventories and for files of variables."""

    repeats = True


def _vault(_loader: AnsibleLoader, _node: yaml.Node) -> Vault:
    return Vault()


def _text(loader: AnsibleLoader, node: yaml.ScalarNode) -> Any:  # noqa: ANN401  as the base class has it
    return loader.construct_scalar(node)


for _tag in ("!vault", "!vault-encrypted"):
    AnsibleLoader.add_constructor(_tag, _vault)
AnsibleLoader.add_constructor("!unsafe", _text)
