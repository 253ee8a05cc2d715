"""The options by which every command selects devices, and the devices that they mean."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vpn_check.inventory import Inventory
    from vpn_check.model.device import Device


def _place(_context: click.Context, _option: click.Parameter, value: str | None) -> Path | str | None:
    return value if value is None or "://" in value else Path(value)


def inventory_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--inventory`, as the argument `inventory`: a path, or the address of a NetBox."""
    return click.option(
        "--inventory",
        callback=_place,
        metavar="PLACE",
        help="Inventory file; Nornir folder; Ansible YAML file or folder; netbox+https://HOST/?FILTERS "
        "[VPN_CHECK_INVENTORY, ./inventory.yaml].",
    )(function)


def selection_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--inventory`, `--group` and `--tag`, as the arguments `inventory`, `groups` and `tags`."""
    for option in (
        click.option("--tag", "tags", multiple=True, metavar="T", help="Only devices with this tag (all, if several)."),
        click.option(
            "--group", "groups", multiple=True, metavar="G", help="All devices of this group (NetBox: site, role)."
        ),
    ):
        function = option(function)
    return inventory_option(function)


def selected(
    words: Sequence[str],
    *,
    inventory: Path | str | None,
    groups: Sequence[str] = (),
    tags: Sequence[str] = (),
    bare: bool = False,
    quiet: bool = False,
) -> tuple[tuple[Device, ...], Inventory | None]:
    """The devices meant, and the inventory that they are from. What was left aside is said on standard error.

    Args:
        words: names, globs and addresses.
        inventory: where the inventory is; None: where it usually is.
        groups: the groups asked for.
        tags: the tags asked for.
        bare: no sub-command was written, so that a word may be a misspelt one.
        quiet: say nothing.

    Raises:
        UsageError: a word is no device, or nothing was named.
        InventoryError: the inventory cannot be used, or has nothing that fits.
    """
    from vpn_check.cli.main import COMMANDS  # noqa: PLC0415  main holds the table and imports this module late
    from vpn_check.jobs.devices import devices_of  # noqa: PLC0415  --help must not pay for it

    def note(sentence: str) -> None:
        if not quiet:
            click.echo(f"vpn-check: {sentence}", err=True)

    return devices_of(
        words, groups, tags=tags, inventory=inventory, note=note, commands=tuple(COMMANDS) if bare else ()
    )
