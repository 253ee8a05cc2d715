"""What `vpn-check poll` was asked for, and how it answers: the same for a poll and for what is known from the last."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vpn_check.cli.selection import selected
from vpn_check.errors import UsageError

if TYPE_CHECKING:
    from vpn_check.inventory import Inventory
    from vpn_check.model.device import Device
    from vpn_check.model.pollreport import CycleReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the command line asked for."""

    devices: tuple[str, ...]
    inventory: Path | str | None
    groups: tuple[str, ...]
    tags: tuple[str, ...]
    place: str | None
    every: float | None
    nagios: bool
    peer: str | None
    metrics_file: Path | None
    notify_file: Path | None
    as_json: bool
    quiet: bool
    no_color: bool
    workers: int

    def chosen(self) -> tuple[tuple[Device, ...], Inventory | None]:
        """The devices meant: those named, or the whole inventory."""
        named = bool(self.devices or self.groups or self.tags)
        return selected(self.devices if named else ("*",), inventory=self.inventory, groups=self.groups,
                        tags=self.tags, quiet=self.quiet)


def answer(wishes: Wishes, report: CycleReport) -> int:
    """Say what came of a cycle, in the form that was asked for, and return the exit code."""
    if wishes.nagios:
        from vpn_check.report.nagios import plugin_output, plugin_status  # noqa: PLC0415  the chosen exporter

        click.echo(plugin_output(report, peer=wishes.peer))
        return plugin_status(report, peer=wishes.peer).exit_code
    if wishes.as_json:
        from vpn_check.report.poll_document import poll_document  # noqa: PLC0415  same

        click.echo(json.dumps(poll_document(report, generated_at=now()), indent=2, ensure_ascii=False))
    elif not wishes.quiet:
        text(wishes, report)
    return report.status.exit_code


def text(wishes: Wishes, report: CycleReport) -> None:
    """Write one screen."""
    from vpn_check.report.poll_text import cycle_text  # noqa: PLC0415  the chosen exporter

    colour = sys.stdout.isatty() and not wishes.no_color and "NO_COLOR" not in os.environ
    cycle_text(report, sys.stdout, colour=colour)


def metrics(wishes: Wishes, report: CycleReport) -> None:
    """Write the metrics where they are wanted; where that fails, the poll stands all the same."""
    if wishes.metrics_file is None:
        return
    from vpn_check.report.prometheus import write_metrics  # noqa: PLC0415  the chosen exporter

    try:
        write_metrics(wishes.metrics_file, report)
    except UsageError as error:
        log(str(error))


def log(sentence: str) -> None:
    """Say something beside the answer."""
    click.echo(f"vpn-check: {sentence}", err=True)


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)
