"""A month of one device with twenty tunnels, a poll each five minutes: exactly what was scripted is raised and cleared.

Besides the outages there are rekeys each hour, quiet nights and weekends, tunnels on demand that an ASA takes out of
its table, tunnels that are always idle, one-way bursts, two reloads, cleared counters, a nightly maintenance window,
single polls that are lost and single polls that are bad.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.alarms.story import START, STEP, Watch, down, idle, tunnel_id, up

from vpn_check.model.finding import Status
from vpn_check.model.maintenance import Windows

if TYPE_CHECKING:
    from vpn_check.model.observation import TunnelObservation

DAYS = 31
PER_DAY = 288
TUNNELS = 20
OFFICE, DEMAND, ALWAYS_IDLE, ONE_WAY, WANTED = range(8, 12), range(12, 15), range(15, 17), (17,), (18, 19)
WORK = Windows.parse("daily 02:00-03:00")


def poll_of(day: int, clock: str) -> int:
    """The number of the poll on a day (from 0, a Monday) at a time."""
    hours, minutes = clock.split(":")
    return day * PER_DAY + int(hours) * 12 + int(minutes) // 5


OUTAGES = (
    # tunnel, from, number of polls, cause
    (0, poll_of(3, "10:00"), 8, "ike.psk-mismatch"),
    (1, poll_of(5, "23:40"), 30, "ike.peer-unreachable"),
    (0, poll_of(9, "04:00"), 4, "ipsec.proxy-mismatch"),       # back for three polls, then again: one outage
    (0, poll_of(9, "04:35"), 4, "ipsec.proxy-mismatch"),
    (8, poll_of(12, "22:00"), 20, "ike.negotiation-failed"),   # in a quiet night
    (5, poll_of(17, "02:10"), 6, "ike.psk-mismatch"),          # within maintenance: nothing
    (6, poll_of(18, "02:30"), 12, "ike.psk-mismatch"),         # outlasts maintenance
    (7, poll_of(20, "12:00"), 1, "ike.psk-mismatch"),          # single bad polls: nothing
    (7, poll_of(21, "12:00"), 1, "ike.psk-mismatch"),
    (7, poll_of(22, "12:00"), 1, "ike.psk-mismatch"),
)
GONE = ((18, poll_of(14, "08:00"), 12), (19, poll_of(26, "01:50"), 40))   # wanted ones that vanish from the table
STALLED = ((3, poll_of(23, "15:00"), 9),)
FLAPS = (2, poll_of(7, "12:00"), 36)   # bad at each other poll
SILENT = ((poll_of(15, "06:00"), 12),)   # the device does not answer
LOST = {poll_of(day, clock) for day in range(DAYS) for clock in ("01:05", "10:10", "16:45", "23:50")}
REBOOTS = (poll_of(11, "19:00"), poll_of(24, "09:00"))
CLEARED_COUNTERS = {poll_of(6, "11:00"), poll_of(19, "13:00")}
BURST = {poll_of(day, "09:00") + late for day in range(DAYS) for late in range(4)}   # one-way, four polls each day
FAILS = {(tunnel, begin + late): cause for tunnel, begin, polls, cause in OUTAGES for late in range(polls)}
AWAY = {(tunnel, begin + late) for tunnel, begin, polls in GONE for late in range(polls)}
STILL = {(tunnel, begin + late) for tunnel, begin, polls in STALLED for late in range(polls)}


def who(number: int) -> tuple[str, ...]:
    return tunnel_id(f"203.0.113.{number}").key


class Box:
    """The device: its tunnels' counters, and what it shows at a poll."""

    def __init__(self) -> None:
        self.ids = [tunnel_id(f"203.0.113.{number}") for number in range(TUNNELS)]
        self.sent = [1000 * number for number in range(TUNNELS)]
        self.back = list(self.sent)
        self.spi = 1

    def shows(self, poll: int) -> list[TunnelObservation]:
        if poll in CLEARED_COUNTERS or poll in REBOOTS:
            self.sent, self.back = [0] * TUNNELS, [0] * TUNNELS
        self.spi += poll % 12 == 0
        return [seen for number in range(TUNNELS) if (seen := self._tunnel(number, poll)) is not None]

    def _tunnel(self, number: int, poll: int) -> TunnelObservation | None:
        one = self.ids[number]
        if (number, poll) in FAILS:
            return down(one, cause=FAILS[number, poll])
        if number == FLAPS[0] and FLAPS[1] <= poll < FLAPS[1] + FLAPS[2] and poll % 2 == 0:
            return down(one, cause="ike.dpd-peer-lost")
        if (number, poll) in AWAY or (number in DEMAND and not _at_work(poll, 9, 11)):
            return None
        if number in ALWAYS_IDLE and number % 2:
            return idle(one)
        if _moves(number, poll):
            self.sent[number] += 50 + number
            self.back[number] += 0 if number in ONE_WAY and poll in BURST else 40
        counters = {"encaps": self.sent[number], "decaps": self.back[number], "send_errors": 0, "recv_errors": 0}
        if number in ONE_WAY and poll in BURST:
            return down(one, cause="traffic.no-return", status=Status.WARNING, up=True, counters=counters)
        return up(one, counters=counters, spis=frozenset({self.spi * 100 + number}))


