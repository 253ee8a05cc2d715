"""The steps behind the log-in: platform, privilege level, paging, each command of the platform's table, the clock."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vpn_check.collect.detect import SHOW_VERSION, detect
from vpn_check.jobs.doctor_clock import clock_step
from vpn_check.model.checkup import NOT_REACHED, Step, fail, ok, skipped, warn
from vpn_check.model.device import PlatformName
from vpn_check.model.transcript import Command, CommandOutput, Problem
from vpn_check.platforms import PLATFORMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vpn_check.collect.live import LiveSession
    from vpn_check.model.device import Device

_LEVEL_COMMAND = {PlatformName.ASA: "show curpriv", PlatformName.PIX: "show curpriv"}
_LEVEL = re.compile(r"privilege level(?: is|\s*:)\s*(\d+)", re.IGNORECASE)
_FULL = 15
_LOST = {Problem.TIMED_OUT, Problem.CLOSED}
_LOST_ADVICE = "Look at the device's load and log, or raise --timeout."
_SHOW_CLOCK = Command(text="show clock", needed=False)


def session_steps(device: Device, live: LiveSession, *, enable: bool) -> Iterator[Step]:
    """Ask an open session for everything that vpn-check needs of it. `enable`: there is an enable secret."""
    yield _platform_step(device, live)
    yield _level_step(live, enable=enable)
    yield _paging_step(live)
    for command in PLATFORMS[live.platform].reads():
        if not live.session.open:
            yield skipped(command.text, NOT_REACHED)
            continue
        yield _command_step(command, live.session.run(command), privileged=live.session.privileged)
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


def _level_step(live: LiveSession, *, enable: bool) -> Step:
    advice = "" if enable else ("If commands below are refused: set enable_secret_env or enable_secret_file of the "
                                "credential, or VPN_CHECK_ENABLE, or raise the account's level.")
    prompt = "the privileged prompt" if live.session.privileged else "the user prompt (>)"
    output = _asked(live, _LEVEL_COMMAND.get(live.platform, "show privilege"))
    if output is None:
        return skipped("privilege", NOT_REACHED)
    if output.problem in _LOST:
        return fail("privilege", f"no whole answer to `{output.command}` ({output.problem})", _LOST_ADVICE)
    named = _LEVEL.search(output.text) if output.problem is None else None
    if named is None:
        state = ok if live.session.privileged else warn
        return state("privilege", f"{prompt}; the device does not name the level", "" if state is ok else advice)
    level = int(named[1])
    if level >= _FULL:
        return ok("privilege", f"level {level}, {prompt}")
    return warn("privilege", f"level {level}, {prompt}", advice)


def _paging_step(live: LiveSession) -> Step:
    if not live.session.refused:
        return ok("paging", f"off, by `{'`, `'.join(PLATFORMS[live.platform].open_commands)}`")
    line, problem = next(iter(live.session.refused.items()))
    return warn("paging", f"`{line}` is refused ({problem}): pages are turned one by one, which takes longer",
                f"Permit `{line}` for this account.")


def _command_step(command: Command, output: CommandOutput, *, privileged: bool) -> Step:
    name, problem = command.text, output.problem
    if problem is None:
        count = len(output.text.strip().splitlines())
        return ok(name, f"allowed, {count} line{'' if count == 1 else 's'}")
    if problem in {Problem.UNSUPPORTED, Problem.UNPRIVILEGED} and not command.needed and privileged:
        return ok(name, "unsupported by this release; not needed")
    bad = fail if command.needed else warn
    if problem is Problem.NOT_AUTHORISED:
        return bad(name, "not authorised", "Permit it in the command authorisation (AAA, TACACS+) of this account.")
    if problem in {Problem.UNSUPPORTED, Problem.UNPRIVILEGED}:
        advice = ("The image may lack the crypto feature (show version), or the account's view hides the command."
                  if privileged else "It needs a higher privilege level: set an enable secret, or raise the account's.")
        return bad(name, f"{problem}: the device does not take the command", advice)
    if problem in _LOST:
        return fail(name, f"no whole answer ({problem})", _LOST_ADVICE)
    return bad(name, str(problem), "Ask it by hand and look at the answer.")
