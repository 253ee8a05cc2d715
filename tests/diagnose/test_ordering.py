"""Time stamps, and logs that stand upside down."""

from __future__ import annotations

import pytest

from vpn_check.diagnose.clock import seconds
from vpn_check.diagnose.negotiation import LogReading, judge
from vpn_check.model.finding import Evidence, Severity
from vpn_check.model.log import LogLine

REFUSED = "{}: %ASA-5-713904: IP = 198.51.100.1, Received an un-encrypted NO_PROPOSAL_CHOSEN notify message, dropping"
DONE = "{}: %ASA-5-713119: Group = 198.51.100.1, IP = 198.51.100.1, PHASE 1 COMPLETED"
OTHER = "{}: %ASA-6-713905: IP = 198.51.100.1, PHASE 2 negotiation noted"


def read_log(lines: list[str]) -> LogReading:
    def quote(_source: int, line: int) -> Evidence:
        return Evidence(source="log", line=line, text=lines[line - 1])

    return judge([LogLine(text=line, source=0, line=n) for n, line in enumerate(lines, 1)], quote, None)


def severities(lines: list[str]) -> list[Severity]:
    return [finding.severity for finding in read_log(lines).findings]


def stamped(*pairs: tuple[str, str]) -> list[str]:
    return [line.format(stamp) for line, stamp in pairs]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("Mar  1 00:13:31.891", "Mar  1 00:13:31.892"),
        ("Mar  1 23:59:59", "Mar  2 00:00:00"),
        ("Jan 31 10:00:00", "Feb  1 09:00:00"),
        ("Dec 04 2014 12:37:51", "Jan 01 2015 00:00:00"),
        ("2013-06-07 10:00:00", "2013-06-07T10:00:00.5"),
        ("00:01:02", "20:44:44"),
        ("1d02h", "3w1d"),
        ("51w6d", "1y2w"),
    ],
)
def test_stamps_of_one_form_compare(earlier: str, later: str) -> None:
    first, last = seconds(earlier), seconds(later)
    assert first is not None
    assert last is not None
    assert first < last


@pytest.mark.parametrize("stamp", ["", "never", "Foo  1 00:00:00", "12345"])
def test_what_is_no_stamp_is_none(stamp: str) -> None:
    assert seconds(stamp) is None


RISING = ["Mar 01 2024 10:00:00", "Mar 01 2024 10:00:05", "Mar 01 2024 10:00:09", "Mar 01 2024 10:00:30"]


def test_a_failure_before_a_success_is_past_whichever_way_the_log_stands() -> None:
    lines = stamped((REFUSED, RISING[0]), (REFUSED, RISING[1]), (DONE, RISING[2]))
    assert severities(lines) == [Severity.INFO]
    assert severities(lines[::-1]) == [Severity.INFO]


def test_a_failure_after_a_success_is_now_whichever_way_the_log_stands() -> None:
    lines = stamped((DONE, RISING[0]), (REFUSED, RISING[1]), (REFUSED, RISING[2]))
    assert severities(lines) == [Severity.CRITICAL]
    assert severities(lines[::-1]) == [Severity.CRITICAL]


def test_a_clock_that_is_set_back_turns_nothing_round() -> None:
    lines = stamped((REFUSED, RISING[2]), (REFUSED, RISING[3]), (DONE, RISING[0]))
    assert severities(lines) == [Severity.INFO]


def test_an_uptime_that_wraps_turns_nothing_round() -> None:
    lines = stamped((REFUSED, "51w6d"), (REFUSED, "52w0d"), (DONE, "00:00:05"))
    assert severities(lines) == [Severity.INFO]


def test_lines_without_stamps_keep_their_order() -> None:
    bare = [line.format("").lstrip(": ") for line in (DONE, REFUSED)]
    assert severities(bare) == [Severity.CRITICAL]
    assert severities(bare[::-1]) == [Severity.INFO]


def test_repeated_failures_are_counted_with_the_first_and_the_last_time() -> None:
    group = "Group = 198.51.100.1, IP = 198.51.100.1, "
    cycle = (
        "{0}: %ASA-5-713119: " + group + "PHASE 1 COMPLETED\n"
        "{0}: %ASA-5-713904: " + group + "All IPSec SA proposals found unacceptable!\n"
        "{0}: %ASA-3-713902: " + group + "QM FSM error (P2 struct &0x00007fff33763a70, mess id 0x{1:x})!\n"
        "{0}: %ASA-5-713259: " + group + "Session is being torn down. Reason: Phase 2 Mismatch"
    )
    text = "\n".join(cycle.format(f"Mar 01 2024 {hour:02}:00:00", 4096 + hour) for hour in range(12))
    (finding,) = read_log(text.splitlines()).findings
    assert finding.cause == "ipsec.transform-mismatch"
    assert "This happened 12 times, from Mar 01 2024 00:00:00 to Mar 01 2024 11:00:00." in finding.summary
    assert len(finding.evidence) <= 6


def test_columns_of_a_log_viewer_are_read() -> None:
    text = (
        "5|Dec 04 2014|12:37:53|713259|||||Group = 198.51.100.1, IP = 198.51.100.1, Session is being torn down."
        " Reason: crypto map policy not found\n"
        "3|Dec 04 2014|12:37:52|713061|||||Group = 198.51.100.1, IP = 198.51.100.1, Rejecting IPSec tunnel: no matching"
        " crypto map entry for remote proxy 10.9.0.0/255.255.0.0/0/0 local proxy 10.8.0.0/255.255.0.0/0/0 on interface"
        " outside\n"
        "5|Dec 04 2014|12:37:51|713119|||||Group = 198.51.100.1, IP = 198.51.100.1, PHASE 1 COMPLETED"
    )
    (finding,) = read_log(text.splitlines()).findings
    assert (finding.cause, finding.peer) == ("ipsec.no-matching-crypto-map", "198.51.100.1")
    assert [line.line for line in finding.evidence][:2] == [2, 1]
