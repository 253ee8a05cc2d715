"""Options of the commands that know a history."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from vpn_check.cli.options import seconds_of

if TYPE_CHECKING:
    from collections.abc import Callable


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
    """The history meant: the one given, the environment's, or the user's own."""
    from vpn_check.jobs.poll.fingerprint import state_folder  # noqa: PLC0415  --help must not pay for it

    return given or os.environ.get("VPN_CHECK_HISTORY") or str(state_folder(os.environ) / "history.db")
