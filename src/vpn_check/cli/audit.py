"""`vpn-check audit`."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vpn_check.cli.options import PLATFORM, text_report
from vpn_check.cli.reach import reach, reach_options, warn
from vpn_check.cli.selection import selected, selection_options
from vpn_check.errors import UsageError
from vpn_check.jobs.analyze import STDIN
from vpn_check.model.device import PlatformName
from vpn_check.model.finding import Status
from vpn_check.redact.secrets import redact_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vpn_check.model.finding import Diagnosis


@click.command()
@click.argument("words", nargs=-1, metavar="FILE|DEVICE...")
@click.option("--remote", multiple=True, metavar="PATH", help="The configuration of the other end, to compare with.")
@click.option("--platform", type=PLATFORM, help="Where the text is from, if its content does not tell.")
@selection_options
@reach_options
@click.option(
    "--workers", type=click.IntRange(1, 200), default=50, show_default=True, help="Devices asked at the same time."
)
@click.option("--suggest", is_flag=True, help="Print only the changes that would remove the findings, for review.")
@click.option("--peer", "peers", multiple=True, metavar="A", help="Only what concerns this peer, or the whole device.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@click.option("--quiet", is_flag=True, help="Only the exit code; errors still go to standard error.")
@click.option("--no-color", is_flag=True, help="No colours (also the environment variable NO_COLOR).")
def audit(
    *,
    words: tuple[str, ...],
    remote: tuple[str, ...],
    platform: str | None,
    workers: int,
    suggest: bool,
    peers: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    no_color: bool,
    **options: Any,  # noqa: ANN401  those of selection and reach, handed through
) -> int:
    """Check configurations: crypto maps, ACLs as sets, NAT exemption, routes, keys, algorithms.

    FILE is a running-config or a part of one, a folder with such files, or `-`; files given singly are one device.
    DEVICE is a name of the inventory or an address. Only show commands are sent, and nothing is ever changed:
    proposed changes are text for you to review.
    """
    texts = [word == STDIN or Path(word).exists() for word in words]
    absent = [word for word, there in zip(words, texts, strict=True) if not there and _like_a_file(word)]
    if absent:
        raise UsageError(f"{absent[0]}: there is no such file or folder.", hint="Check the path.")
    others: list[Diagnosis] = []
    if words and all(texts):
        from vpn_check.jobs.audit import audit_texts  # noqa: PLC0415  one of the two ways is taken

        stdin = sys.stdin.buffer.read() if STDIN in (*words, *remote) else None
        own, others = audit_texts(words, remote, stdin=stdin, platform=PlatformName(platform) if platform else None)
    elif any(texts) or remote:
        missing = words[texts.index(False)] if False in texts else "--remote"
        raise UsageError(f"{missing}: there is no such file or folder.", hint="Give files alone, or devices alone.")
    else:
        own = _live(words, workers=workers, quiet=quiet, **options)
    if peers:
        from vpn_check.jobs.audit import concerning  # noqa: PLC0415  see above

        own = [concerning(diagnosis, peers) for diagnosis in own]
    if suggest and not as_json:
        from vpn_check.report.suggestion import suggestion  # noqa: PLC0415  one exporter is imported

        click.echo(suggestion(own, redact=redact_line), nl=False)
        quiet = True
    return _answer(own, others, as_json=as_json, quiet=quiet, no_color=no_color)


def _like_a_file(word: str) -> bool:
    return "/" in word or Path(word).suffix.lower() in {".cfg", ".conf", ".txt", ".log", ".config"}


def _live(
    words: tuple[str, ...], *, workers: int, quiet: bool, timeout: float | None, deadline: float | None,
    accept_new_host_key: bool, **selection: Any,  # noqa: ANN401  inventory, groups, tags
) -> list[Diagnosis]:
    from vpn_check.jobs.audit import audit_devices  # noqa: PLC0415  one of the two ways is taken

    devices, held = selected(words, quiet=quiet, **selection)
    warn(devices, quiet=quiet)
    with reach(held, timeout=timeout, deadline=deadline, accept_new_host_key=accept_new_host_key) as settings:
        return audit_devices(devices, settings, workers=workers)


def _answer(
    own: Sequence[Diagnosis], others: Sequence[Diagnosis], *, as_json: bool, quiet: bool, no_color: bool
) -> int:
    if as_json:
        from vpn_check.report.audit_document import audit_document  # noqa: PLC0415  one exporter is imported

        body = audit_document(own, remote=others, generated_at=datetime.now(UTC), redact=redact_line)
        click.echo(json.dumps(body, indent=2, ensure_ascii=False))
    elif not quiet:
        text_report(no_color=no_color).write([*own, *others])
    if as_json or quiet:
        for fault in (fault for diagnosis in own for fault in diagnosis.errors):
            click.echo(f"vpn-check: {fault.message}", err=True)
    return Status.worst([diagnosis.status for diagnosis in own]).exit_code