def _moves(number: int, poll: int) -> bool:
    if number in ALWAYS_IDLE or (number, poll) in STILL:
        return False
    return _at_work(poll, 8, 18) if number in OFFICE else True


def _at_work(poll: int, begin: int, end: int) -> bool:
    day, hour = poll // PER_DAY, poll % PER_DAY // 12
    return day % 7 < 5 and begin <= hour < end


def booted(poll: int) -> datetime:
    before = [start for start in REBOOTS if start <= poll]
    return START + before[-1] * STEP - timedelta(minutes=3) if before else START - timedelta(days=50)


def play() -> Watch:
    watch, box = Watch(expected=("203.0.113.18", "203.0.113.19")), Box()
    for poll in range(DAYS * PER_DAY):
        tunnels = box.shows(poll)
        silent = any(begin <= poll < begin + polls for begin, polls in SILENT)
        # a lost poll within an outage is a poll that tells nothing
        if poll in LOST or poll in {start - 1 for start in REBOOTS} or silent:
            watch.lost()
        else:
            watch.poll(*tunnels, maintenance=WORK.covers(watch.at), booted_at=booted(poll))
    return watch


def test_a_month_raises_and_clears_exactly_what_was_scripted() -> None:
    watch = play()
    told = [(alarm.tunnel, alarm.cause, number(alarm.began), number(alarm.raised_at)) for alarm in watch.raised]
    assert told == [
        (who(0), "ike.psk-mismatch", poll_of(3, "10:00"), poll_of(3, "10:05")),
        (who(1), "ike.peer-unreachable", poll_of(5, "23:40"), poll_of(5, "23:45")),
        (who(2), "ike.dpd-peer-lost", poll_of(7, "12:00"), poll_of(7, "12:20")),
        (who(0), "ipsec.proxy-mismatch", poll_of(9, "04:00"), poll_of(9, "04:05")),
        (who(8), "ike.negotiation-failed", poll_of(12, "22:00"), poll_of(12, "22:05")),
        (who(18), "ike.no-attempt", poll_of(14, "08:00"), poll_of(14, "08:05")),
        (None, "unknown", poll_of(15, "06:00"), poll_of(15, "06:05")),
        (who(6), "ike.psk-mismatch", poll_of(18, "02:30"), poll_of(18, "03:05")),
        (who(3), "traffic.none", poll_of(23, "15:10"), poll_of(23, "15:15")),
        (who(19), "ike.no-attempt", poll_of(26, "01:50"), poll_of(26, "01:55")),
    ]
    over = {alarm.id: number(alarm.cleared_at) for alarm in watch.cleared if alarm.cleared_at is not None}
    ends = [over[alarm.id] for alarm in watch.raised]
    assert ends == [
        poll_of(3, "11:00"),
        poll_of(6, "02:30"),
        ends[2],   # flapping: below
        poll_of(9, "05:15"),
        poll_of(13, "00:05"),   # the poll at 23:50 was lost, and does not count
        poll_of(14, "09:20"),
        poll_of(15, "07:20"),
        poll_of(18, "03:50"),
        poll_of(23, "16:05"),
        poll_of(26, "05:30"),
    ]
    assert watch.cleared[2].flapping
    assert poll_of(7, "15:00") < ends[2] <= poll_of(7, "18:00")
    assert (len(watch.raised), len(watch.cleared), watch.open) == (10, 10, {})


def number(at: datetime) -> int:
    """The poll at a time."""
    return round((at - START) / STEP)
