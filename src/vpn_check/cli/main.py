"""The door: which command, and what comes back. A command's module is imported when it is chosen."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import click

from vpn_check import __version__
from vpn_check.errors import VpnCheckError

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS: dict[str, tuple[str, str]] = {
    "check": ("vpn_check.cli.check:check", "Log in, collect, diagnose (the default: `vpn-check router1`)."),
    "analyze": ("vpn_check.cli.analyze:analyze", "The same diagnosis over captured text, with no device."),
    "compare": ("vpn_check.cli.compare:compare", "Both ends of a tunnel side by side."),
    "peer-sheet": ("vpn_check.cli.peer_sheet:peer_sheet", "What the other end must have configured, without a secret."),
    "mtu": ("vpn_check.cli.mtu:mtu", "Find a tunnel's path MTU with pings, and the right MTU and MSS."),
    "collect": ("vpn_check.cli.collect:collect", "The evidence bundle for a TAC case, without secrets."),
    "parse": ("vpn_check.cli.parse:parse", "Structured JSON of one show output."),
    "poll": ("vpn_check.cli.poll:poll", "Look again and again over the fleet, remember, and say what is new."),
    "history": ("vpn_check.cli.history:history", "What polls have seen: states, traffic, alarms, what had changed."),
    "doctor": ("vpn_check.cli.doctor:doctor", "Check the set-up step by step: this machine, and each device."),
    "audit": ("vpn_check.cli.audit:audit", "The configuration checks alone, over captured text or devices."),
    "explain": ("vpn_check.cli.explain:explain", "What a cause or message means, and what to do."),
    "catalogue": ("vpn_check.cli.catalogue:catalogue", "The table of causes, rules and known messages."),
    "debug": ("vpn_check.cli.debug:debug", "A guarded debug of one peer: on for seconds, provably off."),
    "debug-off": ("vpn_check.cli.debug_off:debug_off", "Switch off what a debug could not prove to be off."),
    "lab": ("vpn_check.cli.lab:lab", "Mock devices on loopback, to try everything."),
    "schema": ("vpn_check.cli.schema:schema", "The JSON Schema of a document."),
}
_TAKES_VALUE = {
    "--inventory",
    "--group",
    "--tag",
    "--peer",
    "--timeout",
    "--workers",
    "--platform",
    "--remote",
    "--command",
    "--settle",
    "--to",
    "--from",
    "--vrf",
    "--front-vrf",
    "--output",
    "-o",
    "--interval",
    "--watch",
    "--deadline",
    "--per-site",
    "--per-bastion",
    "--signatures",
    "--since",
    "--cause",
    "--duration",
    "--debug",
    "--level",
    "--cpu-limit",
    "--max-bytes",
    "--despite",
    "--every",
    "--history",
    "--raise-after",
    "--clear-after",
    "--metrics-file",
    "--notify-file",
    "--keep-polls",
    "--keep-hours",
    "--keep-days",
    "--keep-evidence",
    "--evidence",
    "--max-age",
}
COLLECT = (50_000, 20, 100)
"""Objects between two rounds of garbage collection: facts live as long as the process, looking for cycles is waste."""
USAGE = 3
INTERRUPTED = 130


class _Table(click.Group):
    """Commands from the table; what is no command is a device for `check`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's signature
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=_Table, context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
@click.version_option(__version__, prog_name="vpn-check")
def main() -> None:
    """Say what is wrong with a Cisco IPsec VPN: which peer, which side, on which evidence, and what to type next.

    `vpn-check router1` logs in and diagnoses; `vpn-check analyze FILE...` does the same over captured text.
    Exit codes: 0 healthy, 1 warning, 2 critical, 3 unknown or wrong usage, 4 a debug not proved off, 130 interrupted.
    """


def arrange(arguments: Sequence[str]) -> list[str]:
    """Put the command word first: options may stand before it, and `check` may be left out."""
    words = list(arguments)
    if not words or words[0] in {"-h", "--help", "--version"}:
        return words
    position = 0
    while position < len(words) and words[position].startswith("-") and words[position] != "-":
        position += 2 if words[position] in _TAKES_VALUE else 1
    if position < len(words) and words[position] in COMMANDS:
        return [words[position], *words[:position], *words[position + 1 :]]
    return ["check", "--bare", *words]


def _warn_of_open_journals() -> None:
    """Debugs that are not proved off are said at every start; where there is none, this is one look into a folder."""
    from vpn_check.jobs.debug.where import journal_folder, open_journals  # noqa: PLC0415  it imports nothing itself

    if open_journals(journal_folder()):
        from vpn_check.cli.debug_off import warn  # noqa: PLC0415  only where there is something to say

        warn()


def run(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the program and exit with the code of the convention."""
    gc.set_threshold(*COLLECT)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        words = arrange(sys.argv[1:] if arguments is None else arguments)
        if words[:1] != ["debug-off"]:
            _warn_of_open_journals()
        code: Any = main.main(args=words, prog_name="vpn-check", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        code = USAGE
    except click.ClickException as error:
        click.echo(f"vpn-check: {error.format_message()}", err=True)
        code = USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("vpn-check: interrupted.", err=True)
        code = INTERRUPTED
    except VpnCheckError as error:
        click.echo(f"vpn-check: {error}", err=True)
        code = USAGE
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    sys.exit(code if isinstance(code, int) else 0)
