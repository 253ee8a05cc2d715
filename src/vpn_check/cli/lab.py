"""`vpn-check lab`."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def lab() -> None:
    """Mock devices over real SSH on loopback: healthy and broken tunnels on all platforms."""


@lab.command("list")
def list_scenarios() -> int:
    """List the scenarios."""
    from vpn_check.jobs.lab import lab_list  # noqa: PLC0415  --help must not pay for the lab

    for row in lab_list():
        click.echo("  ".join(str(cell) for cell in row))
    return 0


@lab.command()
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO...]")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".lab"),
    show_default=True,
    help="Where the inventory and known_hosts of the lab are written.",
)
@click.option("--base-port", type=click.IntRange(1024, 65000), help="First TCP port; without it, free ones are taken.")
def up(*, scenarios: tuple[str, ...], folder: Path, base_port: int | None) -> int:
    """Start scenarios (all of them by default) until Ctrl-C, and write an inventory for them."""
    from vpn_check.jobs.lab import lab_up  # noqa: PLC0415  --help must not pay for the lab

    return lab_up(scenarios, folder=folder, out=click.echo, base_port=base_port)


@lab.command()
def demo() -> int:
    """Start a broken pair, run `vpn-check` on both ends, show the answer, end."""
    import tempfile  # noqa: PLC0415  only the demo writes a folder of its own

    from vpn_check.cli.main import main  # noqa: PLC0415  main imports this module late
    from vpn_check.jobs.lab import running_lab  # noqa: PLC0415  --help must not pay for the lab

    with tempfile.TemporaryDirectory(prefix="vpn-check-demo-") as folder, running_lab(["esp-blocked-ios"]) as mock:
        inventory = mock.write_inventory(Path(folder))
        click.echo("Two IOS routers are up on loopback; users at site A cannot reach site B.\n")
        click.echo("$ vpn-check r1 r2\n")
        code = main.main(
            args=["check", "--workers", "1", "--inventory", str(inventory), "r1", "r2"],   # one by one: in this order
            prog_name="vpn-check",
            standalone_mode=False,
        )
        click.echo(f"\n(exit code {code}: critical)" if code == 2 else f"\n(exit code {code})")  # noqa: PLR2004  the convention
    return 0
