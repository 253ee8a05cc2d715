"""What a terminal shows, as text: prompts, page ends, syslog lines, escapes. Pure functions over strings."""

from __future__ import annotations

import re
from dataclasses import dataclass

TAIL = 512
"""Characters at the end of a stream that are looked at while it flows."""

PROMPT_NAME = r"[A-Za-z0-9][\w.\-/@:+]*"
_MODE = r"(?:\([^()\r\n]{1,60}\))?[>#] ?"
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-Za-z]|[@-Z\\-_=>78])")
_PAGE_END = re.compile(r"(?<![^\r\n])(?: ?--More-- ?|<--- More --->)(?:\x08+(?: +\x08+)?|\r +\r)?")
_AT_PAGE_END = re.compile(r"(?:^|[\r\n])(?: ?--More-- ?|<--- More --->)\s*\Z")
_RUBOUT = re.compile(r"[^\x08\n]\x08")
_SYSLOG = re.compile(
    r"^(?:<\d+>)?(?:\d{1,10}: )?(?:[\w.\-]+: )?"
    r"(?:[*.]?[A-Z][a-z]{2} +\d{1,2} (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d+)?(?: [A-Z]{2,5})? ?: ?)?"
    r"%[A-Z][A-Z0-9_]*(?:-[A-Z0-9_]+)*-[0-7]-[A-Z0-9_]+: [^\n]*(?:\n|\Z)", re.MULTILINE)

DIALOGUES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"new password|password.{0,40}(?:expired|must be changed|change)|re-?(?:enter|type).{0,20}password",
                re.IGNORECASE),
     "for a new password"),
    (re.compile(r"passcode|token ?code|verification code|one-time|\botp\b|second factor|\bresponse: ?$", re.IGNORECASE),
     "for a second factor"),
    (re.compile(r"press (?:return|enter|any key)", re.IGNORECASE), "for a key to be pressed"),
    (re.compile(r"(?:user ?name|login|password|passphrase) ?: ?$", re.IGNORECASE), "for another log-in"),
    (re.compile(r"[\[(](?:yes/no|y/n|confirm)[^\])]{0,10}[\])]", re.IGNORECASE), "for a confirmation"),
)
"""Questions after log-in that are not answered: pattern of the line, and what it asks for."""

_LINES_IN_USE = re.compile(
    r"^[^\n]*(?:refused by remote host|(?:all|no|no free|no more|every) [^\n]{0,20}\b(?:lines?|vtys?)\b[^\n]{0,30}"
    r"\b(?:busy|in use|available|free|occupied)|(?:too many|maximum (?:number of )?)[^\n]{0,20}"
    r"(?:connections?|sessions?|users|logins?))[^\n]*", re.IGNORECASE | re.MULTILINE)
_NO_SHELL = re.compile(r"^[ \t]*%? ?Authorization failed", re.IGNORECASE | re.MULTILINE)
_GREETING = re.compile(
    r"^(?:User \S+ logged in to .*|Logins over the last .*|(?:Last|Failed) logins?\b.*|Type help or '\?' for .*)$",
    re.MULTILINE)
_LOGIN_PROMPT = re.compile(rf"(?:^|\n)(?P<name>{PROMPT_NAME})(?P<mode>\([^()\n]{{1,60}}\))?(?P<end>[>#]) ?\Z")


_MODE_ALONE = re.compile(_MODE)


