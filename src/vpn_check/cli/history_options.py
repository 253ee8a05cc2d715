"""Options of the commands that know a history."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from vpn_check.cli.options import seconds_of
from vpn_check.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

_LIBPQ = re.compile(r"\b(?:password|dbname)\s*=")


def history_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--history`, as the argument `place`; None: where the environment or the house says."""
    return click.option(
        "--history", "place", metavar="PLACE",
        help="SQLite file, or URL of a PostgreSQL database [VPN_CHECK_HISTORY, ~/.local/state/vpn-check/history.db]. "
        "A URL with a password belongs into the variable.",
    )(function)  # fmt: skip


def duration_option(name: str, **settings: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # noqa: ANN401  click's own
    """A duration (90s, 15m, 2h, 7d) as a timedelta."""
    return click.option(name, callback=_span, metavar="DURATION", show_default=True, **settings)


def _span(context: click.Context, option: click.Parameter, value: str) -> timedelta:
    return timedelta(seconds=seconds_of(context, option, value) or 0)


def place_of(given: str | None) -> str:
    """The history meant: the one given, the environment's, or the user's own.

    Raises:
        UsageError: it is written as libpq has it; taken for a file's name, its password would be one on the disk.
    """
    from vpn_check.jobs.poll.fingerprint import state_folder  # noqa: PLC0415  --help must not pay for it

    place = given or os.environ.get("VPN_CHECK_HISTORY") or str(state_folder(os.environ) / "history.db")
    if "://" not in place and _LIBPQ.search(place):
        raise UsageError("The history is neither a file nor a URL.",
                         hint="Write postgresql://user@host:port/database, with the password in PGPASSWORD or .pgpass.")
    return place
