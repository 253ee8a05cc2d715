"""How long each step may take, in seconds. A step that passes its limit fails with an error that names the step."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Deadlines of one session.

    `idle` is the time without a single byte after which a command is given up, `total` the time that one command may
    take however steadily it flows. `quiet` is the short silence that confirms a prompt where nothing better does.
    `device` is the time that a device may take in all, its second session included. `attempts` is how often it is
    called at most where an error says that this may help; each attempt has the time for connecting and banner anew.
    """

    connect: float = 10.0
    banner: float = 10.0
    negotiate: float = 15.0
    authenticate: float = 20.0
    login: float = 15.0
    enable: float = 10.0
    idle: float = 15.0
    total: float = 300.0
    quiet: float = 0.05
    device: float = 600.0
    attempts: int = 3

    @staticmethod
    def of(timeout: float | None) -> Limits:
        """Limits for a `timeout` of the inventory or of `--timeout`: it bounds every step; None keeps the defaults."""
        if timeout is None:
            return Limits()
        return Limits(
            connect=timeout, banner=timeout, negotiate=timeout, authenticate=timeout,
            login=timeout, enable=timeout, idle=timeout, total=max(timeout, Limits().total),
        )

    def within(self, seconds: float) -> Limits:
        """The same limits where no more than so many seconds are left for the device."""
        left = max(seconds, 0.05)
        return replace(self, device=left, **{name: min(getattr(self, name), left) for name in _STEPS})


_STEPS = ("connect", "banner", "negotiate", "authenticate", "login", "enable", "idle", "total")
