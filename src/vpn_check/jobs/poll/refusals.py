"""The lock-out rule over many polls: a refused credential is not tried every minute until the account is locked.

A device that refused a credential is asked with the same one an hour later at the earliest, then after two, four, up to
24 hours. Where several devices refused it, the whole fleet waits, and then one device tries it for all; where that is
refused too, the fleet waits twice as long, for it may be one account. A changed credential is tried at once. Where a
credential is accepted, the fleet no longer waits; a device that refused it nevertheless is spared as before.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from vpn_check.collect.lockout import LockOut
from vpn_check.errors import AuthenticationFailed, DeviceError
from vpn_check.jobs.poll.fingerprint import digest
from vpn_check.model.device import Credentials
from vpn_check.model.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator
    from datetime import datetime

_FIRST = timedelta(hours=1)
_LONGEST = timedelta(hours=24)
_ACCEPTED = ""
"""In place of a device's name: the refusals of a credential up to then are their devices' own, it worked elsewhere."""


class LastingLockOut(LockOut):
    """A lock-out of one cycle of polls that knows of the refusals of earlier cycles.

    Args:
        refusals: what earlier cycles left.
        key: of the digests by which credentials are recognised.
        clock: the time, aware.
        limit: devices in a row that may refuse a credential before it is used nowhere.
    """

    def __init__(self, refusals: Iterable[Refusal], *, key: bytes, clock: Callable[[], datetime],
                 limit: int = 3) -> None:
        super().__init__(limit)
        self._held = {(refusal.print, refusal.device): refusal for refusal in refusals}
        self._key = key
        self._clock = clock
        self.changed = False

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """What is to be remembered, as it is now."""
        with self._changed:
            return tuple(self._held.values())

    @contextmanager
    def attempt(self, name: str, credential: Hashable, *,
                error: type[DeviceError] = AuthenticationFailed) -> Iterator[None]:
        """Surround one log-in, or one use of an enable secret.

        Raises:
            DeviceError: the credential was refused here or elsewhere and was not tried; of the class that `error` says.
        """
        mark = self._mark(credential)
        self._seed(name, credential, mark, error)
        try:
            with super().attempt(name, credential, error=error):
                yield
        except DeviceError as exc:
            if self.is_refusal(exc):
                self._refused_here(name, credential, mark)
            raise
        self._accepted(name, credential, mark)

    def _seed(self, name: str, credential: Hashable, mark: str, error: type[DeviceError]) -> None:
        now = self._clock()
        with self._changed:
            own = self._held.get((mark, name))
            if own is not None and own.next_try is not None and _ahead(own.next_try, now):
                raise self._not_tried(name, f"this device refused the credential at {own.at:%Y-%m-%d %H:%M} UTC",
                                      own.next_try, error)
            others = self._unexcused(mark)
            if credential in self._proved or len(others) < self._limit:
                return
            times = sum(refusal.count for refusal in others) - self._limit + 1
            soonest = max(refusal.at for refusal in others) + _pause(times)
            if _ahead(soonest, now):
                raise self._not_tried(name, f"{len(others)} devices refused the same credential", soonest, error)
            self._refused.setdefault(credential, self._limit - 1)   # one device tries for all

    def _unexcused(self, mark: str) -> list[Refusal]:
        """The refusals of a credential since it was last seen to work anywhere."""
        worked = self._held.get((mark, _ACCEPTED))
        return [refusal for (held, device), refusal in self._held.items()
                if held == mark and device != _ACCEPTED and (worked is None or refusal.at > worked.at)]

    @staticmethod
    def _not_tried(name: str, why: str, again: datetime, error: type[DeviceError]) -> DeviceError:
        return error(f"{name}: not tried, because {why}; the next try is at {again:%Y-%m-%d %H:%M} UTC.",
                     code="not-tried", hint="Correct the credential: a changed one is tried at the next poll.")

    def _refused_here(self, name: str, credential: Hashable, mark: str) -> None:
        now = self._clock()
        with self._changed:
            before = self._held.get((mark, name))
            count = before.count + 1 if before is not None else 1
            self._held[mark, name] = Refusal(print=mark, device=name, count=count, at=now,
                                             next_try=now + _pause(count))
            if credential in self._proved:
                self._works(mark, now)
            self.changed = True

    def _accepted(self, name: str, credential: Hashable, mark: str) -> None:
        """An account that works somewhere is not locked: the fleet no longer waits for the sake of others."""
        with self._changed:
            self._proved.add(credential)
            self.changed |= self._held.pop((mark, name), None) is not None
            if not any(held == mark and device != _ACCEPTED for held, device in self._held):
                self._held.pop((mark, _ACCEPTED), None)
            elif self._unexcused(mark):
                self._works(mark, self._clock())
                self.changed = True

    def _works(self, mark: str, now: datetime) -> None:
        self._held[mark, _ACCEPTED] = Refusal(print=mark, device=_ACCEPTED, count=0, at=now, next_try=None)

    def _mark(self, credential: Hashable) -> str:
        if isinstance(credential, Credentials):
            parts = ("log-in", credential.username, *credential.secrets(), credential.key_file or "")
        elif isinstance(credential, tuple):
            parts = tuple(str(part) for part in credential)
        else:
            parts = (str(credential),)
        return digest(self._key, "\0".join(parts))


def _pause(times: int) -> timedelta:
    return min(_FIRST * (1 << min(times - 1, 10)), _LONGEST)


def _ahead(soonest: datetime, now: datetime) -> bool:
    """Whether it is too early; a time further off than any pause was set by a clock that has been put back since."""
    return now < soonest <= now + _LONGEST
