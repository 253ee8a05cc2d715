"""`vpn-check collect`."""

from __future__ import annotations

import json
import signal
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import click

from vpn_check.cli.reach import reach, reach_options, warn
from vpn_check.cli.selection import selected, selection_options
from vpn_check.errors import UsageError
from vpn_check.redact.secrets import redact_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from vpn_check.jobs.case.build import Built
    from vpn_check.jobs.case.order import Order
    from vpn_check.model.device import Device

INTERRUPTED = 130
_USUAL, _LONG = 600.0, 1200.0
"""Seconds that one device may take in all, and as many more for the long commands."""
_INCOMPLETE, _NOTHING = 1, 3


@click.command
@click.argument("words", nargs=-1, metavar="[DEVICE...]")
@click.option(
    "-o",
    "--output",
    "out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The bundle, a zip; never written over another file.",
)
@click.option(
    "--from",
    "paths",
    multiple=True,
    metavar="PATH...",
    help="Captured texts instead of devices: files, folders, a bundle, an interrupted collection.",
)
@click.option("--remote", multiple=True, metavar="PATH", help="Captured on the other end of the tunnel; kept apart.")
@click.option("--peer", "peers", multiple=True, metavar="A", help="Only the tunnels with this peer; they should be up.")
@click.option(
    "--interval",
    type=click.FloatRange(0, 3600),
    default=15,
    show_default=True,
    metavar="S",
    help="Seconds between two looks at states and counters; 0: one look.",
)
@click.option("--long", is_flag=True, help="Also `show tech-support`, the whole configuration, all interfaces.")
@click.option("--redact-users", is_flag=True, help="Stand-ins for user names.")
@click.option(
    "--redact-addresses",
    is_flag=True,
    help="Stand-ins for addresses, host and user names; a private file beside the bundle tells which.",
)
@click.option("--no-redact", is_flag=True, help="Leave keys and passwords in. For your own eyes only.")
@selection_options
@click.option(
    "--workers", type=click.IntRange(1, 200), default=20, show_default=True, help="Devices asked at the same time."
)
@reach_options
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@click.option("--quiet", is_flag=True, help="Only the exit code; errors still go to standard error.")
def collect(**options: Any) -> int:  # noqa: ANN401  some twenty options, handed on as they are
    """Make the evidence bundle of a case: transcripts, verdict, reports, timeline, in one zip without secrets.

    From devices over SSH (only show commands), or with --from out of captured texts. Exit codes: 0 the bundle is
    whole, 1 something is missing in it, 3 there is no bundle, 130 interrupted (a partial bundle is written).
    """
    from vpn_check.bundle.write import refuse_existing  # noqa: PLC0415  --help must not pay for it
    from vpn_check.jobs.case.order import Order  # noqa: PLC0415  same
    from vpn_check.redact.redactor import Wishes  # noqa: PLC0415  same

    if options["no_redact"] and (options["redact_users"] or options["redact_addresses"]):
        raise UsageError("--no-redact contradicts --redact-users and --redact-addresses.", hint="Leave one out.")
    order = Order(
        out=options["out"],
        secrets=not options["no_redact"],
        wishes=Wishes(users=options["redact_users"], addresses=options["redact_addresses"]),
        peers=options["peers"],
    )
    refuse_existing(order.out)
    if order.wishes.users or order.wishes.addresses:
        refuse_existing(order.stand_ins)
    if not order.secrets:
        click.echo(
            "vpn-check: --no-redact: the bundle will hold every key and password that the devices show. "
            "Do not send it to anybody.",
            err=True,
        )
    if options["paths"]:
        return _from_files(order, options)
    if options["remote"]:
        raise UsageError(
            "--remote belongs to --from: what was captured on the other end.",
            hint="Name both devices instead: vpn-check collect router1 router2 -o case.zip.",
        )
    return _from_devices(order, options)


def _from_files(order: Order, options: dict[str, Any]) -> int:
    from vpn_check.jobs.case.given import from_files  # noqa: PLC0415  --help must not pay for it

    stdin = sys.stdin.buffer.read() if "-" in (*options["paths"], *options["words"], *options["remote"]) else None
    built = from_files((*options["paths"], *options["words"]), order, remote=options["remote"], stdin=stdin)
    if built.case.empty:
        return _nothing(built)
    return _finish(built, order, options)


def _from_devices(order: Order, options: dict[str, Any]) -> int:
    from vpn_check.collect.case import Plan  # noqa: PLC0415  --help must not pay for it
    from vpn_check.jobs.case.live import gather, peers_of  # noqa: PLC0415  same

    plan = Plan(peers=order.peers, interval=options["interval"], long=options["long"], peers_of=peers_of)
    whole = _USUAL + plan.interval + (_LONG if plan.long else 0)
    selection = {name: options[name] for name in ("inventory", "groups", "tags")}
    devices, held = selected(options["words"], quiet=options["quiet"], **selection)
    warn(devices, quiet=options["quiet"])
    how = {name: options[name] for name in ("timeout", "accept_new_host_key")}
    with reach(held, **how, deadline=options["deadline"] or whole, peers=order.peers) as settings, _terminated():
        said = _teller(quiet=options["quiet"])
        try:
            gathered = gather(devices, settings, order, plan, workers=options["workers"], said=said)
        except KeyboardInterrupt:  # a second one, while the bundle was made
            click.echo(f"vpn-check: what was answered is in {order.out}.partial.", err=True)
            raise
        code = _nothing(gathered.built) if gathered.built.case.empty else _finish(gathered.built, order, options)
        gathered.workspace.remove()
        return INTERRUPTED if gathered.interrupted else code


def _nothing(built: Built) -> int:
    """Nobody answered: there is nothing to hand on."""
    for device in built.case.devices:
        for fault in device.faults:
            click.echo(f"vpn-check: {redact_line(fault.message)}", err=True)
    click.echo("vpn-check: nothing was collected, no bundle is written.", err=True)
    return _NOTHING


def _teller(*, quiet: bool) -> Callable[[Device, str], None]:
    """Tell on standard error how far each device is: each answer on a terminal, else beginnings and ends."""
    lock, every = Lock(), sys.stderr.isatty()

    def said(device: Device, words: str) -> None:
        if quiet or not (every or words.startswith(("done", device.name))):
            return
        with lock:
            shown = redact_line(words)  # an error may quote the device
            click.echo(shown if words.startswith(device.name) else f"{device.name}: {shown}", err=True)

    return said


@contextmanager
def _terminated() -> Iterator[None]:
    """Let SIGTERM do what Ctrl-C does: a partial bundle is written."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _finish(built: Built, order: Order, options: dict[str, Any]) -> int:
    from vpn_check.jobs.case.store import store  # noqa: PLC0415  --help must not pay for it
    from vpn_check.report.case_summary import summary_document, summary_text  # noqa: PLC0415  same

    stored = store(built, order)
    if options["as_json"]:
        body = summary_document(built.case, stored, generated_at=datetime.now(UTC))
        click.echo(json.dumps(body, indent=2, ensure_ascii=False))
    elif not options["quiet"]:
        click.echo(summary_text(built.case, stored), nl=False)
    missing = built.case.withheld or built.case.notes or any(device.faults for device in built.case.devices)
    return _INCOMPLETE if missing else 0
