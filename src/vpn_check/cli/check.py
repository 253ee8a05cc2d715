"""`vpn-check router1 [router2 ...]`."""

from __future__ import annotations

import getpass
import os
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vpn_check.cli.options import answer, answer_options
from vpn_check.errors import UsageError

if TYPE_CHECKING:
    from vpn_check.model.finding import Diagnosis


@click.command()
@click.argument("devices", nargs=-1, metavar="DEVICE...")
@click.option(
    "--inventory",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Inventory file [VPN_CHECK_INVENTORY, ./inventory.yaml].",
)
@click.option("--group", "groups", multiple=True, metavar="G", help="All devices of this group of the inventory.")
@click.option(
    "--timeout", type=click.FloatRange(min=0.1), metavar="S", help="Longest wait for any step of a device, in seconds."
)
@click.option(
    "--workers", type=click.IntRange(1, 200), default=50, show_default=True, help="Devices asked at the same time."
)
@click.option(
    "--settle",
    type=click.FloatRange(min=0),
    default=10,
    show_default=True,
    metavar="S",
    help="Seconds between two looks at an unfinished IKE negotiation; 0: one look.",
)
@click.option(
    "--accept-new-host-key",
    is_flag=True,
    help="Store an unknown host key at first sight; a changed one is always refused.",
)
@click.option("--bare", is_flag=True, hidden=True)
@answer_options
def check(
    *,
    devices: tuple[str, ...],
    inventory: Path | None,
    groups: tuple[str, ...],
    timeout: float | None,
    workers: int,
    settle: float,
    accept_new_host_key: bool,
    bare: bool,
    peers: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    no_color: bool,
) -> int:
    """Log in over SSH, run the crypto show commands, print the verdict with its evidence.

    DEVICE is a name of the inventory or of ~/.ssh/config, or an address. Only show commands are sent.
    """
    from vpn_check.cli.main import COMMANDS, RESERVED  # noqa: PLC0415  main holds the table and imports this module late
    from vpn_check.collect.credentials import Resolver  # noqa: PLC0415  --help must not pay for SSH
    from vpn_check.collect.hostkeys import HostKeys  # noqa: PLC0415  same
    from vpn_check.collect.jump import Bastions  # noqa: PLC0415  same
    from vpn_check.collect.limits import Limits  # noqa: PLC0415  same
    from vpn_check.collect.lockout import LockOut  # noqa: PLC0415  same
    from vpn_check.jobs.check import Run  # noqa: PLC0415  same
    from vpn_check.jobs.check import check as check_job  # noqa: PLC0415  same
    from vpn_check.jobs.devices import devices_of  # noqa: PLC0415  same

    if bare and devices and devices[0] in RESERVED:
        raise UsageError(
            f"`vpn-check {devices[0]}` is not part of this version.",
            hint=f"A device of that name: `vpn-check check {devices[0]}`.",
        )
    chosen, held = devices_of(devices, groups, inventory=inventory, commands=(*COMMANDS, *RESERVED) if bare else ())
    sources = held.credentials if held is not None else {}
    ask = (lambda question: getpass.getpass(question, stream=sys.stderr)) if sys.stdin.isatty() else None

    credentials = Resolver(sources, environ=os.environ, ask=ask)

    host_keys = HostKeys(os.environ, accept_new=accept_new_host_key)
    limits = Limits.of(timeout) if timeout is not None else None
    with closing(Bastions(host_keys, limits or Limits())) as bastions:
        settings = Run(
            credentials=credentials,
            host_keys=host_keys,
            limits=limits,
            lock_out=LockOut(),
            bastions=bastions,
            peers=peers,
            settle=settle,
        )
        results = {diagnosis.device: diagnosis for diagnosis in check_job(chosen, settings, workers=workers)}
    ordered: list[Diagnosis] = [results[device.name] for device in chosen if device.name in results]
    return answer(ordered, as_json=as_json, quiet=quiet, no_color=no_color)
