"""The options by which every command reaches devices, and the settings of a run that they make."""

from __future__ import annotations

import getpass
import os
import sys
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from vpn_check.inventory import Inventory
    from vpn_check.jobs.check import Run
    from vpn_check.model.device import Device


def reach_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--timeout`, `--deadline` and `--accept-new-host-key`."""
    for option in (
        click.option(
            "--accept-new-host-key",
            is_flag=True,
            help="Store an unknown host key at first sight; a changed one is always refused.",
        ),
        click.option(
            "--deadline", type=click.FloatRange(min=1), metavar="S", help="Longest time for one device in all [600]."
        ),
        click.option(
            "--timeout",
            type=click.FloatRange(min=0.1),
            metavar="S",
            help="Longest wait for any step of a device, in seconds.",
        ),
    ):
        function = option(function)
    return function


def warn(devices: Sequence[Device], *, quiet: bool) -> None:
    """Say on standard error, before anything is sent, which of the devices are reached unencrypted."""
    from vpn_check.jobs.plaintext import warnings  # noqa: PLC0415  --help must not pay for the model

    for warning in () if quiet else warnings(devices):
        click.echo(f"vpn-check: {warning}", err=True)


@contextmanager
def reach(
    held: Inventory | None,
    *,
    timeout: float | None,
    deadline: float | None,
    accept_new_host_key: bool,
    **settings: Any,  # noqa: ANN401  handed through to Run
) -> Iterator[Run]:
    """The settings of a run over devices of an inventory (None: of none); its bastions are closed at the end."""
    from vpn_check.collect.credentials import Resolver  # noqa: PLC0415  --help must not pay for SSH
    from vpn_check.collect.hostkeys import HostKeys  # noqa: PLC0415  same
    from vpn_check.collect.jump import Bastions  # noqa: PLC0415  same
    from vpn_check.collect.limits import Limits  # noqa: PLC0415  same
    from vpn_check.collect.lockout import LockOut  # noqa: PLC0415  same
    from vpn_check.jobs.check import Run  # noqa: PLC0415  same
    from vpn_check.jobs.devices import gateways  # noqa: PLC0415  same

    ask = (lambda question: getpass.getpass(question, stream=sys.stderr)) if sys.stdin.isatty() else None
    credentials = Resolver(held.credentials if held is not None else {}, environ=os.environ, ask=ask)
    host_keys = HostKeys(os.environ, accept_new=accept_new_host_key)
    with closing(Bastions(host_keys, Limits.of(timeout), gateways(held, credentials))) as bastions:
        yield Run(
            credentials=credentials,
            host_keys=host_keys,
            timeout=timeout,
            deadline=deadline,
            lock_out=LockOut(),
            bastions=bastions,
            **settings,
        )
