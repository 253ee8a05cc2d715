"""What must hold before a debug is switched on. Each can be waived by name, and only by name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vpn_check.jobs.debug.history import supported
from vpn_check.jobs.debug.plan import read_command
from vpn_check.model.debug import CpuLoad, DebugConditions, DebugList, LogLevels
from vpn_check.model.debugging import Check, Waiver
from vpn_check.parse.debug_state import debug_conditions, debugs_on, log_levels

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vpn_check.collect.session import Session
    from vpn_check.model.device import PlatformName
    from vpn_check.model.transcript import CommandOutput
    from vpn_check.platforms.debugging import DebugForms

_DEBUG_LEVELS = {"debugging", "debug", "debugs"}
_PERSISTENT_SINCE = (9, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The device before anything is switched. None, or an unanswered question, means: not known."""

    load: CpuLoad | None
    debugs: DebugList | None
    conditions: DebugConditions
    levels: LogLevels
    persistent: bool | None


def read_load(session: Session, forms: DebugForms, platform: PlatformName) -> CpuLoad | None:
    """Ask for the load; None where the device does not say it."""
    output = session.run(read_command(forms.cpu))
    command = forms.cpu.partition(" |")[0]
    cpu = supported(platform, command, [replace(output, command=command)]).get("cpu")
    if not cpu or cpu["five_seconds"] is None or cpu["one_minute"] is None:
        return None
    return CpuLoad(five_seconds=cpu["five_seconds"], one_minute=cpu["one_minute"])


def read_before(session: Session, forms: DebugForms, platform: PlatformName,
                history: Sequence[CommandOutput]) -> Before:
    """Ask for the load, the debugs and conditions that are there, and where messages go."""
    load = read_load(session, forms, platform)
    listed = session.run(read_command(forms.listed))
    debugs = debugs_on(listed.text, forms.line) if listed.problem is None else None
    conditions = DebugConditions()
    if forms.conditions is not None:
        said = session.run(read_command(forms.conditions))
        conditions = debug_conditions(said.text) if said.problem is None else DebugConditions(understood=False)
    log = next((output for output in history if output.command == forms.logging and output.problem is None), None)
    persistent: bool | None = False
    if forms.persistent is not None:
        answer = session.run(read_command(forms.persistent[0]))
        persistent = forms.persistent[1] in answer.text if answer.problem is None else None
    return Before(load=load, debugs=debugs, conditions=conditions, persistent=persistent,
                  levels=log_levels(log.text) if log is not None else LogLevels())


def checks(before: Before, forms: DebugForms, *, release: tuple[int, int] | None, cpu_limit: int,
           unfiltered: bool) -> tuple[Check, ...]:
    """Judge the preconditions, all of them."""
    return tuple(_checks(before, forms, release, cpu_limit, unfiltered=unfiltered))


def _checks(before: Before, forms: DebugForms, release: tuple[int, int] | None, cpu_limit: int, *,
            unfiltered: bool) -> Iterator[Check]:
    yield _cpu(before.load, cpu_limit)
    yield _others(before, forms)
    console = before.levels.console
    yield Check(
        name=Waiver.CONSOLE, holds=console is not None and console not in _DEBUG_LEVELS, option="--despite console",
        text="Where the console's messages go was not said." if console is None else
        "The console shows messages down to level debugging, at the speed of a serial line: debugs could block the "
        "device." if console in _DEBUG_LEVELS else f"Console logging: {console}.")
    yield _seen(before.levels, forms)
    if forms.persistent is not None:
        unknown_matters = before.persistent is None and (release is None or release >= _PERSISTENT_SINCE)
        yield Check(
            name=Waiver.PERSISTENT, holds=not before.persistent and not unknown_matters, option="--despite persistent",
            text="`logging debug-trace persistent` is on: a debug would outlive its session." if before.persistent else
            f"`{forms.persistent[0]}` was not answered." if unknown_matters else "Debugs end with their session.")
    yield Check(
        name=Waiver.UNFILTERED, holds=not unfiltered, option="--despite unfiltered",
        text="This release cannot restrict debugs to one peer: those of every peer would come." if unfiltered else
        "The debugs are restricted to the peer.")


def _cpu(load: CpuLoad | None, limit: int) -> Check:
    if load is None:
        return Check(name=Waiver.CPU, holds=False, text="The load of the processor was not said.",
                     option="--despite cpu")
    return Check(name=Waiver.CPU, holds=load.worst < limit, option="--cpu-limit",
                 text=f"Load {load.five_seconds} % over 5 s, {load.one_minute} % over 1 min; the limit is {limit} %.")


def _others(before: Before, forms: DebugForms) -> Check:
    there: list[str] = []
    if before.debugs is not None:
        there += [*before.debugs.on, *before.debugs.unread]
    there += [f"condition {peer}" for peer in (*before.conditions.peers, *before.conditions.others)]
    if before.debugs is None:
        text = f"`{forms.listed}` was not answered."
    elif there:
        text = f"Somebody is debugging already: {'; '.join(there)}."
    else:
        text = f"No debug is on{' in this session; those of others are not shown here' if forms.per_session else ''}."
    return Check(name=Waiver.DEBUGS, holds=before.debugs is not None and not there, text=text,
                 option="--despite debugs")


def _seen(levels: LogLevels, forms: DebugForms) -> Check:
    if forms.per_session:
        hidden = levels.debug_trace not in {None, "disabled"}
        text = ("`logging debug-trace` sends debugs to the log instead of the session." if hidden else
                "Debugs show on the session.")
    else:
        hidden = levels.syslog == "disabled" or (levels.monitor is not None and levels.monitor not in _DEBUG_LEVELS)
        text = (f"Debugs would not show on a terminal: syslog logging {levels.syslog}, monitor logging "
                f"{levels.monitor}." if hidden else "Debugs show on a terminal that monitors.")
    return Check(name=Waiver.UNSEEN, holds=not hidden, text=text, option="--despite unseen")
