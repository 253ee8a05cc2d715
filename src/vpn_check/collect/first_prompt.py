"""From the opened shell to the first prompt: nothing is sent before it is seen, and nothing to a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.collect.screen import dialogue, lines_in_use, login_prompt, no_shell
from vpn_check.collect.stream import StreamClosedError, StreamSilentError
from vpn_check.errors import DeviceError, DeviceTimeout, DialogueError, PrivilegeError, SessionClosed

if TYPE_CHECKING:
    from vpn_check.collect.limits import Limits
    from vpn_check.collect.line import CommandLine


def await_prompt(line: CommandLine, *, name: str, limits: Limits) -> None:
    """Wait for the prompt and learn it. After an error nothing more can be written.

    Raises:
        DialogueError: the device asks something.
        DeviceTimeout: no prompt in time.
        SessionClosed: the device ended the session.
        PrivilegeError: the account may not open a command line.
    """
    error: DeviceError | None = None
    try:
        line.stream.wait(lambda: line.greeted(limits.quiet), idle=limits.login, total=limits.login)
    except StreamSilentError:
        error = DeviceTimeout(f"{name}: logged in, but no prompt came within {limits.login:g} s.", code="no-prompt",
                              hint="Log in by hand to see what the device shows, or raise --timeout.")
    except StreamClosedError:
        error = _ended(line.stream.text, name)
    text = line.stream.text
    found = login_prompt(text)
    error = (question(text, name) if found is None else None) or error
    if error is not None:
        line.shut()
        raise error
    line.stream.take()
    if found is not None:
        line.learn(found["name"], privileged=found["end"] == "#")


def question(text: str, name: str) -> DialogueError | None:
    """The error for a text that ends in a question which is not answered; None where it ends in none."""
    found = dialogue(text)
    return DialogueError(f"{name}: the device asks {found[0]} (`{found[1]}`); nothing was sent.", code="question",
                         hint="Log in by hand once and settle it, then try again.") if found else None


def _ended(text: str, name: str) -> DeviceError:
    if no_shell(text):
        return PrivilegeError(f"{name}: logged in, but the account may not open a command line.", code="no-exec",
                              hint="Allow it on the AAA server (service shell; `aaa authorization exec`).")
    said = lines_in_use(text)
    why = f" (`{said}`)" if said else ""
    return SessionClosed(f"{name}: the device ended the session before it showed a prompt{why}.",
                         code="closed-before-prompt",
                         hint="Look for free VTY lines (show users), exec authorisation and the device's log.",
                         again=1)   # the password is right, a line may be free in a moment
