"""A cycle of polls on a terminal, and an alarm as a message: what to act on first, in full, and nothing that steers."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from tests.report import polls

from vpn_check.model.alarm import AlarmKind
from vpn_check.report.notification import message
from vpn_check.report.poll_text import cycle_line, cycle_text, worth_telling


def text_of(made: polls.Made, *, colour: bool = False, verbose: bool = False) -> str:
    out = io.StringIO()
    cycle_text(made(), out, colour=colour, verbose=verbose)
    return out.getvalue()


@pytest.mark.parametrize("made", polls.REPORTS)
def test_no_word_of_a_device_steers_the_terminal(made: polls.Made) -> None:
    for text in (text_of(made), text_of(made, verbose=True), cycle_line(made())):
        assert all(line.isprintable() for line in text.split("\n"))


def test_a_raised_alarm_tells_the_verdict_since_when_what_changed_and_what_to_type() -> None:
    text = text_of(polls.failing)
    order = ("CRITICAL  router1, 203.0.113.9", "The pre-shared keys of the two ends differ.",
             "Since 2026-03-03 03:12:00 UTC (2 min 12 s); all was well at 03:11:00",
             "| *Mar  3 03:12:00: %CRYPTO-4-IKMP", "[show logging, line 40]", "release: 15.2(4)M -> 15.4(3)M",
             "- crypto isakmp key ***** address 203.0.113.0",
             "+ crypto isakmp key ***** address 203.0.113.9 no-xauth", "-> Agree on a new key and set it on both ends.",
             "show crypto isakmp key", "vpn-check history router1 --evidence E7", "CLEARED  router2",
             "2 of 2 devices answered, 1 of 4 tunnels up, 1 idle; 1 alarm open.", "Seen bad, not raised yet: router1")
    places = [text.find(words) for words in order]
    assert -1 not in places
    assert places == sorted(places)


def test_many_changed_lines_are_cut_and_counted_and_neither_side_hides_the_other() -> None:
    lines = text_of(polls.failing).splitlines()
    assert sum(line.strip().startswith(("- ", "+ ")) for line in lines) == 12
    assert "... and 9 more lines" in text_of(polls.failing)
    assert "more line" not in text_of(polls.failing, verbose=True)


def test_the_alarm_of_a_hub_names_what_stands_behind_it_and_its_members_are_not_open_ones_beside_it() -> None:
    text = " ".join(text_of(polls.hub_down).split())
    assert "3 further alarms for the same reason: spoke1, 203.0.113.9" in text
    assert "Open:" not in text
    assert "4 alarms open." in text


def test_an_alarm_whose_root_is_over_speaks_for_itself_again() -> None:
    left = polls.hub_down().open[1:]
    out = io.StringIO()
    cycle_text(replace(polls.hub_down(), raised=(), open=left), out, colour=False)
    assert all(f"critical  {alarm.device}, 203.0.113.9" in out.getvalue() for alarm in left)


def test_an_alarm_that_is_open_longer_is_one_entry_with_its_age() -> None:
    text = " ".join(text_of(polls.flapping).split())
    assert "warning router1, 203.0.113.9" in text
    assert "since 2026-03-02 22:14:00 UTC (5 h); flapping" in text


def test_a_device_that_did_not_answer_is_told_with_the_reason_and_troubles_stand_last() -> None:
    lines = text_of(polls.silent).splitlines()
    assert "No answer: router3: no answer from 192.0.2.3 port 22. Look at the route. [connect]" in lines
    assert "Seen bad, not raised yet: router3." in lines
    assert lines[-1] == "! The notification by slack did not go out."


def test_no_device_is_not_all_well() -> None:
    assert text_of(polls.empty).startswith("No device was polled, so nothing is known")
    assert "  unknown: 0 of 0 devices answered" in cycle_line(polls.empty())


def test_colours_are_there_only_where_they_are_wanted() -> None:
    assert "\x1b[1;31mCRITICAL" in text_of(polls.failing, colour=True)
    assert "\x1b" not in text_of(polls.failing)


@pytest.mark.parametrize(("made", "told"), [(polls.healthy, False), (polls.failing, True), (polls.silent, True),
                                            (polls.flapping, False)])
def test_a_service_prints_cycles_in_which_something_changed_or_went_wrong(made: polls.Made, told: bool) -> None:  # noqa: FBT001  a case
    assert worth_telling(made()) is told


def test_a_cycle_in_one_line_counts_what_happened() -> None:
    assert cycle_line(polls.failing()) == (
        "2026-03-03 03:14:00 UTC  critical: 2 of 2 devices answered, 1 of 4 tunnels up, 1 alarm raised, "
        "1 alarm cleared, 1 alarm open, 1 seen and not raised yet, in 12 s")


def test_a_message_is_whole_in_itself() -> None:
    title, body = message(polls.failing().raised[0], "raised")
    assert title == "[CRITICAL] router1, 203.0.113.9 10.1.0.0/16 -> 10.2.0.0/16: ike.psk-mismatch"
    for words in ("The pre-shared keys of the two ends differ.",
                  "Since 2026-03-03 03:12:00 UTC; all was well at 03:11:00",
                  "| *Mar  3 03:12:00: %CRYPTO-4-IKMP", "release: 15.2(4)M -> 15.4(3)M", "show crypto isakmp key",
                  "(interrupts traffic)", "vpn-check history router1 --evidence E7"):
        assert words in body
    assert "crypto isakmp key <key>" not in body   # a change is for a person to review, never to be pasted from a phone


def test_a_message_that_all_is_well_again_says_after_how_long() -> None:
    title, body = message(polls.failing().cleared[0], "cleared")
    assert title.startswith("[CLEARED] router2, 203.0.113.9")
    assert title.endswith("healthy again after 1 h")
    assert "Over at 2026-03-03 03:14:00 UTC" in body
    gone = polls.alarm(kind=AlarmKind.DEVICE, subject="router3", device="router3", cleared_at=polls.NOW)
    assert message(gone, "cleared")[0] == "[CLEARED] router3: answers again after 2 min"


def test_a_message_about_a_hub_counts_its_members_or_names_them() -> None:
    report = polls.hub_down()
    assert "3 further alarms for the same reason." in message(report.raised[0], "raised")[1]
    assert "spoke2, 203.0.113.9" in message(report.raised[0], "raised", members=report.open)[1]


def test_words_of_a_device_neither_break_the_title_nor_grow_a_message_without_end() -> None:
    title, body = message(polls.hostile().raised[0], "raised")
    assert title.isprintable()
    assert len(title) <= 150
    assert all(line.isprintable() for line in body.split("\n"))
    assert len(body) < 2000
    shown = text_of(polls.hostile)
    assert shown[:shown.index("\n\n")].count("\n") < 20
