"""The log-in of telnet: user name and password, each given once and only to the question for it.

IOS asks `Username:` and `Password:` (a VTY line with a line password: `Password:` alone), PIX and ASA without AAA
`Password:` alone. A question that comes again means that the answer was refused; it is not answered a second time.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

from vpn_check.collect.screen import dialogue, lines_in_use, login_prompt, no_shell
from vpn_check.collect.stream import Channel, Stream, StreamClosedError, StreamSilentError
from vpn_check.errors import (
    AuthenticationFailed,
    DeviceError,
    DeviceTimeout,
    DialogueError,
    PrivilegeError,
    SessionClosed,
    Unreachable,
)

if TYPE_CHECKING:
    from vpn_check.collect.transport import Peer


class _Question(Enum):
    USERNAME = auto()
    PASSWORD = auto()


_QUESTIONS = (
    (_Question.USERNAME, re.compile(r"(?:^|\n)[^\n:]{0,40}\b(?:user ?name|login|user) ?: ?\Z", re.IGNORECASE)),
    (_Question.PASSWORD, re.compile(
        r"(?:^|\n)(?![^\n]*\b(?:new|old|expired|enable)\b)[^\n:]{0,60}\bpass(?:word|wd) ?: ?\Z", re.IGNORECASE)),
)
_REFUSED = re.compile(
    r"^[ \t]*%? ?(?:(?:Error: )?(?:Authentication failed|Access denied)|"
    r"(?:Login|Password) (?:invalid|incorrect|failed)|(?:Invalid|Bad) (?:login|passwords?|secrets)|"
    r"Error in authentication|Permission denied)", re.IGNORECASE | re.MULTILINE)
_NO_PASSWORD_SET = re.compile(r"password required, but none set", re.IGNORECASE)

_UNASKED = 1.0   # seconds after which a prompt is believed that no log-in came before: a banner may look like one
_SEE_WHO = "See who is logged in (show users, who), and try again."


class TelnetText(Channel, Protocol):
    """What the log-in needs of a telnet channel."""

    def unread(self, text: str) -> None:
        """Give text back: the next `recv` returns it."""
        ...


def log_in(channel: TelnetText, peer: Peer) -> None:
    """Log in. What the device shows behind the accepted log-in is left on the channel.

    Raises:
        Unreachable: the device is silent or hangs up before it asks for a log-in, or speaks something else.
        AuthenticationFailed: refused, or stopped because other devices refused the same credential.
        PrivilegeError: accepted, but the account may not open a command line.
        DialogueError: something else is asked. Nothing was answered.
        DeviceTimeout: no answer.
        SessionClosed: the device hung up during the log-in.
    """
    dialogue_of = _LogIn(channel, peer)
    if dialogue_of.await_question() is not None:
        with peer.lock_out.attempt(peer.name, peer.credentials):
            dialogue_of.answer()
    channel.unread(dialogue_of.stream.raw)


class _LogIn:
    def __init__(self, channel: TelnetText, peer: Peer) -> None:
        self.stream = Stream(channel, lambda: None)   # a page end is left to the session
        self._peer = peer
        self._name = peer.name
        self._limits = peer.limits
        self._given: list[_Question] = []

    def await_question(self) -> _Question | None:
        """Wait for the first question; None where the line lets everybody in.

        Raises:
            DeviceError: there is none.
        """
        limit = self._limits.banner
        try:
            self.stream.wait(self._arrived, idle=limit, total=limit + self._limits.login)
        except StreamSilentError:
            self._refuse_ssh()
            what = "no log-in question came" if self.stream.text.strip() else "nothing came"
            raise Unreachable(f"{self._name}: connected, but {what} within {limit:g} s.",
                              code="no-banner",
                              hint="Check that the port is telnet, and whether all VTY lines are in use.",
                              again=1) from None
        except StreamClosedError as exc:
            self._refuse_ssh()
            raise self._hung_up(reset=isinstance(exc.__cause__, ConnectionResetError)) from None
        self._refuse_ssh()
        question = self._question()
        if question is not None and self._peer.credentials.password is None:
            raise AuthenticationFailed(
                f"{self._name}: there is no password, and telnet takes no key.",
                code="no-credentials",
                hint="Set VPN_CHECK_PASSWORD, or `password_env` or `password_file` of a credential in the inventory.")
        return question

    def answer(self) -> None:
        """Answer questions until a prompt or something else comes. Raises DeviceError."""
        while (question := self._question()) is not None:
            if question in self._given:
                raise self._refused()
            if _Question.PASSWORD in self._given:
                if _REFUSED.search(self.stream.text):
                    raise self._refused()
                raise DialogueError(f"{self._name}: the device asks for another log-in behind the password.",
                                    code="second-log-in",
                                    hint="Use an account with a single log-in, or SSH.")
            self._give(question)
        text = self.stream.text
        if login_prompt(text) is None and dialogue(text) is None and _REFUSED.search(text):
            raise self._refused()

    def _give(self, question: _Question) -> None:
        credentials, limit = self._peer.credentials, self._limits.authenticate
        self._given.append(question)
        self.stream.take()
        answer = credentials.username if question is _Question.USERNAME else credentials.password or ""
        try:
            self.stream.write(f"{answer}\n".encode(), limit)
            self.stream.wait(self._arrived, idle=limit, total=limit + self._limits.login)
        except StreamSilentError:
            raise DeviceTimeout(f"{self._name}: the log-in was not answered within {limit:g} s.",
                                code="log-in-timeout",
                                hint="The AAA server may be slow or down; raise --timeout.") from None
        except StreamClosedError:
            raise self._hung_up() from None

    def _arrived(self) -> bool:
        """Whether the device has come to a question, a prompt or a refusal: a short silence behind it says so."""
        text = self.stream.text
        if login_prompt(text):   # behind an answer, the session looks at it more closely
            return bool(self._given) or self.stream.quiet(_UNASKED)
        if text.startswith("SSH-"):
            return True
        there = self._question() is not None or dialogue(text) is not None
        there = there or (bool(self._given) and _REFUSED.search(text) is not None)
        return there and self.stream.quiet(self._limits.quiet)

    def _question(self) -> _Question | None:
        return next((question for question, pattern in _QUESTIONS if pattern.search(self.stream.text)), None)

    def _refused(self) -> DeviceError:
        return AuthenticationFailed(f"{self._name}: the device refused the log-in.",
                                    code="log-in-refused",
                                    hint="Check username and credential; no second attempt was made, so as not to lock "
                                         "the account.")

    def _refuse_ssh(self) -> None:
        if self.stream.text.startswith("SSH-"):
            raise Unreachable(f"{self._name}: what answers there is SSH, not telnet.",
                              code="not-telnet",
                              hint="Remove `transport: telnet` in the inventory, or check the port.") from None

    def _hung_up(self, *, reset: bool = False) -> DeviceError:
        text = self.stream.text
        busy = lines_in_use(text)
        if _Question.PASSWORD in self._given:
            return self._hung_up_behind_password(text, busy)
        if _NO_PASSWORD_SET.search(text):
            return AuthenticationFailed(f"{self._name}: the VTY lines ask for a password and have none set.",
                                        code="no-line-password",
                                        hint="Configure `login local` or AAA for the VTY lines, better with SSH.")
        if busy is not None:
            return Unreachable(f"{self._name}: the device has no free line (`{busy}`).", code="no-free-line",
                               hint=_SEE_WHO, again=2)
        if self._given:
            return SessionClosed(f"{self._name}: the device closed the connection when it had the user name.",
                                 code="closed-in-log-in", hint="Its log says why: login block, AAA.")
        how = "reset" if reset else "closed"
        return Unreachable(f"{self._name}: the device {how} the connection before it asked for a log-in.",
                           code="closed-early",
                           hint="All VTY lines may be in use, or an access list refuses this host.", again=2)

    def _hung_up_behind_password(self, text: str, busy: str | None) -> DeviceError:
        if _REFUSED.search(text):
            return self._refused()
        if no_shell(text):
            return PrivilegeError(f"{self._name}: logged in, but the account may not open a command line.",
                                  code="no-exec",
                                  hint="Allow it on the AAA server (service shell; `aaa authorization exec`).")
        if busy is not None:
            return SessionClosed(f"{self._name}: logged in, but the device has no free line (`{busy}`).",
                                 code="no-free-line",
                                 hint=_SEE_WHO, again=1)
        return SessionClosed(f"{self._name}: the device closed the connection when it had the password.",
                             code="closed-in-log-in",
                             hint="It may have refused it, or have no free line; no second attempt was made. Its log "
                                  "says which.")