@dataclass(frozen=True, slots=True)
class Prompt:
    """The prompt of a session: the name is literal, the mode behind it may change.

    No expression is compiled for a name or a command: that would cost more than all the searching of a session.
    """

    name: str

    def _is_alone(self, line: str) -> bool:
        return line.startswith(self.name) and _MODE_ALONE.fullmatch(line, len(self.name)) is not None

    def ends(self, text: str) -> bool:
        """Whether this prompt is the very last thing that a cleaned text shows, syslog lines behind it aside."""
        text = without_trailing_syslog(text)
        return self._is_alone(text[text.rfind("\n") + 1:])

    def privileged(self, text: str) -> bool:
        """Whether the prompt at the end of a cleaned text is the privileged one."""
        return without_trailing_syslog(text).rstrip().endswith("#")

    def cut(self, text: str) -> str:
        """The text without the prompt at its end."""
        text = without_trailing_syslog(text)
        start = text.rfind("\n") + 1
        return text[:start] if self._is_alone(text[start:]) else text

    def echo(self, command: str, text: str, *, sure: bool = False) -> tuple[int, int] | None:
        """Where the device echoes a command: the whole line, as a span.

        The echo stands behind the prompt, or at the very beginning where the prompt was shown before. Where a log
        message came in between, it stands alone on its line; an output may hold such a line as well, so that this one
        is not `sure`, and is returned only where there is no better one.
        """
        lone: tuple[int, int] | None = None
        at = text.find(command)
        while at >= 0:
            start = text.rfind("\n", 0, at)
            behind = at + len(command)
            end = text.find("\n", behind)
            if not text[behind:None if end < 0 else end].strip(" \t"):
                span = max(start, 0), len(text) if end < 0 else end + 1
                before = text[start + 1:at]
                if self._is_alone(before) or (start < 0 and not before.strip(" ")):
                    return span
                lone = lone or (span if not before else None)
            at = text.find(command, at + 1)
        return None if sure else lone


def clean(text: str) -> str:
    """The text as the device meant it: no escapes, page ends, wipe characters or carriage returns."""
    if "\x1b" in text:
        text = _ANSI.sub("", text)
    if "More" in text:
        text = _PAGE_END.sub("", text)
    text = re.sub(r"\r+\n", "\n", text).replace("\r", "").replace("\x00", "")
    while "\x08" in text:
        shorter = _RUBOUT.sub("", text)
        text = shorter if shorter != text else text.replace("\x08", "")
    return text


def at_page_end(tail: str) -> bool:
    """Whether the device waits at the end of a page."""
    return "More" in tail and _AT_PAGE_END.search(_ANSI.sub("", tail)) is not None


def split_syslog(text: str) -> tuple[str, str]:
    """Separate the log messages that a terminal shows in the midst of an output: the output, and the messages."""
    if "%" not in text:
        return text, ""
    messages = "".join(found.group() for found in _SYSLOG.finditer(text))
    return (_SYSLOG.sub("", text), messages) if messages else (text, "")


def without_trailing_syslog(text: str) -> str:
    """The text without log messages that came behind the prompt."""
    stripped = text.rstrip("\n")
    start = stripped.rfind("\n") + 1
    if "%" not in stripped[start:] or not _SYSLOG.fullmatch(stripped[start:]):
        return text
    return without_trailing_syslog(stripped[:start]).rstrip("\n")


def login_prompt(text: str) -> re.Match[str] | None:
    """The prompt at the end of what a device has shown since the shell was opened, groups `name` and `end`."""
    return _LOGIN_PROMPT.search(text)


def is_bare(text: str) -> bool:
    """Whether nothing but the platform's own greeting stands before the prompt: no banner that could look like one."""
    found = login_prompt(text)
    return found is not None and not _GREETING.sub("", text[:found.start()]).strip()


def dialogue(text: str) -> tuple[str, str] | None:
    """The question with which a text ends: what it asks for, and its line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return None
    for pattern, wants in DIALOGUES:
        if pattern.search(lines[-1]):
            return wants, lines[-1][:80]
    return None


def lines_in_use(text: str) -> str | None:
    """The line with which a device that hangs up says that it has no room for another session."""
    found = _LINES_IN_USE.search(text)
    return found.group().strip()[:80] if found else None


def no_shell(text: str) -> bool:
    """Whether a device says that the account may log in, but not open a command line."""
    return _NO_SHELL.search(text) is not None
