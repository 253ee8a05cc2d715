"""`vpn-check debug`."""

from __future__ import annotations

import getpass
import json
import os
import sys
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vpn_check.cli.options import output_options, text_report
from vpn_check.cli.selection import inventory_option, selected
from vpn_check.errors import UsageError
from vpn_check.model.debugging import Waiver
from vpn_check.model.finding import Status
from vpn_check.redact.secrets import redact_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.model.debugging import Outcome

NOT_PROVED = 4
INTERRUPTED = 130
_LONGEST = 600


@click.command
@click.argument("device", metavar="DEVICE")
@click.option("--peer", required=True, metavar="A", help="Whose negotiation: the peer's address.")
@click.option("--duration", type=click.FloatRange(0.1, _LONGEST), default=60, show_default=True, metavar="S",
              help="Seconds that the debugs are on at most.")
@click.option("--until-cause", is_flag=True, help="Stop as soon as the cause is caught.")
@click.option("--yes", is_flag=True, help="Do not ask before sending; without a terminal it is needed.")
@click.option("--force", is_flag=True, help="Debug also where the device's log names the cause already.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write what was caught to a new file, for `analyze` or a support case.")
@click.option("--raw", is_flag=True, help="With -o: leave keys and passwords in the file as the device printed them.")
@click.option("--debug", "names", multiple=True, metavar="NAME",
              help="isakmp, ikev2, ipsec (the usual three) or engine; may be given several times.")
@click.option("--level", type=click.IntRange(1, 254), default=127, show_default=True, help="Level of ASA and PIX.")
@click.option("--cpu-limit", type=click.IntRange(1, 99), default=60, show_default=True, metavar="PERCENT",
              help="At this load nothing is switched on, or all is switched off.")
@click.option("--max-bytes", type=click.IntRange(1000, 50_000_000), default=5_000_000, show_default=True, metavar="N",
              help="Switch off when so much was caught.")
@click.option("--despite", multiple=True, type=click.Choice([waiver.value for waiver in Waiver]),
              help="A precondition that need not hold; may be given several times.")
@inventory_option
@click.option("--timeout", type=click.FloatRange(min=0.1), metavar="S", help="Longest wait for any step, in seconds.")
@click.option("--accept-new-host-key", is_flag=True,
              help="Store an unknown host key at first sight; a changed one is always refused.")
@output_options
def debug(
    *, device: str, peer: str, duration: float, until_cause: bool, yes: bool, force: bool, output: Path | None,
    raw: bool, names: tuple[str, ...], level: int, cpu_limit: int, max_bytes: int, despite: Sequence[str],
    inventory: Path | str | None, timeout: float | None, accept_new_host_key: bool, as_json: bool, quiet: bool,
    no_color: bool,
) -> int:
    """Switch crypto debugs on for one peer and a few seconds, capture, switch off, prove it, diagnose.

    What the device remembers is read first; if that names the cause, nothing is switched on. The exact lines are shown
    before they are sent. A guard process undoes them whatever happens to this one. Exit code 4: not proved off.
    """
    from vpn_check.collect.credentials import Resolver  # noqa: PLC0415  --help must not pay for SSH
    from vpn_check.collect.hostkeys import HostKeys  # noqa: PLC0415  same
    from vpn_check.collect.jump import Bastions  # noqa: PLC0415  same
    from vpn_check.collect.limits import Limits  # noqa: PLC0415  same
    from vpn_check.collect.live import Access  # noqa: PLC0415  same
    from vpn_check.jobs.debug.request import Request  # noqa: PLC0415  same
    from vpn_check.jobs.debug.run import debug as debug_job  # noqa: PLC0415  same
    from vpn_check.jobs.devices import gateways  # noqa: PLC0415  same

    if not yes and not sys.stdin.isatty():
        raise UsageError("There is no terminal to ask on before debugs are switched on.", hint="Add --yes.")
    if output is not None and output.exists():
        raise UsageError(f"{output} is there already.", hint="Name a new file; nothing is overwritten.")
    if output is not None and not output.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {output.absolute().parent}.", hint="Make it, or name another file.")
    chosen, held = selected((device,), inventory=inventory, quiet=quiet)
    if len(chosen) != 1:
        raise UsageError(f"{device!r} means {len(chosen)} devices.", hint="Debug one device at a time.")
    ask = (lambda question: getpass.getpass(question, stream=sys.stderr)) if sys.stdin.isatty() else None
    resolver = Resolver(held.credentials if held else {}, environ=os.environ, ask=ask)
    known = gateways(held, resolver)
    on_the_way = {word: found for word in chosen[0].jump if (found := known(word)) is not None}
    host_keys = HostKeys(os.environ, accept_new=accept_new_host_key)
    limits = Limits.of(timeout if timeout is not None else chosen[0].timeout)
    with closing(Bastions(host_keys, limits, on_the_way.get)) as bastions:
        outcome = debug_job(Request(
            device=chosen[0], credentials=resolver(chosen[0]), gateways=on_the_way, peer=peer, seconds=duration,
            most_bytes=max_bytes, names=names, access=Access(host_keys=host_keys, limits=limits, bastions=bastions),
            level=level, cpu_limit=cpu_limit, waived=frozenset(map(Waiver, despite)), force=force,
            until_cause=until_cause, say=_Say(quiet=quiet), inventory=held.path if held else None,
            confirm=lambda lines: _confirm(lines, yes=yes, quiet=quiet),
            keep=lambda outcome: _write(output, outcome, raw=raw)))
    _answer(outcome, as_json=as_json, quiet=quiet, no_color=no_color)
    return _code(outcome)


