"""Commands as typed, and text without its command."""

from __future__ import annotations

import pytest
from tests.parse.supporting.goldens import lines_of

from vpn_check.parse.supporting import SUPPORTING, recognise, resolve


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("show crypto session", "show crypto session"),
        ("sh cry ses det", "show crypto session detail"),
        ("sh cry ses remote 192.0.2.1 detail", "show crypto session"),
        ("show crypto session brief", "show crypto session brief"),
        ("SHOW CRYPTO MAP", "show crypto map"),
        ("sh cry map int gi0/1", "show crypto map"),
        ("sh cry isa pol", "show crypto isakmp policy"),
        ("sh isa policy", "show isakmp policy"),
        ("show dmvpn detail | inc UP", "show dmvpn detail"),
        ("sh dmv interface tunnel 1", "show dmvpn"),
        ("sh cry ikev2 diag err", "show crypto ikev2 diagnose error"),
        ("sh vpn-s l2l", "show vpn-sessiondb l2l"),
        ("sh vpn-sessiondb det l2l filter ipaddress 192.0.2.1", "show vpn-sessiondb detail l2l"),
        ("show vpn-sessiondb", "show vpn-sessiondb"),
        ("sh cry eng acc stat", "show crypto engine accelerator statistic"),
        ("show crypto engine accelerator statistics", "show crypto engine accelerator statistic"),
        ("show crypto accelerator statistics", "show crypto accelerator statistics"),
        ("sh ipsec stats", "show ipsec stats"),
        ("show ver | i uptime", "show version"),
        ("sh clock detail", "show clock"),
        ("sh proc cpu sorted", "show processes cpu"),
        ("sh cpu usage", "show cpu usage"),
    ],
)
def test_abbreviations_are_resolved(typed: str, command: str) -> None:
    assert resolve(typed) == command


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "show",
        "show crypto",
        "s c m",
        "show crypto ipsec sa",
        "show crypto isakmp sa",
        "show crypto ikev2 sa detail",
        "show crypto engine connections active",
        "show running-config crypto map",
        "show ip interface brief",
        "debug crypto isakmp",
    ],
)
def test_other_commands_are_left_alone(typed: str) -> None:
    assert resolve(typed) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "interface: Tunnel0\n    Crypto map tag: X, local addr 192.0.2.1\n",
        "IPv4 Crypto ISAKMP SA\ndst             src             state          conn-id status\n",
        "Aug 12 10:00:00.123: %CRYPTO-5-SESSION_STATUS: Crypto tunnel v2 is UP.  Peer 192.0.2.1:500\n",
        "crypto map BRANCHES 10 ipsec-isakmp\n set peer 192.0.2.1\n",
        "interface Tunnel0\n ip address 10.0.0.1 255.255.255.0\n",
    ],
)
def test_other_texts_are_not_recognised(text: str) -> None:
    assert recognise(lines_of(text)) is None


def test_every_command_resolves_to_itself() -> None:
    assert {name: resolve(name) for name in SUPPORTING} == {name: name for name in SUPPORTING}
    assert all(name == entry.command for name, entry in SUPPORTING.items())
