"""What the polls of a tunnel add up to over a span: one poll, an hour, a day."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Polls of one tunnel over a span, and the packets that passed in it.

    A poll counts as healthy, warning or critical by what was seen, and as unknown where the device did not answer or
    not about this tunnel: missing data is not health. `counted`: polls whose counters could be compared with those
    before; the packets are the growth in these, resets not taken for negative growth. `rekeys`: SAs that were replaced,
    `resets`: times that the counters began anew. `cause` is the code of the worst poll, empty where all were healthy.
    """

    healthy: int = 0
    warning: int = 0
    critical: int = 0
    unknown: int = 0
    counted: int = 0
    encaps: int = 0
    decaps: int = 0
    send_errors: int = 0
    recv_errors: int = 0
    rekeys: int = 0
    resets: int = 0
    cause: str = ""

    @property
    def polls(self) -> int:
        """How many polls there were."""
        return self.healthy + self.warning + self.critical + self.unknown

    @property
    def rank(self) -> int:
        """How bad the worst poll was: 3 critical, 2 unknown, 1 warning, 0 healthy or none."""
        return 3 if self.critical else 2 if self.unknown else 1 if self.warning else 0

    def __add__(self, other: Tally) -> Tally:
        worse = other if other.rank > self.rank else self
        return Tally(
            healthy=self.healthy + other.healthy,
            warning=self.warning + other.warning,
            critical=self.critical + other.critical,
            unknown=self.unknown + other.unknown,
            counted=self.counted + other.counted,
            encaps=self.encaps + other.encaps,
            decaps=self.decaps + other.decaps,
            send_errors=self.send_errors + other.send_errors,
            recv_errors=self.recv_errors + other.recv_errors,
            rekeys=self.rekeys + other.rekeys,
            resets=self.resets + other.resets,
            cause=worse.cause,
        )