class _Say:
    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet

    def __call__(self, line: str) -> None:
        with suppress(OSError):   # the terminal may be gone; what is to be done is done all the same
            if not self._quiet:
                click.echo(line, err=True)


def _confirm(lines: tuple[str, ...], *, yes: bool, quiet: bool) -> bool:
    if not (yes and quiet):
        click.echo("These lines will be sent, in this order, by two sessions:", err=True)
        for line in lines:
            click.echo(f"  {line}", err=True)
    if yes:
        return True
    click.echo("Switch these debugs on? [yes/no] ", err=True, nl=False)
    return sys.stdin.readline().strip().lower() == "yes"


def _write(path: Path | None, outcome: Outcome, *, raw: bool) -> None:
    """Write the capture with mode 0600, as a terminal would show it; comment lines say the time of this host."""
    if path is None:
        return
    masked = "as the device printed it" if raw else "keys and passwords are masked"
    kept = [f"{outcome.prompt}#{line}" for line in outcome.announced if not line.startswith("no ")]
    kept.append(f"! peer {outcome.peer}; {masked}; lines that begin with ! are no lines of the device")
    last: datetime | None = None
    for line in outcome.lines:
        if not line.text.startswith((" ", "\t")) and (last is None or (line.at - last).total_seconds() >= 1):
            last = line.at
            kept.append(f"! {line.at:%Y-%m-%dT%H:%M:%S}Z by the clock of this host")
        kept.append(line.text if raw else redact_line(line.text))
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write("\n".join(kept) + "\n")
    except OSError as error:
        with suppress(OSError):
            click.echo(f"vpn-check: the capture cannot be written to {path} ({error.strerror}).", err=True)


def _answer(outcome: Outcome, *, as_json: bool, quiet: bool, no_color: bool) -> None:
    if as_json:
        from vpn_check.report.debug_document import debug_document  # noqa: PLC0415  one exporter, the chosen one

        click.echo(json.dumps(debug_document(outcome, generated_at=datetime.now(UTC), redact=redact_line), indent=2,
                              ensure_ascii=False))
    elif not quiet:
        from vpn_check.report.debug_text import write_debug  # noqa: PLC0415  same

        if outcome.diagnosis is not None:
            text_report(no_color=no_color).write([outcome.diagnosis])
            click.echo()
        write_debug(outcome, sys.stdout, redact=redact_line)
    if (as_json or quiet) and (outcome.ended in {"refused", "declined", "failed"} or _unproved(outcome)):
        click.echo(f"vpn-check: {outcome.device}: {outcome.why}", err=True)
    if (as_json or quiet) and outcome.proof is not None and not outcome.proof.off:
        from vpn_check.report.debug_text import write_proof  # noqa: PLC0415  same

        write_proof(outcome.device, outcome.proof, sys.stderr, journal=outcome.journal)


def _unproved(outcome: Outcome) -> bool:
    return outcome.proof is not None and not outcome.proof.off


def _code(outcome: Outcome) -> int:
    if _unproved(outcome):
        return NOT_PROVED
    if outcome.ended == "interrupted":
        return INTERRUPTED
    if outcome.diagnosis is None or outcome.ended in {"refused", "declined", "failed"}:
        return Status.UNKNOWN.exit_code
    return outcome.diagnosis.status.exit_code
