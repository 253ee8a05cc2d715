"""A refused credential is not tried every minute until the account is locked."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from vpn_check.errors import AuthenticationFailed, Unreachable
from vpn_check.jobs.poll.refusals import LastingLockOut
from vpn_check.model.device import Credentials
from vpn_check.model.refusal import Refusal

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WRONG = Credentials(username="netops", password="not-it")


class Fleet:
    """Devices that refuse or accept, and the cycles of polls over them; counts each password that was given."""

    def __init__(self) -> None:
        self.now = NOON
        self.refusals: tuple[Refusal, ...] = ()
        self.accepts = False
        self.refused_by: set[str] | None = None
        self.given: list[str] = []

    def cycle(self, *devices: str, credential: Credentials = WRONG) -> list[str]:
        """Poll; returns the codes of what failed."""
        lock_out, codes = LastingLockOut(self.refusals, key=b"k" * 32, clock=lambda: self.now), []
        for device in devices:
            try:
                with lock_out.attempt(device, credential):
                    self._log_in(device)
            except AuthenticationFailed as error:
                codes.append(error.code)
        self.refusals = lock_out.refusals
        return codes

    def _log_in(self, device: str) -> None:
        self.given.append(device)
        if not self.accepts if self.refused_by is None else device in self.refused_by:
            raise AuthenticationFailed(f"{device} refused the log-in.")

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)


def test_a_device_that_refused_is_not_asked_again_at_the_next_polls() -> None:
    fleet = Fleet()
    for _ in range(30):
        fleet.cycle("r1")
        fleet.later(minutes=1)

    assert fleet.given == ["r1"]


def test_it_is_asked_again_after_an_hour_then_two_then_four_and_never_more_rarely_than_once_a_day() -> None:
    fleet, tries = Fleet(), []
    for _ in range(7 * 24 * 12):
        before = len(fleet.given)
        fleet.cycle("r1")
        tries += [fleet.now] if len(fleet.given) > before else []
        fleet.later(minutes=5)

    gaps = [(later - earlier).total_seconds() / 3600 for earlier, later in pairwise(tries)]
    assert gaps[:5] == [1, 2, 4, 8, 16]
    assert set(gaps[5:]) == {24}


def test_a_changed_password_is_tried_at_the_next_poll() -> None:
    fleet = Fleet()
    fleet.cycle("r1")
    fleet.accepts = True
    fleet.later(minutes=1)

    assert fleet.cycle("r1", credential=Credentials(username="netops", password="better")) == []
    assert fleet.given == ["r1", "r1"]


def test_after_three_devices_no_other_is_asked_and_an_hour_later_one_tries_for_all() -> None:
    fleet, names = Fleet(), [f"r{number}" for number in range(10)]
    fleet.cycle(*names)
    assert fleet.given == names[:3]
    fleet.later(minutes=1)
    assert set(fleet.cycle(*names)) == {"not-tried"}
    assert fleet.given == names[:3]
    fleet.later(hours=1)

    fleet.cycle(*names)
    assert len(fleet.given) == 4


def test_once_it_is_accepted_again_all_go_on() -> None:
    fleet, names = Fleet(), [f"r{number}" for number in range(10)]
    fleet.cycle(*names)
    fleet.accepts = True
    fleet.later(hours=1)

    assert fleet.cycle(*names) == []
    assert fleet.refusals == ()


def test_a_device_that_accepts_says_nothing_of_one_that_refused() -> None:
    fleet = Fleet()
    fleet.cycle("r1")
    fleet.accepts = True
    fleet.later(minutes=1)

    assert fleet.cycle("r2", "r1") == ["not-tried"]
    assert fleet.given == ["r1", "r2"]


def test_what_is_no_refusal_is_tried_again() -> None:
    lock_out = LastingLockOut((), key=b"k" * 32, clock=lambda: NOON)
    for _ in range(5):
        with suppress(Unreachable), lock_out.attempt("r1", WRONG):
            raise Unreachable("r1 does not answer.")

    assert lock_out.refusals == ()


def test_what_is_remembered_holds_no_password() -> None:
    fleet = Fleet()
    fleet.cycle("r1")

    assert "not-it" not in repr(fleet.refusals)
    assert "netops" not in repr(fleet.refusals)


def test_the_refusal_says_when_and_what_to_do() -> None:
    fleet = Fleet()
    fleet.cycle("r1")
    fleet.later(minutes=5)
    lock_out = LastingLockOut(fleet.refusals, key=b"k" * 32, clock=lambda: fleet.now)

    told = "refused the credential at 2026-03-02 12:00 UTC; the next try is at 2026-03-02 13:00 UTC"
    with pytest.raises(AuthenticationFailed, match=told), lock_out.attempt("r1", WRONG):
        pass


def test_a_fleet_that_refuses_is_tried_an_hour_later_then_two_then_four_whoever_tries_for_all() -> None:
    fleet, names = Fleet(), [f"r{number}" for number in range(100)]
    fleet.cycle(*reversed(names))
    tries = []
    for minute in range(1, 24 * 60):
        fleet.later(minutes=1)
        before = len(fleet.given)
        fleet.cycle(*names)
        tries += [minute] * (len(fleet.given) - before)

    assert tries == [60, 180, 420, 900]


def test_devices_that_refuse_what_all_others_accept_are_spared_and_stop_nobody() -> None:
    fleet, spared = Fleet(), ("a1", "a2", "z1", "z2", "z3")
    fleet.refused_by = set(spared)
    for _ in range(60):
        fleet.cycle("a1", "a2", "m1", "z1", "z2", "z3")
        fleet.later(minutes=1)

    assert fleet.given.count("m1") == 60
    assert [fleet.given.count(name) for name in spared] == [1] * 5


def test_a_refusal_of_a_clock_that_ran_a_year_ahead_spares_nobody_for_a_year() -> None:
    fleet = Fleet()
    fleet.later(days=365)
    fleet.cycle("r1")
    fleet.later(days=-365)

    fleet.cycle("r1")
    fleet.cycle("r1")
    assert fleet.given == ["r1", "r1"]
