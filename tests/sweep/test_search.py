"""The search alone, against paths that are functions: exact within its probes, and no number where none is proved."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vpn_check.model.sweep import Measured, Outcome, Probe, Reason, Reply, Result
from vpn_check.sweep.search import BUDGET, CAP, FLOOR, Search

if TYPE_CHECKING:
    from collections.abc import Callable

    Fate = Callable[[int, int], str]


@dataclass
class Path:
    """A path that carries up to `mtu`. `fate` says what the device prints for one packet: its size, its number."""

    mtu: int
    refusal: str = "M"
    own: int | None = None
    loss: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    fate: Fate | None = None
    sent: int = 0

    def sign(self, size: int) -> str:
        self.sent += 1
        if self.fate is not None:
            return self.fate(size, self.sent)
        if self.chance.random() < self.loss or (self.own is not None and size > self.own):
            return "."
        return "!" if size <= self.mtu else self.refusal

    def answer(self, probe: Probe) -> list[Reply]:
        replies = []
        for size in probe.sizes:
            signs = "".join(self.sign(size) for _ in range(probe.repeat))
            if "!" in signs:
                outcome = Outcome.PASSED
            elif "M" in signs:
                outcome = Outcome.TOO_BIG
            else:
                outcome = Outcome.UNREACHABLE if "U" in signs else Outcome.SILENT
            replies.append(Reply(size=size, outcome=outcome, signs=signs))
        return replies


def measure(path: Path, **options: object) -> Measured:
    search = Search(**options)  # type: ignore[arg-type]
    while (probe := search.next()) is not None:
        assert list(probe.sizes) == sorted(set(probe.sizes))
        search.feed(path.answer(probe))
    return search.result(target="192.0.2.1")


ORDINARY = {"guesses": (1500,), "walks": True}


def test_every_mtu_is_found_exactly_within_the_probes() -> None:
    for mtu in range(FLOOR, CAP):
        measured = measure(Path(mtu), **ORDINARY)
        assert (measured.exact, measured.silent) == (mtu, False), mtu
        assert measured.probes <= BUDGET, mtu
        assert measured.packets <= 40


def test_every_mtu_is_found_exactly_where_what_is_too_big_vanishes() -> None:
    for mtu in range(FLOOR, CAP):
        measured = measure(Path(mtu, refusal="."), **ORDINARY)
        assert (measured.exact, measured.silent) == (mtu, True), mtu
        assert measured.probes <= BUDGET, mtu


@given(st.integers(FLOOR, 1500), st.lists(st.integers(FLOOR, CAP), max_size=3), st.sampled_from("M."))
def test_an_interface_of_1500_bounds_the_search(mtu: int, guesses: list[int], refusal: str) -> None:
    measured = measure(Path(mtu, refusal=refusal), own=1500, guesses=guesses)
    assert measured.probes <= BUDGET
    assert measured.result in {Result.EXACT, Result.BETWEEN}
    if measured.result is Result.BETWEEN:   # a silence that nothing was left to confirm
        assert measured.largest is not None
        assert measured.refused is not None
        assert measured.largest <= mtu < measured.refused <= measured.largest + 16
    else:
        assert measured.exact == mtu


@given(st.integers(FLOOR, CAP - 1), st.integers(FLOOR, CAP), st.booleans())
def test_a_first_guess_never_makes_it_wrong(mtu: int, guess: int, walks: bool) -> None:  # noqa: FBT001
    measured = measure(Path(mtu), guesses=(guess, 1500), walks=walks)
    assert measured.probes <= BUDGET
    assert measured.result is Result.EXACT or not walks
    assert measured.largest is not None
    assert measured.largest <= mtu
    assert measured.exact in {None, mtu}


@pytest.mark.parametrize("guess", [1362, 1406, 1438, 1446])
def test_what_the_device_computed_is_confirmed_with_two_probes(guess: int) -> None:
    measured = measure(Path(guess), guesses=(guess, 1500), own=1500)
    assert (measured.exact, measured.probes, measured.packets) == (guess, 2, 4)


def test_the_whole_interface_is_one_probe() -> None:
    measured = measure(Path(1500), own=1500, guesses=(1500,))
    assert (measured.exact, measured.probes, measured.refused) == (1500, 1, None)


def test_beyond_what_was_asked_nothing_is_claimed() -> None:
    measured = measure(Path(20000), **ORDINARY)
    assert (measured.result, measured.largest, measured.exact) == (Result.AT_LEAST, CAP, None)


@pytest.mark.parametrize("refusal", ["M", "."])
def test_less_than_the_smallest_size_is_below(refusal: str) -> None:
    measured = measure(Path(500, refusal=refusal), **ORDINARY)
    assert (measured.result, measured.largest, measured.refused) == (Result.BELOW, None, FLOOR)


def test_all_icmp_blocked_is_told_soon_and_gives_no_number() -> None:
    measured = measure(Path(0, fate=lambda _size, _number: "."), **ORDINARY)
    assert (measured.result, measured.reason, measured.largest) == (Result.CANNOT_TELL, Reason.NO_ANSWER, None)
    assert measured.probes <= 4


def test_unreachable_ends_at_once() -> None:
    measured = measure(Path(0, fate=lambda _size, _number: "U"), **ORDINARY)
    assert (measured.reason, measured.probes) == (Reason.UNREACHABLE, 1)


def test_a_path_that_dies_on_the_way_gives_no_number() -> None:
    for death in range(1, 24):
        dying = Path(0, fate=lambda size, number, end=death: "!" if number <= end and size <= 1400 else ".")  # type: ignore[misc]
        measured = measure(dying, **ORDINARY)
        assert measured.exact in {None, 1400}, death


def test_a_path_that_changes_gives_no_number() -> None:
    measured = measure(Path(0, fate=lambda size, number: "!" if size <= (1300 if number < 4 else 1499) else "M"))
    assert measured.exact in {None, 1499}
    two = measure(Path(0, fate=lambda size, number: "!" if number % 2 and size <= 1400 else "M"), **ORDINARY)
    assert two.result in {Result.CANNOT_TELL, Result.EXACT}


@pytest.mark.parametrize("loss", [0.02, 0.1, 0.3, 0.6])
@pytest.mark.parametrize("refusal", ["M", "."])
def test_loss_never_gives_a_wrong_number(loss: float, refusal: str) -> None:
    told = wrong = 0
    for seed in range(400):
        chance = random.Random(seed)
        mtu = chance.randint(FLOOR, 1500)
        measured = measure(Path(mtu, refusal=refusal, loss=loss, chance=chance), **ORDINARY)
        told += measured.exact is not None
        wrong += measured.exact not in {None, mtu}
    assert wrong <= (0 if loss <= 0.1 else 8)
    if loss == 0.02:
        assert told > 120


def test_a_rate_limited_icmp_error_is_still_one() -> None:
    measured = measure(Path(0, fate=lambda size, number: "!" if size <= 1371 else "M." [number % 2]), **ORDINARY)
    assert (measured.exact, measured.silent) == (1371, False)


def test_a_reply_lost_to_arp_is_no_loss() -> None:
    measured = measure(Path(0, fate=lambda size, number: "." if number == 1 or size > 1500 else "!"), **ORDINARY)
    assert (measured.exact, measured.silent, measured.lost) == (1500, True, 0)


def test_a_probe_that_was_not_sent_ends_the_search() -> None:
    search = Search()
    assert search.next() is not None
    search.stop(Reason.NOT_SENT, "% Invalid source")
    measured = search.result(target="192.0.2.1")
    assert search.next() is None
    assert (measured.reason, measured.detail) == (Reason.NOT_SENT, "% Invalid source")
