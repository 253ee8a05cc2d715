"""`vpn-check poll`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from vpn_check.cli.history_options import duration_option, history_option
from vpn_check.cli.options import output_options
from vpn_check.cli.reach import reach_options
from vpn_check.cli.selection import selection_options
from vpn_check.errors import VpnCheckError


@click.command()
@click.argument("devices", nargs=-1, metavar="[DEVICE...]")
@selection_options
@click.option("--every", type=click.FloatRange(min=1), metavar="S",
              help="Stay and poll every S seconds until told to stop; else poll once.")
@click.option("--last", is_flag=True, help="Ask no device: say how it stands by the last polls of a service.")
@duration_option("--max-age", default="15m", help="With --last: what is older than this is not known.")
@history_option
@click.option("--raise-after", type=click.IntRange(1, 30), default=2, show_default=True, metavar="N",
              help="Polls in a row that must see a fault before it is raised.")
@click.option("--clear-after", type=click.IntRange(1, 30), default=5, show_default=True, metavar="N",
              help="Good polls in a row after which an alarm is cleared.")
@click.option("--nagios", is_flag=True, help="One line for a monitoring system, with performance data.")
@click.option("--peer", metavar="A", help="With --nagios: say it of the tunnels with this peer alone.")
@click.option("--metrics-file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write Prometheus metrics for node_exporter's textfile collector.")
@click.option("--notify-file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Tell of alarms raised and cleared: one apprise URL a line, readable by you alone.")
@duration_option("--keep-polls", default="2d", help="How long each single poll is kept; then hours are.")
@duration_option("--keep-hours", default="90d", help="How long hours are kept; then days are.")
@duration_option("--keep-days", default="800d", help="How long days, alarms and changes are kept.")
@duration_option("--keep-evidence", default="90d", help="How long the full evidence of failures is kept.")
@reach_options
@click.option("--workers", type=click.IntRange(1, 200), default=50, show_default=True,
              help="Devices asked at the same time.")
@click.option("--per-site", type=click.IntRange(1), default=20, show_default=True, metavar="N",
              help="Devices of one site asked at the same time.")
@click.option("--per-bastion", type=click.IntRange(1), default=20, show_default=True, metavar="N",
              help="Devices behind one bastion asked at the same time.")
@output_options
def poll(
    *,
    devices: tuple[str, ...],
    inventory: Path | str | None,
    groups: tuple[str, ...],
    tags: tuple[str, ...],
    every: float | None,
    last: bool,
    max_age: timedelta,
    place: str | None,
    raise_after: int,
    clear_after: int,
    nagios: bool,
    peer: str | None,
    metrics_file: Path | None,
    notify_file: Path | None,
    keep_polls: timedelta,
    keep_hours: timedelta,
    keep_days: timedelta,
    keep_evidence: timedelta,
    timeout: float | None,
    deadline: float | None,
    accept_new_host_key: bool,
    workers: int,
    per_site: int,
    per_bastion: int,
    as_json: bool,
    quiet: bool,
    no_color: bool,
) -> int:
    """Look at devices again and again, remember, and say what is new: raised, cleared, since when, what changed.

    Without DEVICE, --group or --tag the whole inventory is polled. Cheap show commands are asked; where a verdict
    changes, everything is, and kept for `vpn-check history`. What fails is raised when a second poll confirms it
    (--raise-after), at once at the very first poll of a device. Only one poller writes to a history at a time.
    """
    from vpn_check.alarms.hold import HoldDown  # noqa: PLC0415  --help must not pay for them
    from vpn_check.cli.poll_answer import Wishes  # noqa: PLC0415  same
    from vpn_check.history.keep import Keep  # noqa: PLC0415  same

    if peer is not None and not nagios:
        raise click.UsageError("--peer goes with --nagios; `vpn-check history --peer` tells of a tunnel's past.")
    if nagios and (as_json or every is not None):
        raise click.UsageError("--nagios is one line of one poll: leave out --json and --every.")
    if last and (every is not None or notify_file is not None):
        raise click.UsageError("--last polls nothing: leave out --every and --notify-file.")
    if as_json and every is not None:
        raise click.UsageError("--json is one document of one poll: leave out --every, or ask `vpn-check history`.")
    wishes = Wishes(
        devices=devices, inventory=inventory, groups=groups, tags=tags, place=place, every=every, nagios=nagios,
        peer=peer, metrics_file=metrics_file, notify_file=notify_file, as_json=as_json, quiet=quiet, no_color=no_color,
        workers=workers,
    )  # fmt: skip
    try:
        if last:
            from vpn_check.cli.poll_last import last as how_it_stands  # noqa: PLC0415  it loads nothing of SSH

            return how_it_stands(wishes, max_age)
        from vpn_check.cli.polling import polling  # noqa: PLC0415  --help must not pay for it

        return polling(
            wishes,
            hold=HoldDown(raise_after=raise_after, clear_after=clear_after),
            keep=Keep(polls=keep_polls, hours=keep_hours, days=keep_days, evidence=keep_evidence),
            timeout=timeout, deadline=deadline, accept_new_host_key=accept_new_host_key, per_site=per_site,
            per_bastion=per_bastion,
        )  # fmt: skip
    except VpnCheckError as error:
        if nagios:   # a monitoring system reads standard output alone
            click.echo(f"VPN UNKNOWN - {str(error).replace('|', '/')}")
        raise
