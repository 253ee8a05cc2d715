"""Read `known_hosts` files, as OpenSSH writes them, once."""

from __future__ import annotations

import base64
import binascii
import fnmatch
import hashlib
import hmac
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HostKey:
    """A public host key: its type and its blob."""

    kind: str
    blob: bytes

    @property
    def fingerprint(self) -> str:
        """As `ssh-keygen -l` prints it."""
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.blob).digest()).decode().rstrip("=")

    @property
    def line(self) -> str:
        """Type and blob as they stand in a known_hosts line."""
        return f"{self.kind} {base64.b64encode(self.blob).decode()}"


@dataclass(frozen=True, slots=True)
class _Pattern:
    names: tuple[str, ...]
    key: HostKey
    revoked: bool


class KnownHosts:
    """The entries of one file. Plain names are found by a look-up, hashed names and patterns by a walk."""

    def __init__(self, text: str) -> None:
        self._plain: dict[str, list[HostKey]] = {}
        self._hashed: list[tuple[bytes, bytes, HostKey]] = []
        self._patterns: list[_Pattern] = []
        self.notes: list[str] = []
        for number, line in enumerate(text.splitlines(), 1):
            self._read(number, line.strip())

    def _read(self, number: int, line: str) -> None:
        if not line or line.startswith("#"):
            return
        fields = line.split()
        marker = fields.pop(0) if fields[0].startswith("@") else ""
        if marker == "@cert-authority":
            self.notes.append(f"line {number}: @cert-authority is not supported and was skipped")
            return
        try:
            names, kind, blob = fields[0].split(","), fields[1], base64.b64decode(fields[2], validate=True)
        except (IndexError, binascii.Error):
            self.notes.append(f"line {number}: not a host key, skipped")
            return
        key = HostKey(kind, blob)
        if marker == "@revoked" or any(set(name) & set("*?!") for name in names):
            self._patterns.append(_Pattern(tuple(names), key, marker == "@revoked"))
            return
        for name in names:
            self._add(number, name, key)

    def _add(self, number: int, name: str, key: HostKey) -> None:
        if not name.startswith("|1|"):
            self._plain.setdefault(name.lower(), []).append(key)
            return
        try:
            salt, digest = (base64.b64decode(part, validate=True) for part in name[3:].split("|"))
        except (ValueError, binascii.Error):
            self.notes.append(f"line {number}: a hashed name that cannot be read, skipped")
            return
        self._hashed.append((salt, digest, key))

    def keys(self, name: str) -> tuple[HostKey, ...]:
        """The keys of a host, named `host` or `[host]:port`."""
        name = name.lower()
        found = list(self._plain.get(name, ()))
        for salt, digest, key in self._hashed:
            if hmac.compare_digest(hmac.new(salt, name.encode(), hashlib.sha1).digest(), digest):
                found.append(key)
        found += [entry.key for entry in self._patterns if not entry.revoked and _matches(entry.names, name)]
        return tuple(found)

    def revoked(self, name: str, key: HostKey) -> bool:
        """Whether a key is marked `@revoked` for a host."""
        return any(entry.revoked and entry.key == key and _matches(entry.names, name.lower())
                   for entry in self._patterns)


def _matches(patterns: tuple[str, ...], name: str) -> bool:
    hits = [p for p in patterns if fnmatch.fnmatchcase(name, _literal_brackets(p.lstrip("!").lower()))]
    return bool(hits) and not any(p.startswith("!") for p in hits)


def _literal_brackets(pattern: str) -> str:
    return pattern.replace("[", "[[]")


def host_name(host: str, port: int) -> str:
    """The name under which known_hosts lists a host: with its port where that is not 22."""
    return host if port == 22 else f"[{host}]:{port}"  # noqa: PLR2004  SSH's own port
