"""`vpn-check explain`."""

from __future__ import annotations

import sys

import click

from vpn_check.cli.options import PLATFORM
from vpn_check.model.device import PlatformName


@click.command
@click.argument("words", nargs=-1, required=True, metavar="CODE|MESSAGE...")
@click.option("--platform", type=PLATFORM, help="Only the advice for this platform.")
def explain(*, words: tuple[str, ...], platform: str | None) -> int:
    """Print what a cause code or a message means, how it is recognised, and what to do.

    CODE is a cause of a finding (ike.psk-mismatch). MESSAGE is an id of the catalogue, a mnemonic or number
    (IKMP_BAD_MESSAGE, 713061), or a whole line as the device prints it.
    """
    from vpn_check.jobs.knowledge import explain as explain_job  # noqa: PLC0415  --help must not pay for it
    from vpn_check.report.page_text import PageWriter  # noqa: PLC0415  same

    pages = explain_job(" ".join(words), platform=PlatformName(platform) if platform else None)
    writer = PageWriter(sys.stdout)
    for index, page in enumerate(pages):
        if index:
            click.echo()
        writer.write(page)
    return 0
