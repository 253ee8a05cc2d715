"""The steps behind the log-in: platform, privilege level, paging, each command of the platform's table, the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.collect.detect import SHOW_VERSION, detect
from vpn_check.jobs.doctor_clock import clock_step
from vpn_check.model.checkup import NOT_REACHED, Step, fail, ok, skipped, warn
from vpn_check.model.transcript import Command, CommandOutput, Problem
from vpn_check.platforms import PLATFORMS
from vpn_check.platforms.base import FULL_LEVEL, privilege_level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.collect.live import LiveSession
    from vpn_check.model.device import Device

_LOST = {Problem.TIMED_OUT, Problem.CLOSED}
_LOST_ADVICE = "Look at the device's load and log, or raise --timeout."
_REFUSED = {
    Problem.NOT_AUTHORISED: (
        "not authorised", "Permit it in the command authorisation (AAA, TACACS+) of this account."),
    Problem.UNSUPPORTED: (
        "unsupported: the device does not know the command",
        "The image may lack the crypto feature (show version), or the account's view hides the command."),
    Problem.UNPRIVILEGED: (
        "unknown at this privilege level",
        "Give an enable secret (enable_secret_env, enable_secret_file), or use an account of level 15."),
    Problem.TIMED_OUT: ("no whole answer (timed out)", _LOST_ADVICE),
    Problem.CLOSED: ("no whole answer (session closed)", _LOST_ADVICE),
}
_SHOW_CLOCK = Command(text="show clock", needed=False)


def session_steps(device: Device, live: LiveSession, *, enable: bool) -> Iterator[Step]:
    """Ask an open session for everything that vpn-check needs of it. `enable`: there is an enable secret."""
    yield _platform_step(device, live)
    level, step = _level_step(live, enable=enable)
    yield step
    yield _paging_step(live)
    for command in PLATFORMS[live.platform].reads():
        if not live.session.open:
            yield skipped(command.text, NOT_REACHED)
            continue
        yield _command_step(command, live.session.run(command), full=level is None or level >= FULL_LEVEL)
    if not live.session.open:
        yield skipped("clock", NOT_REACHED)
        return
    output = live.session.run(_SHOW_CLOCK)
    yield clock_step(output)


def _asked(live: LiveSession, text: str) -> CommandOutput | None:
    return live.session.run(Command(text=text, needed=False)) if live.session.open else None


def _platform_step(device: Device, live: LiveSession) -> Step:
    version = live.version or _asked(live, SHOW_VERSION.text)
    if version is not None and version.problem in _LOST:
        return fail("platform", f"no whole answer to `show version` ({version.problem})", _LOST_ADVICE)
    found = detect(version.text) if version is not None else None
    if device.platform is None:
        return ok("platform", f"{live.platform}, recognised from `show version`")
    if found is None:
        return ok("platform", f"{device.platform}, says the inventory; `show version` does not tell")
    if found is not device.platform:
        return warn("platform", f"the inventory says {device.platform}, `show version` says {found}",
                    f"Set `platform: {found}` in the inventory.")
    return ok("platform", f"{found}, as `show version` says too")


def _level_step(live: LiveSession, *, enable: bool) -> tuple[int | None, Step]:
    advice = "" if enable else ("If commands below are refused: set enable_secret_env or enable_secret_file of the "
                                "credential, or VPN_CHECK_ENABLE, or raise the account's level.")
    prompt = "the privileged prompt" if live.session.privileged else "the user prompt (>)"
    output = _asked(live, PLATFORMS[live.platform].level_command.text)
    if output is None:
        return None, skipped("privilege", NOT_REACHED)
    if output.problem in _LOST:
        return None, fail("privilege", f"no whole answer to `{output.command}` ({output.problem})", _LOST_ADVICE)
    level = privilege_level(output.text) if output.problem is None else None
    if level is None:
        state = ok if live.session.privileged else warn
        return None, state("privilege", f"{prompt}; the device does not name the level", "" if state is ok else advice)
    state = ok if level >= FULL_LEVEL else warn
    return level, state("privilege", f"level {level}, {prompt}", "" if state is ok else advice)


def _paging_step(live: LiveSession) -> Step:
    if not live.session.refused:
        return ok("paging", f"off, by `{'`, `'.join(PLATFORMS[live.platform].open_commands)}`")
    line, problem = next(iter(live.session.refused.items()))
    return warn("paging", f"`{line}` is refused ({problem}): pages are turned one by one, which takes longer",
                f"Permit `{line}` for this account.")


def _command_step(command: Command, output: CommandOutput, *, full: bool) -> Step:
    name, problem = command.text, output.problem
    if problem is Problem.UNSUPPORTED and not full:
        problem = Problem.UNPRIVILEGED
    if problem is None:
        count = len(output.text.strip().splitlines())
        return ok(name, f"allowed, {count} line{'' if count == 1 else 's'}")
    if problem is Problem.UNSUPPORTED and not command.needed:
        return ok(name, "unsupported by this release; not needed")
    found, advice = _REFUSED.get(problem, (str(problem), "Ask it by hand and look at the answer."))
    return (fail if command.needed or problem in _LOST else warn)(name, found, advice)
