"""The keys of an inventory, as tables: name -> how its value is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from vpn_check.inventory.spelling import nearest
from vpn_check.model.device import PlatformName, Transport
from vpn_check.model.maintenance import Windows

ANY_PEER = "*"
"""Stands in `Device.expected_up` for `expected: up`: every tunnel of the device."""

SECRETS = ("password", "passwd", "secret", "enable", "enable_secret", "enable_password", "passphrase")
"""Keys under which a secret might be written into the file. They are refused by name."""


def _text(_folder: Path, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a word (in quotes if it looks like a number or a yes/no)")
    return value


def _path(folder: Path, value: object) -> Path:
    return folder / Path(_text(folder, value)).expanduser()


def _path_text(folder: Path, value: object) -> str:
    return str(_path(folder, value))


def _flag(_folder: Path, value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")  # noqa: TRY004  the caller turns it into an error with file and line
    return value


def _port(_folder: Path, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 65536:  # noqa: PLR2004  TCP's ports
        raise ValueError("a number from 1 to 65535")
    return value


def _seconds(_folder: Path, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise ValueError("a number of seconds above 0")
    return float(value)


def _words(folder: Path, value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(_text(folder, item) for item in value)
    return (_text(folder, value),)


def _windows(folder: Path, value: object) -> tuple[str, ...]:
    words = _words(folder, value)
    try:
        Windows.parse(words)
    except ValueError as error:
        raise ValueError("a window of time", f"{error}.") from None
    return words


def _platform(_folder: Path, value: object) -> PlatformName:
    if value not in tuple(PlatformName):
        raise ValueError(f"one of {', '.join(PlatformName)}", nearest(str(value), PlatformName))
    return PlatformName(str(value))


def _transport(_folder: Path, value: object) -> Transport:
    if value not in tuple(Transport):
        raise ValueError(f"one of {', '.join(Transport)}", nearest(str(value), Transport))
    return Transport(str(value))


def _expected(_folder: Path, value: object) -> tuple[str, ...]:
    if value != "up":
        raise ValueError("the word up; for single peers use `expected_up`")
    return (ANY_PEER,)


Read = Callable[[Path, object], Any]

DEVICE_KEYS: Mapping[str, Read] = MappingProxyType({
    "host": _text, "port": _port, "platform": _platform, "groups": _words, "tags": _words, "legacy": _flag,
    "transport": _transport,
    "jump": _words, "username": _text, "key_file": _path_text, "credential": _text, "known_hosts": _path_text,
    "timeout": _seconds, "site": _text, "maintenance": _windows, "expected": _expected, "expected_up": _words,
})
CREDENTIAL_KEYS: Mapping[str, Read] = MappingProxyType({
    "username": _text, "password_env": _text, "password_file": _path, "enable_secret_env": _text,
    "enable_secret_file": _path, "keyring": _text, "key_file": _path, "passphrase_env": _text, "agent": _flag,
})
SECTIONS = ("defaults", "groups", "credentials", "devices")
"""The sections of the file."""

KNOWN_KEYS = frozenset({*SECTIONS, *DEVICE_KEYS, *CREDENTIAL_KEYS})
"""Every key that an inventory may have."""
