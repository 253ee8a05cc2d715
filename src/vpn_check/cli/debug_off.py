"""`vpn-check debug-off`, and the warning of every other command that a journal is open."""

from __future__ import annotations

import getpass
import os
import sys
from typing import TYPE_CHECKING

import click

from vpn_check.cli.selection import inventory_option
from vpn_check.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from vpn_check.jobs.debug.journal import Journal
    from vpn_check.model.device import Credentials

NOT_PROVED = 4


@click.command
@click.argument("devices", nargs=-1, metavar="[DEVICE...]")
@inventory_option
@click.option("--timeout", type=click.FloatRange(min=0.1), metavar="S", help="Longest wait for any step, in seconds.")
@click.option("--quiet", is_flag=True, help="Only the exit code; errors still go to standard error.")
def debug_off(*, devices: tuple[str, ...], inventory: Path | str | None, timeout: float | None, quiet: bool) -> int:
    """Switch off debugs that an earlier `vpn-check debug` could not prove to be off; all of them, or a device's.

    The credential comes from the inventory that the journal names, unless another is given. Exit code 4: not proved
    off, with what to type by hand.
    """
    from vpn_check.collect.credentials import Resolver  # noqa: PLC0415  --help must not pay for SSH
    from vpn_check.collect.hostkeys import HostKeys  # noqa: PLC0415  same
    from vpn_check.collect.jump import Bastions  # noqa: PLC0415  same
    from vpn_check.collect.limits import Limits  # noqa: PLC0415  same
    from vpn_check.collect.live import Access  # noqa: PLC0415  same
    from vpn_check.inventory import load_inventory  # noqa: PLC0415  same
    from vpn_check.jobs.debug.off import debug_off as off_job  # noqa: PLC0415  same
    from vpn_check.jobs.devices import gateways  # noqa: PLC0415  same
    from vpn_check.model.debugging import Proof  # noqa: PLC0415  same
    from vpn_check.report.debug_text import write_proof  # noqa: PLC0415  same

    ask = (lambda question: getpass.getpass(question, stream=sys.stderr)) if sys.stdin.isatty() else None

    def way(journal: Journal) -> tuple[Credentials, Bastions]:
        place = inventory or journal.inventory
        held = load_inventory(place) if place is not None else None
        resolver = Resolver(held.credentials if held else {}, environ=os.environ, ask=ask)
        return resolver(journal.device), Bastions(host_keys, limits, gateways(held, resolver))

    def say(line: str) -> None:
        if not quiet:
            click.echo(line, err=True)

    host_keys = HostKeys(os.environ)
    limits = Limits.of(timeout)
    left = found = 0
    for undone in off_job(devices, way=way, access=Access(host_keys=host_keys, limits=limits), say=say):
        found += 1
        left += not undone.off
        proof = Proof(off=undone.off, reason=undone.reason, by_hand=undone.by_hand)
        if not quiet or not undone.off:
            write_proof(undone.device, proof, sys.stdout if undone.off else sys.stderr, journal=undone.journal)
    if not found:
        if devices:
            raise UsageError(f"There is no open journal of debugs on {', '.join(devices)}.",
                             hint="`vpn-check debug-off` without a name undoes all that are open.")
        say("No journal of debugs is open.")
    return NOT_PROVED if left else 0


def warn() -> None:
    """Say on standard error which journals are open."""
    from vpn_check.errors import InputError  # noqa: PLC0415  only where there is something to say
    from vpn_check.jobs.debug.folder import JournalFolder  # noqa: PLC0415  same

    folder = JournalFolder()
    for name in folder.names():
        try:
            journal = folder.read(name)
        except InputError as error:
            click.echo(f"vpn-check: {error}", err=True)
            continue
        holder = folder.holder(name)
        since = f"{journal.started_at} (host {journal.host})"
        state = (f"a guard process ({holder}) holds it" if holder is not None else
                 f"nobody is switching it off ({journal.last or journal.state})")
        click.echo(f"vpn-check: debugs on {journal.device.name} since {since} are not proved off; {state}."
                   f" Type: vpn-check debug-off {journal.device.name}", err=True)
