"""What a device says of its own debugs, its load and where its messages go."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DebugList:
    """The debugs that are on, each as its own line says it. `unread`: lines that could mean a further one."""

    on: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DebugConditions:
    """What restricts the crypto debugs: peers (addresses or networks, as printed), and other filters.

    `understood` False: the answer is none that vpn-check knows.
    """

    peers: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    understood: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CpuLoad:
    """Load in per cent, averaged over five seconds and over one minute."""

    five_seconds: int
    one_minute: int

    @property
    def worst(self) -> int:
        """The higher of the two."""
        return max(self.five_seconds, self.one_minute)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLevels:
    """Where messages go, and down to which level: the level's word, `disabled`, or None where it was not said.

    `syslog` is the switch above all of them. `debug_trace` is the ASA's: debugs go to the log instead of the session.
    """

    syslog: str | None = None
    console: str | None = None
    monitor: str | None = None
    buffer: str | None = None
    debug_trace: str | None = None
