"""`vpn-check peer-sheet`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vpn_check.cli.options import PLATFORM
from vpn_check.cli.reach import reach, reach_options, warn
from vpn_check.cli.selection import inventory_option, selected
from vpn_check.diagnose.paper.sheet import sheets
from vpn_check.errors import InputError
from vpn_check.model.device import PlatformName
from vpn_check.redact.secrets import redact_line
from vpn_check.report.sheet import sheet_document, sheet_markdown, sheet_text

if TYPE_CHECKING:
    from vpn_check.model.snapshot import DeviceSnapshot


@click.command("peer-sheet")
@click.argument("here")
@click.option("--peer", metavar="A", help="The peer that the sheet is for; without it, one sheet for each.")
@click.option("--markdown", is_flag=True, help="As markdown.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON document.")
@inventory_option
@click.option("--platform", type=PLATFORM, help="Where a captured text is from, if its content does not tell.")
@reach_options
def peer_sheet(
    *,
    here: str,
    peer: str | None,
    markdown: bool,
    as_json: bool,
    inventory: Path | str | None,
    platform: str | None,
    timeout: float | None,
    deadline: float | None,
    accept_new_host_key: bool,
) -> int:
    """What the administrator of the other end must have configured, derived from this end; no secret is in it.

    HERE is a device, or a file or folder with its captured text (best: its running-config).
    """
    if Path(here).exists():
        from vpn_check.jobs.analyze import read  # noqa: PLC0415  one of the two ways is taken

        name = PlatformName(platform) if platform else None
        snapshots = [held.snapshot for held in read((here,), platform=name) if held.snapshot is not None]
    else:
        from vpn_check.jobs.check import ReadConfig, check_one  # noqa: PLC0415  same

        devices, held = selected((here,), inventory=inventory)
        warn(devices, quiet=False)
        with reach(held, timeout=timeout, deadline=deadline, accept_new_host_key=accept_new_host_key,
                   settle=0, read_config=ReadConfig.ALWAYS) as settings:
            found = check_one(devices[0], settings).snapshot
            snapshots = [found] if found is not None else []
    _write(snapshots, peer, markdown=markdown, as_json=as_json)
    return 0


def _write(snapshots: list[DeviceSnapshot], peer: str | None, *, markdown: bool, as_json: bool) -> None:
    found = tuple(sheet for snapshot in snapshots for sheet in sheets(snapshot, peer))
    if not found:
        whom = f"to {peer} " if peer else ""
        raise InputError(f"No tunnel {whom}is described here, so there is nothing to ask of the other end.",
                         hint="Give the running-config, or `show crypto ipsec sa`.")
    if as_json:
        body = sheet_document(found, generated_at=datetime.now(UTC), redact=redact_line)
        click.echo(json.dumps(body, indent=2, ensure_ascii=False))
    else:
        write = sheet_markdown if markdown else sheet_text
        click.echo(write(found, redact=redact_line))
