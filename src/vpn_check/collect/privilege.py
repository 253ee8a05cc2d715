"""`enable`: the secret is given once, to the question for it; a level that stays low says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.collect.first_prompt import question
from vpn_check.collect.stream import StreamClosedError, StreamSilentError
from vpn_check.errors import DeviceError, DeviceTimeout, PrivilegeError

if TYPE_CHECKING:
    from vpn_check.collect.limits import Limits
    from vpn_check.collect.line import CommandLine


def raise_privilege(line: CommandLine, command: str, secret: str, *, name: str, limits: Limits) -> None:
    """Raise the privilege level. After an error nothing more can be written.

    Raises:
        PrivilegeError: the secret was refused, or nobody can raise the level.
        DialogueError: something else is asked. Nothing was answered.
        DeviceTimeout: no answer.
    """
    error = _attempt(line, command, secret, name, limits)
    if error is not None:
        line.shut()
        raise error
    line.stream.take()
    line.privileged = True


def _attempt(line: CommandLine, command: str, secret: str, name: str, limits: Limits) -> DeviceError | None:
    asked = False
    try:
        line.send(command)
        line.stream.wait(lambda: line.asks_secret() or line.answered(command, limits.quiet),
                         idle=limits.enable, total=limits.enable)
        asked = line.asks_secret()
        if asked:
            line.send_secret(secret)
            line.stream.wait(lambda: line.asks_secret() or line.settled(limits.quiet),
                             idle=limits.enable, total=limits.enable)
    except StreamSilentError:
        return question(line.stream.text, name) or DeviceTimeout(
            f"{name}: no answer to `{command}` within {limits.enable:g} s.", code="enable-timeout",
            hint="The AAA server may be slow or down; raise --timeout.")
    except StreamClosedError:
        return _stays_low(line, name, asked=asked)
    if line.asks_secret() or not line.prompt.privileged(line.stream.tail):
        return _stays_low(line, name, asked=asked)
    return None


def _stays_low(line: CommandLine, name: str, *, asked: bool) -> PrivilegeError:
    if asked:
        return PrivilegeError(
            f"{name}: the enable secret was refused; one attempt was made.", code="enable-refused",
            hint="Correct enable_secret_env or enable_secret_file of the credential, or VPN_CHECK_ENABLE.")
    said = [text.strip() for text in line.prompt.cut(line.stream.text).splitlines()[1:] if text.strip()]
    why = f" (`{said[-1][:80]}`)" if said else ""
    return PrivilegeError(f"{name}: the device does not raise the privilege and asked for no secret{why}.",
                          code="enable-not-possible",
                          hint="Configure an enable secret there, or use an account of privilege level 15.")
