"""`vpn-check mtu`."""

from __future__ import annotations

import json
import os
import re
import sys
from datetime import UTC, datetime
from ipaddress import AddressValueError, IPv4Address
from pathlib import Path

import click

from vpn_check.cli.options import answer_options
from vpn_check.cli.reach import reach, reach_options
from vpn_check.cli.selection import inventory_option, selected
from vpn_check.errors import UsageError
from vpn_check.redact.secrets import redact_line

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}")


@click.command
@click.argument("device", metavar="DEVICE")
@click.option("--to", required=True, metavar="A", help="An address behind the other end that answers pings.")
@click.option("--from", "source", metavar="B", help="Ping from this address or interface (ASA: an interface's name).")
@click.option("--vrf", metavar="V", help="The VRF of --to; without it, the SA's own.")
@click.option("--front-vrf", metavar="V", help="The VRF of the peer's outer address.")
@inventory_option
@reach_options
@answer_options
def mtu(
    *,
    device: str,
    to: str,
    source: str | None,
    vrf: str | None,
    front_vrf: str | None,
    inventory: Path | str | None,
    timeout: float | None,
    deadline: float | None,
    accept_new_host_key: bool,
    peers: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    no_color: bool,
) -> int:
    """Find the largest packet that passes through a tunnel and outside it, with the DF bit set.

    Sends at most 12 pings to the peer and 12 through the tunnel, a few packets each, and show commands; changes
    nothing. Where ICMP is blocked, packets are lost or the platform cannot set the DF bit, the answer is "cannot tell".
    """
    if len(peers) > 1:
        raise UsageError("A sweep is through one tunnel.", hint="Give --peer once.")
    for option, address in (("--to", to), *(("--peer", peer) for peer in peers)):
        _need_address(option, address)
    for option, name in (("--from", source), ("--vrf", vrf), ("--front-vrf", front_vrf)):
        if name is not None and not _NAME.fullmatch(name):
            raise UsageError(f"{option} {name!r} is neither an address nor a name.", hint="Give it as the device does.")

    from vpn_check.jobs.mtu import Sweep, measure  # noqa: PLC0415  --help must not pay for SSH

    chosen, held = selected((device,), inventory=inventory, quiet=quiet)
    if len(chosen) != 1:
        raise UsageError(f"{device!r} is {len(chosen)} devices; a sweep is from one.", hint="Name one device.")
    sweep = Sweep(to=to, source=source, peer=peers[0] if peers else None, vrf=vrf, front_vrf=front_vrf)
    shown = _show if sys.stderr.isatty() and not quiet else None
    with reach(held, timeout=timeout, deadline=deadline, accept_new_host_key=accept_new_host_key) as settings:
        report = measure(chosen[0], sweep, settings, shown=shown)
    if as_json:
        from vpn_check.report.mtu_document import mtu_document  # noqa: PLC0415  the chosen exporter alone

        body = mtu_document(report, generated_at=datetime.now(UTC), redact=redact_line)
        click.echo(json.dumps(body, indent=2, ensure_ascii=False))
    elif not quiet:
        from vpn_check.report.mtu_text import MtuText  # noqa: PLC0415  same

        colour = sys.stdout.isatty() and not no_color and "NO_COLOR" not in os.environ
        MtuText(sys.stdout, redact=redact_line, colour=colour).write_sweep(report)
    if quiet or as_json:
        for fault in report.errors:
            click.echo(f"vpn-check: {fault.message}", err=True)
    return report.status.exit_code


def _need_address(option: str, word: str) -> None:
    try:
        IPv4Address(word)
    except AddressValueError:
        raise UsageError(
            f"{option} {word!r} is no IPv4 address.",
            hint="The sweep sets the DF bit, which IPv6 does not have; names are not looked up.",
        ) from None


def _show(text: str) -> None:
    click.echo(f"  {text}", err=True)
