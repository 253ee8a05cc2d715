"""`vpn-check history`."""

from __future__ import annotations

import json
import os
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vpn_check.cli.history_options import duration_option, history_option, place_of
from vpn_check.cli.options import output_options
from vpn_check.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.history.store import History
    from vpn_check.model.pollrecord import Kept


_FEW = 10
"""Devices whose tunnels can all be shown over time, one below the other."""


@click.command()
@click.argument("devices", nargs=-1, metavar="[DEVICE...]")
@history_option
@click.option("--peer", metavar="A", help="Only the tunnels with this peer.")
@duration_option("--since", default="7d", help="How far back.")
@click.option("--csv", "as_csv", is_flag=True, help="The points as CSV on standard output, times in UTC.")
@click.option("--evidence", metavar="ID", help="What was collected at a failure: every command and its answer.")
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help="With --evidence: write it as a folder that `vpn-check analyze` reads.")
@output_options
def history(
    *,
    devices: tuple[str, ...],
    place: str | None,
    peer: str | None,
    since: timedelta,
    as_csv: bool,
    evidence: str | None,
    folder: Path | None,
    as_json: bool,
    quiet: bool,
    no_color: bool,
) -> int:
    """Say what polls have seen: states and traffic over time, alarms, what had changed. Nothing is asked of a device.

    Without DEVICE it is told of all; of more than ten, what is not well, and the alarms. The exit code is that of the
    state now: 0 healthy, 1 warning, 2 critical, 3 where it is not known.
    """
    from vpn_check.history.store import History  # noqa: PLC0415  --help must not pay for it

    place = place_of(place)
    if "://" not in place and not Path(place).exists():
        raise UsageError(f"There is no history at {place}.", hint="Poll first, or name another one with --history.")
    if folder is not None and evidence is None:
        raise UsageError("-o says where evidence goes.", hint="Name it: --evidence ID, as `vpn-check history` lists.")
    with History.open(place) as held:
        if evidence is not None:
            return _evidence(held, evidence, folder)
        _known(held, devices)
        now = datetime.now(UTC)
        fleet = not (devices or peer or as_json or as_csv) and len(held.devices()) > _FEW
        answer = held.ask(devices=devices or None, peer=peer, since=now - since, until=now, overview=fleet)
    if as_json:
        from vpn_check.report.history_document import history_document  # noqa: PLC0415  the chosen exporter

        click.echo(json.dumps(history_document(answer, generated_at=now), indent=2, ensure_ascii=False))
    elif as_csv:
        from vpn_check.report.history_csv import history_csv  # noqa: PLC0415  the chosen exporter

        history_csv(answer, sys.stdout)
    elif not quiet:
        from vpn_check.report.history_text import history_text  # noqa: PLC0415  the chosen exporter

        colour = sys.stdout.isatty() and not no_color and "NO_COLOR" not in os.environ
        history_text(answer, sys.stdout, colour=colour, width=min(shutil.get_terminal_size().columns, 160))
    return answer.status.exit_code


def _known(held: History, devices: Sequence[str]) -> None:
    polled = held.devices()
    for device in devices:
        if device not in polled:
            from difflib import get_close_matches  # noqa: PLC0415  only an error pays for it

            near = get_close_matches(device, polled, 1, 0.6)
            hint = f"Did you mean {near[0]!r}?" if near else f"There are {len(polled)}: {', '.join(polled[:5])} ..."
            raise UsageError(f"{device!r} was never polled.", hint=hint)


def _evidence(held: History, evidence: str, folder: Path | None) -> int:
    kept = held.evidence(evidence)
    if kept is None:
        raise UsageError(f"There is no evidence {evidence!r}.",
                         hint="`vpn-check history DEVICE` lists what is kept; old evidence is deleted.")
    if folder is None:
        click.echo("".join(_told(kept)))
        return 0
    try:
        folder.mkdir(parents=True)
        for number, (command, text) in enumerate(kept.outputs):
            name = "".join(letter if letter.isalnum() or letter in "-." else "_" for letter in command)[:80]
            (folder / f"{number:02}-{name}.txt").write_text(f"{kept.device}#{command}\n{text}", encoding="utf-8")
    except FileExistsError:
        raise UsageError(f"{folder} is there already.", hint="Name a folder that is not.") from None
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}.", hint="Name another folder.") from error
    click.echo(f"{len(kept.outputs)} answers of {kept.device} at {kept.at:%Y-%m-%d %H:%M:%S} UTC ({kept.why}) are in "
               f"{folder}.\nLook into them: vpn-check analyze {folder}")
    return 0


def _told(kept: Kept) -> list[str]:
    head = f"! {kept.device}, {kept.at:%Y-%m-%d %H:%M:%S} UTC: {kept.why}\n"
    return [head, *(f"{kept.device}#{command}\n{text if text.endswith(chr(10)) else f'{text}{chr(10)}'}"
                    for command, text in kept.outputs)]
