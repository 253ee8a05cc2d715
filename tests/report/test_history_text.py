"""A history on a terminal: what is missing is said, sparklines are to scale, and it can be read without colours."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.report import polls

from vpn_check.model.finding import Status
from vpn_check.model.pollreport import HistoryAnswer, Point
from vpn_check.model.tally import Tally
from vpn_check.report.history_text import history_text
from vpn_check.report.sparkline import ASCII, BLOCKS, cells

SINCE = polls.NOW


def text_of(answer: HistoryAnswer, *, colour: bool = False, width: int = 110) -> str:
    out = io.StringIO()
    history_text(answer, out, colour=colour, width=width)
    return out.getvalue()


def points(*tallies: Tally | None) -> tuple[Point, ...]:
    return tuple(Point(at=SINCE + timedelta(seconds=60 * number), tally=tally)
                 for number, tally in enumerate(tallies) if tally is not None)


def row(given: tuple[Point, ...], minutes: int, most: int = 80) -> tuple[str, str]:
    made = cells(given, since=SINCE, until=SINCE + timedelta(minutes=minutes), step=60, most=most)
    return made.states(ASCII), made.traffic(ASCII)


GOOD, WARN, BAD, DARK = (Tally(healthy=1, counted=1, encaps=60), Tally(warning=1, counted=1, encaps=600),
                         Tally(critical=1, counted=1), Tally(unknown=1))


def test_each_state_has_its_own_character() -> None:
    assert row(points(GOOD, WARN, BAD, DARK, None, GOOD), 6)[0] == "_=#?._"
    for letters in (ASCII, BLOCKS):
        states = [letters.healthy, letters.warning, letters.critical, letters.unknown, letters.none]
        assert len(set(states)) == 5
    assert f"{ASCII.levels}{ASCII.healthy}{ASCII.warning}{ASCII.critical}{ASCII.unknown}{ASCII.none}".isascii()


def test_a_cell_of_several_points_shows_the_worst() -> None:
    assert row(points(GOOD, GOOD, GOOD, BAD, GOOD, DARK), 6, most=3)[0] == "_#?"


def test_traffic_is_scaled_to_its_peak_and_a_single_packet_is_not_nothing() -> None:
    one = Tally(healthy=1, counted=1, decaps=1)
    assert row(points(BAD, one, GOOD, WARN, DARK, None), 6)[1] == "_--#.."


def test_a_rate_is_over_the_time_that_was_measured() -> None:
    made = cells(points(GOOD, None, DARK, GOOD), since=SINCE, until=SINCE + timedelta(minutes=4), step=60, most=1)
    assert made.rates() == (1.0,)


@pytest.mark.parametrize("most", [1, 7, 60, 500])
def test_there_are_never_more_cells_than_room_and_no_point_is_lost(most: int) -> None:
    made = cells(points(*[GOOD] * 500), since=SINCE, until=SINCE + timedelta(minutes=500), step=60, most=most)
    assert len(made.sums) <= most
    assert sum(tally.polls for tally in made.sums if tally is not None) == 500


@pytest.mark.parametrize("width", [20, 60, 80, 110, 300])
def test_a_sparkline_stays_within_the_width(width: int) -> None:
    lines = text_of(polls.history(days=28), width=width).splitlines()
    sparks = [line for line in lines if line.startswith(("  states  ", "  traffic  "))]
    assert sparks
    assert max(map(len, sparks)) <= max(width, 60)


def test_what_is_missing_is_said_beside_the_availability() -> None:
    text = " ".join(text_of(polls.history()).split())
    assert "available 95.45 % of 1,583 polls that told (4 with a warning); 12 polls did not tell; " in text
    assert "no poll at all in 24 of 168 spans of 1 h" in text
    assert "peak 33 packets/s" in text


def test_what_is_not_quite_all_is_not_a_hundred_percent() -> None:
    answer = polls.history(days=1)
    almost = points(Tally(healthy=1_000_000, critical=1))
    tunnel = replace(answer.tunnels[0], points=almost)
    assert "available 99.99 % of 1,000,001 polls" in text_of(replace(answer, tunnels=(tunnel,)))


def test_a_tunnel_of_which_nothing_was_told_has_no_availability() -> None:
    answer = polls.history(days=1)
    tunnel = replace(answer.tunnels[0], points=points(DARK), status=Status.UNKNOWN)
    text = text_of(replace(answer, tunnels=(tunnel,)))
    assert "available not known: no poll told; 1 poll did not tell" in text
    assert "no counter could be compared" in text


def test_alarms_stand_with_their_times_their_cause_what_changed_and_their_evidence() -> None:
    text = text_of(polls.history())
    line = next(line for line in text.splitlines() if line.startswith("  2026-02-28 07:14:00"))
    assert line.split()[:7] == ["2026-02-28", "07:14:00", "07:15:00", "13:14:00", "6", "h", "critical"]
    assert line.endswith("[flapping]")
    assert "changed: release: 15.2(4)M -> 15.4(3)M" in text
    assert "+ crypto isakmp key ***** address 203.0.113.9 no-xauth" in text
    assert "evidence: vpn-check history router1 --evidence E7" in text
    assert "[under H]" in text
    assert "healthy -> critical" in text


def test_an_empty_history_says_what_to_do() -> None:
    text = text_of(polls.no_history())
    assert text.startswith("Nothing is in the history from 2026-02-01 03:14:00 UTC")
    assert "vpn-check poll" in text


def test_a_terminal_without_unicode_gets_other_characters() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    history_text(polls.history(), out, colour=False, width=80)
    out.flush()
    assert b"####" not in raw.getvalue().split(b"traffic")[0].split(b"states")[0]
    assert b"  states    =___" in raw.getvalue()


def test_colours_are_there_only_where_they_are_wanted() -> None:
    assert "\x1b[1;31m█" in text_of(polls.history(), colour=True)
    assert "\x1b" not in text_of(polls.history())


def test_no_word_of_a_device_steers_the_terminal() -> None:
    answer = polls.history(days=1)
    tunnel = replace(answer.tunnels[0], id=polls.tunnel_id(name=polls.HOSTILE))
    bad = polls.hostile().raised[0]
    text = text_of(replace(answer, tunnels=(tunnel,), alarms=(bad,)))
    assert all(line.isprintable() for line in text.split("\n"))
