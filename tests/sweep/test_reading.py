"""What devices print for a ping, read sign by sign."""

from __future__ import annotations

import pytest

from vpn_check.model.sweep import Outcome, Probe
from vpn_check.sweep.reading import FIREWALL_SILENCE, Reading, read

HEAD = ("Type escape sequence to abort.\n"
        "Sending {count}, {size}-byte ICMP Echos to 198.51.100.7, timeout is 2 seconds:\n")  # fmt: skip


def printed(
    signs: str, *, size: str = "1400", count: int | None = None, extra: str = "", rate: str | None = None
) -> str:
    sent = len(signs) if count is None else count
    passed = signs.count("!")
    summary = rate or f"Success rate is {passed * 100 // max(sent, 1)} percent ({passed}/{sent})"
    if passed:
        summary += ", round-trip min/avg/max = 1/2/4 ms"
    return (HEAD.format(count=sent, size=size) + "Packet sent with a source address of 10.1.1.1 \n"
            "Packet sent with the DF bit set\n" + extra + (f"{signs}\n" if signs else "") + summary + "\n")  # fmt: skip


def reading(text: str, *sizes: int, repeat: int = 2, silence: str = ".") -> Reading:
    return read(text, Probe(sizes=sizes or (1400,), repeat=repeat), command="ping", silence=silence)


@pytest.mark.parametrize(("signs", "outcome"), [
    ("!!", Outcome.PASSED), (".!", Outcome.PASSED), ("!.", Outcome.PASSED), ("M.", Outcome.TOO_BIG),
    ("MM", Outcome.TOO_BIG), (".M", Outcome.TOO_BIG), ("..", Outcome.SILENT), ("U.", Outcome.UNREACHABLE),
    ("UU", Outcome.UNREACHABLE), ("QQ", Outcome.UNCLEAR), ("!M", Outcome.UNCLEAR), ("&&", Outcome.UNCLEAR),
    ("??", Outcome.UNCLEAR), ("UM", Outcome.TOO_BIG), ("!U", Outcome.UNCLEAR),
])  # fmt: skip
def test_signs_mean_what_the_command_reference_says(signs: str, outcome: Outcome) -> None:
    reply, = reading(printed(signs)).replies
    assert (reply.outcome, reply.signs, reply.size) == (outcome, signs, 1400)
    assert reply.evidence is not None
    assert (reply.evidence.text, reply.evidence.line) == (signs, 5)


def test_an_asa_prints_a_question_mark_for_silence() -> None:
    reply, = reading(printed("??"), silence=FIREWALL_SILENCE).replies
    assert (reply.outcome, reply.lost) == (Outcome.SILENT, 2)


def test_the_log_says_it_where_the_signs_are_missing() -> None:
    text = printed("", count=2, extra="2w5d: ICMP: dst (198.51.100.7): frag. needed and DF set.\n" * 2)
    reply, = reading(text).replies
    assert (reply.outcome, reply.signs) == (Outcome.TOO_BIG, "MM")


def test_a_log_line_between_the_signs_changes_nothing() -> None:
    reply, = reading(printed("!!", extra="2w5d: ICMP: echo reply rcvd, src 198.51.100.7, dst 10.1.1.1\n")).replies
    assert reply.outcome is Outcome.PASSED


def test_a_walk_over_sizes_is_read_size_by_size() -> None:
    got = reading(printed("!!M.", size="[1500..1800]"), 1500, 1600, 1700, 1800, repeat=1).replies
    assert [(reply.size, reply.outcome.value) for reply in got] == [
        (1500, "passed"), (1600, "passed"), (1700, "too big"), (1800, "silent")]  # fmt: skip


def test_signs_over_several_lines_are_one_row() -> None:
    text = printed("!" * 35 + "\n" + "!" * 35, count=70)
    reply, = reading(text, repeat=70).replies
    assert reply.signs == "!" * 70


@pytest.mark.parametrize("text", [
    printed("!!", count=5, rate="Success rate is 100 percent (5/5)"),
    printed("!!", rate="Success rate is 50 percent (1/2)"),
    printed("!", count=2, rate="Success rate is 50 percent (1/2)"),
])  # fmt: skip
def test_signs_and_summary_that_disagree_are_unclear(text: str) -> None:
    reply, = reading(text).replies
    assert reply.outcome is Outcome.UNCLEAR


@pytest.mark.parametrize("text", [
    "", "Type escape sequence to abort.\n", HEAD.format(count=2, size=1400), HEAD.format(count=2, size=1400) + "!!\n",
])  # fmt: skip
def test_a_report_that_breaks_off_is_none(text: str) -> None:
    assert reading(text) == Reading()


@pytest.mark.parametrize("line", [
    "% Unrecognized host or address, or protocol not running.",
    "% Invalid source. Must use same-VRF IP address or full interface name without spaces (e.g. Serial0/1)",
    "ERROR: % Invalid Hostname",
])  # fmt: skip
def test_a_refusal_is_quoted(line: str) -> None:
    assert reading(f"\n{line}\n").refusal == line
