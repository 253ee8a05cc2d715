"""One wrong password must not be tried on a whole fleet: that locks accounts."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Condition
from typing import TYPE_CHECKING

from vpn_check.errors import AuthenticationFailed, DeviceError

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

_OURS = {"key-file", "no-credentials", "log-in-method", "not-tried"}
"""Failures of a log-in that are no refusal: nothing was given that could be wrong."""


class LockOut:
    """Counts refusals in a row for each credential, over all devices, and stops after `limit` of them.

    An enable secret is a credential of its own: AAA counts its refusals, too.

    Until a credential was accepted once, no more than `limit` log-ins with it are on their way at the same time:
    the others wait for the first answers.
    """

    def __init__(self, limit: int = 3) -> None:
        self._limit = limit
        self._changed = Condition()
        self._refused: dict[Hashable, int] = {}
        self._trying: dict[Hashable, int] = {}
        self._proved: set[Hashable] = set()

    @contextmanager
    def attempt(self, name: str, credential: Hashable, *,
                error: type[DeviceError] = AuthenticationFailed) -> Iterator[None]:
        """Surround one log-in, or one use of an enable secret.

        Raises:
            DeviceError: the credential was refused too often and was not tried; of the class that `error` says.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._may_try(credential))
            if self._refused.get(credential, 0) >= self._limit:
                raise error(
                    f"{name}: not tried, because {self._limit} devices in a row refused the same credential.",
                    code="not-tried",
                    hint="Correct the credential first; trying it everywhere could lock the account.")
            self._trying[credential] = self._trying.get(credential, 0) + 1
        refused, accepted = False, False
        try:
            yield
            accepted = True
        except DeviceError as exc:
            refused = self.is_refusal(exc)
            raise
        finally:
            self._settle(credential, refused=refused, accepted=accepted)

    @staticmethod
    def is_refusal(error: DeviceError) -> bool:
        """Whether a device refused what it was given. What was not tried, or could not be, is no refusal."""
        return (isinstance(error, AuthenticationFailed) and error.code not in _OURS) or error.code == "enable-refused"

    def _may_try(self, credential: Hashable) -> bool:
        refused = self._refused.get(credential, 0)
        if credential in self._proved or refused >= self._limit:
            return True
        return self._trying.get(credential, 0) + refused < self._limit

    def _settle(self, credential: Hashable, *, refused: bool, accepted: bool) -> None:
        with self._changed:
            self._trying[credential] -= 1
            if refused:
                self._refused[credential] = self._refused.get(credential, 0) + 1
            elif accepted:
                self._proved.add(credential)
                self._refused[credential] = 0
            self._changed.notify_all()
