"""Bastions as Ansible is told of them: `-J`, `-o ProxyJump=`, and `-o ProxyCommand="ssh -W %h:%p bastion"`."""

from __future__ import annotations

import getopt
import re
import shlex

_OPTIONS = "46AaCfGgKkMNnqsTtVvXxYyB:b:c:D:E:e:F:I:i:J:L:l:m:O:o:P:p:Q:R:S:W:w:"
_FORWARD = {"%h:%p", "[%h]:%p"}
_LOST = {"-i", "-F", "proxyjump", "proxycommand", "identityfile", "hostname", "user", "port"}
"""Options and settings of a ProxyCommand without which another way, or another log-in, would be taken."""

_BASTION = re.compile(r"(?:[\w.@\\+-]+@)?(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")


def jump_of_arguments(arguments: str) -> tuple[str, ...]:
    """The bastions that arguments of `ssh` name, in the order they are passed; none where they name none.

    Raises:
        ValueError: there is a way through something else than bastions, or a setting that would be lost.
    """
    for option, value in _options(shlex.split(arguments))[0]:
        if option == "-J":
            return _listed(value)
        if option == "-o":
            name, given = _setting(value)
            if name == "proxyjump":
                return _listed(given)
            if name == "proxycommand":
                return jump_of_command(given)
    return ()


def jump_of_command(command: str) -> tuple[str, ...]:
    """The bastion of a ProxyCommand that is `ssh -W %h:%p bastion`. Raises ValueError where it is something else."""
    if command.strip().lower() == "none":
        return ()
    words = shlex.split(command)
    if not words or words[0].rsplit("/", 1)[-1] != "ssh":
        raise ValueError("is not `ssh -W %h:%p BASTION`")
    options, rest = _options(words[1:])
    given = dict(reversed(options))   # ssh takes the first of two
    lost = [option for option in given if option in _LOST]
    lost += [f"-o {name}" for option, value in options if option == "-o" and (name := _setting(value)[0]) in _LOST]
    if lost:
        raise ValueError(f"has {lost[0]}, which is not taken over")
    if given.get("-W") not in _FORWARD or len(rest) != 1:
        raise ValueError("is not `ssh -W %h:%p BASTION`")
    user = f"{given['-l']}@" if "-l" in given and "@" not in rest[0] else ""
    port = f":{given['-p']}" if "-p" in given else ""
    return (*_listed(given.get("-J", "")), _checked(f"{user}{rest[0]}{port}"))


def _options(words: list[str]) -> tuple[list[tuple[str, str]], list[str]]:
    try:
        return getopt.gnu_getopt(words, _OPTIONS)
    except getopt.GetoptError as exc:
        raise ValueError(f"has an option that ssh does not know ({exc.msg})") from None


def _setting(text: str) -> tuple[str, str]:
    name, _, value = text.replace("=", " ", 1).strip().partition(" ")
    return name.lower(), value.strip().strip('"')


def _listed(text: str) -> tuple[str, ...]:
    if text.strip().lower() in {"none", ""}:
        return ()
    return tuple(_checked(part.strip()) for part in text.split(","))


def _checked(bastion: str) -> str:
    bastion = bastion.removeprefix("ssh://")
    if not _BASTION.fullmatch(bastion):
        raise ValueError("names a bastion that is not [user@]host[:port]")
    return bastion
