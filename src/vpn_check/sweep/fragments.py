"""Pings that may be fragmented, for platforms that cannot set the DF bit (ASA, PIX). They measure no MTU.

They tell one thing: whether large packets get through at all. Asked like a `Search`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vpn_check.model.sweep import Measured, Outcome, Probe, Reason, Reply, Result

if TYPE_CHECKING:
    from collections.abc import Sequence

SMALL = 100
FEW, MANY = 2, 5
_STOPS = {Outcome.UNREACHABLE: Reason.UNREACHABLE, Outcome.UNCLEAR: Reason.UNCLEAR, Outcome.SILENT: Reason.NO_ANSWER,
          Outcome.TOO_BIG: Reason.UNCLEAR}  # fmt: skip


class Fragmentable:
    """A small packet, then a large one; the large one again, and more of it, where it met silence."""

    def __init__(self, *, large: int) -> None:
        self._large = large
        self._plan = [Probe(sizes=(SMALL,), repeat=FEW), Probe(sizes=(large,), repeat=FEW),
                      Probe(sizes=(large,), repeat=MANY)]  # fmt: skip
        self._replies: list[Reply] = []
        self._probes = self._packets = 0
        self._reason: Reason | None = None
        self._detail: str | None = None

    def next(self) -> Probe | None:
        """The next probe; None when nothing more is to be asked."""
        through = len(self._replies) > 1 and self._replies[-1].outcome is Outcome.PASSED
        if self._reason is not None or through or not self._plan:
            return None
        probe = self._plan.pop(0)
        self._probes += 1
        self._packets += probe.packets
        return probe

    def feed(self, replies: Sequence[Reply]) -> None:
        """Take in what the last probe brought."""
        self._replies += replies
        if self._replies and self._replies[0].outcome is not Outcome.PASSED:
            self._reason = self._reason or _STOPS[self._replies[0].outcome]

    def stop(self, reason: Reason, detail: str | None = None) -> None:
        """End it: the probe could not be sent, or its answer could not be read."""
        self._reason = self._reason or reason
        self._detail = detail

    def result(self, *, target: str, source: str | None = None) -> Measured:
        """What is known: never a number."""
        reason, detail = self._reason, self._detail
        if reason is None:
            reason = Reason.NEVER_DF
            if len(self._replies) > 1 and self._replies[-1].outcome is Outcome.PASSED:
                detail = f"; {self._large} bytes pass, in fragments where they must"
            elif len(self._replies) > 1:
                detail = (f"; {SMALL} bytes pass and {self._large} do not, although they may be fragmented: fragments "
                          "are lost, or large pings are filtered")  # fmt: skip
        return Measured(target=target, source=source, result=Result.CANNOT_TELL, reason=reason, detail=detail,
                        replies=tuple(self._replies), probes=self._probes, packets=self._packets)  # fmt: skip
