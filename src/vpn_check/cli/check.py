"""`vpn-check router1 [router2 ...]`."""

from __future__ import annotations

from pathlib import Path

import click

from vpn_check.cli.options import SIGNATURES, SINCE, answer_options, signatures_of, verbose_option
from vpn_check.cli.reach import reach, reach_options, warn
from vpn_check.cli.selection import selected, selection_options
from vpn_check.errors import UsageError


@click.command()
@click.argument("devices", nargs=-1, metavar="DEVICE...")
@selection_options
@click.option(
    "--watch",
    type=click.FloatRange(min=1),
    metavar="S",
    help="Look again every S seconds over one log-in, until the verdict has changed.",
)
@reach_options
@click.option(
    "--workers", type=click.IntRange(1, 200), default=50, show_default=True, help="Devices asked at the same time."
)
@click.option(
    "--per-site", type=click.IntRange(1), default=20, show_default=True, metavar="N",
    help="Devices of one site asked at the same time.",
)
@click.option(
    "--per-bastion", type=click.IntRange(1), default=20, show_default=True, metavar="N",
    help="Devices behind one bastion asked at the same time.",
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
    "--interval",
    type=click.FloatRange(min=0),
    default=0,
    metavar="S",
    help="Read the counters twice, S seconds apart (30 or more tell most), and judge their growth.",
)
@click.option(
    "--no-config",
    is_flag=True,
    help="Never read the running-config and the log; else both are read where something is wrong.",
)
@click.option("--bare", is_flag=True, hidden=True)
@SINCE
@verbose_option
@SIGNATURES
@answer_options
def check(
    *,
    devices: tuple[str, ...],
    inventory: Path | str | None,
    groups: tuple[str, ...],
    tags: tuple[str, ...],
    timeout: float | None,
    workers: int,
    deadline: float | None,
    per_site: int,
    per_bastion: int,
    settle: float,
    interval: float,
    watch: float | None,
    no_config: bool,
    since: float | None,
    accept_new_host_key: bool,
    bare: bool,
    folder: Path | None,
    peers: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    no_color: bool,
    verbose: bool,
) -> int:
    """Log in over SSH, run the crypto show commands, print the verdict with its evidence.

    DEVICE is a name of the inventory or of ~/.ssh/config, a glob over the inventory ('edge-*'), or an address. Names,
    globs and --group add up; each --tag narrows them (alone: the whole inventory). Only show commands are sent.
    """
    from vpn_check.cli.progress import Progress, shown_on_terminal  # noqa: PLC0415  only a run over devices needs them
    from vpn_check.cli.streaming import stream  # noqa: PLC0415  same
    from vpn_check.jobs.check import ReadConfig  # noqa: PLC0415  same
    from vpn_check.jobs.check import check as check_job  # noqa: PLC0415  same

    chosen, held = selected(devices, inventory=inventory, groups=groups, tags=tags, bare=bare, quiet=quiet)
    if watch is not None and (as_json or len(chosen) > 1):
        raise UsageError("--watch looks at one device and writes text.", hint="Name a single device, without --json.")
    warn(chosen, quiet=quiet)
    signatures = signatures_of(folder)
    progress = Progress(len(chosen), shown=shown_on_terminal(quiet=quiet))
    with reach(
        held,
        timeout=timeout,
        deadline=deadline,
        accept_new_host_key=accept_new_host_key,
        peers=peers,
        signatures=signatures,
        since=since,
        settle=settle,
        interval=interval,
        per_site=per_site,
        per_bastion=per_bastion,
        read_config=ReadConfig.NEVER if no_config or quiet else ReadConfig.WHEN_WRONG,
    ) as settings:
        if watch is not None:
            from vpn_check.cli.watching import watching  # noqa: PLC0415  only a watch needs it

            return watching(chosen[0], settings, every=watch, quiet=quiet, no_color=no_color, verbose=verbose)
        outcomes = check_job(chosen, settings, workers=workers, begun=progress.begun)
        return stream(chosen, outcomes, progress, as_json=as_json, quiet=quiet, no_color=no_color, verbose=verbose)
