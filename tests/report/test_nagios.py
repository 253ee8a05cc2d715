"""The monitoring plugin's output: the worst first, unknown where nothing is known, and a format that nothing breaks."""

from __future__ import annotations

import re

import pytest
from tests.report import polls

from vpn_check.model.finding import Status
from vpn_check.report.nagios import plugin_output, plugin_status

WORDS = {0: "OK", 1: "WARNING", 2: "CRITICAL", 3: "UNKNOWN"}
NUMBER = re.compile(r"[a-z_]+=[0-9.]+(?:s|c)?;[0-9:]*;[0-9:]*;[0-9]*;[0-9]*")


@pytest.mark.parametrize("made", polls.REPORTS)
def test_the_output_is_one_line_with_performance_data_then_text_within_what_nagios_reads(made: polls.Made) -> None:
    output = plugin_output(made())
    head, *rest = output.split("\n")
    text, bar, numbers = head.partition(" | ")
    assert text.startswith(f"VPN {WORDS[plugin_status(made()).exit_code]} - ")
    assert bar
    assert all(NUMBER.fullmatch(word) for word in numbers.split(" ")), numbers
    assert not any("|" in line for line in (text, *rest))
    assert all(line.isprintable() for line in output.split("\n"))
    assert len(output.encode()) < 8192


def test_the_worst_alarm_comes_first_with_device_peer_cause_and_time() -> None:
    head = plugin_output(polls.failing()).split("\n")[0]
    assert head.startswith("VPN CRITICAL - router1, 203.0.113.9 ")
    assert "[ike.psk-mismatch] since 2026-03-03 03:12:00 UTC; 1 of 4 tunnels up (1 idle)" in head


def test_a_rolled_up_alarm_is_said_once_for_all() -> None:
    output = plugin_output(polls.hub_down())
    assert output.startswith("VPN CRITICAL - peer 203.0.113.9: 3 devices lost their tunnels")
    assert "(3 alarms behind it)" in output
    assert "spoke1" not in output


def test_devices_that_did_not_answer_make_it_unknown_and_are_named() -> None:
    output = plugin_output(polls.silent())
    assert output.startswith("VPN UNKNOWN - ")
    assert "1 of 2 devices did not answer: router3" in output
    assert "devices_answered=1;2:;;0;2" in output
    assert "no answer from 192.0.2.3 port 22" in output


def test_nothing_polled_is_unknown() -> None:
    assert plugin_output(polls.empty()).startswith("VPN UNKNOWN - no device was polled")


def test_devices_that_answer_and_have_no_tunnel_are_not_ok() -> None:
    report = polls.cycle((polls.poll("router1", ()),))
    assert plugin_status(report) is Status.UNKNOWN
    assert "no tunnel is known" in plugin_output(report)


def test_a_peer_that_nobody_knows_is_unknown() -> None:
    output = plugin_output(polls.healthy(), peer="192.0.2.77")
    assert output.startswith("VPN UNKNOWN - no tunnel with peer 192.0.2.77 is known")


def test_a_peer_is_judged_by_its_own_tunnels_and_has_their_counters() -> None:
    output = plugin_output(polls.failing(), peer="203.0.113.9")
    assert output.startswith("VPN CRITICAL - ")
    assert "encaps=2400c;;;0; decaps=1800c;;;0; send_errors=6c;;;0; recv_errors=0c;;;0;" in output
    assert plugin_status(polls.failing(), peer="203.0.113.11") is Status.HEALTHY
    assert plugin_output(polls.failing(), peer="203.0.113.11").startswith("VPN OK - 0 of 1 tunnel")


def test_a_peer_whose_only_device_did_not_answer_is_unknown() -> None:
    gone = polls.poll("router3", (polls.held(),), fault=polls.FAULT)
    output = plugin_output(polls.cycle((gone,)), peer="203.0.113.9")
    assert output.startswith("VPN UNKNOWN - ")
    assert "router3 did not answer" in output


def test_the_alarm_of_the_hub_tells_of_each_of_its_spokes() -> None:
    assert "3 devices lost their tunnels" in plugin_output(polls.hub_down(), peer="203.0.113.9")


def test_a_table_that_was_not_read_to_its_end_makes_its_tunnels_unknown() -> None:
    cut = polls.poll("router1", (polls.held(),), (), whole=False)
    assert plugin_status(polls.cycle((cut,)), peer="203.0.113.9") is Status.UNKNOWN
    assert "1 tunnel not known" in plugin_output(polls.cycle((cut,)))


def test_alarms_that_do_not_fit_are_counted() -> None:
    assert re.search(r"\.\.\. and [0-9]+ more lines", plugin_output(polls.hostile()))
