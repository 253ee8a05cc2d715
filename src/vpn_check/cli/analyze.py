"""`vpn-check analyze`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from vpn_check.cli.options import PLATFORM, SIGNATURES, SINCE, answer, answer_options, signatures_of, verbose_option
from vpn_check.jobs.analyze import STDIN, analyze_ends
from vpn_check.model.device import PlatformName


@click.command
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--remote", multiple=True, metavar="PATH", help="Captured on the other end of the tunnel; kept apart.")
@click.option("--platform", type=PLATFORM, help="Where the text is from, if its content does not tell.")
@SINCE
@verbose_option
@SIGNATURES
@answer_options
def analyze(
    *,
    paths: tuple[str, ...],
    remote: tuple[str, ...],
    platform: str | None,
    since: float | None,
    folder: Path | None,
    peers: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    no_color: bool,
    verbose: bool,
) -> int:
    """Diagnose captured text: files, folders, evidence bundles, `-` for standard input.

    Show outputs, debugs, syslog and terminal transcripts are recognised by their content. Files given singly are one
    device, each folder is one device, a transcript with the prompts of several devices is several devices.
    """
    name = PlatformName(platform) if platform else None
    stdin = sys.stdin.buffer.read() if STDIN in (*paths, *remote) else None
    signatures = signatures_of(folder)
    diagnoses, others = analyze_ends(
        paths, remote, stdin=stdin, platform=name, peers=peers, signatures=signatures, since=since
    )
    return answer(diagnoses, remote=others, as_json=as_json, quiet=quiet, no_color=no_color, verbose=verbose)
