"""Ansible's YAML inventories, with group_vars/ and host_vars/ beside them, as `ansible-inventory` understands them.

A value is taken as written: vault values are not decrypted and Jinja expressions not evaluated. Where one of them is
needed, the device's own sentence says which, in which file and line, and what to do instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.inventory.ansible.describe import describe
from vpn_check.inventory.ansible.tree import Tree
from vpn_check.inventory.ansible.variables import Variables
from vpn_check.inventory.foreign import Gathering, mode_note

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from vpn_check.inventory.sources import Inventory


def read_ansible(path: Path, environ: Mapping[str, str]) -> Inventory:
    """Read a file, or a folder of files.

    Args:
        path: the file or folder.
        environ: the environment: VPN_CHECK_USERNAME stands in for a user name that cannot be read.

    Raises:
        InventoryError: with file and line.
    """
    tree = Tree()
    tree.read(path)
    variables = Variables(tree, path if path.is_dir() else path.parent)
    gathering = Gathering(path, "ansible")
    secret_files: dict[Path, None] = {}
    for name in tree.hosts:
        described, files = describe(name, variables.of_host(name), tree.groups_of(name), variables.closed_for(name),
                                    environ)
        gathering.add(described)
        secret_files |= dict.fromkeys(files)
    notes = [f"{file} is encrypted with Ansible Vault and was not read." for file in variables.closed]
    return gathering.inventory([*notes, *(note for file in secret_files if (note := mode_note(file)))])
